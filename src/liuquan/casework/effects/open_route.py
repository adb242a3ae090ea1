"""The route of the terms: which steps are open next, with their clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liuquan.casework import clocks
from liuquan.casework.types import AssignmentView, Change, Effect, Step


@dataclass(frozen=True)
class OpenRoute(Effect):
    """Opens the first steps of the route. A route without steps is finished at once."""

    def apply(self, change: Change) -> None:
        case = change.act.case
        go_on(change, done_steps(case.assignments), {a.step for a in case.open_assignments})

    def count(self, change: Change) -> None:
        start_steps(change)


def done_steps(assignments: Iterable[AssignmentView]) -> set[str]:
    """Steps that are done and not open again."""
    listed = tuple(assignments)
    return {a.step for a in listed if a.state == "done"} - {a.step for a in listed if a.state == "open"}


def taken_back_steps(assignments: Iterable[AssignmentView]) -> set[str]:
    """Steps that were taken out of somebody's hands undone and not opened since: what follows on the route
    from another step does not open them again."""
    newest = {a.step: a.state for a in sorted(assignments, key=lambda a: a.id)}
    return {step for step, state in newest.items() if state == "cancelled"}


def next_steps(steps: tuple[Step, ...], done: set[str], open_now: set[str]) -> tuple[Step, ...]:
    """Steps whose predecessors are all done: parallel branches open together, a join waits for the last."""
    return tuple(s for s in steps if s.key not in done and s.key not in open_now and set(s.after) <= done)


def go_on(change: Change, done: set[str], open_now: set[str]) -> None:
    """Open what comes next on the route after these steps."""
    steps = change.act.case.terms.steps
    change.steps = next_steps(steps, done, open_now)
    change.route_is_done = done >= {step.key for step in steps}


def start_steps(change: Change) -> None:
    """Start the clocks of the steps the act opens. A step opens when the work can begin, even where
    acceptance is back-dated by law."""
    act = change.act
    for step in change.steps:
        new = clocks.start_step(step, act.case.terms, act.given.now, act.calendar, change.suspensions)
        if new is not None:
            change.started.append(new)
