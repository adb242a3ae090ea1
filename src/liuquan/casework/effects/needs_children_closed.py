"""A case waits for its children."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Act, Effect
from liuquan.kernel.refusals import WrongState


@dataclass(frozen=True)
class NeedsChildrenClosed(Effect):
    """The act is refused (409) while a child of the case is open."""

    def can(self, act: Act) -> None:
        waits = [one.number for one in act.case.children if not one.is_closed]
        if waits:
            raise WrongState(
                f"本件还有{len(waits)}个子件没有办结，请等子件全部办结后再办理“{act.row.label}”。",
                details={"open_children": len(waits)},
            )
