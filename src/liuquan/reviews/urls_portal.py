"""Addresses of reviewing."""

from django.urls import path

from liuquan.reviews import views

urlpatterns = [
    path("reviews/", views.figures, name="reviews"),
    path("track/<str:number>/review/", views.review, name="review"),
    path("track/<str:number>/review/followed/", views.followed, name="review_followed"),
]
