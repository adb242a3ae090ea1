"""Time that has to pass first: a publicity period, the time to bid."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clock_parts, clocks
from liuquan.casework.types import Act, Change, DeadlineView, Effect, Running
from liuquan.clock import ClockError, refuse_too_early, shanghai_day
from liuquan.kernel.refusals import WrongState


@dataclass(frozen=True)
class WaitFor(Effect):
    """The act is refused (409) until the clock of this key (`at_least`) is over. `part_field`: the value of
    the act that names the part it is about.

    Cites: 招标投标法 第二十四条
    """

    key: str
    part_field: str = ""

    def can(self, act: Act) -> None:
        view = act.case.deadline(self.key)
        if view is not None and not self.part_field:
            _check_over(act, view)

    def check(self, act: Act) -> None:
        """Refuse (422) a part that has no such clock, (409) one whose time is not over."""
        view = clock_parts.check_open(act, self.key, self.part_field) if self.part_field else None
        if view is not None:
            _check_over(act, view)

    def apply(self, change: Change) -> None:
        clock_parts.entered(change, self.part_field)


def _check_over(act: Act, view: DeadlineView) -> None:
    case, now = act.case, act.given.now
    until = shanghai_day(now) if view.state is Running.PAUSED else None
    found = clocks.explained(view, case.terms, act.calendar, case.suspensions, until=until)
    try:
        refuse_too_early(found, now, act.row.label)
    except ClockError as refused:
        raise WrongState(f"{refused}。", citation=next(iter(found.limit.citations), "")) from refused
