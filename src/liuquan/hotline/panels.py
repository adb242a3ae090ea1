"""Parts of the generic pages that only tickets have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from liuquan.hotline import events
from liuquan.hotline.queries import catalogue, class_hints, mails, programmes, tickets
from liuquan.hotline.suggesting import WHOLE
from liuquan.hotline.texts import BANDS
from liuquan.kernel import moments
from liuquan.kernel.shares import percent
from liuquan.kinds.queries import moment_text
from liuquan.kinds.types import Panel, PanelAsked, Place

#: while the centre decides what a ticket is filed under
_IN_HAND: Final = frozenset({"registered", "returned", "disputed"})
LOOK_BACK: Final = timedelta(days=30)


def _same_matter(asked: PanelAsked) -> Mapping[str, Any]:
    """Requests that may be about the same, while the centre has not dispatched it; and what was merged."""
    case = asked.snapshot
    found = []
    if case.state == "registered":
        found = tickets.alike_to(case, since=asked.at - LOOK_BACK)
    held = tickets.ticket(case.number)
    return {
        "number": case.number,
        "alike": [
            {
                "number": one.number,
                "class_name": one.class_name,
                "body": one.body_name,
                "at": moment_text(one.received_at),
                "share": percent(round(one.share * BANDS), BANDS),
            }
            for one in found
        ],
        "into": held.into if held else "",
        "holds": held.holds if held else (),
    }


def _sent_despite(asked: PanelAsked) -> Mapping[str, Any]:
    """Whether the answer that is to be called back was sent though it was questioned."""
    answers = [one for one in asked.entries if one.event == events.ANSWERED.name]
    waits = asked.snapshot.state == "answered" and bool(answers)
    return {"number": asked.snapshot.number, "despite": waits and answers[-1].public.get("despite", False)}


def _suggested(asked: PanelAsked) -> Mapping[str, Any]:
    """Which class was suggested for a ticket, while the centre has it in hand; with the second and whose duty
    the first is."""
    case = asked.snapshot
    shown = class_hints.shown_on(case.id) if case.state in _IN_HAND else None
    if shown is None or not shown.class_code:
        return {}
    on = moments.today(asked.at)
    names = {one.code: one.name for one in catalogue.classes(on=on)}
    held = tickets.ticket(case.number)
    bodies = catalogue.suggestions(shown.class_code, held.division, on=on) if held else ()
    name, second = names.get(shown.class_code), names.get(shown.second_code)
    said = [f"系统建议归到“{name}”" + ("" if shown.score is None else f"（{percent(shown.score, WHOLE)}%）")]
    if held and held.class_code == shown.class_code:
        said.append("和现在的归类一致")
    if second:
        said.append(f"其次是“{second}”")
    told = [f"这一类由{one.body_name}办理（{one.reason}）" for one in bodies[:1]]
    return {"sentence": "。".join(("，".join(said), *told, "由您确定。"))} if name else {}


def _mail(asked: PanelAsked) -> Mapping[str, Any]:
    """The mail that the ticket was made of: its sender masked, and whether the address may be theirs."""
    found = mails.of_ticket(asked.snapshot.number)
    at = moment_text(found.arrived_at) if found else ""
    return {"mail": found, "at": at, "centre": catalogue.centre() if found else ""}


def _programme(asked: PanelAsked) -> Mapping[str, Any]:
    """The programme to which it was a question."""
    return {"programme": programmes.of_ticket(asked.snapshot.number, now=asked.at)}


PANELS = (
    Panel((Place.CASE, Place.ACT), "hotline/_suggested.html", _suggested),
    Panel((Place.CASE,), "hotline/_programme.html", _programme),
    Panel((Place.CASE,), "hotline/_mail.html", _mail),
    Panel((Place.CASE,), "hotline/_same_matter.html", _same_matter),
    Panel((Place.CASE, Place.ACT), "hotline/_sent_despite.html", _sent_despite),
)
