"""One-time codes: whoever names a person's number and mobile gets one sent to that mobile, if it is theirs.

Nothing that is answered tells whether it was.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from liuquan.kernel import jobs, moments
from liuquan.kernel.refusals import BadInput
from liuquan.messages import codes
from liuquan.messages.models import Message, OneTimeCode
from liuquan.messages.types import Channel
from liuquan.parties import queries as parties

_WRONG = "验证码不对或者已经过期，请核对；仍不行的，请重新获取。"


def ask_code(*, id_number: str, phone: str, now: datetime) -> str:
    """The number of a new code; it is sent if the mobile on record of whoever has this identity number is
    this one. The caller limits how often it is asked for."""
    party = parties.find(id_number, today=moments.today(now)).party
    known = party is not None and not party.is_erased and parties.has_phone(party.number, phone)
    with transaction.atomic(durable=True):
        code = OneTimeCode.objects.create(
            party_number=party.number if party and known else None,
            made_at=now,
            expires_at=now + timedelta(minutes=codes.MINUTES),
        )
        if code.party_number is not None:
            message = Message.objects.create(
                cause=code.number,
                party_number=code.party_number,
                channel=Channel.SMS.value,
                is_code=True,
                made_at=now,
                next_at=now,
            )
            jobs.defer("messages.send", number=str(message.number))
    return str(code.number)


def forget_codes(*, now: datetime) -> int:
    """Delete the codes that ended a day ago; how many. Cites: 个人信息保护法 第十九条"""
    deleted, _ = OneTimeCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    return deleted


def use_code(number: str, typed: str, *, now: datetime) -> str:
    """The number of the party who got this code. Refuses (422), with one sentence for all: a wrong code, one
    older than ten minutes, one that was used, and any after five tries."""
    wrong = BadInput(_WRONG, fields={"code": _WRONG})
    try:
        wanted = UUID(number)
    except ValueError:
        raise wrong from None
    open_code = OneTimeCode.objects.filter(number=wanted, used_at=None, expires_at__gt=now)
    if not open_code.filter(tries__lt=codes.TRIES).update(tries=F("tries") + 1):
        raise wrong
    right = hmac.compare_digest(codes.digits(wanted).encode(), typed.encode())
    known = open_code.filter(party_number__isnull=False)
    if not right or not known.update(used_at=now):
        raise wrong
    return str(OneTimeCode.objects.get(number=wanted).party_number)
