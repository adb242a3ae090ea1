"""Asking: what the intake of a vertical does, in its smallest form."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework import actions as casework
from liuquan.casework.types import NewCase, Outcome
from liuquan.kernel import moments
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.testing.consultation.procedure import terms


def ask(question: str, *, party: str, body_code: str, by: Actor, now: datetime) -> Outcome:
    """A question of this party to this body, in its own words; the case is opened at once."""
    body = organisation.body(body_code, on=moments.today(now))
    new = NewCase(
        kind="consultation",
        number=casework.next_number(kind="consultation", now=now),
        terms=terms(body.code, body_name=body.name),
        subject_version="1",
        division_path=organisation.division_path(body.division_code),
        parties={party: "applicant"},
        bodies={body.code: "lead"},
        channel="portal",
        matter=question,
    )
    return casework.create(new, by=by, now=now)
