"""Public addresses of the record: the log's files for programs, its pages for people, the witness."""

from django.urls import path

from liuquan.journal import views
from liuquan.journal.log import file_views as log_files
from liuquan.journal.log import views as log_pages
from liuquan.journal.witness import file_views as witness_files
from liuquan.journal.witness import views as witness_pages

urlpatterns = [
    path("log/", views.record, name="record"),
    path("log/daily/", log_pages.daily_roots, name="daily_roots"),
    path("log/daily/<str:on>/", log_pages.daily_root, name="daily_root"),
    path("log/checkpoints.atom", log_pages.feed, name="checkpoint_feed"),
    path("log/checkpoint", log_files.checkpoint, name="log_checkpoint"),
    path("log/cosigned", witness_files.cosigned, name="log_cosigned"),
    path("log/cosignatures", witness_files.add_cosignatures, name="log_cosignatures"),
    path("log/trust.json", witness_files.trust_file, name="log_trust"),
    path("log/tile/<path:rest>", log_files.tile, name="log_tile"),
    path("witness/", witness_pages.witness, name="witness"),
    path("witness/add-checkpoint", witness_files.add_checkpoint, name="witness_add_checkpoint"),
    path("witness/logs/<str:log>/checkpoint", witness_files.seen, name="witness_seen"),
    path("witness/refusals/<uuid:entry>.txt", witness_files.evidence, name="witness_evidence"),
]
