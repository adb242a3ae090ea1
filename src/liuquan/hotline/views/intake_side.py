"""What stands beside the operator's form: who calls, what is open already, which class, whose duty it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.hotline import actions, queries, suggesting
from liuquan.hotline.forms.intake import Intake
from liuquan.hotline.types import Alike, Suggestion
from liuquan.hotline.views.desk_staff import DeskRequest
from liuquan.kernel import moments

LOOKED_BACK: Final = timedelta(days=30)
SAME: Final = 0.6  #: share of the signature from which on two texts are taken for one and the same
LEAST: Final = 0.1  #: share below which two texts have little to do with each other
_MOST: Final = 5


@dataclass(frozen=True)
class Earlier:
    """A ticket of the caller."""

    case: Snapshot
    state: str


def first_body(given: Intake, now: datetime) -> Suggestion | None:
    """The body that the catalogue names first for this class in this place, with its reason."""
    if not given["class_code"]:
        return None
    found = queries.suggestions(given["class_code"], given["division"], on=moments.today(now))
    return found[0] if found else None


def alike(request: DeskRequest, given: Intake, now: datetime) -> list[Alike]:
    """Open tickets that say nearly the same: for the centre, which sees every ticket."""
    if not queries.calls.is_of_centre(request.actor):
        return []
    found = queries.alike(given.said, since=now - LOOKED_BACK, limit=_MOST)
    return [one for one in found if one.share >= LEAST]


def same_of_caller(request: DeskRequest, given: Intake, now: datetime) -> list[str]:
    """The open tickets of this caller that say the same, the most alike first; the look-up is entered."""
    near = [one.number for one in alike(request, given, now) if one.share >= SAME]
    if not (near and given["phone"]):
        return []
    theirs = {one.number for one in actions.open_caller(given["phone"], by=request.actor, now=now)}
    return [number for number in near if number in theirs]


def beside(request: DeskRequest, given: Intake, now: datetime) -> dict[str, Any]:
    """Classes that the text may belong to, the catalogue's body, what is open already."""
    return {
        "given": given,
        "classes_meant": [
            one
            for one in suggesting.by_words(given.said, queries.classes())
            if one.code != given["class_code"]
        ],
        "first": first_body(given, now),
        "alike": [
            {"ticket": one, "percent": round(one.share * 100), "state": _state(one.number)}
            for one in alike(request, given, now)
        ],
        "may_join": any("ticket.merge" in term.actions for term in request.actor.mandates),
    }


def caller(request: DeskRequest, phone: str, now: datetime) -> Sequence[Earlier]:
    """The caller's earlier tickets, after the look-up was entered."""
    found = actions.open_caller(phone, by=request.actor, now=now) if phone else ()
    return [Earlier(one, cases.procedure_of(one).state(one.state).label) for one in found[:_MOST]]


def _state(number: str) -> str:
    case = cases.read(number)
    return cases.procedure_of(case).state(case.state).label
