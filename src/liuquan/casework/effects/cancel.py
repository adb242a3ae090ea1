"""A duty falls away without being done."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clock_parts, clocks
from liuquan.casework.types import Act, Change, Effect, Running


@dataclass(frozen=True)
class Cancel(Effect):
    """Cancels the clock of this key. `part_field`: the value of the act that names the part it is about."""

    key: str
    part_field: str = ""

    def check(self, act: Act) -> None:
        """Refuse (422) a part that has no such clock."""
        clock_parts.check_open(act, self.key, self.part_field)

    def apply(self, change: Change) -> None:
        for view in change.clocks_of(self.key, clock_parts.entered(change, self.part_field)):
            change.clocks[view.id] = clocks.stopped(view, Running.CANCELLED, change.act.given.now)
