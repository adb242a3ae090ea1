"""Agreeing to be told, and taking that back. Cites: 个人信息保护法 第十四条, 第十五条"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liuquan.journal import actions as journal
from liuquan.journal.types import Event, NewEntry
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.messages import events, queries
from liuquan.messages.actions.codes import end_codes, make_code, use_code
from liuquan.messages.models import Consent
from liuquan.messages.types import Channel
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.parties import queries as party_queries


def agree_to_sms(party: str, *, by: Actor, now: datetime) -> None:
    """The party agrees to be told by SMS; agreeing again changes nothing.

    Refuses: anybody else (403), where SMS is not open here, a party without a mobile (422).
    """
    party = _own(party, by)
    _refuse_closed(Channel.SMS)
    if not party_queries.may_be_called(party):
        raise BadInput("您没有登记手机号码，或者登记的号码有疑问，请带证件到窗口登记。")
    agree(party, Channel.SMS, now)


def ask_email(party: str, email: str, *, by: Actor, now: datetime) -> str:
    """The party gives an address, in place of the one before: a code is sent to it. Nothing else is, until
    the code came back (`confirm_email`). The number of the code; the caller limits how often it is asked for.

    Refuses: anybody else (403), where mail is not open here, no address (422).
    """
    party = _own(party, by)
    _refuse_closed(Channel.EMAIL)
    end_codes(party, Channel.EMAIL, now=now)  # of the address before
    parties.keep_email(party, email, by=by)
    withdraw(party, Channel.EMAIL, by=by, now=now)
    return make_code(party, Channel.EMAIL, now=now)


def confirm_email(party: str, number: str, typed: str, *, by: Actor, now: datetime) -> None:
    """The code that was sent to the address came back: the party agrees to be told by mail. Refuses: anybody
    else (403), what `use_code` refuses (422)."""
    party = _own(party, by)
    if use_code(number, typed, now=now, channel=Channel.EMAIL) not in party_queries.same_party(party):
        raise NotAllowed("这个验证码不是发给您的，请重新获取。")
    agree(party, Channel.EMAIL, now)


def _refuse_closed(channel: Channel) -> None:
    if channel not in queries.open_channels():
        raise BadInput(f"本地还没有开通{channel.label}通知。")


def agree(party: str, channel: Channel, now: datetime) -> None:
    """The party is told by this way from now on, for the actions of this module; again changes nothing."""
    with transaction.atomic(durable=True):
        _, is_new = Consent.objects.get_or_create(
            party_number=party, channel=channel.value, withdrawn_at=None, defaults={"given_at": now}
        )
        if is_new:
            journal.append(_entry(events.CONSENT_GIVEN, party, channel, now))


def withdraw(party: str, channel: Channel, *, by: Actor, now: datetime) -> None:
    """The party is not told by this way any more, from now on; what waits is not sent. Refuses anybody else
    (403)."""
    party = _own(party, by)
    with transaction.atomic(durable=True):
        found = Consent.objects.filter(
            party_number__in=party_queries.same_party(party), channel=channel.value, withdrawn_at=None
        )
        if found.update(withdrawn_at=now):
            journal.append(_entry(events.CONSENT_WITHDRAWN, party, channel, now))


def _own(party: str, by: Actor) -> str:
    """The number that stands for the party now, after a merge another one; refuses (403) anybody else."""
    numbers = party_queries.same_party(party)
    if by.kind != "party" or by.party_number not in numbers:
        raise NotAllowed("是否接收通知只能由本人决定。")
    return numbers[0]


def _entry(event: Event, party: str, channel: Channel, now: datetime) -> NewEntry:
    values = {"channel": channel.value, "channel_label": channel.label}
    return NewEntry(event.name, party, "", "", "party", now, values)
