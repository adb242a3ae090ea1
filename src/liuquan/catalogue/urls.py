"""Addresses of the public catalogue."""

from django.urls import path

from liuquan.catalogue import history_views, views

urlpatterns = [
    path("items/", views.item_list, name="item_list"),
    path("search/", views.item_search, name="item_search"),
    path("items/<str:item_code>/", views.item_guide, name="item_guide"),
    path("items/<str:item_code>/print/", views.item_print, name="item_print"),
    path("items/<str:item_code>/history/", history_views.item_history, name="item_history"),
    path("items/<str:item_code>/power/", views.item_power, name="item_power"),
]
