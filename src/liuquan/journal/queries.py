"""Reading the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from liuquan.journal import events as vocabulary
from liuquan.journal.history import Asked as Asked
from liuquan.journal.history import Axis as Axis
from liuquan.journal.history import acted_at as acted_at
from liuquan.journal.history import asked as asked
from liuquan.journal.history import known_at as known_at
from liuquan.journal.history import not_yet_known as not_yet_known
from liuquan.journal.history import until as until
from liuquan.journal.readings import count_readings as count_readings
from liuquan.journal.readings import reading as reading
from liuquan.journal.readings import reading_events as reading_events
from liuquan.journal.readings import readings as readings
from liuquan.journal.readings import readings_by_post as readings_by_post
from liuquan.journal import shelf
from liuquan.journal.leaves import COLUMNS, EntryRow, leaf_of, opening_of
from liuquan.journal.log_files import log_files
from liuquan.journal.types import Change, CheckpointView, Entry, LogStatus
from liuquan.kernel import sql
from liuquan.merkle import Opening, Receipt, TiledTree, inclusion_path, parse_checkpoint, parse_note

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


def leaf_position(entry: uuid.UUID) -> int | None:
    """The place of an entry in the log, from 0; None until it is sealed under a signed checkpoint."""
    row = sql.run_one(
        "SELECT l.position FROM journal_entry e JOIN journal_leaf l ON l.entry_id = e.id "
        "WHERE e.number = %(number)s "
        "AND l.position < (SELECT max(size) FROM journal_checkpoint)",
        {"number": entry},
    )
    return int(row["position"]) if row else None


def latest_checkpoint() -> CheckpointView | None:
    """The newest signed head of the log; None before the first."""
    return shelf.latest_checkpoint()


def checkpoints(*, limit: int, before: int | None = None) -> list[CheckpointView]:
    """Signed heads, the newest first; `before` gives those with fewer leaves."""
    rows = sql.run(
        "SELECT size, root, note, signed_at FROM journal_checkpoint "
        "WHERE %(before)s::bigint IS NULL OR size < %(before)s ORDER BY size DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [shelf.view_of(row) for row in rows]


def log_file(path: str) -> bytes | None:
    """A published file of the log (`checkpoint`, `tile/…`, `tile/entries/…`); None when there is none."""
    return log_files().fetch(path)


def receipt_of(entry: uuid.UUID, *, private: Opening | None = None) -> Receipt | None:
    """The receipt of an entry, its open values opened, under the newest signed head; None until it is sealed.

    `private` is the opening of its private part, from whoever was allowed to open it. The caller decides who
    may have the receipt: it names the subject's number.
    """
    head = shelf.latest_checkpoint()
    found = _sealed_entry(entry)
    if head is None or found is None or found[0] >= head.size:
        return None
    position, secret, row = found
    subject, salt = shelf.keyed(secret)
    note = parse_note(head.note)
    tree = TiledTree(parse_checkpoint(note.text).hash, head.size, log_files().fetch)
    openings = {"public": opening_of(row, salt)} | ({"private": private} if private else {})
    path = inclusion_path(tree, position, head.size)
    return Receipt(position, leaf_of(row, subject=subject, salt=salt), path, note, openings)


def log_status() -> LogStatus:
    """How far the record is sealed, and what waits."""
    row = sql.run_one(
        """
        WITH head AS (SELECT size, watermark, cluster FROM journal_checkpoint ORDER BY size DESC LIMIT 1),
        known AS (
            SELECT coalesce(max(h.watermark), 0) AS mark FROM head h
            JOIN pg_control_system() s ON s.system_identifier::text = h.cluster
        ),
        waiting AS (
            SELECT e.recorded_at FROM journal_entry e LEFT JOIN journal_leaf l ON l.entry_id = e.id
            WHERE (l.position IS NULL OR l.position >= coalesce((SELECT size FROM head), 0))
                AND e.xid >= (SELECT mark FROM known)::text::xid8
        )
        SELECT (SELECT coalesce(max(position) + 1, 0) FROM journal_leaf) AS leaves, count(*) AS unsealed,
            min(recorded_at) AS oldest,
            greatest(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)::float AS seconds
        FROM waiting
        """
    )
    if row is None:
        raise RuntimeError("an aggregate gives one row")
    return LogStatus(
        shelf.latest_checkpoint(), row["leaves"], row["unsealed"], row["oldest"], float(row["seconds"])
    )


def _sealed_entry(entry: uuid.UUID) -> tuple[int, int, EntryRow] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.position, l.secret, {COLUMNS}, l.has_private FROM journal_entry e "
            "JOIN journal_leaf l ON l.entry_id = e.id WHERE e.number = %s",
            [entry],
        )
        row = cursor.fetchone()
    return (row[0], row[1], EntryRow(*row[2:])) if row else None


def _entry(row: dict[str, Any]) -> Entry:
    event = vocabulary.event(row["event"])
    return Entry(label=event.label, sentence=vocabulary.sentence(row["event"], row["public"]), **row)
