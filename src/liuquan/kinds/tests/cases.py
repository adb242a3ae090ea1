"""The small kinds of the tests, as case kinds that the table of transitions tries."""

from __future__ import annotations

from liuquan.casework import actions
from liuquan.kinds.tests.errands import ERRANDS
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.cases import ACTED, Kind
from liuquan.testing.cast import ITEMS, Cast
from liuquan.testing.consultation.asking import ask
from liuquan.testing.consultation.procedure import PROCEDURE, in_writing, registered

BODY = ITEMS["device"][:18]
#: a post mandated to answer; the pack has none
CONSULTANT = Actor(
    kind="staff",
    staff_id=99,
    post_code="Z-1",
    body_code=BODY,
    mandates=(MandateTerm(frozenset({"consultation.answer"}), ("*",), BODY),),
)
_GIVEN = {"answer": in_writing(), "add": {"more": "还想问办理时间"}}


def opened(cast: Cast, by: Actor) -> str:
    """A question asked by this actor; staff ask for the applicant."""
    registered()
    party = by.party_number or cast.applicant.party_number
    return ask("周末能不能办", party=party, body_code=BODY, by=by, now=ACTED).number


def brought(cast: Cast, state: str) -> str:
    """A question in this state."""
    number = opened(cast, cast.applicant)
    if state == "answered":
        acted(cast, "answer", number, CONSULTANT)
    return number


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on it."""
    actions.perform(number, action, by=by, now=ACTED, data=_GIVEN[action])


#: not in the city shared by all tests: there nobody works on questions
CONSULTATIONS = Kind(PROCEDURE, opened, brought, acted, lasting=False)
KINDS = (CONSULTATIONS, ERRANDS)
