"""What a witness writes: the logs it knows, the heads it cosigns, the evidence of those it refuses.

The state of a log moves by one statement that names the head it moves from, so that of two requests at once
one is told the new size and asks again: nothing is rolled back.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.journal import keys as own_keys
from liuquan.journal import witness_queries as queries
from liuquan.journal.actions.entries import append
from liuquan.journal.fetching import refuse_bad_address
from liuquan.journal.models import KnownLog, RefusedHead
from liuquan.journal.types import Event, NewEntry
from liuquan.journal.witness_events import LOG_DROPPED, LOG_KNOWN, WITNESS_REFUSED, WITNESS_RESUMED
from liuquan.journal.witness_types import KnownLogView, RefusedView
from liuquan.journal.witnessing import (
    MAX_ORIGIN,
    MISDEEDS,
    Asked,
    Misdeed,
    WitnessRefusal,
    check_signed,
    judge,
    keys_as_values,
    keys_from,
    read_request,
)
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.merkle import Checkpoint, Note, RecordError, Signer, Trust, TrustedKey, parse_key
from liuquan.organisation.types import SYSTEM, Actor

LONGEST_LABEL = 80
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
_SETTLE = """
UPDATE journal_refused_head r SET settled_at = %(now)s FROM journal_known_log g
WHERE g.id = r.log_id AND g.origin = %(origin)s AND r.misdeed <> 'fork' AND r.settled_at IS NULL
    AND r.offered_size = %(size)s AND r.offered_root = %(root)s RETURNING r.id
"""


def know_log(
    key: str,
    *,
    by: Actor,
    now: datetime,
    label: str = "",
    url: str = "",
    body_code: str = "",
    from_size: int = 0,
) -> KnownLogView:
    """Begin to cosign the log of this key, or take a further key of a log that is known already.

    Refuses (422): what is no log's key, our own log, a name or label that cannot be kept, a bad address.
    """
    trusted = _log_key(key, from_size)
    origin = trusted.key.name
    url, label = (refuse_bad_address(url) if url else ""), _label(label)
    with transaction.atomic(durable=True):
        row = KnownLog.objects.select_for_update().filter(origin=origin).first() or KnownLog(
            origin=origin, keys=[], known_at=now
        )
        keys = keys_from(row.keys)
        if any(each.key == trusted.key for each in keys):
            keys = tuple(trusted if each.key == trusted.key else each for each in keys)
        else:
            keys = (*keys, trusted)
        row.keys, row.dropped_at, row.next_try_at = keys_as_values(keys), None, None
        row.label, row.url, row.body_code = label or row.label, url or row.url, body_code or row.body_code
        row.save()
        values = {"log": origin, "key": trusted.key.text, "url": row.url, "from_size": from_size}
        _enter(LOG_KNOWN, origin, by, now, values)
    found = queries.known_log(origin)
    assert found is not None  # noqa: S101 - written above
    return found


def retire_log_key(key: str, *, until_size: int, by: Actor, now: datetime) -> KnownLogView:
    """Let a key of a known log count up to this size of tree and no further. Refuses (404) an unknown one."""
    wanted = _log_key(key, 0).key
    with transaction.atomic(durable=True):
        row = KnownLog.objects.select_for_update().filter(origin=wanted.name, dropped_at=None).first()
        keys = keys_from(row.keys) if row else ()
        if row is None or not any(each.key == wanted for each in keys):
            raise NotVisible("没有登记过这个公钥，请用 log witness status 核对。")
        row.keys = keys_as_values(
            TrustedKey(each.key, each.from_size, until_size) if each.key == wanted else each for each in keys
        )
        row.save(update_fields=["keys"])
        values = {"log": row.origin, "key": wanted.text, "url": row.url, "from_size": 0}
        _enter(LOG_KNOWN, row.origin, by, now, values)
    found = queries.known_log(wanted.name)
    assert found is not None  # noqa: S101 - written above
    return found


def drop_log(origin: str, *, by: Actor, now: datetime) -> None:
    """Cosign this log no more; what was seen of it stays. Refuses (404) one that is not known."""
    with transaction.atomic(durable=True):
        if not KnownLog.objects.filter(origin=origin, dropped_at=None).update(dropped_at=now):
            raise NotVisible(f"没有登记名为“{origin}”的日志，请核对名称。")
        _enter(LOG_DROPPED, origin, by, now, {"log": origin})


def cosign(body: bytes, *, signer: Signer, now: datetime) -> str:
    """Answer `add-checkpoint`: the signature line, once the head is stored. Refuses as the protocol says
    (`WitnessRefusal`); a refused head that is evidence is entered in the record first, once.

    Standards: https://c2sp.org/tlog-witness
    """
    asked = read_request(body)
    log = queries.known_log(asked.checkpoint.origin)
    if log is None:
        raise WitnessRefusal(404, "本见证方没有登记这个日志，请先与本单位联系登记。")
    check_signed(asked, log.keys)
    try:
        judge(asked, log.head, seen_root=_seen_root(log, asked.checkpoint.size))
    except WitnessRefusal as refusal:
        if refusal.misdeed is not None:
            report(log, asked.advance.note, misdeed=refusal.misdeed, path=asked.advance.path, now=now)
        raise
    text = asked.advance.note.text
    line = Note(text).signed(signer, at=now).signatures[0]
    if not _advance(log, asked, asked.advance.note.with_signatures([line]), now):
        latest = queries.known_log(log.origin)
        size = latest.size if latest and latest.size else 0
        raise WitnessRefusal(409, f"另一请求刚刚推进到 {size} 个叶，请由此重新证明。", size=size)
    return line.line


def report(
    log: KnownLogView, offered: Note, *, misdeed: Misdeed, now: datetime, path: tuple[bytes, ...] = ()
) -> bool:
    """Enter a signed head that does not fit, with both notes; whether it was new. The caller checked the
    log's signature under it.

    Anybody can hand in an honest log's old head or a bad proof: of such suspicions one stands open for each
    log, and while it does no further one is kept. A fork, proven by two signatures, is always kept.
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
            values = _contradiction(log, head, misdeed)
            _enter(WITNESS_REFUSED, log.origin, SYSTEM, now, values, number=entry)
    return made


