"""Addresses of the public pages of the clock and the law."""

from django.urls import path

from liuquan.timekeeping.views import clock, law, limit_list

urlpatterns = [
    path("clock/", clock.clock, name="clock"),
    path("law/", limit_list.limits, name="law_limits"),
    path("law/<path:citation>/", law.article, name="law_article"),
]
