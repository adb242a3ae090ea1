"""An anchor that was recorded wrongly, such as the day of receipt or of acceptance, is put right.

Every clock that counts from that moment is counted anew from the right day; of a part, its own clocks alone.
The old clock is kept beside the new one, and both can be explained day by day. The correction takes effect at
once: if the new last day has passed, the clock is overdue.

Cites: 民法典 第二百零一条, 行政许可法 第三十二条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from liuquan.casework import clocks, parse_values
from liuquan.casework.types import (
    Act,
    Change,
    DeadlineView,
    Effect,
    Given,
    Running,
    Snapshot,
)
from liuquan.clock import SHANGHAI, ClockError, Direction, shanghai_day, supersede
from liuquan.kernel.refusals import BadInput, WrongState

#: moments of a case that clocks count from, in their order
MOMENTS: Final = {"received": "收件", "accepted": "受理", "decided": "决定"}


@dataclass(frozen=True)
class Correct(Effect):
    """Counts every clock that counts from the wrong moment anew, from the day given with the act."""

    def can(self, act: Act) -> None:
        """Refuse (409) when no clock runs."""
        if not correctable(act.case):
            raise WrongState("本件没有正在计算的期限，不需要更正起算日。")

    def check(self, act: Act) -> None:
        """Refuse (422): a clock that is not running, a missing reason, or a day that is invalid, in the
        future, unchanged, or out of the order of the case's moments."""
        case, given = act.case, act.given
        clock = _named(case, given)
        if clock is None or _counts_from(clock) not in {_counts_from(one) for one in correctable(case)}:
            raise BadInput("请选择要更正起算日的期限。", fields={"clock": "请从正在计算的期限中选择。"})
        _check_order(case, clock, _to(given), given.now)
        old = clocks.explained(clock, case.terms, act.calendar, case.suspensions)
        start = _anchor(clock, given) if old.limit.unit.is_momentary else _to(given)
        try:
            supersede(old, start, act.calendar, reason=str(given.data.get("reason", "")))
        except ClockError as refused:
            raise BadInput(f"{refused}。", fields={"to": f"{refused}。"}) from refused

    def count(self, change: Change) -> None:
        act, case = change.act, change.act.case
        clock = _named(case, act.given)
        if clock is None:
            raise WrongState("这项期限已经终止，不能更正起算日。")
        anchor = _anchor(clock, act.given)
        resting = resting_on(clock, case)
        change.started += [clocks.superseding(one, anchor, case, act.calendar) for one in resting]
        for one in change.open_clocks():
            if one in resting:
                change.clocks[one.id] = clocks.stopped(one, Running.SUPERSEDED, act.given.now)
        change.corrected = {name: anchor for name in MOMENTS if _moment(case, name) == clock.anchor_at}
        change.public |= {
            "clock": clock.name,
            "to": _to(act.given).isoformat(),
            "anchor_at": anchor.isoformat(),
            "anchor_before": shanghai_day(clock.anchor_at).isoformat(),
            "moments": list(change.corrected),
            "before": {one.name: one.due_on.isoformat() for one in resting},
        }


def correctable(snapshot: Snapshot) -> tuple[DeadlineView, ...]:
    """The clocks whose anchor can be chosen: one for each moment that clocks count from, of each part."""
    found: dict[tuple[datetime, str], DeadlineView] = {}
    for view in snapshot.deadlines:
        limit = view.limit(snapshot.terms)
        if view.is_open and not view.step and limit.direction is Direction.AFTER:
            found.setdefault(_counts_from(view), view)
    return tuple(found.values())


def resting_on(clock: DeadlineView, case: Snapshot) -> list[DeadlineView]:
    """The open clocks that count from the same moment and are about the same part, this one among them."""
    mine = _counts_from(clock)
    return [d for d in case.deadlines if d.is_open and not d.step and _counts_from(d) == mine]


def _counts_from(clock: DeadlineView) -> tuple[datetime, str]:
    return clock.anchor_at, clock.part


def _named(case: Snapshot, given: Given) -> DeadlineView | None:
    """The open clock, of no step, that the act names."""
    name = str(given.data.get("clock", ""))
    return next((d for d in case.deadlines if d.is_open and not d.step and d.name == name), None)


def _check_order(case: Snapshot, clock: DeadlineView, to: date, now: datetime) -> None:
    """Check that the day is not in the future and stays between the moments before and after it."""
    if to > shanghai_day(now):
        raise BadInput("正确的起算日不能晚于今天。", fields={"to": "不能晚于今天。"})
    for name, label in MOMENTS.items():
        moment = _moment(case, name)
        if moment is None or moment == clock.anchor_at:
            continue
        on, earlier = shanghai_day(moment), moment < clock.anchor_at
        if (earlier and to < on) or (not earlier and to > on):
            sentence = f"正确的起算日不能{'早' if earlier else '晚'}于本件{label}的{on}。"
            raise BadInput(sentence, fields={"to": sentence})


def _to(given: Given) -> date:
    return parse_values.day(given.data.get("to"), "to", "正确的起算日")


def _anchor(clock: DeadlineView, given: Given) -> datetime:
    """The right day, at the recorded time of day, but never later than now."""
    at = datetime.combine(_to(given), clock.anchor_at.astimezone(SHANGHAI).timetz())
    return min(at, given.now).astimezone(UTC)


def _moment(case: Snapshot, name: str) -> datetime | None:
    moment: datetime | None = getattr(case, f"{name}_at")
    return moment
