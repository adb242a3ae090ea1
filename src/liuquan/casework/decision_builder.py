"""Build one decision: what a row of a procedure changes on a case that allows it. Pure.

Cites: 行政许可法 第三十二条, 第三十四条, 第四十二条, 第四十五条
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from liuquan.casework import clocks, correcting, extending, suspending
from liuquan.casework.types import (
    AssignmentView,
    DeadlineChange,
    DeadlineView,
    Decision,
    Given,
    NewDeadline,
    Procedure,
    Running,
    Start,
    Step,
    SuspensionView,
    Transition,
)
from liuquan.clock import Calendar, Direction, day_start
from liuquan.kernel.refusals import WrongState


def done_steps(assignments: Iterable[AssignmentView]) -> set[str]:
    """Steps that are done and not open again."""
    listed = tuple(assignments)
    return {a.step for a in listed if a.state == "done"} - {a.step for a in listed if a.state == "open"}


def next_steps(steps: tuple[Step, ...], done: set[str], open_now: set[str]) -> tuple[Step, ...]:
    """Steps whose predecessors are all done: parallel branches open together, a join waits for the last."""
    return tuple(s for s in steps if s.key not in done and s.key not in open_now and set(s.after) <= done)


@dataclass
class DecisionBuilder:
    """Builds one decision; not to be used again after `decision()` returned."""

    procedure: Procedure
    row: Transition
    given: Given
    calendar: Calendar
    assignment: AssignmentView | None

    def decision(self) -> Decision:
        """What the row changes. Whether it is allowed was checked before and is not checked again, so that
        past acts can be replayed from the record."""
        snapshot, row = self.given.snapshot, self.row
        effective_at = self._effective_at()
        new_steps, finished = self._route()
        target = row.target or snapshot.state
        if row.target_when_done and finished:
            target = row.target_when_done
        closes = self.procedure.state(target).closed and target != snapshot.state
        suspension, ended = self._suspensions(closes)
        suspensions = _with(snapshot.suspensions, suspension, ended)
        correction = correcting.corrected(self.given, self.calendar) if row.corrects else None
        new = (
            *self._started(effective_at, new_steps, suspensions),
            *(correction.superseding if correction else ()),
        )
        changes = self._changed(suspensions, closes, new)
        done = (self.assignment.id,) if row.completes_step and self.assignment else ()
        cancelled = tuple(a.id for a in snapshot.open_assignments if closes and a.id not in done)
        return Decision(
            row=row,
            from_state=snapshot.state,
            to_state=target,
            effective_at=effective_at,
            public=self._public(new, changes, effective_at) | (correction.public if correction else {}),
            private=row.private(self.given) if row.private else {},
            new_deadlines=new,
            deadline_changes=changes,
            new_steps=new_steps,
            done_assignments=done,
            cancelled_assignments=cancelled,
            step_result=self._step_result(),
            second_by=self.given.facts.get("second_officer") if row.completes_step else None,
            new_suspension=suspension,
            ended_suspensions=ended,
            corrected=correction.moments if correction else {},
        )

    def _step_result(self) -> str:
        if not self.row.completes_step:
            return ""
        return self.row.step_result or str(self.given.data.get("result", ""))

    def _effective_at(self) -> datetime:
        if self.row.effective == "now":
            return self.given.now
        step = self.assignment.step if self.assignment else ""
        clock = self.given.snapshot.deadline(self.row.effective, step)
        if clock is None:
            raise WrongState("对应的期限已经终止，不再产生法定效果。")
        # 行政许可法 第三十二条: accepted as of the receipt, not as of the day the silence was noticed;
        # 第五十条: renewed when the limit ended.
        return clock.anchor_at if self.row.effective_from == "start" else clock.due_at

    def _route(self) -> tuple[tuple[Step, ...], bool]:
        """The steps to open, and whether the route is then finished."""
        snapshot, row = self.given.snapshot, self.row
        steps = snapshot.terms.steps
        if row.sends_back:
            return snapshot.terms.last_steps, False
        done = done_steps(snapshot.assignments)
        open_now = {a.step for a in snapshot.open_assignments}
        if row.completes_step and self.assignment:
            done, open_now = done | {self.assignment.step}, open_now - {self.assignment.step}
        elif not row.opens_route:
            return (), False
        return next_steps(steps, done, open_now), done >= {s.key for s in steps}

    def _suspensions(self, closes: bool) -> tuple[SuspensionView | None, tuple[SuspensionView, ...]]:
        """The suspension that begins with this act, and those that end with it."""
        if self.row.pauses:
            return suspending.begun(self.given), ()
        if closes:
            standing = self.given.snapshot.open_suspensions
            return None, tuple(suspending.closed(one, self.given) for one in standing)
        return None, (suspending.ended(self.given),) if self.row.resumes else ()

    def _started(
        self, effective_at: datetime, new_steps: tuple[Step, ...], suspensions: tuple[SuspensionView, ...]
    ) -> tuple[NewDeadline, ...]:
        terms = self.given.snapshot.terms
        found = []
        for given in self.row.starts:
            anchor = anchor_of(given, self.given, effective_at, self.calendar)
            found.append(clocks.start(given, terms, anchor, self.calendar, suspensions))
        for step in new_steps:
            # A step opens when the work can begin, even where acceptance is back-dated by law.
            found.append(clocks.start_step(step, terms, self.given.now, self.calendar, suspensions))
        return tuple(new for new in found if new is not None)

    def _changed(
        self, suspensions: tuple[SuspensionView, ...], closes: bool, new: tuple[NewDeadline, ...]
    ) -> tuple[DeadlineChange, ...]:
        row, now, terms = self.row, self.given.now, self.given.snapshot.terms
        superseded = {one.supersedes for one in new}
        granted = extending.granted(self.given) if row.extends else 0
        changes = []
        for view in self.given.snapshot.deadlines:
            if not view.is_open:
                continue
            if change := self._stop(view, closes, now):
                changes.append(change)
            elif view.id in superseded:
                changes.append(clocks.stopped(view, Running.SUPERSEDED, now))
            elif view.key == row.extends:
                changes.append(
                    clocks.recounted(view, view.state, terms, self.calendar, suspensions, granted=granted)
                )
            elif (row.pauses or row.resumes) and (change := self._turned(view, suspensions)):
                changes.append(change)
        return tuple(changes)

    def _turned(self, view: DeadlineView, suspensions: tuple[SuspensionView, ...]) -> DeadlineChange | None:
        """How the act pauses, resumes or moves this clock; nothing if it stays as it is. A clock that is over
        stays over: time excluded afterwards does not reopen it, and its lamp stays red."""
        terms = self.given.snapshot.terms
        limit = terms.limit(view.limit_key)
        if limit.direction is Direction.BEFORE or not any(
            limit.excludes_ground(s.ground) for s in suspensions
        ):
            return None
        counted = clocks.recounted(view, Running.RUNNING, terms, self.calendar, suspensions)
        standing = clocks.is_paused(limit, counted.due_on, suspensions)
        change = replace(counted, state=Running.PAUSED if standing else Running.RUNNING)
        return None if (change.state, change.due_at) == (view.state, view.due_at) else change

    def _stop(self, view: DeadlineView, closes: bool, now: datetime) -> DeadlineChange | None:
        row = self.row
        mine = self.assignment is not None and view.step == self.assignment.step
        if view.key in row.stops or (row.completes_step and view.key == clocks.STEP and mine):
            state = Running.EXPIRED if row.effective == view.key else Running.MET
            return clocks.stopped(view, state, now)
        if view.key in row.cancels or (closes and view.key not in row.keeps):
            return clocks.stopped(view, Running.CANCELLED, now)
        return None

    def _public(
        self, new: tuple[NewDeadline, ...], changes: tuple[DeadlineChange, ...], effective_at: datetime
    ) -> dict[str, Any]:
        """The public part of the entry: the row's own values, the step, and the last days the act set."""
        public: dict[str, Any] = dict(self.row.public(self.given)) if self.row.public else {}
        if self.assignment is not None:
            step = self.given.snapshot.step(self.assignment.step)
            public["step"] = step.key if step else self.assignment.step
            public["step_name"] = step.name if step else self.assignment.step
        views = {d.id: d for d in self.given.snapshot.deadlines}
        moved = [(views[c.id], c) for c in changes if c.state in (Running.RUNNING, Running.PAUSED)]
        told = [(_name(d), d) for d in new] + [(_name(view), change) for view, change in moved]
        if told:
            public["due"] = {name: one.due_on.isoformat() for name, one in told}
        if unsure := sorted({name for name, one in told if one.provisional}):
            public["provisional"] = unsure
        filed = {start.key for start in self.row.starts if start.anchor == "filed"}
        later = next((d.anchor_at for d in new if d.key in filed and d.anchor_at != effective_at), None)
        return public | ({"counts_from": later.isoformat()} if later else {})


def _name(clock: NewDeadline | DeadlineView) -> str:
    """The name of a clock in entries."""
    return f"{clock.key}:{clock.step}" if clock.step else clock.key


def anchor_of(start: Start, given: Given, effective_at: datetime, calendar: Calendar) -> datetime:
    """The moment a clock of a row counts from."""
    case = given.snapshot
    if start.anchor == "effective":
        return effective_at
    if start.anchor == "received":
        return case.received_at
    if start.anchor == "filed":
        if told := given.facts.get("counts_from"):
            return datetime.fromisoformat(str(told))
        # somebody who hands in at the window does so during office hours
        return clocks.filed(effective_at, case.terms, calendar) if given.by.kind == "party" else effective_at
    return day_start(date.fromisoformat(str(case.terms.extra[start.anchor])))


def _with(
    suspensions: tuple[SuspensionView, ...], new: SuspensionView | None, ended: tuple[SuspensionView, ...]
) -> tuple[SuspensionView, ...]:
    over = {one.id: one for one in ended}
    kept = tuple(over.get(s.id, s) for s in suspensions)
    return (*kept, new) if new else kept
