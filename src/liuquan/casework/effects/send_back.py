"""The last steps of the route are done again."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.effects.open_route import start_steps
from liuquan.casework.types import Change, Effect


@dataclass(frozen=True)
class SendBack(Effect):
    """Opens the last steps of the route again. Cites: 行政许可法 第三十四条"""

    def apply(self, change: Change) -> None:
        change.steps = change.act.case.terms.last_steps

    def count(self, change: Change) -> None:
        start_steps(change)
