"""Addresses of the public pages that only applications have."""

from django.urls import path

from liuquan.applications.views import applying, drafting, promises, results, slip, statistics

urlpatterns = [
    path("apply/<str:item_code>/", applying.apply, name="apply"),
    path("apply/<str:item_code>/<slug:handle>/", drafting.held, name="apply_draft"),
    path("drafts/", drafting.resume, name="draft_resume"),
    path("track/<str:number>/submitted/", slip.submitted, name="track_submitted"),
    path("track/<str:number>/supplement/", slip.supplement, name="track_supplement"),
    path("results/", results.results, name="results"),
    path("results/daily/", statistics.statistics, name="statistics"),
    path("promises/", promises.kept, name="promises"),
]
