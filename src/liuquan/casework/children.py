"""The children that an act on a case opens, and the time that a case leaves to its children. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from liuquan.casework import clock_parts, field_values, opening, parent_time, registry
from liuquan.casework.effects import OpenChildren, Start
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
from liuquan.clock import Calendar, Sense
from liuquan.kernel.refusals import BadInput, WrongState

ENDS: Final = "children_end"  #: the fact until when the open children have time, by the clock over them
_GOING = (Running.RUNNING, Running.PAUSED)


@dataclass(frozen=True)
class LastChild:
    """The open child whose duty ends last among those inside one clock of their parent."""

    number: str
    due_at: datetime


def decided(act: Act, decision: Decision) -> Decision:
    """The decision with the children that the act opens. Refuses (422, 409) what would make a clock of a
    child end later than that of its parent, and (422) a corrected clock of the parent that would end before
    a child's."""
    if parent := act.case.parent_clock:
        _check_as_child(act, decision, parent)
    _check_as_parent(act, decision)
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
                f"子件的期限到{parent_time.last_day(clock.due_on, clock.due_at)}为止，晚于本件期限的最后一日"
                f"{parent_time.last_day(until.due_on, until.due_at)}，请缩短子件的期限后再提交。"
            )


def _check_as_child(act: Act, decision: Decision, parent: ParentClock) -> None:
    views = {view.id: view for view in act.case.deadlines}
    for change in decision.deadline_changes:
        parent_time.check_extended(views[change.id], change, parent)
    for new in decision.new_deadlines:
        if new.supersedes is not None:
            parent_time.check_corrected(views[new.supersedes], new, parent)
            continue
        field = _given_by(act, new)
        # what the law alone starts is held up for nobody but staff, and not once the parent is late anyway
        if field or (act.given.by.kind == "staff" and act.given.now < parent.due_at):
            parent_time.check_started(new, parent, field)


def _given_by(act: Act, new: NewDeadline) -> str:
    """The value of the act that says how long this clock is or from when it counts; empty if none does."""
    for start in act.row.of(Start):
        if (start.key, clock_parts.part_of(act.given, start.part_field)) == (new.key, new.part):
            return start.days_field or start.anchor_field
    return ""


def _check_as_parent(act: Act, decision: Decision) -> None:
    ends: Mapping[str, LastChild] = act.given.facts.get(ENDS, {})
    before = {view.id: view.due_at for view in act.case.deadlines} if ends else {}
    for new in decision.new_deadlines:
        last = ends.get(new.name)
        if last and new.supersedes is not None and new.due_at < min(last.due_at, before[new.supersedes]):
            sentence = (
                f"更正后的期限到{parent_time.last_day(new.due_on, new.due_at)}为止，早于子件{last.number}的"
                "期限，请先办结或者更正这个子件，再更正本件。"
            )
            raise BadInput(sentence, fields={"to": sentence})
