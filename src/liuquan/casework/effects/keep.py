"""A clock outlives its case."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Change, Effect


@dataclass(frozen=True)
class Keep(Effect):
    """The clocks of this key, of every part, go on when the act closes the case: a publicity period."""

    key: str

    def apply(self, change: Change) -> None:
        change.kept.add(self.key)
