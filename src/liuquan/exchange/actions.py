"""The only code that writes for feeds."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from liuquan.exchange import events, models
from liuquan.exchange.queries import PURPOSE
from liuquan.journal import actions as record
from liuquan.journal.types import NewEntry
from liuquan.kernel import secrecy
from liuquan.kernel.refusals import BadInput, NotVisible

KEY_BYTES: Final = 24


def issue_key(name: str, *, now: datetime) -> str:
    """A new key for the outside system of this name, which is shown this once. Refuses (422) a name that is
    empty or taken."""
    clean = name.strip()
    if not clean or len(clean) > 80:
        raise BadInput("请写系统名称，最多80个字。", fields={"name": "请写系统名称。"})
    key = secrets.token_urlsafe(KEY_BYTES)
    index = secrecy.blind_index(key, purpose=PURPOSE)
    try:
        with transaction.atomic(durable=True):
            models.ApiKey.objects.create(name=clean, key_index=index, issued_at=now)
            record.append(_entry(events.KEY_ISSUED.name, clean, now))
    except IntegrityError:
        sentence = "已经有这个名称的系统，请换一个名称；密钥丢了的，先收回再用新的名称发放。"
        raise BadInput(sentence, fields={"name": sentence}) from None
    return key


def revoke_key(name: str, *, now: datetime) -> None:
    """Take the key of this system back. Refuses (404) a name that has none."""
    with transaction.atomic(durable=True):
        if not models.ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=now):
            raise NotVisible(f"没有名称为“{name}”的系统在用密钥，请核对名称。")
        record.append(_entry(events.KEY_REVOKED.name, name, now))


def _entry(event: str, name: str, now: datetime) -> NewEntry:
    return NewEntry(event, "exchange", "", "", "system", now, {"name": name})
