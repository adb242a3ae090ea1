"""What stands beside the operator's form: who calls, what is open already, which class, whose duty it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing

from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.hotline import actions, queries
from liuquan.hotline.forms.intake import Intake
from liuquan.hotline.queries import class_hints
from liuquan.hotline.suggesting import Shown
from liuquan.hotline.types import Alike, Suggestion
from liuquan.hotline.views.staff import HotlineRequest
from liuquan.kernel import moments

LOOKED_BACK: Final = timedelta(days=30)
SAME: Final = 0.6  #: share of the signature from which on two texts are taken for one and the same
LEAST: Final = 0.1  #: share below which two texts have little to do with each other
_MOST: Final = 5
#: of what was shown, signed, so that what is kept is what was shown
_SHOWN: Final = "hotline.shown"
_MOST_OLD: Final = timedelta(days=8)


@dataclass(frozen=True)
class Earlier:
    """A ticket of the caller."""

    case: Snapshot
    state: str


def first_body(given: Intake, now: datetime, class_code: str = "") -> Suggestion | None:
    """The body that the catalogue names first for this class in this place, with its reason. `class_code`:
    what is suggested, while nothing is chosen."""
    code = given["class_code"] or class_code
    if not code:
        return None
    found = queries.suggestions(code, given["division"], on=moments.today(now))
    return found[0] if found else None


def alike(request: HotlineRequest, given: Intake, now: datetime) -> list[Alike]:
    """Open tickets that say nearly the same: for the centre, which sees every ticket."""
    if not queries.calls.is_of_centre(request.actor):
        return []
    found = queries.alike(given.said, since=now - LOOKED_BACK, limit=_MOST)
    return [one for one in found if one.share >= LEAST]


def same_of_caller(request: HotlineRequest, given: Intake, now: datetime) -> list[str]:
    """The open tickets of this caller that say the same, or much the same of the same class in the same
    place, the most alike first; the look-up is entered."""
    near = alike(request, given, now)
    if not (near and given["phone"]):
        return []
    theirs = {one.number for one in actions.open_caller(given["phone"], by=request.actor, now=now)}
    return [
        one.number
        for one in near
        if one.number in theirs and (one.share >= SAME or _is_filed_so(one.number, given))
    ]


def _is_filed_so(number: str, given: Intake) -> bool:
    held = queries.ticket(number)
    chosen = (given["class_code"], given["division"])
    return held is not None and bool(given["class_code"]) and (held.class_code, held.division) == chosen


def beside(request: HotlineRequest, given: Intake, now: datetime) -> dict[str, Any]:
    """Classes that the text may belong to, the catalogue's body, what is open already."""
    meant = class_hints.meant(given["title"], given["text"], given["place"], on=moments.today(now))
    first = first_body(given, now, meant.first.code if meant.first else "")
    shown = Shown.of(meant, body_code=first.body_code if first else "", seen="screen")
    return {
        "given": given,
        "classes_meant": meant.classes,
        "by_model": bool(meant.model),
        "shown": signing.dumps(asdict(shown), salt=_SHOWN) if given.said.strip() else "",
        "first": first,
        "alike": [
            {"ticket": one, "percent": round(one.share * 100), "state": _state(one.number)}
            for one in alike(request, given, now)
        ],
        "may_join": any("ticket.merge" in term.actions for term in request.actor.mandates),
    }


def shown(request: HotlineRequest) -> Shown | None:
    """What stood beside the form when it was sent; nothing where nothing did."""
    try:
        return Shown(**signing.loads(request.POST.get("shown", ""), salt=_SHOWN, max_age=_MOST_OLD))
    except (signing.BadSignature, TypeError):
        return None


def caller(request: HotlineRequest, phone: str, now: datetime) -> Sequence[Earlier]:
    """The caller's earlier tickets, after the look-up was entered."""
    found = actions.open_caller(phone, by=request.actor, now=now) if phone else ()
    return [Earlier(one, cases.procedure_of(one).state(one.state).label) for one in found[:_MOST]]


def _state(number: str) -> str:
    case = cases.read(number)
    return cases.procedure_of(case).state(case.state).label
