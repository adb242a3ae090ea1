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

_OVER = "这个验证码已经过期或者不能再用，请重新获取。"


def ask_code(*, id_number: str, phone: str, now: datetime) -> str:
    """The number of a new code; it is sent if the mobile on record of whoever has this identity number is
    this one. `id_number`: or the name of somebody of whom no document was asked. The caller limits how often
    it is asked for."""
    if any(character.isdigit() for character in id_number):
        party = parties.find(id_number, today=moments.today(now)).party
    else:
        party = parties.find_caller(id_number, phone)
    known = party is not None and not party.is_erased and parties.has_phone(party.number, phone)
    return make_code(party.number if party and known else None, Channel.SMS, now=now)


def make_code(party: str | None, channel: Channel, *, now: datetime) -> str:
    """The number of a new code, sent to the party by this way; for nobody (None) nothing is sent, and no code
    is right."""
    with transaction.atomic(durable=True):
        code = OneTimeCode.objects.create(
            party_number=party, made_at=now, expires_at=now + timedelta(minutes=codes.MINUTES)
        )
        if party is not None:
            message = Message.objects.create(
                cause=code.number,
                party_number=party,
                channel=channel.value,
                is_code=True,
                made_at=now,
                next_at=now,
            )
            jobs.defer("messages.send", number=str(message.number))
    return str(code.number)


def end_codes(party: str, channel: Channel, *, now: datetime) -> None:
    """No code that this party was sent by this way is right any more."""
    sent = Message.objects.filter(is_code=True, channel=channel.value, party_number=party)
    OneTimeCode.objects.filter(number__in=sent.values("cause"), used_at=None).update(used_at=now)


def forget_codes(*, now: datetime) -> int:
    """Delete the codes that ended a day ago; how many. Cites: 个人信息保护法 第十九条"""
    deleted, _ = OneTimeCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    return deleted


def use_code(number: str, typed: str, *, now: datetime, channel: Channel = Channel.SMS) -> str:
    """The number of the party who got this code by this way. Refuses (422) a wrong code, with how many tries
    are left; one older than ten minutes, one that was used, and any after five tries. Nothing in that tells
    whether the code was anybody's."""
    try:
        wanted = UUID(number)
    except ValueError:
        raise _refused(_OVER) from None
    open_code = OneTimeCode.objects.filter(number=wanted, used_at=None, expires_at__gt=now)
    if not open_code.filter(tries__lt=codes.TRIES).update(tries=F("tries") + 1):
        raise _refused(_OVER)
    right = hmac.compare_digest(codes.digits(wanted).encode(), typed.encode())
    sent = Message.objects.filter(cause=wanted, is_code=True, channel=channel.value)
    known = open_code.filter(party_number__isnull=False, number__in=sent.values("cause"))
    if not right or not known.update(used_at=now):
        left = codes.TRIES - OneTimeCode.objects.get(number=wanted).tries
        raise _refused(f"验证码不对，请核对，还可以再试{left}次。" if left > 0 else _OVER)
    return str(OneTimeCode.objects.get(number=wanted).party_number)


def _refused(sentence: str) -> BadInput:
    return BadInput(sentence, fields={"code": sentence})
