"""Addresses of following a case. The acts come last: any other word behind a number names one."""

from django.urls import path

from liuquan.tracking.views import acting, history, readings, slip

urlpatterns = [
    path("track/", slip.track, name="track"),
    path("track/<str:number>/", slip.track_case, name="track_case"),
    path("track/<str:number>/history/", history.of_slip, name="track_history"),
    path("track/<str:number>/readings/", readings.of_slip, name="track_readings"),
    path("track/<str:number>/papers/<str:short_code>.pdf", slip.track_paper, name="track_paper"),
    path("track/<str:number>/<slug:action>/", acting.act, name="track_act"),
]
