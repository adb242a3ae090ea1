"""The desk: pages for staff, module by module."""

from django.urls import URLPattern, URLResolver, include, path

from liuquan.site import calendar_views, desk_views, law_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("begin/", desk_views.begin, name="desk-begin"),
    path("calendar/", calendar_views.calendar, name="desk-calendar"),
    path("calendar/closure/", calendar_views.closure, name="desk-closure"),
    path("law/", law_views.unconfirmed, name="desk-law"),
    path("post/", desk_views.post, name="desk-post"),
    path("", include("liuquan.applications.urls_desk")),
]
