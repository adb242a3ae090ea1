"""The offices that cosign our own log: taking one, and counting it no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liuquan.journal.log.events import LOG
from liuquan.journal.log.keys import log_keys
from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.entries import enter
from liuquan.journal.witness.events import WITNESS_ADDED, WITNESS_REMOVED
from liuquan.journal.witness.http_client import refuse_bad_address
from liuquan.journal.witness.keys import witness_signer
from liuquan.journal.witness.models import Witness
from liuquan.journal.witness.rules import checked_label
from liuquan.journal.witness.types import WitnessView
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.merkle import RecordError, Trust, VerifierKey, parse_key
from liuquan.organisation.types import Actor


def add_witness(key: str, *, by: Actor, now: datetime, url: str = "", label: str = "") -> WitnessView:
    """Take an office as witness of our log; again, to change its address or label.

    A further key under a name that is known is the same office changing its key: both are taken and count as
    one, and the new one takes over address and label. Refuses (422): what is no witness's key, our own key,
    one key under two names, a bad address.
    """
    found, url, label = _witness_key(key), (refuse_bad_address(url) if url else ""), checked_label(label)
    with transaction.atomic(durable=True):
        row = Witness.objects.select_for_update().filter(key=found.text).first()
        row = row or Witness(name=found.name, key=found.text, added_at=now)
        older = Witness.objects.filter(name=found.name, removed_at=None).order_by("id").last()
        known = row if row.pk or older is None else older
        row.url, row.label, row.removed_at, row.next_try_at = (
            url or known.url,
            label or known.label,
            None,
            None,
        )
        row.objected_at = known.objected_at
        row.save()
        values = {"witness": found.name, "key": found.text, "url": row.url}
        enter(WITNESS_ADDED, LOG, by, now, values)
    return next(each for each in queries.witnesses() if each.key == found)


def remove_witness(which: str, *, by: Actor, now: datetime) -> None:
    """No longer ask this witness, nor count it: all keys of a name, or one whole key.
    Refuses (404) an unknown one."""
    with transaction.atomic(durable=True):
        rows = Witness.objects.select_for_update().filter(removed_at=None)
        found = list(rows.filter(name=which).order_by("id")) or list(rows.filter(key=which))
        if not found:
            raise NotVisible(f"没有名为“{which}”的见证方，请用 log witness status 核对。")
        for row in found:
            row.removed_at = now
            row.save(update_fields=["removed_at"])
            enter(WITNESS_REMOVED, LOG, by, now, {"witness": row.name, "key": row.key})


def _witness_key(text: str) -> VerifierKey:
    try:
        key = parse_key(text)
        others = tuple(each.key for each in queries.witnesses() if each.key != key)
        Trust(log_keys(), (*others, key))
    except RecordError as error:
        raise BadInput(error.sentence, fields={"key": error.sentence}) from error
    if key.public == witness_signer().key.public:
        raise BadInput("这是本机自己的见证公钥：自己不能见证自己的日志，请登记别的单位的公钥。")
    return key
