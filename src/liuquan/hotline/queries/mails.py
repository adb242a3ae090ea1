"""Mails to the hotline: which became tickets, which wait for a person to look at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liuquan.hotline import models
from liuquan.hotline.mails import MailReason, Standing
from liuquan.hotline.queries import calls
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation.types import Actor


@dataclass(frozen=True)
class MailView:
    """A mail without what it says, its sender masked. `size` in bytes; `was_told`: the sender, that it was
    registered."""

    number: str
    arrived_at: datetime
    sender_masked: str
    standing: Standing
    size: int
    files: int
    left_out: int
    reason: MailReason | None
    ticket: str
    is_settled: bool
    is_kept: bool
    was_told: bool

    @property
    def is_suspect(self) -> bool:
        """Whether the sender's address is not the sender's."""
        return self.standing is Standing.FAIL

    @property
    def why(self) -> str:
        """Why it is no ticket."""
        return self.reason.label if self.reason else "还没有登记成，下次收信再试" if not self.ticket else ""


def unregistered(*, by: Actor, settled: bool = False, limit: int = 200) -> list[MailView]:
    """Mails that are no tickets, the newest first: those that nobody has looked at, or those that somebody
    settled. Refuses (403) outsiders."""
    calls.check_centre(by)
    rows = models.Mail.objects.filter(ticket="", settled_at__isnull=not settled)
    return _views(rows.order_by("-arrived_at", "-pk")[:limit])


def registered(*, by: Actor, limit: int = 50) -> list[MailView]:
    """The last mails that became tickets. Refuses (403) outsiders."""
    calls.check_centre(by)
    return _views(models.Mail.objects.exclude(ticket="").order_by("-arrived_at", "-pk")[:limit])


def mail(number: str, *, by: Actor) -> MailView:
    """One mail. Refuses (403) outsiders, (404) a number that is none."""
    calls.check_centre(by)
    return _view(row_of(number))


def of_ticket(number: str) -> MailView | None:
    """The mail that this ticket was made of."""
    row = models.Mail.objects.filter(ticket=number).first()
    return _view(row) if row else None


def last_reading() -> datetime | None:
    """When the mailbox was read the last time; nothing before the first time."""
    row = models.Mailbox.objects.order_by("-read_at").first()
    return row.read_at if row else None


def row_of(number: str) -> models.Mail:
    """The row of a mail, for this module's own actions. Refuses (404) a number that is none."""
    try:
        row = models.Mail.objects.filter(number=UUID(number)).first()
    except ValueError:
        row = None
    if row is None:
        raise NotVisible("没有这封来信，请从来信列表重新打开。")
    return row


def _views(rows: Iterable[models.Mail]) -> list[MailView]:
    return [_view(one) for one in rows]


def _view(row: models.Mail) -> MailView:
    return MailView(
        number=str(row.number),
        arrived_at=row.arrived_at,
        sender_masked=row.sender_masked,
        standing=Standing(row.standing),
        size=row.size,
        files=row.files,
        left_out=row.left_out,
        reason=MailReason(row.reason) if row.reason else None,
        ticket=row.ticket,
        is_settled=row.settled_at is not None,
        is_kept=row.file is not None,
        was_told=row.acknowledged_at is not None,
    )
