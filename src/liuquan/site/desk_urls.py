"""The desk: pages for staff, module by module; those of kinds of case before the generic ones."""

from django.urls import URLPattern, URLResolver, include, path

from liuquan.site import desk_views
from liuquan.site.wiring import KINDS

urlpatterns: list[URLPattern | URLResolver] = [
    path("begin/", desk_views.begin, name="desk-begin"),
    path("post/", desk_views.post, name="desk-post"),
    path("", include("liuquan.timekeeping.urls_desk")),
    path("", include("liuquan.messages.urls_desk")),
    *(path("", include(kind.desk_urls)) for kind in KINDS if kind.desk_urls),
    path("", include("liuquan.desk.urls")),
]
