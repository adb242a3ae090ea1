"""When a limit ends, and every day that led there.

`deadline` counts one limit from its anchor. Its day of anchor is never counted; working-day limits end on a
working day by construction; calendar limits that end on a rest day move to the next working day (limits
counted back move to the working day before: 民法典 第二百零三条 speaks only of limits that run forward, so
this is our setting, the one that protects the person to be informed). `due_on` is the last day, `due_at` the
first moment that is too late: 00:00 Asia/Shanghai of the day after, or the exact moment for hours and less.

A deadline is provisional when its end rests on days whose holiday notice is not published: for working days
every such day crossed, for other limits the days the end rule looked at.

Cites: 民法典 第二百条, 民法典 第二百零一条, 民法典 第二百零二条, 民法典 第二百零三条,
行政许可法 第四十五条, 行政许可法 第八十二条
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from liuquan.clock.adjustments import effective_suspensions, granted_extensions
from liuquan.clock.calendar import Calendar
from liuquan.clock.daybyday import day_by_day
from liuquan.clock.intervals import Interval, add_days, add_months, advance, merged
from liuquan.clock.moments import day_end, shanghai_day
from liuquan.clock.types import (
    ClockError,
    CountedDay,
    Direction,
    EndRule,
    Extension,
    Limit,
    Suspension,
    Unit,
    UnsupportedUnit,
)

START_NOT_COUNTED = "民法典 第二百零一条"
CORRESPONDING_DAY = "民法典 第二百零二条"
REST_DAY_ROLLS = "民法典 第二百零三条"

_SECONDS = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600}
_ROUND_LIMIT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Deadline:
    """The end of one limit, with its reasons.

    `amount` is the limit with its extensions, in the limit's unit; `counted` the days it stands for (working
    days, or calendar days for all other units). `nominal_on` is the day the count is full, `rolled_from` the
    same day when a rest day moved the end away from it. `suspensions` are those that stop this limit, an open
    one closed on the assumed day, and then `suspended` is true: the duty rests and is not late.
    """

    limit: Limit
    start_on: date
    start_at: datetime | None
    due_on: date
    due_at: datetime
    amount: int
    counted: int
    nominal_on: date
    rolled_from: date | None = None
    assumed_on: tuple[date, ...] = ()
    suspended: bool = False
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    notes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    calendar: Calendar | None = field(default=None, repr=False, compare=False)

    @property
    def provisional(self) -> bool:
        """Whether the end rests on days whose notice is not published yet."""
        return bool(self.assumed_on)

    @cached_property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from start to due in order of date, by the calendar the deadline was counted with."""
        if self.calendar is None:
            raise ClockError("此期限未附日历，请用 explain 并给出日历")
        return explain(self, self.calendar)


def deadline(
    limit: Limit,
    start: date | datetime,
    calendar: Calendar,
    *,
    suspensions: Iterable[Suspension] = (),
    extensions: Iterable[Extension] = (),
    until: date | None = None,
) -> Deadline:
    """Count this limit from its anchor; the end with its reasons.

    `start` is a day, or an aware moment (needed for hours, minutes and seconds). A suspension whose ground
    the limit does not exclude stops nothing and is noted; an open one counts as if it ended on `until`. Each
    extension adds its amount. Refuses working hours, naive moments, an open suspension without `until`, an
    extension the limit does not allow, a suspension of a limit that is counted back.
    """
    if limit.unit is Unit.WORKING_HOUR:
        raise UnsupportedUnit("按工作小时计算的期限需要机关的办公时间，目前不能计算")
    granted = granted_extensions(limit, tuple(extensions))
    effective, notes, open_from = effective_suspensions(limit, tuple(suspensions), until)
    amount = limit.amount + sum(extension.amount for extension in granted)
    if limit.unit.is_momentary:
        found = _moment_deadline(limit, start, amount, effective, calendar)
    else:
        start_on = shanghai_day(start) if isinstance(start, datetime) else start
        found = _day_deadline(limit, start_on, amount, effective, calendar)
        if isinstance(start, datetime):
            found = replace(found, start_at=start)
    suspended = open_from is not None and open_from < found.due_on
    if suspended:
        notes.append(f"计时暂停中，按 {until} 恢复推算")
    if not (granted or effective or notes):
        return found
    cites = (*found.citations, *(cite for extension in granted for cite in extension.citations))
    return replace(
        found, suspended=suspended, suspensions=effective, extensions=granted,
        notes=(*notes, *found.notes), citations=tuple(dict.fromkeys(cites)),
    )  # fmt: skip


