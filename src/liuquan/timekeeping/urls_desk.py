"""Addresses of the administrator's pages of the calendar and the law."""

from django.urls import path

from liuquan.timekeeping.views import calendar, unconfirmed_values

urlpatterns = [
    path("calendar/", calendar.calendar, name="desk-calendar"),
    path("calendar/closure/", calendar.closure, name="desk-closure"),
    path("law/", unconfirmed_values.unconfirmed, name="desk-law"),
]
