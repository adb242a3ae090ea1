"""Addresses of the public pages of the clock and the law."""

from django.urls import path

from liuquan.timekeeping.views import clock, law

urlpatterns = [
    path("clock/", clock.clock, name="clock"),
    path("law/", law.limits, name="law_limits"),
    path("law/<path:citation>/", law.article, name="law_article"),
]
