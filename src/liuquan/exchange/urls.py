"""Addresses of the feeds."""

from django.urls import path

from liuquan.exchange.forum import views as forum
from liuquan.exchange.open311 import views

urlpatterns = [
    path("api/forum/v1/posts/", forum.take, name="forum_posts"),
    path("api/forum/v1/threads/<str:key>/", forum.thread, name="forum_thread"),
    path("open311/discovery.<str:form>", views.discovery, name="open311_discovery"),
    path("open311/v2/discovery.<str:form>", views.discovery, name="open311_v2_discovery"),
    path("open311/v2/services.<str:form>", views.services, name="open311_services"),
    path("open311/v2/services/<str:code>.<str:form>", views.definition, name="open311_definition"),
    path("open311/v2/requests.<str:form>", views.requests, name="open311_requests"),
    path("open311/v2/requests/<str:number>.<str:form>", views.one, name="open311_request"),
    path("open311/v2/tokens/<str:token>.<str:form>", views.token, name="open311_token"),
]
