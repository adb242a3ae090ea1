"""From a request to an action and back: files, who applies, the key of a submission, the papers of an act."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from liuquan.applications import actions
from liuquan.applications.api.asked import Applicant, Person, Submission
from liuquan.applications.api.shown import Done, Submitted
from liuquan.applications.types import Upload
from liuquan.casework import queries as casework
from liuquan.casework.types import Outcome
from liuquan.catalogue import queries as catalogue
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, Refusal
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties

_KEYS = uuid.UUID("6c716c71-0000-5000-8000-6c69757175a6")  #: the name space of submission keys


def uploads(files: Mapping[str, Iterable[Any]]) -> list[Upload]:
    """The files of the request; the name of each part is the key of the material it is for."""
    return [Upload(key, str(one.name or ""), one.read()) for key, group in files.items() for one in group]


def registered(given: Submission, *, by: Actor, now: datetime) -> tuple[str, str]:
    """The party numbers of applicant and agent (empty when there is none).

    The item is asked first: who applies for what cannot be applied for leaves no personal data behind.
    """
    catalogue.terms(given.item_code, on=moments.today(now))
    applicant = _register(given.applicant, by, now)
    agent = _register(given.agent, by, now) if given.agent else ""
    if agent == applicant:
        raise BadInput("代办人和申请人是同一个人，不用填写代办人。", fields={"agent": "与申请人相同。"})
    return applicant, agent


def submission_key(given: str, *, applicant: str, item_code: str) -> uuid.UUID | None:
    """One key for one applicant and item: another person's key, even when equal, never leads to this case."""
    return uuid.uuid5(_KEYS, f"{applicant}\n{item_code}\n{given}") if given else None


def done(outcome: Outcome, *, now: datetime) -> Done:
    """The act with its papers, issued right away; one that cannot be printed delays itself, not the act."""
    return Done(**_done(outcome, now))


def submitted(outcome: Outcome, *, now: datetime) -> Submitted:
    """The same for a new case, with the query code of its holder."""
    return Submitted(**_done(outcome, now), query_code=casework.query_code(outcome.number))


def _done(outcome: Outcome, now: datetime) -> dict[str, Any]:
    trouble = ""
    try:
        issued = actions.issue_papers(outcome.number, entry=uuid.UUID(outcome.entry), now=now)
    except Refusal as refusal:
        issued, trouble = [], refusal.sentence
    return {
        "number": outcome.number, "state": outcome.state, "action": outcome.action, "entry": outcome.entry,
        "effective_at": outcome.effective_at, "papers": issued, "paper_trouble": trouble,
    }  # fmt: skip


def _register(given: Applicant, by: Actor, now: datetime) -> str:
    if isinstance(given, Person):
        ref = parties.register_person(
            name=given.name, id_number=given.id_number, phone=given.phone, by=by, now=now
        )
    else:
        ref = parties.register_organisation(
            name=given.name, uscc=given.uscc, phone=given.phone, by=by, now=now
        )
    return ref.number
