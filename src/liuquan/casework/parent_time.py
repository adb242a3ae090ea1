"""The time that its parent's clock leaves to a case that another one opened. Pure.

Its duties end no later than that clock. Refused is what would make one end later: more days, a day to count
from, a corrected day, a clock that starts. A pause by law and the time of a step are never held to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from liuquan.casework import clocks
from liuquan.casework.types import DeadlineChange, DeadlineView, NewDeadline, ParentClock, Snapshot
from liuquan.clock import (
    SHANGHAI,
    AddExtension,
    AddSuspension,
    Calendar,
    MoveAnchor,
    Sense,
    Shift,
    chinese_date,
    day_end,
)
from liuquan.kernel.refusals import BadInput, WrongState

_LONGER = "确需更长的，请先延长总件的期限。"
_EXTENDED, _CORRECTED, _STARTED = "延长后的期限", "更正后的期限", "这项期限"
_INSTEAD = {
    _EXTENDED: "请减少延长的天数后再提交；",
    _CORRECTED: "请核对正确的起算日；",
    _STARTED: "请缩短期限或者改早起算日后再提交；",
}


def check_extendable(case: Snapshot, view: DeadlineView, calendar: Calendar) -> None:
    """Refuse (409) an extension of this clock when even the shortest would end later than the parent's."""
    parent = case.parent_clock
    if parent is None or not view.is_duty:
        return
    least = clocks.recounted(view, view.state, case.terms, calendar, case.suspensions, granted=1)
    if least.due_at > parent.due_at:
        end = last_day(parent.due_on, parent.due_at)
        raise WrongState(f"总件期限的最后一日是{end}，本件的期限不能延长到这一日以后。{_LONGER}")


def check_extended(view: DeadlineView, change: DeadlineChange, parent: ParentClock) -> None:
    """Refuse (422) a clock that was extended beyond the parent's."""
    if change.extended > view.extended and view.is_duty:
        _check(parent, change.due_on, change.due_at, _EXTENDED, "days")


def check_corrected(view: DeadlineView, new: NewDeadline, parent: ParentClock) -> None:
    """Refuse (422) a corrected day by which a clock ends later than before, and later than the parent's."""
    if new.due_at > view.due_at and view.is_duty:
        _check(parent, new.due_on, new.due_at, _CORRECTED, "to")


def check_started(new: NewDeadline, parent: ParentClock, field: str) -> None:
    """Refuse a clock of no step that would end later than the parent's: (422) if a value of the act, given in
    this field, says how long it is; (409) if the law does, and no other value would help."""
    if new.step or new.sense is not Sense.AT_MOST:
        return
    if field:
        _check(parent, new.due_on, new.due_at, _STARTED, field)
    elif new.due_at > parent.due_at:
        raise WrongState(
            f"现在起算的期限到{last_day(new.due_on, new.due_at)}为止，晚于总件期限的最后一日"
            f"{last_day(parent.due_on, parent.due_at)}，请先延长总件的期限，再办理这一步。"
        )


def check_what_if(
    case: Snapshot, changes: Iterable[MoveAnchor | AddSuspension | AddExtension], shifts: Iterable[Shift]
) -> None:
    """Refuse (422) what the act itself would refuse: an extension or another anchor by which a duty ends
    later than the parent's clock."""
    parent = case.parent_clock
    if parent is None:
        return
    asked = [one for one in changes if not isinstance(one, AddSuspension)]
    views = {view.name: view for view in case.deadlines if view.is_open and view.is_duty and not view.step}
    for shift in shifts:
        after = shift.after
        if shift.key not in views or after.due_at <= shift.before.due_at:
            continue
        for change in (one for one in asked if not one.keys or shift.key in one.keys):
            what, field = (_EXTENDED, "days") if isinstance(change, AddExtension) else (_CORRECTED, "to")
            _check(parent, after.due_on, after.due_at, what, field)


def last_day(due_on: date, due_at: datetime) -> str:
    """The last day of a clock, with the time of day where it ends before the day does."""
    time = "" if due_at >= day_end(due_on) else f"{due_at.astimezone(SHANGHAI):%H:%M}"
    return f"{chinese_date(due_on)}{time}"


def _check(parent: ParentClock, due_on: date, due_at: datetime, what: str, field: str) -> None:
    if due_at > parent.due_at:
        sentence = (
            f"{what}到{last_day(due_on, due_at)}为止，"
            f"晚于总件期限的最后一日{last_day(parent.due_on, parent.due_at)}，{_INSTEAD[what]}{_LONGER}"
        )
        raise BadInput(sentence, fields={field: sentence})
