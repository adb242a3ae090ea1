"""A step is taken out of the hands of its post, undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from liuquan.casework import clocks
from liuquan.casework.types import Act, AssignmentView, Change, Effect, Running
from liuquan.kernel.refusals import WrongState


@dataclass(frozen=True)
class TakeBack(Effect):
    """Cancels the assignment that the act is about, with the clock of its step: the actor's own, if the row
    is for its holder, else the one that is named or the only one."""

    disposes: ClassVar[bool] = True

    def can(self, act: Act) -> None:
        """Refuse (409) where no step is in anybody's hands."""
        check_any(act)

    def count(self, change: Change) -> None:
        mine = change.act.assignment
        if mine is None or mine.id in change.done:
            return
        change.taken_back.add(mine.id)
        drop_clocks(change, [mine])
        change.public["taken_back"] = sorted({*change.public.get("taken_back", []), mine.step})


def check_any(act: Act) -> None:
    """Refuse (409) where no step is in anybody's hands."""
    if not act.case.open_assignments:
        raise WrongState("本件现在没有交给任何岗位的环节，请刷新页面查看可以办理的事项。")


def drop_clocks(change: Change, gone: Iterable[AssignmentView]) -> None:
    """Cancel the clocks of steps that end undone, unless the same act puts the step into other hands."""
    steps = {a.step for a in gone} - {a.step for a in change.assigned}
    for view in change.open_clocks():
        if view.key == clocks.STEP and view.step in steps:
            change.clocks[view.id] = clocks.stopped(view, Running.CANCELLED, change.act.given.now)
