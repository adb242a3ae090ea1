"""Public addresses of the record: the log's files for programs, its pages for people, the witness."""

from django.urls import path

from liuquan.journal import views
from liuquan.journal.log import file_views as log_file_views
from liuquan.journal.log import views as log_views
from liuquan.journal.witness import file_views as witness_file_views
from liuquan.journal.witness import views as witness_views

urlpatterns = [
    path("log/", views.record, name="record"),
    path("log/daily/", log_views.daily_roots, name="daily_roots"),
    path("log/daily/<str:on>/", log_views.daily_root, name="daily_root"),
    path("log/checkpoints.atom", log_views.feed, name="checkpoint_feed"),
    path("log/checkpoint", log_file_views.checkpoint, name="log_checkpoint"),
    path("log/cosigned", witness_file_views.cosigned, name="log_cosigned"),
    path("log/cosignatures", witness_file_views.add_cosignatures, name="log_cosignatures"),
    path("log/trust.json", witness_file_views.trust_file, name="log_trust"),
    path("log/tile/<path:rest>", log_file_views.tile, name="log_tile"),
    path("witness/", witness_views.witness, name="witness"),
    path("witness/add-checkpoint", witness_file_views.add_checkpoint, name="witness_add_checkpoint"),
    path("witness/logs/<str:log>/checkpoint", witness_file_views.seen, name="witness_seen"),
    path("witness/refusals/<uuid:entry>.txt", witness_file_views.evidence, name="witness_evidence"),
]
