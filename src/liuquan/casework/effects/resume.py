"""Time that does not count ends, and the clocks go on. Cites: 行政许可法 第四十五条"""

from __future__ import annotations

from dataclasses import dataclass, replace

from liuquan.casework.effects.pause import turn_clocks
from liuquan.casework.types import Act, Change, Effect, Given, SuspensionView
from liuquan.clock import shanghai_day
from liuquan.kernel.refusals import BadInput, WrongState


@dataclass(frozen=True)
class Resume(Effect):
    """Ends today the suspension that the act names by its ground, or the only one."""

    def can(self, act: Act) -> None:
        """Refuse (409) if no suspension is open."""
        if not act.case.open_suspensions:
            raise WrongState("本件没有正在进行的特别程序。")

    def check(self, act: Act) -> None:
        """Refuse (422) a ground that is not open, and a missing name if several are open."""
        _ended(act.given)

    def apply(self, change: Change) -> None:
        change.end([_ended(change.act.given)])

    def count(self, change: Change) -> None:
        turn_clocks(change)


def ended_on(view: SuspensionView, given: Given) -> SuspensionView:
    """The suspension ended today."""
    return replace(view, to_on=max(shanghai_day(given.now), view.from_on))


def _ended(given: Given) -> SuspensionView:
    standing = given.snapshot.open_suspensions
    wanted = str(given.data.get("ground") or "")
    found = [s for s in standing if wanted in ("", s.ground)]
    if len(found) != 1:
        names = "、".join(given.snapshot.terms.ground_label(s.ground) for s in standing)
        sentence = f"现在进行的特别程序有：{names}，请选择要结束的一项。"
        raise BadInput(sentence, fields={"ground": sentence})
    return ended_on(found[0], given)
