"""A duty is done: its clock stops."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clock_parts, clocks
from liuquan.casework.types import Act, Change, Effect, Running


@dataclass(frozen=True)
class Stop(Effect):
    """Stops the clock of this key: met, or expired if the act is what follows from its silence.
    `part_field`: the value of the act that names the part it is about."""

    key: str
    part_field: str = ""

    def check(self, act: Act) -> None:
        """Refuse (422) a part that has no such clock."""
        clock_parts.check_open(act, self.key, self.part_field)

    def apply(self, change: Change) -> None:
        stop(change, self.key, part=clock_parts.entered(change, self.part_field))


def stop(change: Change, key: str, step: str | None = None, part: str = "") -> None:
    """Stop the open clocks of this key and part, those of one step alone if it is named."""
    state = Running.EXPIRED if change.act.row.effective == key else Running.MET
    for view in change.clocks_of(key, part):
        if step in (None, view.step):
            change.clocks[view.id] = clocks.stopped(view, state, change.act.given.now)
