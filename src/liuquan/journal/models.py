"""Tables of the journal, where Django looks for them: see `record`, `log` and `witness`."""

from liuquan.journal.log.models import JournalCheckpoint, JournalLeaf
from liuquan.journal.record.models import JournalEntry, JournalPrivate, UuidV7
from liuquan.journal.witness.models import Cosignature, KnownLog, RefusedHead, SeenHead, Witness

__all__ = [
    "Cosignature",
    "JournalCheckpoint",
    "JournalEntry",
    "JournalLeaf",
    "JournalPrivate",
    "KnownLog",
    "RefusedHead",
    "SeenHead",
    "UuidV7",
    "Witness",
]
