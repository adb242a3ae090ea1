"""What may be read of the messages. No address is."""

from __future__ import annotations

from liuquan.kernel.refusals import NotAllowed
from liuquan.messages import gateways
from liuquan.messages.models import Consent, Message, OutboxLetter
from liuquan.messages.types import Channel, Delivery, MessageView, OutboxRow
from liuquan.organisation.types import Actor
from liuquan.parties import queries as parties


def open_channels() -> frozenset[Channel]:
    """The ways by which this place can tell anybody anything."""
    return frozenset(channel for channel in Channel if gateways.path_of(channel))


def agreed(party: str) -> frozenset[Channel]:
    """By which ways this party agreed to be told; an agreement before a merge holds for the survivor."""
    rows = Consent.objects.filter(party_number__in=parties.same_party(party), withdrawn_at=None)
    return frozenset(Channel(channel) for channel in rows.values_list("channel", flat=True))


def of_case(number: str, *, party: str) -> list[MessageView]:
    """What this party was told of a case, newest first."""
    mine = Message.objects.filter(
        subject=number, is_code=False, party_number__in=parties.same_party(party)
    ).order_by("-id")
    return [_view(one) for one in mine]


def recent(*, by: Actor, limit: int = 200) -> list[MessageView]:
    """How the latest messages fared, for the administrator; others are refused (403)."""
    if not by.has_role("sysadmin"):
        raise NotAllowed("消息发送情况由系统管理员查看。")
    return [_view(one) for one in Message.objects.order_by("-id")[:limit]]


def outbox(*, limit: int = 100) -> list[OutboxRow]:
    """What the demo kept instead of sending it, newest first. Empty anywhere else: only the demo's gateway
    writes it."""
    return [
        OutboxRow(Channel(one.channel), one.address_masked, one.text, one.written_at)
        for one in OutboxLetter.objects.order_by("-id")[:limit]
    ]


def _view(message: Message) -> MessageView:
    return MessageView(
        channel=Channel(message.channel),
        subject=message.subject,
        text=message.text,
        state=Delivery(message.state),
        made_at=message.made_at,
        next_at=message.next_at,
        attempts=message.attempts,
        sent_at=message.sent_at,
        trouble=message.trouble,
    )
