"""Time that has to pass first: a publicity period, the time to bid."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clocks
from liuquan.casework.types import Act, Effect, Running
from liuquan.clock import ClockError, refuse_too_early, shanghai_day
from liuquan.kernel.refusals import WrongState


@dataclass(frozen=True)
class WaitFor(Effect):
    """The act is refused (409) until the clock of this key (`at_least`) is over.

    Cites: 招标投标法 第二十四条
    """

    key: str

    def can(self, act: Act) -> None:
        case, now = act.case, act.given.now
        view = case.deadline(self.key)
        if view is None:
            return
        until = shanghai_day(now) if view.state is Running.PAUSED else None
        found = clocks.explained(view, case.terms, act.calendar, case.suspensions, until=until)
        try:
            refuse_too_early(found, now, act.row.label)
        except ClockError as refused:
            raise WrongState(f"{refused}。", citation=next(iter(found.limit.citations), "")) from refused
