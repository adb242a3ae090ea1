"""More time for a limit: by how much, how often, until when and with whose approval.

`clock` checks what the law allows. An extension moves only the clock it names: a promise stays.

Cites: 行政许可法 第四十二条, 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from liuquan.casework import clock_parts, clocks, parent_time, parse_values
from liuquan.casework.types import Act, Change, DeadlineView, Effect, Given, Running
from liuquan.clock import ClockError, Deadline, Extension, check_extension, shanghai_day
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.law import APPROVERS
from liuquan.organisation.types import Actor

NOTICE: Final = "延长期限告知书"


@dataclass(frozen=True)
class Extend(Effect):
    """Extends the limit whose clock has this key, by the days that are given with the act. `part_field`: the
    value of the act that names the part it is about."""

    key: str
    part_field: str = ""

    def can(self, act: Act) -> None:
        """Refuse (409): no such clock, no rule for extending it, extension already used, clock over, too near
        its end, or as late as the clock of the parent."""
        refusals = []
        for view in self._views(act):
            found = _counted(act, view)
            try:
                _check(act, found, 1)
                return parent_time.check_extendable(act.case, view, act.calendar)
            except ClockError as refused:
                refusals.append(WrongState(f"{refused}。", citation=_cites(found.limit.extension)))
            except WrongState as refused:
                refusals.append(refused)
        raise refusals[0] if refusals else WrongState("本件没有正在计算的法定期限，无需延长。")

    def check(self, act: Act) -> None:
        """Refuse (422) a part without such a clock, an extension of zero, one longer than the law allows."""
        clock_parts.check_open(act, self.key, self.part_field)
        part = clock_parts.part_of(act.given, self.part_field)
        found = _counted(act, next(view for view in self._views(act) if view.part == part))
        rule, days = found.limit.extension, _granted(act.given)
        if rule is None or days < 1:
            sentence = f"延长天数应当在1至{rule.amount if rule else 0}之间。"
            raise BadInput(sentence, citation=_cites(rule), fields={"days": sentence})
        try:
            _check(act, found, days)
        except ClockError as refused:
            raise BadInput(
                f"{refused}。", citation=_cites(rule), fields={"days": f"{refused}。"}
            ) from refused

    def count(self, change: Change) -> None:
        act, granted = change.act, _granted(change.act.given)
        for view in change.clocks_of(self.key, clock_parts.entered(change, self.part_field)):
            change.clocks[view.id] = clocks.recounted(
                view, view.state, act.case.terms, act.calendar, change.suspensions, granted=granted
            )

    def _views(self, act: Act) -> list[DeadlineView]:
        """The clocks that the act may be about: of any part, if it names one."""
        mine = (d for d in act.case.deadlines if d.is_open and d.key == self.key and not d.step)
        return [d for d in mine if bool(d.part) == bool(self.part_field)]


def _counted(act: Act, view: DeadlineView) -> Deadline:
    """The clock as it is counted now."""
    # a paused clock is not over, even if the announced end of its pause has passed
    until = shanghai_day(act.given.now) if view.state is Running.PAUSED else None
    return clocks.explained(view, act.case.terms, act.calendar, act.case.suspensions, until=until)


def _granted(given: Given) -> int:
    """By how much the limit is extended, in its own unit."""
    return parse_values.whole_number(given.data.get("days"), "days", "延长天数")


def _check(act: Act, found: Deadline, days: int) -> None:
    rule = found.limit.extension
    check_extension(
        _in_words(found),
        Extension(days, found.limit.unit),
        act.calendar,
        at=act.given.now,
        notified=bool(act.row.papers),
        approver=APPROVERS[rule.approver] if rule and _approves(act.given.by, rule) else "",
    )


def _approves(by: Actor, rule: Extension) -> bool:
    """Whether this actor's approval is the one that the law asks for."""
    return rule.approver == "body_itself" or (rule.approver == "head_of_body" and by.has_role("body_head"))


def _in_words(found: Deadline) -> Deadline:
    """Put the approver and the notice in words for the reader, because the clock's refusals name them."""
    rule = found.limit.extension
    if rule is None:
        return found
    approver, notice = APPROVERS.get(rule.approver, rule.approver), NOTICE if rule.notice else ""
    return replace(
        found, limit=replace(found.limit, extension=replace(rule, approver=approver, notice=notice))
    )


def _cites(rule: Extension | None) -> str:
    return rule.citations[0] if rule and rule.citations else ""
