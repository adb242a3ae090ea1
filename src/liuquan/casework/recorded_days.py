"""The clocks of a case with the last days that an entry records. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date

from liuquan.casework import clocks
from liuquan.casework.types import DeadlineView, Snapshot
from liuquan.clock import Calendar, day_end


def with_days(case: Snapshot, due: Mapping[str, str], unsure: Container[str], calendar: Calendar) -> Snapshot:
    """The case with these last days by the name of the clock, provisional where `unsure` names it; other
    clocks stay as they are."""
    return replace(
        case,
        deadlines=tuple(
            replace(_placed(d, date.fromisoformat(due[name]), case, calendar), provisional=name in unsure)
            if d.is_open and (name := d.name) in due
            else d
            for d in case.deadlines
        ),
    )


def _placed(view: DeadlineView, due_on: date, case: Snapshot, calendar: Calendar) -> DeadlineView:
    """The clock with this last day. If today's calendar gives the same day, its moments are exact; otherwise
    the clock ends with the day, and when it turned yellow is unknown."""
    again = clocks.recounted(view, view.state, case.terms, calendar, case.suspensions)
    if again.due_on == due_on:
        return replace(view, due_on=due_on, due_at=again.due_at, warn_at=again.warn_at)
    return replace(view, due_on=due_on, due_at=day_end(due_on), warn_at=None)
