"""The vocabulary of the record and the journal's own events. Each module declares its own in `events`."""

from liuquan.journal.log.events import (
    AUDIT_FAILED,
    AUDITED,
    FIELD_KEY_LOST,
    LOG,
    LOG_KEY_ADDED,
    LOG_KEY_ENDED,
    SEALING_REFUSED,
)
from liuquan.journal.record.events import PRIVATE_ERASED
from liuquan.journal.record.vocabulary import ENVELOPE, check_values, declare, event, sentence, vocabulary
from liuquan.journal.witness.events import (
    LOG_DROPPED,
    LOG_KNOWN,
    LOG_OBJECTED,
    WITNESS_ADDED,
    WITNESS_KEY_CHANGED,
    WITNESS_REFUSED,
    WITNESS_REMOVED,
    WITNESS_RESUMED,
)

__all__ = [
    "AUDITED",
    "AUDIT_FAILED",
    "ENVELOPE",
    "FIELD_KEY_LOST",
    "LOG",
    "LOG_DROPPED",
    "LOG_KEY_ADDED",
    "LOG_KEY_ENDED",
    "LOG_KNOWN",
    "LOG_OBJECTED",
    "PRIVATE_ERASED",
    "SEALING_REFUSED",
    "WITNESS_ADDED",
    "WITNESS_KEY_CHANGED",
    "WITNESS_REFUSED",
    "WITNESS_REMOVED",
    "WITNESS_RESUMED",
    "check_values",
    "declare",
    "event",
    "sentence",
    "vocabulary",
]
