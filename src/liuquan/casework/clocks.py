"""The clocks of a case: starting, moving, pausing and resuming deadlines. Pure; the counting is `clock`'s.

This is where a due date of a case is computed. Every change of a suspension or extension counts the deadline
anew from its anchor, so that nothing accumulates and the explanation always matches the date.

Cites: 民法典 第二百零一条, 第二百零三条, 行政许可法 第四十二条, 第四十五条, 第八十二条
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from liuquan.casework.types import (
    DeadlineChange,
    DeadlineView,
    NewDeadline,
    Running,
    Snapshot,
    Step,
    SuspensionView,
    Terms,
)
from liuquan.clock import (
    Calendar,
    Deadline,
    Direction,
    Extension,
    Limit,
    deadline,
    filing,
    shanghai_day,
    warn_at,
)

STEP = "step"
_CHANGING = tuple(one.name for one in fields(DeadlineChange))
#: default terms: the national calendar, and grounds without wording
BARE = Terms("", "", "", {})


def name(clock: NewDeadline | DeadlineView) -> str:
    """The name of a clock in entries."""
    return f"{clock.key}:{clock.step}" if clock.step else clock.key


def count(
    limit: Limit,
    anchor_at: datetime,
    calendar: Calendar,
    *,
    suspensions: Iterable[SuspensionView] = (),
    extended: int = 0,
    times_extended: int = 0,
    terms: Terms = BARE,
    until: date | None = None,
) -> Deadline:
    """Count a limit from its anchor, leaving out suspensions and adding what was granted by extension.

    `terms`: of the case, for how its days are counted and what its grounds mean.
    `until`: count an open suspension as if it ended on this day; else on the day that was announced.
    """
    anchor_on = shanghai_day(anchor_at)
    back = limit.direction is Direction.BEFORE
    kept = (
        ()
        if back
        else tuple(
            s.counted(terms, open_ended=until is not None)
            for s in suspensions
            if (s.to_on or s.announced_to_on) > anchor_on or (until is not None and s.to_on is None)
        )
    )
    return deadline(
        limit,
        anchor_at if limit.unit.is_momentary else anchor_on,
        calendar,
        suspensions=kept,
        extensions=_granted(limit, extended, times_extended),
        until=until,
        hours=terms.counting.office_hours,
        rules=terms.counting.rules,
    )


def _granted(limit: Limit, extended: int, times: int) -> tuple[Extension, ...]:
    """The extensions granted in all, split into grants none of which is longer than the law allows."""
    if not extended:
        return ()
    most = limit.extension.amount if limit.extension else extended
    times = max(times, -(-extended // most))
    amounts: list[int] = []
    for after in reversed(range(times)):
        amounts.append(min(most, extended - sum(amounts) - after))
    return tuple(Extension(amount, limit.unit) for amount in amounts)


def filed(at: datetime, terms: Terms, calendar: Calendar) -> datetime:
    """The moment a filing counts from: its own, or the next working time where the place has set it so.

    The filing is still received at the moment it enters the system. Cites: 电子签名法 第十一条
    """
    hours = terms.counting.office_hours
    return filing(at, calendar, hours, terms.counting.rules).counts_at if hours else at


def start_step(
    step: Step, terms: Terms, anchor_at: datetime, calendar: Calendar, suspensions: Iterable[SuspensionView]
) -> NewDeadline | None:
    """The step's own clock, from the day it opens; none when the route sets no limit for it."""
    if step.limit is None:
        return None
    key = f"{STEP}:{step.key}"
    return started(
        STEP,
        key,
        step.limit,
        terms,
        anchor_at,
        calendar,
        suspensions,
        step=step.key,
        on_expiry=step.on_expiry,
    )


