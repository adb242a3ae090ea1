"""Addresses of the desk pages that only the hotline has."""

from django.urls import include, path

from liuquan.hotline.views import consulting, governing, knowledge, quality

urlpatterns = [
    path("consult/", consulting.consult, name="hotline-consult"),
    path("hotline/knowledge/", knowledge.knowledge, name="hotline-knowledge"),
    path("hotline/knowledge/new/", knowledge.propose, name="hotline-article-new"),
    path("hotline/knowledge/<str:number>/", knowledge.article, name="hotline-article"),
    path("hotline/knowledge/<str:number>/new/", knowledge.propose, name="hotline-article-again"),
    path("hotline/knowledge/<str:number>/<int:version>/", knowledge.article, name="hotline-article-version"),
    path(
        "hotline/knowledge/<str:number>/<int:version>/publish/",
        knowledge.publish,
        name="hotline-article-publish",
    ),
    path(
        "hotline/knowledge/<str:number>/<int:version>/withdraw/",
        knowledge.withdraw,
        name="hotline-article-withdraw",
    ),
    path("hotline/catalogue/", governing.catalogue, name="hotline-catalogue"),
    path("hotline/catalogue/new/<str:kind>/", governing.propose, name="hotline-change-new"),
    path("hotline/catalogue/changes/<str:number>/", governing.change, name="hotline-change"),
    path("hotline/callbacks/", quality.callback_sheet, name="desk-hotline-callbacks"),
    path("hotline/network/", quality.network_page, name="desk-hotline-network"),
    path("", include("liuquan.hotline.urls_calls")),
]
