"""The desk: pages for staff, module by module."""

from django.urls import URLPattern, URLResolver, include, path

from liuquan.site import desk_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("begin/", desk_views.begin, name="desk-begin"),
    path("post/", desk_views.post, name="desk-post"),
    path("", include("liuquan.timekeeping.urls_desk")),
    path("", include("liuquan.applications.urls_desk")),
]