def started(
    key: str,
    limit_key: str,
    limit: Limit,
    terms: Terms,
    anchor_at: datetime,
    calendar: Calendar,
    suspensions: Iterable[SuspensionView],
    *,
    step: str = "",
    part: str = "",
    on_expiry: str = "",
) -> NewDeadline:
    """A clock that counts this limit from its anchor, paused at once while a suspension stops it."""
    listed = tuple(suspensions)
    counted = count(limit, anchor_at, calendar, suspensions=listed, terms=terms)
    return NewDeadline(
        key=key,
        limit_key=limit_key,
        step=step,
        part=part,
        anchor_at=anchor_at,
        on_expiry=on_expiry,
        amount=limit.amount,
        unit=limit.unit.value,
        state=Running.PAUSED if is_paused(limit, counted.due_on, listed) else Running.RUNNING,
        sense=limit.sense,
        **_ends(counted, calendar, terms),
    )


def is_paused(limit: Limit, due_on: date, suspensions: Iterable[SuspensionView]) -> bool:
    """Whether an open suspension stops a clock that ends on this day. The day on which the suspension begins
    still counts, so a clock that ends on or before that day is not paused (民法典 第二百零一条)."""
    if limit.direction is Direction.BEFORE:
        return False
    return any(
        s.to_on is None and limit.excludes_ground(s.ground) and s.from_on < due_on for s in suspensions
    )


def stopped(view: DeadlineView, state: Running, at: datetime) -> DeadlineChange:
    """Stop the clock: the duty is met or dropped, or its legal effect was executed."""
    return DeadlineChange(**{**_changing(view), "state": state, "met_at": at})


def change_of(view: DeadlineView) -> DeadlineChange:
    """The change that leaves the clock like this."""
    return DeadlineChange(**_changing(view))


def _changing(view: DeadlineView) -> dict[str, Any]:
    values = vars(view)
    return {name: values[name] for name in _CHANGING}


def recounted(
    view: DeadlineView,
    state: Running,
    terms: Terms,
    calendar: Calendar,
    suspensions: Iterable[SuspensionView],
    *,
    granted: int = 0,
) -> DeadlineChange:
    """Recount the clock with what now applies to it: another suspension, its real end, an extension."""
    more = replace(
        view,
        state=state,
        met_at=None,
        extended=view.extended + granted,
        times_extended=view.times_extended + (granted > 0),
    )
    counted = explained(more, terms, calendar, suspensions)
    return change_of(replace(more, **_ends(counted, calendar, terms)))


def explained(
    view: DeadlineView,
    terms: Terms,
    calendar: Calendar,
    suspensions: Iterable[SuspensionView],
    *,
    until: date | None = None,
) -> Deadline:
    """The deadline with every day it counted, skipped and excluded: what the screen and the papers print.

    `until`: an open suspension as if it ended on this day.
    """
    return count(
        view.limit(terms),
        view.anchor_at,
        calendar,
        suspensions=suspensions,
        extended=view.extended,
        times_extended=view.times_extended,
        terms=terms,
        until=until,
    )


def superseding(view: DeadlineView, anchor_at: datetime, case: Snapshot, calendar: Calendar) -> NewDeadline:
    """The clock that counts from the corrected anchor in place of this one."""
    right = replace(view, anchor_at=anchor_at, supersedes=view.id)
    found = explained(right, case.terms, calendar, case.suspensions)
    state = Running.PAUSED if is_paused(found.limit, found.due_on, case.suspensions) else Running.RUNNING
    right = replace(right, state=state, **_ends(found, calendar, case.terms))
    return NewDeadline(**{one.name: getattr(right, one.name) for one in fields(NewDeadline)})


def as_started(new: NewDeadline) -> DeadlineView:
    """A started clock as a snapshot would show it."""
    return DeadlineView(**vars(new))


def changed(view: DeadlineView, change: DeadlineChange) -> DeadlineView:
    """The clock after a change."""
    return DeadlineView(**{**vars(view), **vars(change)})


def _ends(counted: Deadline, calendar: Calendar, terms: Terms) -> dict[str, Any]:
    """When a clock so counted ends and warns."""
    return {
        "due_on": counted.due_on,
        "due_at": counted.due_at,
        "warn_at": warn_at(counted, calendar, terms.warn_share),
        "provisional": counted.provisional,
    }
