"""The desk: pages for staff, module by module."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("liuquan.applications.urls_desk"))]
