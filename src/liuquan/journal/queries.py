"""Reading the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liuquan.journal import events as vocabulary
from liuquan.journal.history import Asked as Asked
from liuquan.journal.history import Axis as Axis
from liuquan.journal.history import acted_at as acted_at
from liuquan.journal.history import asked as asked
from liuquan.journal.history import known_at as known_at
from liuquan.journal.history import not_yet_known as not_yet_known
from liuquan.journal.history import until as until
from liuquan.journal.log_queries import checkpoints as checkpoints
from liuquan.journal.log_queries import latest_checkpoint as latest_checkpoint
from liuquan.journal.log_queries import leaf_position as leaf_position
from liuquan.journal.log_queries import log_file as log_file
from liuquan.journal.log_queries import log_status as log_status
from liuquan.journal.log_queries import receipt_of as receipt_of
from liuquan.journal.readings import count_readings as count_readings
from liuquan.journal.readings import reading as reading
from liuquan.journal.readings import reading_events as reading_events
from liuquan.journal.readings import readings as readings
from liuquan.journal.readings import readings_by_post as readings_by_post
from liuquan.journal.types import Change, Entry
from liuquan.journal.witness_queries import best_note as best_note
from liuquan.journal.witness_queries import cosignatures as cosignatures
from liuquan.journal.witness_queries import cosigned_note as cosigned_note
from liuquan.journal.witness_queries import cosigned_size as cosigned_size
from liuquan.journal.witness_queries import first_signed_at as first_signed_at
from liuquan.journal.witness_queries import known_log as known_log
from liuquan.journal.witness_queries import known_logs as known_logs
from liuquan.journal.witness_queries import last_checkpoint_before as last_checkpoint_before
from liuquan.journal.witness_queries import newest_cosigned as newest_cosigned
from liuquan.journal.witness_queries import quorum as quorum
from liuquan.journal.witness_queries import quorum_trouble as quorum_trouble
from liuquan.journal.witness_queries import refused_head as refused_head
from liuquan.journal.witness_queries import refused_heads as refused_heads
from liuquan.journal.witness_queries import witnesses as witnesses
from liuquan.kernel import sql

_COLUMNS = (
    "number, event, subject, body_code, post_code, actor_kind, effective_at, recorded_at, public, "
    "from_state, to_state, encode(commitment, 'hex') AS commitment"
)


def entries_of(subject: str, *, limit: int = 100_000) -> list[Entry]:
    """The public entries of one subject, oldest first. They hold no personal datum, so anyone may read them
    who may see the subject: the caller decides that."""
    rows = sql.run(
        f"SELECT {_COLUMNS} FROM journal_entry WHERE subject = %(subject)s ORDER BY id LIMIT %(limit)s",
        {"subject": subject, "limit": limit},
    )
    return [_entry(row) for row in rows]


def is_entered(number: uuid.UUID) -> bool:
    """Whether an entry of this number stands in the record."""
    return bool(sql.run("SELECT 1 FROM journal_entry WHERE number = %(number)s", {"number": number}))


def events_of(subjects: Iterable[str]) -> dict[str, list[Entry]]:
    """The public entries of several subjects by subject, oldest first."""
    found: dict[str, list[Entry]] = {}
    for row in sql.run(
        f"SELECT {_COLUMNS} FROM journal_entry WHERE subject = ANY(%(subjects)s) ORDER BY id",
        {"subjects": list(subjects)},
    ):
        found.setdefault(row["subject"], []).append(_entry(row))
    return found


def watermark() -> int:
    """The transaction below which every entry is committed: read up to here, never beyond."""
    row = sql.run_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS mark")
    return int(row["mark"]) if row else 0


def latest_effective_at() -> datetime | None:
    """The latest moment at which anything recorded took effect; nothing when the record is empty."""
    row = sql.run_one("SELECT max(effective_at) AS latest FROM journal_entry")
    return row["latest"] if row else None


def changes_between(after: int, before: int) -> list[Change]:
    """Subjects touched by transactions in [after, before), each event once; `before` must be a watermark."""
    return [
        Change(row["subject"], row["event"])
        for row in sql.run(
            "SELECT DISTINCT subject, event FROM journal_entry "
            "WHERE xid >= %(after)s::text::xid8 AND xid < %(before)s::text::xid8",
            {"after": str(after), "before": str(before)},
        )
    ]


def _entry(row: dict[str, Any]) -> Entry:
    event = vocabulary.event(row["event"])
    return Entry(label=event.label, sentence=vocabulary.sentence(row["event"], row["public"]), **row)
