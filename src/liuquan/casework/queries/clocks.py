"""The clocks of a case: lamps, explanations, what if."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from liuquan.casework import clocks as counting
from liuquan.casework import parent_time, rules
from liuquan.casework.effects import correct
from liuquan.casework.queries.reading import calendar_of, procedure_of
from liuquan.casework.types import (
    Clock,
    DeadlineView,
    Lamp,
    Running,
    Snapshot,
)
from liuquan.clock import (
    AddExtension,
    AddSuspension,
    ClockError,
    Deadline,
    MoveAnchor,
    Shift,
    chinese_date,
    explanation_text,
    shanghai_day,
)
from liuquan.clock import what_if as clock_what_if
from liuquan.kernel.refusals import BadInput

Change = MoveAnchor | AddSuspension | AddExtension


def correctable(snapshot: Snapshot) -> tuple[DeadlineView, ...]:
    """The clocks whose anchor may be corrected, one for each moment that clocks count from."""
    return correct.correctable(snapshot)


def resting_on(view: DeadlineView, snapshot: Snapshot) -> list[DeadlineView]:
    """The open clocks that move with this one when its anchor is corrected, itself among them."""
    return correct.resting_on(view, snapshot)


def correctable_labels(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The same as choices: key, and its name with the day it now counts from."""
    return [
        (view.name, f"{clock_label(snapshot, view)}（现从{chinese_date(shanghai_day(view.anchor_at))}起算）")
        for view in correctable(snapshot)
    ]


def lamp(view: DeadlineView, *, now: datetime) -> Lamp:
    """The lamp of a clock; a stopped one is green."""
    return rules.lamp(view, now)


def clocks(snapshot: Snapshot, *, now: datetime) -> list[Clock]:
    """Every clock of the case with its lamp and its day-by-day explanation; open ones first."""
    ordered = sorted(snapshot.deadlines, key=lambda d: (not d.is_open, d.due_at))
    return [_clock(snapshot, view, now) for view in ordered]


def clock_label(snapshot: Snapshot, view: DeadlineView) -> str:
    """What a clock of this case is called, with its step or part if it is of one."""
    step = snapshot.step(view.step)
    limit = snapshot.terms.limits.get(view.limit_key)
    own = procedure_of(snapshot).clock_labels.get(view.key) or (limit.label if limit else "")
    return (own or view.key) + "".join(f"（{of}）" for of in (step and step.name, view.part) if of)


def pressing(snapshot: Snapshot) -> DeadlineView | None:
    """The clock that lists and the foot of the case page show: see `rules.pressing`."""
    return rules.pressing(snapshot)


def explanation(snapshot: Snapshot, view: DeadlineView, *, until: date | None = None) -> Deadline:
    """A deadline of the case with every day it counted, skipped and excluded, and the articles for it.

    `until`: count as if the open suspension ended on this day; otherwise its announced end is used.
    """
    calendar = calendar_of(snapshot)
    return counting.explained(view, snapshot.terms, calendar, snapshot.suspensions, until=until)


def what_if(snapshot: Snapshot, changes: Iterable[Change], *, on: date) -> tuple[Shift, ...]:
    """Every open clock that these changes would shift; nothing is written. An open suspension counts as if it
    ended on this day. Clocks by name: a step's
    `step:<key>`, a part's `key/part`.

    Refuses (422) a change that `clock` refuses, and one by which a child would end later than its parent.
    """
    asked = list(changes)
    found = {d.name: explanation(snapshot, d, until=on) for d in snapshot.deadlines if d.is_open}
    try:
        shifts = clock_what_if(found, asked, calendar_of(snapshot), until=on)
    except ClockError as refused:
        raise BadInput(f"{refused}。") from refused
    parent_time.check_what_if(snapshot, asked, shifts)
    return shifts


def _clock(snapshot: Snapshot, view: DeadlineView, now: datetime) -> Clock:
    # a paused clock is shown as if it resumed today; its last day relies on the announced end
    until = shanghai_day(now) if view.state is Running.PAUSED else None
    explained = explanation(snapshot, view, until=until)
    return Clock(
        view=view,
        label=clock_label(snapshot, view),
        lamp=lamp(view, now=now),
        explained=explained,
        text=explanation_text(explained),
        limit_text=explained.limit.text,
        citations=explained.limit.basis,
        over=view.state is Running.MET and view.met_at is not None and view.met_at >= view.due_at,
    )
