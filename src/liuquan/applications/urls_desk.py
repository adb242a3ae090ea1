"""Addresses of the desk pages that only applications have."""

from django.urls import path

from liuquan.applications.views import desk_intake, service_defaults

urlpatterns = [
    path("intake/", desk_intake.intake, name="desk-intake"),
    path("intake/person/", desk_intake.person, name="desk-intake-person"),
    path("intake/item/", desk_intake.item, name="desk-intake-item"),
    path("intake/<str:number>/", desk_intake.done, name="desk-intake-done"),
    path("service-defaults/", service_defaults.enter, name="desk-service-default"),
]
