"""Addresses under `board/`."""

from django.urls import path

from liuquan.supervision.views import board, findings, readings

urlpatterns = [
    path("", board.board, name="board"),
    path("cases/", board.cases, name="board-cases"),
    path("cases/<str:number>/findings/", findings.of_case, name="board-case-findings"),
    path("findings/", findings.findings, name="board-findings"),
    path("findings/<str:number>/", findings.finding, name="board-finding"),
    path("findings/<str:number>/ask/", findings.ask, name="board-finding-ask"),
    path("findings/<str:number>/close/", findings.close, name="board-finding-close"),
    path("findings/<str:number>/texts/", findings.texts, name="board-finding-texts"),
    path("findings/<str:number>/explain/", findings.explain, name="board-finding-explain"),
    path("own/", findings.own, name="board-own"),
    path("readings/", readings.readings, name="board-readings"),
    path("readings/<uuid:number>/", readings.reader, name="board-reader"),
    path("rules/", board.rules, name="board-rules"),
]
