"""The children that an act on a case opens, and the time that extensions of a child may use. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from liuquan.casework import field_values, opening, registry
from liuquan.casework.effects import OpenChildren
from liuquan.casework.opening import Opening
from liuquan.casework.types import (
    Act,
    Decision,
    Given,
    NewCase,
    NewChild,
    NewDeadline,
    ParentClock,
    Running,
    Snapshot,
)
from liuquan.clock import SHANGHAI, Calendar, Sense, chinese_date, day_end
from liuquan.kernel.refusals import BadInput, WrongState

_GOING = (Running.RUNNING, Running.PAUSED)


def decided(act: Act, decision: Decision) -> Decision:
    """The decision with the children that the act opens. Refuses (422) an extension of a child by which it
    would end later than the clock of its parent."""
    if parent := act.case.parent_clock:
        _check_extensions(decision, act.case, parent)
    opens = act.row.of(OpenChildren)
    return replace(decision, children=opens[0].opened(act.given)) if opens else decision


def openings(
    decision: Decision, given: Given, calendar_in: Callable[[str], Calendar]
) -> tuple[tuple[Opening, Given], ...]:
    """The children with the clocks that start with them, still without numbers, each with what it is opened
    from. `calendar_in`: the working days of a region.

    Refuses (422) a child of which a duty ends later than the parent's clock, (409) children when that clock
    is over, and (422) values that the first row of their procedure does not take.
    """
    if not decision.children:
        return ()
    effect, case, now = decision.row.of(OpenChildren)[0], given.snapshot, given.now
    procedure, until = registry.newest(effect.kind), _left(decision, case, effect.within)
    found = []
    for child in decision.children:
        new = _new_case(effect.kind, child)
        blank = replace(opening.blank(new, procedure, now), parent=case.number)
        field_values.check(procedure.creation, child.data, now)
        opens = Given(blank, {}, child.data, now, given.by)
        opened = opening.opening(new, procedure, now, opens, calendar_in(new.terms.counting.region))
        if until is not None:
            _check_inside(opened.started, until)
        found.append((opened, opens))
    return tuple(found)


def numbered(opened: Opening, number: str) -> Opening:
    """The child under its number."""
    return replace(opened, new=replace(opened.new, number=number))


def _new_case(kind: str, child: NewChild) -> NewCase:
    return NewCase(
        kind=kind,
        number="",
        terms=child.terms,
        subject_version=child.subject_version,
        division_path=child.division_path,
        parties=child.parties,
        bodies=child.bodies,
        channel=child.channel,
        matter=child.matter,
    )


def _left(decision: Decision, case: Snapshot, key: str) -> ParentClock | None:
    """The parent's clock of this key as the act leaves it; nothing when its terms know no such clock."""
    known = [view for view in case.deadlines if view.name == key]
    changed = {change.id: change for change in decision.deadline_changes}
    clocks = [
        *(new for new in decision.new_deadlines if new.name == key),
        *(changed.get(view.id, view) for view in known if view.is_open),
    ]
    going = next((clock for clock in clocks if clock.state in _GOING), None)
    if going is None and known:
        raise WrongState("本件用来约束子件的期限已经终止，不能再分出子件。")
    return ParentClock(key, going.due_on, going.due_at) if going else None


def _check_inside(started: Iterable[NewDeadline], until: ParentClock) -> None:
    for clock in started:
        if clock.sense is Sense.AT_MOST and clock.due_at > until.due_at:
            raise BadInput(
                f"子件的期限到{_end(clock.due_on, clock.due_at)}为止，"
                f"晚于本件期限的最后一日{_end(until.due_on, until.due_at)}，请缩短子件的期限后再提交。"
            )


def _check_extensions(decision: Decision, case: Snapshot, parent: ParentClock) -> None:
    views = {view.id: view for view in case.deadlines}
    for change in decision.deadline_changes:
        view = views[change.id]
        if change.extended > view.extended and view.is_duty and change.due_at > parent.due_at:
            sentence = (
                f"延长后的期限到{_end(change.due_on, change.due_at)}为止，"
                f"晚于总件期限的最后一日{_end(parent.due_on, parent.due_at)}，请减少延长的天数后再提交。"
            )
            raise BadInput(sentence, fields={"days": sentence})


def _end(due_on: date, due_at: datetime) -> str:
    """The last day of a clock, with the time of day where it ends before the day does."""
    time = "" if due_at >= day_end(due_on) else f"{due_at.astimezone(SHANGHAI):%H:%M}"
    return f"{chinese_date(due_on)}{time}"
