"""Addresses of the public pages that only the hotline has."""

from django.urls import path

from liuquan.hotline.views import answers, asking, phone_events, programmes, public_knowledge, published

urlpatterns = [
    path("hotline/knowledge/", public_knowledge.articles, name="hotline-articles"),
    path("hotline/knowledge/<str:number>/", public_knowledge.article, name="hotline-article-public"),
    path("hotline/figures/", published.published, name="hotline-figures"),
    path("hotline/", asking.ask, name="hotline"),
    path("hotline/programmes/", programmes.listed, name="hotline_programmes"),
    path("hotline/programmes/<uuid:number>/", programmes.shown, name="hotline_programme"),
    path("hotline/answers/", answers.listed, name="hotline_answers"),
    path("hotline/answers.atom", answers.feed, name="hotline_answers_feed"),
    path("hotline/answers/<int:key>/", answers.one, name="hotline_answer"),
    path("track/<str:number>/registered/", asking.registered, name="hotline_registered"),
    path("hotline/phone/events/", phone_events.take, name="hotline-phone-events"),
]
