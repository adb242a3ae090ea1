"""A duty falls away without being done."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clocks
from liuquan.casework.types import Change, Effect, Running


@dataclass(frozen=True)
class Cancel(Effect):
    """Cancels the clock of this key."""

    key: str

    def apply(self, change: Change) -> None:
        for view in change.open_clocks():
            if view.key == self.key:
                change.clocks[view.id] = clocks.stopped(view, Running.CANCELLED, change.act.given.now)
