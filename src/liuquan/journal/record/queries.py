"""Reading the record: the public entries. They hold no personal datum."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liuquan.journal.record import vocabulary
from liuquan.journal.record.events import PRIVATE_ERASED
from liuquan.journal.record.types import Change, Entry
from liuquan.kernel import sql

ENTRIES = sql.Fragment(
    "(SELECT id, number, event, subject, body_code, effective_at, recorded_at, public FROM journal_entry)"
)
"""The public entries as a relation, for queries of other modules."""

#: Of `journal_entry`: what makes an `Entry`.
COLUMNS = (
    "number, event, subject, body_code, post_code, actor_kind, effective_at, recorded_at, public, "
    "from_state, to_state, encode(commitment, 'hex') AS commitment"
)


def entries_of(subject: str, *, limit: int = 100_000) -> list[Entry]:
    """The public entries of one subject, oldest first. They hold no personal datum, so anyone may read them
    who may see the subject: the caller decides that."""
    rows = sql.run(
        f"SELECT {COLUMNS} FROM journal_entry WHERE subject = %(subject)s ORDER BY id LIMIT %(limit)s",
        {"subject": subject, "limit": limit},
    )
    return [entry_from(row) for row in rows]


def erased_in(entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """What the erased private values of a subject were called, by entry; of an erasure that does not say it,
    all that such an entry may hold. `entries`: all of the subject."""
    listed = list(entries)
    events = {str(one.number): one.event for one in listed}
    found: dict[str, frozenset[str]] = {}
    for one in listed:
        if one.event == PRIVATE_ERASED.name:
            names = one.public.get("names", {})
            for number in events.keys() & set(one.public["entries"]):
                found[number] = frozenset(names.get(number, vocabulary.event(events[number]).private))
    return found


def is_entered(number: uuid.UUID) -> bool:
    """Whether an entry of this number stands in the record."""
    return bool(sql.run("SELECT 1 FROM journal_entry WHERE number = %(number)s", {"number": number}))


def events_of(subjects: Iterable[str]) -> dict[str, list[Entry]]:
    """The public entries of several subjects by subject, oldest first."""
    found: dict[str, list[Entry]] = {}
    for row in sql.run(
        f"SELECT {COLUMNS} FROM journal_entry WHERE subject = ANY(%(subjects)s) ORDER BY id",
        {"subjects": list(subjects)},
    ):
        found.setdefault(row["subject"], []).append(entry_from(row))
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


def entry_from(row: dict[str, Any]) -> Entry:
    """An entry from its row (`COLUMNS`), with its sentence."""
    event = vocabulary.event(row["event"])
    sentence = vocabulary.sentence(row["event"], row["public"])
    return Entry(label=event.label, sentence=sentence, is_shown=event.is_shown, **row)
