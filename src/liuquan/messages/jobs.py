"""Background jobs: what an event tells is made, sent, and sent again."""

import uuid

from liuquan.kernel import moments
from liuquan.kernel.jobs import job
from liuquan.messages import actions


@job("messages.prepare")
def prepare(subject: str, entry: str, event: str) -> None:
    """Make the messages about an entry."""
    actions.prepare(subject, entry=uuid.UUID(entry), event=event, now=moments.now())


@job("messages.send")
def send(number: str) -> None:
    """Hand one message over; a gateway that fails is tried again by the message's own times."""
    actions.send(number, now=moments.now())


@job("messages.send_due", every="* * * * *")
def send_due() -> None:
    """Send what waited for the morning or for its gateway."""
    actions.send_due(now=moments.now())


@job("messages.forget_codes", every="25 3 * * *")
def forget_codes() -> None:
    """Delete codes that nobody can use any more."""
    actions.forget_codes(now=moments.now())
