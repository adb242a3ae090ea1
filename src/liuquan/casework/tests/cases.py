"""The tiny kind of casework's own tests, as a case kind that the table of transitions tries."""

from __future__ import annotations

from liuquan.casework import actions
from liuquan.casework.tests.consultation import PROCEDURE, registered, terms
from liuquan.casework.types import NewCase
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.cases import ACTED, Kind
from liuquan.testing.cast import ITEMS, Cast

BODY = ITEMS["device"][:18]
#: a post mandated to answer; the pack has none
CONSULTANT = Actor(
    kind="staff",
    staff_id=99,
    post_code="Z-1",
    body_code=BODY,
    mandates=(MandateTerm(frozenset({"consultation.answer"}), ("*",), BODY),),
)


def opened(cast: Cast, by: Actor) -> str:
    """A question asked by this actor."""
    registered()
    number = actions.next_number(kind="consultation", now=ACTED)
    asked = NewCase(
        kind="consultation",
        number=number,
        terms=terms(BODY),
        subject_version="1",
        division_path="99.9901",
        parties={by.party_number: "applicant"} if by.party_number else {},
        bodies={BODY: "lead"},
    )
    return actions.create(asked, by=by, now=ACTED).number


def brought(cast: Cast, state: str) -> str:
    """A question in this state."""
    number = opened(cast, cast.applicant)
    if state == "answered":
        acted(cast, "answer", number, CONSULTANT)
    return number


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on it."""
    actions.perform(number, action, by=by, now=ACTED, data={"answer": "可以"})


#: not in the city shared by all tests: there nobody works on questions
KINDS = (Kind(PROCEDURE, opened, brought, acted, lasting=False),)
