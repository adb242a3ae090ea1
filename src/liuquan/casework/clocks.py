"""The clocks of a case: starting, moving, pausing and resuming deadlines. Pure; the counting is `clock`'s.

This is where a due date of a case is computed. Every change of a suspension or extension counts the deadline
anew from its anchor, so that nothing accumulates and the explanation always matches the date.

Cites: 民法典 第二百零一条, 行政许可法 第四十二条, 第四十五条, 第八十二条
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType

from liuquan.casework.types import (
    DeadlineChange,
    DeadlineView,
    NewDeadline,
    Running,
    Start,
    Step,
    SuspensionView,
    Terms,
)
from liuquan.clock import Calendar, Deadline, Extension, Limit, deadline, shanghai_day, warn_at

STEP = "step"


def limit_of(terms: Terms, limit_key: str) -> Limit:
    """The frozen limit behind a deadline: one of the case's terms, or a step's own (`step:<key>`)."""
    if limit_key.startswith(f"{STEP}:"):
        step = next(s for s in terms.steps if s.key == limit_key.removeprefix(f"{STEP}:"))
        if step.limit is None:
            raise LookupError(f"step {step.key} has no limit")
        return step.limit
    return terms.limits[limit_key]


def count(
    limit: Limit,
    anchor_at: datetime,
    calendar: Calendar,
    *,
    suspensions: Iterable[SuspensionView] = (),
    extended: int = 0,
    grounds: Mapping[str, str] = MappingProxyType({}),
) -> Deadline:
    """Count a limit from its anchor, leaving out suspensions and adding what was granted by extension.

    `grounds`: the words for each ground of suspension, for the explanation.
    """
    anchor_on = shanghai_day(anchor_at)
    kept = tuple(
        s.counted(grounds.get(s.ground, ""))
        for s in suspensions
        if (s.to_on or s.announced_to_on) > anchor_on
    )
    granted = (Extension(extended, limit.unit),) if extended else ()
    return deadline(
        limit,
        anchor_at if limit.unit.is_momentary else anchor_on,
        calendar,
        suspensions=kept,
        extensions=granted,
    )


def start(
    given: Start, terms: Terms, anchor_at: datetime, calendar: Calendar, suspensions: Iterable[SuspensionView]
) -> NewDeadline | None:
    """A clock started by a row, or nothing when the item's terms have no such limit (an item without fee,
    promise, publicity …)."""
    if given.limit not in terms.limits:
        return None
    limit = terms.limits[given.limit]
    on_expiry = (limit.on_expiry or "") if given.on_expiry else ""
    return _new(given.key, given.limit, "", on_expiry, limit, terms, anchor_at, calendar, suspensions)


def start_step(
    step: Step, terms: Terms, anchor_at: datetime, calendar: Calendar, suspensions: Iterable[SuspensionView]
) -> NewDeadline | None:
    """The step's own clock, from the day it opens; none when the route sets no limit for it."""
    if step.limit is None:
        return None
    return _new(STEP, f"{STEP}:{step.key}", step.key, "", step.limit, terms, anchor_at, calendar, suspensions)


def _new(
    key: str, limit_key: str, step: str, on_expiry: str, limit: Limit, terms: Terms,
    anchor_at: datetime, calendar: Calendar, suspensions: Iterable[SuspensionView],
) -> NewDeadline:  # fmt: skip
    listed = tuple(suspensions)
    counted = count(limit, anchor_at, calendar, suspensions=listed)
    stands = any(s.to_on is None and limit.excludes_ground(s.ground) for s in listed)
    return NewDeadline(
        key=key, limit_key=limit_key, step=step, anchor_at=anchor_at,
        due_on=counted.due_on, due_at=counted.due_at, warn_at=_warn(counted, calendar, terms),
        provisional=counted.provisional, on_expiry=on_expiry, amount=limit.amount, unit=limit.unit.value,
        state=Running.PAUSED if stands else Running.RUNNING,
    )  # fmt: skip


def stopped(view: DeadlineView, state: Running, at: datetime) -> DeadlineChange:
    """The clock stops: the duty is met, given up, or its legal effect was executed."""
    return DeadlineChange(
        view.id, state, view.due_on, view.due_at, view.warn_at, view.provisional, view.extended, at
    )


def recounted(
    view: DeadlineView, state: Running, terms: Terms, calendar: Calendar,
    suspensions: Iterable[SuspensionView], *, extended: int | None = None,
) -> DeadlineChange:  # fmt: skip
    """The clock goes on with what now applies to it: another suspension, its real end, an extension."""
    limit = limit_of(terms, view.limit_key)
    more = view.extended if extended is None else extended
    counted = count(limit, view.anchor_at, calendar, suspensions=suspensions, extended=more)
    return DeadlineChange(
        view.id, state, counted.due_on, counted.due_at, _warn(counted, calendar, terms),
        counted.provisional, more, None,
    )  # fmt: skip


def explained(
    view: DeadlineView, terms: Terms, calendar: Calendar, suspensions: Iterable[SuspensionView]
) -> Deadline:
    """The deadline with every day it counted, skipped and excluded: what the screen and the papers print."""
    limit = limit_of(terms, view.limit_key)
    return count(
        limit,
        view.anchor_at,
        calendar,
        suspensions=suspensions,
        extended=view.extended,
        grounds=terms.grounds,
    )


def as_started(new: NewDeadline) -> DeadlineView:
    """A started clock as a snapshot would show it."""
    return DeadlineView(
        key=new.key, limit_key=new.limit_key, step=new.step, anchor_at=new.anchor_at, due_on=new.due_on,
        due_at=new.due_at, warn_at=new.warn_at, state=new.state, provisional=new.provisional,
        on_expiry=new.on_expiry,
    )  # fmt: skip


def changed(view: DeadlineView, change: DeadlineChange) -> DeadlineView:
    """The clock after a change."""
    return replace(
        view, state=change.state, due_on=change.due_on, due_at=change.due_at, warn_at=change.warn_at,
        provisional=change.provisional, extended=change.extended, met_at=change.met_at,
    )  # fmt: skip


def _warn(counted: Deadline, calendar: Calendar, terms: Terms) -> datetime | None:
    return warn_at(counted, calendar, Fraction(terms.warn_share))
