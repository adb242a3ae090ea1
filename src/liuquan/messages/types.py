"""Values of the messages. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol


class Channel(StrEnum):
    """By which way somebody is told."""

    SMS = "sms"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """In words."""
        return {"sms": "短信", "email": "电子邮件"}[self]


class Delivery(StrEnum):
    """How far a message has come. `sent`: its gateway took it; `delivered`: and says that it arrived."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]


_LABELS = {
    Delivery.WAITING: "等待发出",
    Delivery.SENDING: "正在发出",
    Delivery.SENT: "已发出",
    Delivery.DELIVERED: "已送到",
    Delivery.FAILED: "没有送到",
    Delivery.DROPPED: "没有发出",
}


MAIL_MARK: Final = "X-Liuquan-Message"  #: the header by which our own mail is known
#: where the query code of the case stands in a message, which keeps none itself
QUERY_CODE: Final = "{query_code}"


@dataclass(frozen=True)
class Letter:
    """What a gateway is given. `key`: the same for every try of one message, so that a gateway that knows it
    already sends nothing again."""

    channel: Channel
    key: str
    title: str
    address: str = field(repr=False)
    text: str = field(repr=False)


class Gateway(Protocol):
    """Hands letters over to whoever carries them."""

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """Take the letter. Raises `TryLater` where that may go well another time, `Undeliverable` where it
        never will; neither says the address."""


class TryLater(Exception):
    """The gateway is slow, down or busy."""


class Undeliverable(Exception):
    """The gateway refuses this address for good."""


@dataclass(frozen=True)
class MessageView:
    """A message as pages show it: no address. `text` is empty for a one-time code."""

    channel: Channel
    subject: str
    text: str
    state: Delivery
    made_at: datetime
    next_at: datetime
    attempts: int
    sent_at: datetime | None
    trouble: str


@dataclass(frozen=True)
class OutboxRow:
    """A letter that the demo kept instead of sending it."""

    channel: Channel
    address_masked: str
    text: str
    written_at: datetime
