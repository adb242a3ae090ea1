"""Addresses of the public pages that only the hotline has."""

from django.urls import path

from liuquan.hotline.views import answers, asking, phone_events, public_knowledge, published

urlpatterns = [
    path("hotline/knowledge/", public_knowledge.articles, name="hotline-articles"),
    path("hotline/knowledge/<str:number>/", public_knowledge.article, name="hotline-article-public"),
    path("hotline/figures/", published.published, name="hotline-figures"),
    path("hotline/", asking.ask, name="hotline"),
    path("hotline/answers/", answers.listed, name="hotline_answers"),
    path("hotline/answers.atom", answers.feed, name="hotline_answers_feed"),
    path("hotline/answers/<int:key>/", answers.one, name="hotline_answer"),
    path("track/<str:number>/registered/", asking.registered, name="hotline_registered"),
    path("hotline/phone/events/", phone_events.take, name="hotline-phone-events"),
]
