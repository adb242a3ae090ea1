"""A request that somebody brings themselves: from the portal, from an app, from another system."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from liuquan.casework import actions as casework
from liuquan.casework.types import Upload
from liuquan.hotline.actions import registering
from liuquan.hotline.actions.programmes import question_row
from liuquan.hotline.queries import programmes, public
from liuquan.hotline.types import Identity, Inlet, NewTicket, Submitted
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, Refusal
from liuquan.organisation.types import PUBLIC, SYSTEM, party_actor
from liuquan.parties import actions as parties

logger = logging.getLogger(__name__)


def submit(
    new: NewTicket,
    *,
    name: str,
    phone: str,
    now: datetime,
    files_given: Sequence[Upload] = (),
    submission_key: uuid.UUID | None = None,
    join: str = "",
    programme: str = "",
) -> Submitted:
    """Register a request for whoever brings it. `join`: the open request that says the same, to wait for its
    answer together; where that was answered meanwhile, the request goes its own way. `programme`: the
    interview that it is a question to; where that is over, it is a request as every other.

    Refuses (422, by field) what `registering.check` and `parties.register_caller` refuse, and joining a
    request that does not say the same."""
    registering.check(new, moments.today(now), is_named=bool(name.strip()))
    if join and join not in {one.number for one in public.open_requests(new.text, new.place, now=now)}:
        raise BadInput(
            "那件诉求已经办结，或者说的不是同一件事，请重新选择。", fields={"join": "请重新选择。"}
        )
    if new.identity is Identity.ANONYMOUS:
        party = parties.register_anonymous(now=now).number
    else:
        party = parties.register_caller(name=name, phone=phone, by=PUBLIC, now=now).number
    asked = programmes.taking_questions(programme, now=now) if programme else None
    outcome = registering.register(
        replace(new, requester=party, inlet=Inlet.PROGRAMME if asked else new.inlet),
        by=party_actor(party, "诉求人"),
        now=now,
        files_given=files_given,
        submission_key=submission_key,
        with_rows=[question_row(asked.number, False)] if asked else (),
    )
    return Submitted(outcome.number, _joined(outcome.number, join, now) if join else "")


def _joined(number: str, into: str, now: datetime) -> str:
    """The ticket it was joined to; empty where that was over a moment before."""
    try:
        casework.perform(number, "join", by=SYSTEM, now=now, data={"into": into})
    except Refusal as refusal:
        logger.info("%s was not joined to %s: %s", number, into, refusal.code)
        return ""
    return into
