"""What changes a deadline after it began: extensions, suspensions out of order, an anchor that moves, and the
question "what if".

Cites: 行政许可法 第四十二条, 行政许可法 第四十五条
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from liuquan.clock.calendar import Calendar
from liuquan.clock.deadlines import recount
from liuquan.clock.lamps import remaining
from liuquan.clock.moments import chinese_date, shanghai_day
from liuquan.clock.results import Deadline
from liuquan.clock.types import ClockError, Extension, Limit, Suspension
from liuquan.clock.wording import explanation_text


def check_extension(
    found: Deadline, asked: Extension, calendar: Calendar, *, at: datetime, approver: str, notified: bool
) -> Extension:
    """The extension as granted (with its approver), if the limit allows it; otherwise refuses with the
    reason.

    Refuses: a limit that cannot be extended, a different unit, too much, more often than allowed, after the
    end or with fewer counted days left than the law requires, by an approver other than the law names,
    without the notice the law requires.

    Cites: 行政许可法 第四十二条, 行政处罚法 第六十条
    """
    name, rule = found.limit.label or "该期限", found.limit.extension
    if rule is None:
        raise ClockError(f"{name}没有可以延长的规定，不能延长")
    if len(found.extensions) >= rule.times:
        raise ClockError(f"{name}已经延长 {len(found.extensions)} 次，最多延长 {rule.times} 次，不能再次延长")
    if asked.unit is not rule.unit or asked.amount > rule.amount:
        raise ClockError(f"{name}每次最多延长 {rule.amount}{rule.unit.label}，请改为不超过此数")
    if not found.suspended and at >= found.due_at:
        raise ClockError(f"{name}已于{chinese_date(found.due_on)}届满，届满以后不能延长")
    if rule.days_before and remaining(found, at, calendar) < rule.days_before:
        raise ClockError(f"{name}须在届满 {rule.days_before} 日以前决定延长，现在已经来不及")
    if rule.approver and approver != rule.approver:
        raise ClockError(f"{name}的延长须经{rule.approver}批准，请报其批准后再办")
    if rule.notice and not notified:
        raise ClockError(f"{name}延长须同时制作《{rule.notice}》告知当事人，请先制作文书")
    return replace(asked, approver=approver, notice=rule.notice, citations=rule.citations)


def check_suspension(
    limit: Limit,
    asked: Suspension,
    *,
    opened_on: date,
    closed_on: date | None = None,
    notice_required: bool = True,
) -> Suspension:
    """The suspension, if it may pause this limit; otherwise refuses with the reason.

    Refuses: a ground outside the limit's closed list, no notice where the law requires one, a beginning
    before the case was opened, any part after it was closed.

    Cites: 行政许可法 第四十五条
    """
    name = asked.label or asked.ground
    if not limit.excludes_ground(asked.ground):
        raise ClockError(f"{name}不属于依法不计入期限的事由，不能停止计时")
    if notice_required and not asked.document:
        raise ClockError(f"{name}所需时间须书面告知申请人，请先制作告知书")
    if asked.from_on < opened_on:
        raise ClockError(f"{name}的开始日 {asked.from_on} 早于本件开始的 {opened_on}，请核对日期")
    if closed_on is not None and (asked.from_on > closed_on or (asked.to_on or closed_on) > closed_on):
        raise ClockError(f"{name}超出本件办结的 {closed_on}，请核对日期")
    return asked


@dataclass(frozen=True)
class Overrun:
    """A suspension that took longer than announced to the applicant: a separate finding, not a late case.

    `over` is in calendar days; `ended` says whether it is over by now.
    """

    suspension: Suspension
    announced_to_on: date
    over: int
    ended: bool

    @property
    def sentence(self) -> str:
        """The finding in words."""
        name = self.suspension.label or self.suspension.ground
        state = "已结束" if self.ended else "尚未结束"
        return f"{name}告知于{chinese_date(self.announced_to_on)}结束，超过告知时间 {self.over} 日（{state}）"


def overruns(suspensions: Iterable[Suspension], on: date) -> tuple[Overrun, ...]:
    """The suspensions that are over their announced time on this day, by how much."""
    found = []
    for one in suspensions:
        told, ended = one.announced_to_on, one.to_on is not None and one.to_on <= on
        last = one.to_on if ended and one.to_on is not None else on
        if told is not None and last > told:
            found.append(Overrun(one, told, (last - told).days, ended))
    return tuple(found)


@dataclass(frozen=True)
class Supersession:
    """A deadline whose anchor was corrected: the old one is kept, the new one counts from now on."""

    old: Deadline
    new: Deadline
    reason: str
    document: str = ""

    @property
    def shift(self) -> "Shift":
        """How the last day moved."""
        return Shift("", self.old, self.new)

    def text(self) -> str:
        """Why, and both explained."""
        basis = f"（{self.document}）" if self.document else ""
        starts = f"起算日由{chinese_date(self.old.start_on)}更正为{chinese_date(self.new.start_on)}"
        return (
            f"{self.reason}{basis}，{starts}，原期限不再适用。"
            f"原：{explanation_text(self.old)}现：{explanation_text(self.new)}"
        )


def supersede(
    old: Deadline, start: date | datetime, calendar: Calendar, *, reason: str, document: str = ""
) -> Supersession:
    """Count the limit again from the corrected anchor. Refuses no reason and an anchor that did not move."""
    if not reason.strip():
        raise ClockError("更正起算日应当写明理由")
    if start in (old.start_at, old.start_on if old.start_at is None else None):
        raise ClockError("起算日没有变化，不需要更正")
    return Supersession(old, recount(old, calendar, start=start), reason.strip(), document)


# -- what if -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MoveAnchor:
    """What if the anchor were this day or moment; `keys` names the deadlines, empty all."""

    to: date | datetime
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddSuspension:
    """What if this time were not counted."""

    suspension: Suspension
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddExtension:
    """What if this were granted."""

    extension: Extension
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewCalendar:
    """What if this calendar applied, with a notice not yet loaded."""

    calendar: Calendar
    keys: tuple[str, ...] = ()


Change = MoveAnchor | AddSuspension | AddExtension | NewCalendar


@dataclass(frozen=True)
class Shift:
    """A deadline before and after."""

    key: str
    before: Deadline
    after: Deadline

    @property
    def days(self) -> int:
        """By how many calendar days the last day moved; negative when it comes earlier."""
        return (self.after.due_on - self.before.due_on).days

    @property
    def moved(self) -> bool:
        """Whether the end moved, or became firm or provisional."""
        before, after = self.before, self.after
        return before.due_at != after.due_at or before.provisional != after.provisional


def what_if(
    deadlines: Mapping[str, Deadline],
    changes: Iterable[Change],
    calendar: Calendar,
    *,
    until: date | None = None,
) -> tuple[Shift, ...]:
    """Every deadline that would shift if all these changes were made, in the order given. Nothing is written.

    Refuses an unknown key and any change that the clock refuses (an extension beyond its rule …).
    """
    asked = list(changes)
    for change in asked:
        unknown = set(change.keys) - set(deadlines)
        if unknown:
            raise ClockError(f"没有期限“{sorted(unknown)[0]}”")
    shifts = []
    for key, before in deadlines.items():
        applied = [change for change in asked if not change.keys or key in change.keys]
        if applied:
            shift = Shift(key, before, _changed(before, applied, calendar, until))
            shifts += [shift] if shift.moved else []
    return tuple(shifts)


def _changed(before: Deadline, changes: Iterable[Change], calendar: Calendar, until: date | None) -> Deadline:
    start: date | datetime = before.start_at or before.start_on
    suspensions, extensions = list(before.suspensions), list(before.extensions)
    for change in changes:
        match change:
            case MoveAnchor(to=to):
                start = to if not before.limit.unit.is_momentary or isinstance(to, datetime) else start
                if not before.limit.unit.is_momentary and isinstance(to, datetime):
                    start = shanghai_day(to)
            case AddSuspension(suspension=one):
                if before.limit.excludes_ground(one.ground):
                    suspensions.append(one)
            case AddExtension(extension=more):
                extensions.append(more)
            case NewCalendar(calendar=days):
                calendar = days
    return recount(before, calendar, start=start, suspensions=suspensions, extensions=extensions, until=until)
