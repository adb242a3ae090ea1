"""Addresses of following a case. The acts come last: any other word behind a number names one."""

from django.urls import path

from liuquan.tracking.views import acting, history, mine, readings, slip, told

urlpatterns = [
    path("mine/", mine.ask, name="mine"),
    path("mine/code/", mine.code, name="mine_code"),
    path("mine/cases/", mine.cases, name="mine_cases"),
    path("mine/cases/<str:number>/", mine.case, name="mine_case"),
    path("mine/messages/", mine.told, name="mine_messages"),
    path("mine/messages/email/", mine.email, name="mine_email"),
    path("mine/leave/", mine.leave, name="mine_leave"),
    path("track/", slip.track, name="track"),
    path("track/<str:number>/", slip.track_case, name="track_case"),
    path("track/<str:number>/history/", history.of_slip, name="track_history"),
    path("track/<str:number>/readings/", readings.of_slip, name="track_readings"),
    path("track/<str:number>/messages/", told.of_slip, name="track_messages"),
    path("track/<str:number>/papers/<str:short_code>.pdf", slip.track_paper, name="track_paper"),
    path("track/<str:number>/<slug:action>/", acting.act, name="track_act"),
]
