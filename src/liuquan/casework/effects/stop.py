"""A duty is done: its clock stops."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clocks
from liuquan.casework.types import Change, Effect, Running


@dataclass(frozen=True)
class Stop(Effect):
    """Stops the clock of this key: met, or expired if the act is what follows from its silence."""

    key: str

    def apply(self, change: Change) -> None:
        stop(change, self.key)


def stop(change: Change, key: str, step: str | None = None) -> None:
    """Stop the open clocks of this key, those of one step alone if it is named."""
    state = Running.EXPIRED if change.act.row.effective == key else Running.MET
    for view in change.open_clocks():
        if view.key == key and step in (None, view.step):
            change.clocks[view.id] = clocks.stopped(view, state, change.act.given.now)
