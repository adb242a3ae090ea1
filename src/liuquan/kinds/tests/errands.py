"""The kind that changes after it is opened, as a case kind that the table of transitions tries.

Every errand of the table was handed on once: another body took it in, which no longer sees it. One party
joined after it was opened, another joined and left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from liuquan.casework import actions
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.cases import ACTED, Kind
from liuquan.testing.cast import ITEMS, Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.errand.procedure import ACTS, PROCEDURE, registered
from liuquan.testing.errand.taking_in import taken_in, worker

OFFICE, OTHER, THIRD = ITEMS["device"][:18], "11990100MB99010402", "11990100MB99010327"
#: post → its acts on errands of its body; the pack has none. The second post gets the work into its hands
MANDATED = {
    "SCJG-SC1": (ACTS, OFFICE),
    "SCJG-SC2": (frozenset({"errand.finish"}), OFFICE),
    "ZRZY-SC1": (ACTS, OTHER),
}
HOLDER = "SCJG-SC2"
DONE: Mapping[str, str] = {"working": "give", "asking": "ask", "reported": "report", "called_off": "call_off"}


def mandated(by: Actor) -> Actor:
    """The same actor with what its post may do with errands."""
    if by.post_code not in MANDATED:
        return by
    acts, body = MANDATED[by.post_code]
    return replace(by, mandates=(*by.mandates, MandateTerm(acts, ("*",), body)))


def opened(cast: Cast, by: Actor) -> str:
    """An errand for the office, opened by this actor; staff open it for the applicant."""
    registered()
    party = by.party_number or cast.applicant.party_number
    return taken_in({party: "applicant"}, body_code=OFFICE, by=mandated(by), now=ACTED)


def brought(cast: Cast, state: str) -> str:
    """An errand in this state that another body took in; the agent joined as a party, the stranger left."""
    registered()
    first, office = worker(OTHER, "ZRZY-SC1", 1), worker(OFFICE, "SCJG-SC1", 2)
    parties = {cast.applicant.party_number: "applicant"}
    number = taken_in(parties, body_code=OTHER, by=first, now=FOUNDED)
    joined, left = cast.agent.party_number, cast.stranger.party_number
    for action, data in (
        ("admit", {"party": joined}),
        ("admit", {"party": left}),
        ("drop", {"party": left, "reason": "不再有关"}),
        ("open_lot", {"lot": "A", "days": 5, "from_on": FOUNDED.date().isoformat()}),
        ("hand_on", {"body": OFFICE, "reason": "由市场监管部门办理"}),
    ):
        actions.perform(number, action, by=first, now=FOUNDED, data=data)
    if state in DONE:
        acted(cast, DONE[state], number, office)
    return number


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on it."""
    actions.perform(number, action, by=mandated(by), now=ACTED, data=_given(cast, action))


def _given(cast: Cast, action: str) -> dict[str, Any]:
    """Right values for every act."""
    given: dict[str, dict[str, Any]] = {
        "give": {"post": HOLDER, "days": 3},
        "redirect": {"post": "SCJG-HZ"},
        "finish": {"result": "solved"},
        "hand_on": {"body": THIRD, "reason": "由住建部门办理"},
        "admit": {"party": cast.stranger.party_number},
        "drop": {"party": cast.agent.party_number, "reason": "不再有关"},
        "say": {"more": "另有情况"},
        "open_lot": {"lot": "B", "days": 5, "from_on": ACTED.date().isoformat()},
        "decide_lot": {"lot": "A"},
        "divide": {"to": f"{OFFICE} 3"},
        "call_off": {"reason": "已经解决"},
    }
    return given.get(action, {})


#: not in the city shared by all tests: there nobody works on errands
ERRANDS = Kind(PROCEDURE, opened, brought, acted, lasting=False)