def _day_deadline(
    limit: Limit, start_on: date, amount: int, suspensions: Sequence[Suspension], calendar: Calendar
) -> Deadline:
    intervals = merged(suspensions) if suspensions else []
    back = limit.direction is Direction.BEFORE
    in_days = limit.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY)
    counted = amount if in_days else _span(limit, start_on, amount)
    if back:
        nominal = _count_back(limit.unit, start_on, counted, calendar)
    else:
        nominal = advance(calendar, limit.unit, start_on, counted, intervals)
    due = nominal
    rolls = amount > 0 and limit.unit is not Unit.WORKING_DAY and limit.end_rule is EndRule.ROLL
    if rolls and not calendar.is_working(nominal):
        due = _rolled(nominal, back, calendar, intervals)
    assumed = _assumed(limit, start_on, nominal, due, rolls, calendar)
    return Deadline(
        limit=limit,
        start_on=start_on,
        start_at=None,
        due_on=due,
        due_at=day_end(due),
        amount=amount,
        counted=counted,
        nominal_on=nominal,
        rolled_from=nominal if due != nominal else None,
        assumed_on=assumed,
        notes=_notes(limit, nominal, due, assumed, calendar),
        citations=_cited(limit, amount, due != nominal),
        calendar=calendar,
    )


def _assumed(
    limit: Limit, start_on: date, nominal: date, due: date, rolls: bool, calendar: Calendar
) -> tuple[date, ...]:
    """The not-announced days the end rests on: all working days crossed, or those the end rule looked at."""
    if limit.unit is Unit.WORKING_DAY:
        if limit.direction is Direction.BEFORE:
            return calendar.unannounced_between(add_days(due, -1), add_days(start_on, -1))
        return calendar.unannounced_between(start_on, due)
    if not rolls:
        return ()
    return calendar.unannounced_between(add_days(min(nominal, due), -1), max(nominal, due))


def _span(limit: Limit, start_on: date, amount: int) -> int:
    """The calendar days from the start to its corresponding day so many months or years on (or back)."""
    months = amount * (12 if limit.unit is Unit.YEAR else 1)
    if limit.direction is Direction.BEFORE:
        return (start_on - add_months(start_on, -months)).days
    return (add_months(start_on, months) - start_on).days


def _count_back(unit: Unit, start_on: date, counted: int, calendar: Calendar) -> date:
    if unit is Unit.WORKING_DAY and counted:
        return calendar.nth_working_day_before(start_on, counted)
    return add_days(start_on, -counted)


def _rolled(on: date, back: bool, calendar: Calendar, intervals: Sequence[Interval]) -> date:
    """The first working day on or after this day that is not suspended; counting back, the last before it.

    Cites: 民法典 第二百零三条
    """
    if back:
        return calendar.last_working_day_on_or_before(on)
    on = calendar.first_working_day_on_or_after(on)
    for first, last in intervals:
        if first < on <= last:
            on = calendar.next(last)
    return on


def _moment_deadline(
    limit: Limit, start: date | datetime, amount: int, suspensions: Sequence[Suspension], calendar: Calendar
) -> Deadline:
    """Seconds, minutes and hours run from the moment itself; suspended days are left out whole.

    Cites: 民法典 第二百零一条
    """
    if not isinstance(start, datetime):
        raise ClockError("按小时、分钟或秒计算的期限须从具体时刻起算")
    start_on = shanghai_day(start)
    length = timedelta(seconds=amount * _SECONDS[limit.unit])
    started = start.astimezone(UTC)
    try:
        due_at = started - length if limit.direction is Direction.BEFORE else started + length
        for first, last in merged(suspensions):
            begins, ends = max(day_end(first), started), day_end(last)
            if begins < min(due_at, ends):
                due_at += ends - begins
    except OverflowError:
        raise ClockError("期限超出可以计算的日期范围") from None
    # A limit that ends at 00:00 ends with the day before it.
    due_on = shanghai_day(due_at - _ROUND_LIMIT) if amount else start_on
    return Deadline(
        limit=limit,
        start_on=start_on,
        start_at=start,
        due_on=due_on,
        due_at=due_at,
        amount=amount,
        counted=amount,
        nominal_on=due_on,
        citations=_cited(limit, amount, False),
        calendar=calendar,
    )


def _notes(
    limit: Limit, nominal: date, due: date, assumed: tuple[date, ...], calendar: Calendar
) -> tuple[str, ...]:
    notes: list[str] = []
    if due != nominal:
        verb = "提前至" if limit.direction is Direction.BEFORE else "顺延至"
        notes.append(f"期间届满日 {nominal} 为休息日（{calendar.day(nominal).reason}），{verb} {due}")
    if assumed:
        notes.append(f"自 {assumed[0]} 起放假安排尚未公布，按周末规则暂计 {len(assumed)} 日，公布后重新计算")
    return tuple(notes)


def _cited(limit: Limit, amount: int, rolled: bool) -> tuple[str, ...]:
    if not amount:
        return limit.citations
    cites = [*limit.citations, START_NOT_COUNTED]
    if limit.unit in (Unit.MONTH, Unit.YEAR):
        cites.append(CORRESPONDING_DAY)
    if rolled:
        cites.append(REST_DAY_ROLLS)
    return tuple(dict.fromkeys(cites))


def explain(found: Deadline, calendar: Calendar) -> tuple[CountedDay, ...]:
    """Each day from start to due in order of date, with its ordinal or the reason why it is not counted."""
    return day_by_day(
        found.limit,
        start_on=found.start_on,
        due_on=found.due_on,
        counted=found.counted,
        suspensions=found.suspensions,
        calendar=calendar,
    )
