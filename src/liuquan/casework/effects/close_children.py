"""With an act, the open children of a case end too."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Change, Effect


@dataclass(frozen=True)
class CloseChildren(Effect):
    """Has the system carry out this act on every child that is open, at once after the act on the case.

    Each child is decided anew under its own procedure, so one that somebody closed a moment before is left
    alone. The act on the case stands whatever becomes of them: a job, queued in its statement, goes on until
    every child has been decided.
    """

    action: str

    def apply(self, change: Change) -> None:
        change.closing |= {one.number: self.action for one in change.act.case.children if not one.is_closed}
