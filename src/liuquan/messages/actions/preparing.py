"""What an event tells the party, made once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.clock import chinese_date
from liuquan.journal import queries as journal
from liuquan.kernel import jobs, moments
from liuquan.kinds import queries as kinds
from liuquan.messages import queries, rules
from liuquan.messages.actions.consent import agree
from liuquan.messages.models import Message
from liuquan.messages.types import Channel
from liuquan.parties import queries as parties

LONGEST = 500


def prepare(subject: str, *, entry: UUID, event: str, now: datetime) -> int:
    """Make the messages about this entry of a case for its applicant, by each way it agreed to; how many are
    new. Nothing for a party that did not agree or does not see the entry, and nothing the second time."""
    case = casework.read(subject)
    template = kinds.kind_of(case).message_templates.get(event)
    channels = queries.agreed(case.applicant) & queries.open_channels() if case.applicant else frozenset()
    if template is None or not channels or not _sees(case, entry):
        return 0
    party = parties.same_party(case.applicant)[0]
    at = rules.after_quiet_hours(now, quiet_hours(), moments.LOCAL)
    text = f"【{settings.LIUQUAN_SITE_NAME}】{_text(case, template, now)}"[:LONGEST]
    made = 0
    for channel in sorted(channels):
        with transaction.atomic(durable=True):
            message, is_new = Message.objects.get_or_create(
                cause=entry,
                party_number=party,
                channel=channel.value,
                defaults={"subject": subject, "text": text, "made_at": now, "next_at": at},
            )
            if is_new and at <= now:
                jobs.defer("messages.send", number=str(message.number))
        made += is_new
    return made


def answer_mail(party: str, *, subject: str, cause: UUID, text: str, now: datetime) -> bool:
    """Answer somebody who wrote by mail, once of one cause, and tell them of this case by mail from now on:
    who writes asks for an answer the same way. `text`: `QUERY_CODE` in it becomes the code of the case.
    Nothing (False) where mail is not open here."""
    if Channel.EMAIL not in queries.open_channels():
        return False
    at = rules.after_quiet_hours(now, quiet_hours(), moments.LOCAL)
    said = f"【{settings.LIUQUAN_SITE_NAME}】{text}"[:LONGEST]
    agree(party, Channel.EMAIL, now)
    with transaction.atomic(durable=True):
        message, is_new = Message.objects.get_or_create(
            cause=cause,
            party_number=party,
            channel=Channel.EMAIL.value,
            defaults={"subject": subject, "text": said, "made_at": now, "next_at": at},
        )
        if is_new and at <= now:
            jobs.defer("messages.send", number=str(message.number))
    return True


def quiet_hours() -> rules.QuietHours:
    """Those of this place."""
    return rules.QuietHours.read(settings.LIUQUAN_QUIET_HOURS)


def _sees(case: Snapshot, entry: UUID) -> bool:
    everything = journal.entries_of(case.number)
    seen = casework.seen(case, everything, party=case.applicant)
    return any(one.number == entry for one in seen)


def _text(case: Snapshot, template: str, now: datetime) -> str:
    clock = casework.pressing(case)
    return template.format(
        number=case.number,
        state=casework.procedure_of(case).state(case.state).label,
        next_step=kinds.kind_of(case).next_step(case, now),
        due=chinese_date(clock.due_on) if clock else "",
    )
