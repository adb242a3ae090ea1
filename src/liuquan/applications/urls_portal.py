"""Addresses of the public pages of applications."""

from django.urls import path

from liuquan.applications.views import applying, history, promises, readings, results, tracking

urlpatterns = [
    path("apply/<str:item_code>/", applying.apply, name="apply"),
    path("track/", tracking.track, name="track"),
    path("track/<str:number>/", tracking.track_case, name="track_case"),
    path("track/<str:number>/submitted/", tracking.track_submitted, name="track_submitted"),
    path("track/<str:number>/supplement/", tracking.track_supplement, name="track_supplement"),
    path("track/<str:number>/withdraw/", tracking.track_withdraw, name="track_withdraw"),
    path("track/<str:number>/history/", history.of_slip, name="track_history"),
    path("track/<str:number>/readings/", readings.of_slip, name="track_readings"),
    path("track/<str:number>/papers/<str:short_code>.pdf", tracking.track_paper, name="track_paper"),
    path("results/", results.results, name="results"),
    path("promises/", promises.kept, name="promises"),
]
