"""Reading the transparency log: places, signed heads, receipts, and how far the record is sealed."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import connection

from liuquan.journal import shelf, witness_queries
from liuquan.journal.leaves import COLUMNS, EntryRow, content_of, opening_of
from liuquan.journal.log_files import log_files
from liuquan.journal.types import CheckpointView, LogStatus
from liuquan.kernel import sql
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import (
    Opening,
    Receipt,
    RecordError,
    TiledTree,
    check_inclusion,
    inclusion_path,
    parse_checkpoint,
    parse_leaf,
)

_UNREADABLE: Final = (
    "核验凭证暂时给不出来：日志的文件缺失或者损坏。请过些时候再试；一直这样的，请向签发机关核实。"
)
_UNPROVEN: Final = "核验凭证给不出来：这条记录与已签署的日志不符。请向签发机关核实。"


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
    """The receipt of an entry, its open values opened, under the first head that enough witnesses cosigned
    (or the newest signed one), with the cosignatures gathered so far. None until it is sealed.

    Refuses (503) to hand out what proves nothing: files of the log are lost or damaged, or the entry is not
    the one that was sealed any more. `private` is the opening of its private part, from whoever was allowed
    to open it. The caller decides who may have the receipt: it names the subject's number.
    """
    try:
        return _receipt(entry, private)
    except RecordError as fault:
        sentence = _UNREADABLE if fault.fault == "tile" else _UNPROVEN
        raise Unavailable(sentence, code=f"receipt_{fault.fault}") from fault


def _receipt(entry: uuid.UUID, private: Opening | None) -> Receipt | None:
    found = _sealed_entry(entry)
    note = witness_queries.best_note(over=found[0]) if found else None
    if found is None or note is None:
        return None
    position, secret, row = found
    subject, salt = shelf.keyed(secret)
    head = parse_checkpoint(note.text)
    tree = TiledTree(head.hash, head.size, log_files().fetch)
    openings = {"public": opening_of(row, salt)} | ({"private": private} if private else {})
    path = inclusion_path(tree, position, head.size)
    leaf = parse_leaf(content_of(row, subject(row.subject).hex(), salt))
    check_inclusion(
        head.hash,
        leaf_hash=head.hash.leaf(leaf.content()),
        index=position,
        size=head.size,
        path=path,
        root=head.root,
    )
    return Receipt(position, leaf, path, note, openings)


def log_status() -> LogStatus:
    """How far the record is sealed, and what waits."""
    row = sql.run_one(
        """
        WITH head AS (SELECT size, watermark, cluster FROM journal_checkpoint ORDER BY size DESC LIMIT 1),
        known AS (
            SELECT coalesce(max(h.watermark), 0) AS mark FROM head h
            JOIN pg_control_system() s ON s.system_identifier::text = h.cluster
        ),
        recent AS (  -- one look at an index a row: a join would read all leaves
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
