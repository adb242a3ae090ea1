"""Reading the transparency log: places, signed heads, files, and how far the record is sealed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection

from liuquan.journal.log import stored_leaves
from liuquan.journal.log.files import log_files
from liuquan.journal.log.leaves import ENTRY_COLUMNS, EntryRow
from liuquan.journal.log.types import CheckpointView, LogStatus
from liuquan.kernel import sql


def leaf_position(entry: uuid.UUID) -> int | None:
    """The place of an entry in the log, from 0; None until it is sealed under a signed checkpoint."""
    row = sql.run_one(
        "SELECT l.position FROM journal_entry e JOIN journal_leaf l ON l.entry_id = e.id "
        "WHERE e.number = %(number)s "
        "AND l.position < (SELECT max(size) FROM journal_checkpoint)",
        {"number": entry},
    )
    return int(row["position"]) if row else None


def log_secrets() -> list[int]:
    """The generations of the log's secret key under which leaves stand."""
    return [row["secret"] for row in sql.run("SELECT DISTINCT secret FROM journal_leaf ORDER BY secret")]


def latest_checkpoint() -> CheckpointView | None:
    """The newest signed head of the log; None before the first."""
    return stored_leaves.latest_checkpoint()


def checkpoints(*, limit: int, before: int | None = None) -> list[CheckpointView]:
    """Signed heads, the newest first; `before` gives those with fewer leaves."""
    rows = sql.run(
        "SELECT size, root, note, signed_at FROM journal_checkpoint "
        "WHERE %(before)s::bigint IS NULL OR size < %(before)s ORDER BY size DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [stored_leaves.checkpoint_from(row) for row in rows]


def log_file(path: str) -> bytes | None:
    """A published file of the log (`checkpoint`, `tile/…`, `tile/entries/…`); None when there is none."""
    return log_files().fetch(path)


def log_status() -> LogStatus:
    """How far the record is sealed, and what waits."""
    row = sql.run_one(
        """
        WITH head AS (SELECT size, watermark, cluster FROM journal_checkpoint ORDER BY size DESC LIMIT 1),
        known AS (
            SELECT coalesce(max(h.watermark), 0) AS mark FROM head h
            JOIN pg_control_system() s ON s.system_identifier::text = h.cluster
        ),
        recent AS (  -- looks into one index for each row: a join would read all leaves
            SELECT e.recorded_at, (SELECT l.position FROM journal_leaf l WHERE l.entry_id = e.id) AS position
            FROM journal_entry e WHERE e.xid >= (SELECT mark FROM known)::text::xid8
        ),
        waiting AS (
            SELECT recorded_at FROM recent WHERE position IS NULL
            UNION ALL
            SELECT e.recorded_at FROM journal_leaf l JOIN journal_entry e ON e.id = l.entry_id
            WHERE l.position >= coalesce((SELECT size FROM head), 0)
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
        stored_leaves.latest_checkpoint(),
        row["leaves"],
        row["unsealed"],
        row["oldest"],
        float(row["seconds"]),
    )


def sealed_entry(entry: uuid.UUID) -> tuple[int, int, EntryRow] | None:
    """An entry's place, the generation of the log secret that sealed it, and its row; None: not sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.position, l.secret, {ENTRY_COLUMNS}, l.has_private FROM journal_entry e "
            "JOIN journal_leaf l ON l.entry_id = e.id WHERE e.number = %s",
            [entry],
        )
        row = cursor.fetchone()
    return (row[0], row[1], EntryRow(*row[2:])) if row else None


def last_checkpoint_before(moment: datetime) -> CheckpointView | None:
    """The head that was the log's latest at this moment."""
    row = sql.run_one(
        "SELECT size, root, note, signed_at FROM journal_checkpoint WHERE signed_at < %(moment)s "
        "ORDER BY signed_at DESC, size DESC LIMIT 1",
        {"moment": moment},
    )
    return stored_leaves.checkpoint_from(row) if row else None


def first_signed_at() -> datetime | None:
    """When the log's first head was signed."""
    row = sql.run_one("SELECT min(signed_at) AS first FROM journal_checkpoint")
    return row["first"] if row else None