def _contradiction(log: KnownLogView, offered: Checkpoint, misdeed: Misdeed) -> dict[str, Any]:
    """What the record says of two heads that do not fit each other."""
    known = log.head
    return {
        "log": log.origin,
        "fault": misdeed,
        "label": MISDEEDS[misdeed],
        "known_size": log.size or 0,
        "known_root": known.root.hex() if known else "",
        "offered_size": offered.size,
        "offered_root": offered.root.hex(),
    }


def settle(found: RefusedView, *, now: datetime) -> None:
    """Note that a suspicious head turned out to be of the same history: an old one, or one badly proven."""
    with transaction.atomic(durable=True):
        _settle(found.origin, found.offered_size, found.offered_root, now)


def note_fetch(log: KnownLogView, *, trouble: str, next_try_at: datetime | None) -> None:
    """How fetching a log's head went; an empty `trouble` is none."""
    sql.run(
        "UPDATE journal_known_log SET trouble = %(trouble)s, next_try_at = %(next)s, "
        "failures = CASE WHEN %(trouble)s = '' THEN 0 ELSE failures + 1 END WHERE origin = %(origin)s",
        {"trouble": trouble, "next": next_try_at, "origin": log.origin},
    )


def _advance(log: KnownLogView, asked: Asked, note: Note, now: datetime) -> bool:
    head, new = log.head, asked.checkpoint
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
            _settle(log.origin, new.size, new.root, now)
    return bool(moved)


def _settle(origin: str, size: int, root: bytes, now: datetime) -> None:
    params = {"origin": origin, "size": size, "root": root, "now": now}
    if sql.run(_SETTLE, params):
        values = {"log": origin, "offered_size": size, "offered_root": root.hex()}
        _enter(WITNESS_RESUMED, origin, SYSTEM, now, values)


def _seen_root(log: KnownLogView, size: int) -> bytes | None:
    row = sql.run_one(
        "SELECT s.root FROM journal_seen_head s JOIN journal_known_log g ON g.id = s.log_id "
        "WHERE g.origin = %(origin)s AND s.size = %(size)s",
        {"origin": log.origin, "size": size},
    )
    return bytes(row["root"]) if row else None


def _log_key(text: str, from_size: int) -> TrustedKey:
    try:
        trusted = TrustedKey(parse_key(text), from_size)
        Trust((trusted,))
    except RecordError as error:
        raise BadInput(error.sentence, fields={"key": error.sentence}) from error
    name = trusted.key.name
    if name == own_keys.origin():
        raise BadInput("这是本机自己日志的名称：自己的日志不能由自己见证，请核对公钥和 LIUQUAN_LOG_ORIGIN。")
    if len(name) > MAX_ORIGIN or not ("/" in name or "." in name):
        raise BadInput(f"日志名称应写作“主机/路径”，最长 {MAX_ORIGIN} 个字符，请与对方核对。")
    return trusted


def _label(label: str) -> str:
    label = label.strip()
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise BadInput(f"单位名称最长 {LONGEST_LABEL} 个字，不含控制字符，请改短。")
    return label


def _enter(
    event: Event,
    subject: str,
    by: Actor,
    now: datetime,
    public: Mapping[str, Any],
    *,
    number: uuid.UUID | None = None,
) -> None:
    append(
        NewEntry(
            event=event.name,
            subject=subject,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public=public,
            number=number or uuid.uuid4(),
        )
    )
