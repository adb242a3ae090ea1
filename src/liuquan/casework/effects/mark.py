"""A moment of the case that statistics and the archive know by name."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Change, Effect


@dataclass(frozen=True)
class Mark(Effect):
    """Sets a moment of the case to when the act takes effect: `accepted`, `decided` or `closed`; with it the
    outcome, if the act gives one."""

    moment: str
    outcome: str = ""

    def apply(self, change: Change) -> None:
        change.marks = (*change.marks, self.moment)
        change.outcome = self.outcome or change.outcome
