"""Handing messages over to their gateways, again where that failed, and what gateways report later."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from liuquan.casework import queries as casework
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import jobs, moments
from liuquan.kernel.refusals import Refusal
from liuquan.messages import codes, events, gateways, queries, rules
from liuquan.messages.actions.preparing import quiet_hours
from liuquan.messages.models import Message, OneTimeCode
from liuquan.messages.types import QUERY_CODE, Channel, Delivery, Letter, TryLater, Undeliverable
from liuquan.parties import actions as parties
from liuquan.parties import queries as party_queries

#: after this long a message that somebody took to send counts as left lying: longer than any gateway may take
_LEFT_LYING = timedelta(minutes=5)
_AT_ONCE = 200  #: messages of one round


def send(number: str, *, now: datetime) -> None:
    """Hand one message over, if it is due and nobody else is at it. What cannot be sent now is tried again
    later, eight times in all; who withdrew meanwhile gets nothing."""
    message = _claim(number, now)
    if message is None:
        return
    channel = Channel(message.channel)
    if why := _not_any_more(message, now):
        _settle(message, Delivery.DROPPED, now, why)
        return
    if message.attempts > rules.ATTEMPTS:
        _settle(message, Delivery.FAILED, now, "多次发送没有结果")
        return
    try:
        address = _address(message, now)
        if not address:
            raise Undeliverable("没有登记这种联系方式")
        letter = Letter(channel, _key(message), _title(message), address, _words(message))
        gateways.gateway(channel).hand_over(letter, now=now)
    except TryLater as trouble:
        _try_again(message, now, str(trouble))
    except Undeliverable as trouble:
        _settle(message, Delivery.FAILED, now, str(trouble))
    except Refusal as refusal:  # the party was erased, or its key is not there
        _settle(message, Delivery.FAILED, now, refusal.sentence)
    else:
        Message.objects.filter(pk=message.pk, state="sending").update(state="sent", sent_at=now, trouble="")


def send_due(*, now: datetime) -> int:
    """Have every message sent that has become due; how many."""
    due = Message.objects.filter(_due(now)).order_by("next_at").values_list("number", flat=True)[:_AT_ONCE]
    for number in due:
        jobs.defer("messages.send", number=str(number))
    return len(due)


def report(key: str, *, arrived: bool, now: datetime, trouble: str = "") -> bool:
    """What a gateway says later of a letter it took; whether that was news. Said twice it counts once, and a
    report on an earlier try, or after the last word, changes nothing. One that did not arrive is sent again,
    unless its tries are used up."""
    number, _, resends = key.partition(".")
    message = Message.objects.filter(number__in=_numbers(number), state="sent").first()
    if message is None or str(message.resends) != resends:
        return False
    known = Message.objects.filter(pk=message.pk, state="sent", resends=message.resends)
    if arrived:
        return bool(known.update(state="delivered", settled_at=now))
    if message.attempts >= rules.ATTEMPTS:
        return bool(known.update(state="failed", settled_at=now, trouble=trouble[:200]))
    at = _later(message, now)
    again = {"state": "waiting", "next_at": at, "resends": F("resends") + 1, "trouble": trouble[:200]}
    return bool(known.update(**again))


def _due(now: datetime) -> Q:
    lying = Q(state="sending", claimed_at__lt=now - _LEFT_LYING)
    return Q(state="waiting", next_at__lte=now) | lying


def _claim(number: str, now: datetime) -> Message | None:
    """Take the message, unless it is not due or somebody has it."""
    mine = Message.objects.filter(_due(now), number=number)
    if not mine.update(state="sending", claimed_at=now, attempts=F("attempts") + 1):
        return None
    return Message.objects.get(number=number)


def _not_any_more(message: Message, now: datetime) -> str:
    """Why the message must not go out now; empty if it may."""
    if message.channel == Channel.SMS and not party_queries.may_be_called(message.party_number):
        return "手机号码没有登记或者有疑问"
    if message.is_code:
        alive = OneTimeCode.objects.filter(number=message.cause, expires_at__gt=now, used_at=None)
        return "" if alive.exists() else "验证码已经过期"
    agreed = queries.agreed(str(message.party_number))
    return "" if Channel(message.channel) in agreed else "当事人已经不再接收"


def _address(message: Message, now: datetime) -> str:
    """The address of the party; that the system opened it stands in the record before, once a message."""
    channel = Channel(message.channel)
    receipt = message.receipt or uuid.uuid4()
    if message.receipt is None:
        values = {"channel": channel.value, "channel_label": channel.label, "cause": str(message.cause)}
        subject = message.subject or str(message.party_number)
        journal.append_durably(
            NewEntry(events.ADDRESS_USED.name, subject, "", "", "system", now, values, number=receipt)
        )
        Message.objects.filter(pk=message.pk).update(receipt=receipt)
    identity = parties.reveal(message.party_number, receipt=receipt)
    return identity.phone if channel is Channel.SMS else identity.email


def _words(message: Message) -> str:
    if not message.is_code:
        if QUERY_CODE not in message.text:
            return message.text
        code = casework.query_code(message.subject)
        return message.text.replace(QUERY_CODE, f"{code[:5]}-{code[5:]}")
    what = "打开“我的办件”" if message.channel == Channel.SMS else "确认这个邮箱接收办理通知"
    return (
        f"【{settings.LIUQUAN_SITE_NAME}】验证码{codes.digits(message.cause)}，用来{what}，"
        f"{codes.MINUTES}分钟内有效。工作人员不会向您要验证码，请不要告诉任何人。"
    )


def _title(message: Message) -> str:
    return f"{settings.LIUQUAN_SITE_NAME}：{message.subject or '验证码'}"


def _key(message: Message) -> str:
    return f"{message.number}.{message.resends}"


def _try_again(message: Message, now: datetime, trouble: str) -> None:
    if message.attempts >= rules.ATTEMPTS:
        _settle(message, Delivery.FAILED, now, trouble)
        return
    Message.objects.filter(pk=message.pk, state="sending").update(
        state="waiting", next_at=_later(message, now), trouble=trouble[:200]
    )


def _later(message: Message, now: datetime) -> datetime:
    at = now + rules.wait_after(message.attempts)
    return at if message.is_code else rules.after_quiet_hours(at, quiet_hours(), moments.LOCAL)


def _settle(message: Message, state: Delivery, now: datetime, trouble: str) -> None:
    Message.objects.filter(pk=message.pk, state="sending").update(
        state=state.value, settled_at=now, trouble=trouble[:200]
    )


def _numbers(typed: str) -> list[uuid.UUID]:
    """The number that a gateway names; none where it is no number at all."""
    try:
        return [uuid.UUID(typed)]
    except ValueError:
        return []
