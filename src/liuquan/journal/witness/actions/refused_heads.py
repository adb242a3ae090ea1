"""Heads we refused to cosign: kept as evidence, and settled when they turn out to be of the same history."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.entries import enter
from liuquan.journal.witness.events import WITNESS_REFUSED, WITNESS_RESUMED
from liuquan.journal.witness.models import KnownLog, RefusedHead
from liuquan.journal.witness.rules import MISDEEDS, Misdeed
from liuquan.journal.witness.types import KnownLogView, RefusedView
from liuquan.kernel import sql
from liuquan.merkle import Checkpoint, Note, RecordError, Trust
from liuquan.organisation.types import SYSTEM

_SETTLE = """
UPDATE journal_refused_head r SET settled_at = %(now)s FROM journal_known_log g
WHERE g.id = r.log_id AND g.origin = %(origin)s AND r.misdeed <> 'fork' AND r.settled_at IS NULL
    AND r.offered_size = %(size)s AND r.offered_root = %(root)s RETURNING r.id
"""


def record_refused_head(
    log: KnownLogView, offered: Note, *, misdeed: Misdeed, now: datetime, path: tuple[bytes, ...] = ()
) -> bool:
    """Enter a signed head that does not fit, with both notes; returns whether it was new.

    The caller has checked the log's signature under it.

    Anybody can hand in an honest log's old head or a bad proof: so only one such suspicion is open for each
    log, and no further one is kept until it is settled. A fork, proven by two signatures, is always kept.
    """
    try:
        head = Trust(log.keys).open(offered).checkpoint
    except RecordError as error:
        raise ValueError("only a signed head is evidence") from error
    entry = uuid.uuid4()
    with transaction.atomic(durable=True):
        row = KnownLog.objects.select_for_update().get(origin=log.origin)
        if misdeed != "fork" and queries.suspicions(log.origin):
            return False
        _, made = RefusedHead.objects.get_or_create(
            log_id=row.pk,
            misdeed=misdeed,
            offered_size=head.size,
            offered_root=head.root,
            defaults={
                "known_size": log.size or 0,
                "known_note": log.note,
                "offered_note": str(offered),
                "path": [step.hex() for step in path],
                "entry": entry,
                "refused_at": now,
            },
        )
        if made:
            _enter_refusal(log, head, misdeed, now, entry)
    return made


def _enter_refusal(
    log: KnownLogView, head: Checkpoint, misdeed: Misdeed, now: datetime, entry: uuid.UUID
) -> None:
    known = log.head
    values = {
        "log": log.origin,
        "fault": misdeed,
        "label": MISDEEDS[misdeed],
        "known_size": log.size or 0,
        "known_root": known.root.hex() if known else "",
        "offered_size": head.size,
        "offered_root": head.root.hex(),
    }
    enter(WITNESS_REFUSED, log.origin, SYSTEM, now, values, number=entry)


def settle(found: RefusedView, *, now: datetime) -> None:
    """Record that a suspicious head turned out to be of the same history: an old one, or one badly proven."""
    with transaction.atomic(durable=True):
        settle_in_transaction(found.origin, found.offered_size, found.offered_root, now)


def settle_in_transaction(origin: str, size: int, root: bytes, now: datetime) -> None:
    """Settle what was suspected of this head, in the caller's transaction."""
    params = {"origin": origin, "size": size, "root": root, "now": now}
    if sql.run(_SETTLE, params):
        values = {"log": origin, "offered_size": size, "offered_root": root.hex()}
        enter(WITNESS_RESUMED, origin, SYSTEM, now, values)
