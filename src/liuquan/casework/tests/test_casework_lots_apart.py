"""Whatever is done about one lot, and in which order: the clock of another lot never notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan import law
from liuquan.casework import clocks, opening, rules
from liuquan.casework.tests import lots_kind
from liuquan.casework.tests.test_casework_clock_parts import BODY, OFFICER
from liuquan.casework.types import DeadlineView, Decision, NewCase, Snapshot
from liuquan.kernel.refusals import Refusal

Step = tuple[str, str, int]  #: the act, the lot (empty: of the whole case), its days
BEGAN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CALENDAR = law.national_calendar()
_LOTS = st.sampled_from(["open_lot", "again", "ask", "correct", "decide_lot", "drop_lot", "extend_lot"])
_STEPS = st.one_of(
    st.tuples(_LOTS, st.sampled_from("AB"), st.integers(1, 10)),
    st.tuples(st.sampled_from(["stop", "go_on"]), st.just(""), st.just(0)),
)


def begun() -> Snapshot:
    new = NewCase("lots", "1", lots_kind.terms(BODY), "1", "r990000", {}, {BODY: "lead"})
    return replace(opening.blank(new, lots_kind.PROCEDURE, BEGAN), state="bidding")


def values(step: Step, now: datetime) -> dict[str, Any]:
    action, lot, days = step
    if action == "stop":
        until = (now + timedelta(days=5)).date()
        return {"ground": "hearing", "until": until, "document": "通知书", "again": "再次听证"}
    if action == "correct":
        return {
            "clock": f"reply/{lot}",
            "to": max(BEGAN, now - timedelta(days=days % 6)).date(),
            "reason": "登记有误",
        }
    more = {
        "ask": {"asked_on": (now - timedelta(days=days % 4)).date()},
        "decide_lot": {},
        "drop_lot": {},
        "go_on": {},
    }
    return ({"lot": lot} if lot else {}) | more.get(action, {"days": str(days)})


def after(case: Snapshot, done: Decision) -> Snapshot:
    """The case as the statement leaves it."""
    changes = {one.id: one for one in done.deadline_changes}
    ended = {one.id: one for one in done.ended_suspensions}
    first = len(case.deadlines) + 1
    started = (replace(clocks.as_started(new), id=i) for i, new in enumerate(done.new_deadlines, first))
    suspensions = [ended.get(one.id, one) for one in case.suspensions]
    if done.new_suspension:
        suspensions.append(replace(done.new_suspension, id=len(suspensions) + 1))
    kept = (clocks.changed(d, changes[d.id]) if d.id in changes else d for d in case.deadlines)
    return replace(case, deadlines=(*kept, *started), suspensions=tuple(suspensions))


def decided(case: Snapshot, action: str, data: dict[str, Any], now: datetime) -> Decision:
    kind, by = lots_kind.PROCEDURE, OFFICER
    return rules.decide(kind, case, action, by=by, data=data, facts={}, now=now, calendar=CALENDAR)


def walked(steps: list[Step | None]) -> Snapshot:
    """The case after these steps, one a day; a refused one changes nothing."""
    case = begun()
    for day, step in enumerate(steps):
        now = BEGAN + timedelta(days=day)
        if step is None:
            continue
        try:
            case = after(case, decided(case, step[0], values(step, now), now))
        except Refusal:
            continue
    return case


def of_lot(case: Snapshot, lot: str) -> list[DeadlineView]:
    return [replace(view, id=0, supersedes=None) for view in case.deadlines if view.part == lot]


@pytest.mark.parametrize("lot", ["A", "B"])
@given(steps=st.lists(_STEPS, max_size=14))
def test_the_clocks_of_a_lot_are_those_of_its_own_acts(lot: str, steps: list[Step]) -> None:
    alone: list[Step | None] = [step if step[1] in ("", lot) else None for step in steps]
    assert of_lot(walked(list(steps)), lot) == of_lot(walked(alone), lot)


@given(steps=st.lists(_STEPS, max_size=14))
def test_a_clock_counted_again_ends_on_the_same_day(steps: list[Step]) -> None:
    case = walked(list(steps))
    for view in case.deadlines:
        if view.is_open:
            again = clocks.recounted(view, view.state, case.terms, CALENDAR, case.suspensions)
            assert clocks.changed(view, again) == view
            assert clocks.explained(view, case.terms, CALENDAR, case.suspensions).due_on == view.due_on
    assert len({view.name for view in case.deadlines if view.is_open}) == sum(
        view.is_open for view in case.deadlines
    )
