"""Public addresses of the record: the log's files for programs, its pages for people, the witness."""

from django.urls import path

from liuquan.journal import file_views, views

urlpatterns = [
    path("log/", views.record, name="record"),
    path("log/daily/", views.daily_roots, name="daily_roots"),
    path("log/daily/<str:on>/", views.daily_root, name="daily_root"),
    path("log/checkpoints.atom", views.feed, name="checkpoint_feed"),
    path("log/checkpoint", file_views.checkpoint, name="log_checkpoint"),
    path("log/cosigned", file_views.cosigned, name="log_cosigned"),
    path("log/cosignatures", file_views.add_cosignatures, name="log_cosignatures"),
    path("log/trust.json", file_views.trust_file, name="log_trust"),
    path("log/tile/<path:rest>", file_views.tile, name="log_tile"),
    path("witness/", views.witness, name="witness"),
    path("witness/add-checkpoint", file_views.add_checkpoint, name="witness_add_checkpoint"),
    path("witness/logs/<str:log>/checkpoint", file_views.seen, name="witness_seen"),
    path("witness/refusals/<uuid:entry>.txt", file_views.evidence, name="witness_evidence"),
]
