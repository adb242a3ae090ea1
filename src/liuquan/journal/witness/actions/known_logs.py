"""The logs of other offices that we cosign: which, under which keys, and how fetching their heads went."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liuquan.journal.log.keys import origin as own_origin
from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.entries import enter
from liuquan.journal.witness.events import LOG_DROPPED, LOG_KNOWN
from liuquan.journal.witness.http_client import refuse_bad_address
from liuquan.journal.witness.models import KnownLog
from liuquan.journal.witness.rules import MAX_ORIGIN, checked_label, keys_as_values, keys_from
from liuquan.journal.witness.types import KnownLogView
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.merkle import RecordError, Trust, TrustedKey, parse_key
from liuquan.organisation.types import Actor


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
    url, label = (refuse_bad_address(url) if url else ""), checked_label(label)
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
        enter(LOG_KNOWN, origin, by, now, values)
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
        enter(LOG_KNOWN, row.origin, by, now, values)
    found = queries.known_log(wanted.name)
    assert found is not None  # noqa: S101 - written above
    return found


def drop_log(origin: str, *, by: Actor, now: datetime) -> None:
    """Cosign this log no more; what was seen of it stays. Refuses (404) one that is not known."""
    with transaction.atomic(durable=True):
        if not KnownLog.objects.filter(origin=origin, dropped_at=None).update(dropped_at=now):
            raise NotVisible(f"没有登记名为“{origin}”的日志，请核对名称。")
        enter(LOG_DROPPED, origin, by, now, {"log": origin})


def record_fetch(log: KnownLogView, *, trouble: str, next_try_at: datetime | None) -> None:
    """Record how fetching a log's head went; an empty `trouble` means that it went well."""
    sql.run(
        "UPDATE journal_known_log SET trouble = %(trouble)s, next_try_at = %(next)s, "
        "failures = CASE WHEN %(trouble)s = '' THEN 0 ELSE failures + 1 END WHERE origin = %(origin)s",
        {"trouble": trouble, "next": next_try_at, "origin": log.origin},
    )


def _log_key(text: str, from_size: int) -> TrustedKey:
    try:
        trusted = TrustedKey(parse_key(text), from_size)
        Trust((trusted,))
    except RecordError as error:
        raise BadInput(error.sentence, fields={"key": error.sentence}) from error
    name = trusted.key.name
    if name == own_origin():
        raise BadInput("这是本机自己日志的名称：自己的日志不能由自己见证，请核对公钥和 LIUQUAN_LOG_ORIGIN。")
    if len(name) > MAX_ORIGIN or not ("/" in name or "." in name):
        raise BadInput(f"日志名称应写作“主机/路径”，最长 {MAX_ORIGIN} 个字符，请与对方核对。")
    return trusted
