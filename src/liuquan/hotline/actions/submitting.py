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
from liuquan.hotline.queries import public
from liuquan.hotline.types import Identity, NewTicket, Submitted
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
) -> Submitted:
    """Register a request for whoever brings it. `join`: the open request that says the same, to wait for its
    answer together; where that was answered meanwhile, the request goes its own way.

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
    outcome = registering.register(
        replace(new, requester=party),
        by=party_actor(party, "诉求人"),
        now=now,
        files_given=files_given,
        submission_key=submission_key,
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
