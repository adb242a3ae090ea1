"""Addresses of the desk's pages on cases. The acts come last: any other word behind a number names one."""

from django.urls import path

from liuquan.desk.views import act, case, history, identity, lists, people, what_if

urlpatterns = [
    path("", lists.work, name="desk"),
    path("cases/", lists.cases, name="desk-cases"),
    path("identity/", identity.find, name="desk-identity"),
    path("identity/<uuid:number>/", identity.of_party, name="desk-identity-of"),
    path("people/", people.people, name="desk-people"),
    path("papers/<str:notice>/", case.paper, name="desk-paper"),
    path("cases/<str:number>/", case.case, name="desk-case"),
    path("cases/<str:number>/print/", case.printed, name="desk-case-print"),
    path("cases/<str:number>/papers/", case.papers_in_one, name="desk-papers"),
    path("cases/<str:number>/history/", history.of_case, name="desk-history"),
    path("cases/<str:number>/materials/<uuid:file>/", case.material, name="desk-material"),
    path("cases/<str:number>/what-if/", what_if.what_if, name="desk-what-if"),
    path("cases/<str:number>/<slug:action>/", act.act, name="desk-act"),
]
