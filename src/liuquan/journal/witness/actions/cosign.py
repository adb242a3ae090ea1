"""Cosigning the heads of the logs we know.

The state of a log moves by one statement that names the head it moves from, so that of two requests at once
one is answered with the new size and asks again: nothing is rolled back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.refused_heads import record_refused_head, settle_in_transaction
from liuquan.journal.witness.rules import Request, WitnessRefusal, check_head, check_signed, read_request
from liuquan.journal.witness.types import KnownLogView
from liuquan.kernel import sql
from liuquan.merkle import Note, Signer

_ADVANCE = """
WITH moved AS (
    UPDATE journal_known_log SET size = %(size)s, root = %(root)s, note = %(note)s, cosigned_at = %(now)s,
        failures = 0, trouble = ''
    WHERE origin = %(origin)s AND dropped_at IS NULL AND size IS NOT DISTINCT FROM %(old_size)s::bigint
        AND root IS NOT DISTINCT FROM %(old_root)s::bytea
    RETURNING id
),
seen AS (
    INSERT INTO journal_seen_head (log_id, size, root, cosigned_at)
    SELECT id, %(size)s, %(root)s, %(now)s FROM moved ON CONFLICT (log_id, size) DO NOTHING
)
SELECT id FROM moved
"""


def cosign(body: bytes, *, signer: Signer, now: datetime) -> str:
    """The answer to `add-checkpoint`: the signature line, once the head is stored.

    Refuses as the protocol says (`WitnessRefusal`); a refused head that is evidence is entered in the record
    first, once.

    Standards: https://c2sp.org/tlog-witness
    """
    request = read_request(body)
    log = queries.known_log(request.checkpoint.origin)
    if log is None:
        raise WitnessRefusal(404, "本见证方没有登记这个日志，请先与本单位联系登记。")
    check_signed(request, log.keys)
    try:
        check_head(request, log.head, cosigned_root=_cosigned_root(log, request.checkpoint.size))
    except WitnessRefusal as refusal:
        if refusal.misdeed is not None:
            record_refused_head(
                log, request.advance.note, misdeed=refusal.misdeed, path=request.advance.path, now=now
            )
        raise
    text = request.advance.note.text
    line = Note(text).signed(signer, at=now).signatures[0]
    if not _store_head(log, request, request.advance.note.with_signatures([line]), now):
        latest = queries.known_log(log.origin)
        size = latest.size if latest and latest.size else 0
        raise WitnessRefusal(409, f"另一请求刚刚推进到 {size} 个叶，请由此重新证明。", size=size)
    return line.line


def _store_head(log: KnownLogView, request: Request, note: Note, now: datetime) -> bool:
    head, new = log.head, request.checkpoint
    params = {
        "origin": log.origin,
        "size": new.size,
        "root": new.root,
        "note": str(note),
        "now": now,
        "old_size": log.size,
        "old_root": head.root if head else None,
    }
    with transaction.atomic(durable=True):
        moved = sql.run(_ADVANCE, params)
        if moved:
            settle_in_transaction(log.origin, new.size, new.root, now)
    return bool(moved)


def _cosigned_root(log: KnownLogView, size: int) -> bytes | None:
    row = sql.run_one(
        "SELECT s.root FROM journal_seen_head s JOIN journal_known_log g ON g.id = s.log_id "
        "WHERE g.origin = %(origin)s AND s.size = %(size)s",
        {"origin": log.origin, "size": size},
    )
    return bytes(row["root"]) if row else None
