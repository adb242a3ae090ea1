"""Addresses of the public organisation pages."""

from django.urls import path

from liuquan.organisation import views

urlpatterns = [
    path("bodies/", views.body_list, name="body_list"),
    path("bodies/register/", views.authorisation_register, name="authorisation_register"),
    path("bodies/<str:code>/", views.body, name="body"),
    path("posts/<str:code>/", views.post_sheet, name="post_sheet"),
]
