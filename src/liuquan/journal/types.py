"""Values of the journal: of the record, of the log over it, and of its witnesses."""

from liuquan.journal.log.types import AuditReport, CheckpointView, LogStatus, SealingResult
from liuquan.journal.record.types import Change, Entry, Event, NewEntry, ReadingCount, ReadingFilter
from liuquan.journal.witness.types import KnownLogView, RefusedView, WitnessView

__all__ = [
    "AuditReport",
    "Change",
    "CheckpointView",
    "Entry",
    "Event",
    "KnownLogView",
    "LogStatus",
    "NewEntry",
    "ReadingCount",
    "ReadingFilter",
    "RefusedView",
    "SealingResult",
    "WitnessView",
]
