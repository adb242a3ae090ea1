"""Addresses of the desk pages."""

from django.urls import path

from liuquan.applications.views import (
    desk,
    desk_act,
    desk_case,
    desk_intake,
    desk_what_if,
    history,
    identity,
    service_defaults,
)

urlpatterns = [
    path("", desk.work, name="desk"),
    path("cases/", desk.cases, name="desk-cases"),
    path("intake/", desk_intake.intake, name="desk-intake"),
    path("intake/person/", desk_intake.person, name="desk-intake-person"),
    path("intake/item/", desk_intake.item, name="desk-intake-item"),
    path("intake/<str:number>/", desk_intake.done, name="desk-intake-done"),
    path("identity/", identity.find, name="desk-identity"),
    path("identity/<uuid:number>/", identity.of_party, name="desk-identity-of"),
    path("service-defaults/", service_defaults.enter, name="desk-service-default"),
    path("papers/<str:notice>/", desk_case.paper, name="desk-paper"),
    path("cases/<str:number>/", desk_case.case, name="desk-case"),
    path("cases/<str:number>/print/", desk_case.printed, name="desk-case-print"),
    path("cases/<str:number>/history/", history.of_case, name="desk-history"),
    path("cases/<str:number>/materials/<uuid:file>/", desk_case.material, name="desk-material"),
    path("cases/<str:number>/what-if/", desk_what_if.what_if, name="desk-what-if"),
    path("cases/<str:number>/<slug:action>/", desk_act.act, name="desk-act"),
]
