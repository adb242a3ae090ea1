"""Where a limit in seconds, minutes, hours or working hours ends.

Hours run from the moment itself, through nights and rest days; working hours only while the office is open.
Suspended days are left out whole.

Cites: 民法典 第二百零一条
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.ends import assumption, cited
from liuquan.clock.intervals import add_days, merged
from liuquan.clock.moments import day_end, shanghai_day
from liuquan.clock.office_hours import OfficeHours, open_after, open_before
from liuquan.clock.results import Deadline
from liuquan.clock.settings import CountingRules
from liuquan.clock.types import ClockError, Direction, Limit, Suspension, Unit, UnsupportedUnit

SECONDS = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.WORKING_HOUR: 3600}
_ROUND_LIMIT = timedelta(microseconds=1)


def count_moments(
    limit: Limit,
    start: date | datetime,
    amount: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours | None,
    rules: CountingRules,
) -> Deadline:
    """The end of a limit that runs from a moment. Refuses a bare day, and working hours without the body's
    office hours."""
    if limit.unit is Unit.WORKING_HOUR and hours is None:
        raise UnsupportedUnit("按工作小时计算的期限需要办理机关的办公时间，请选择机关或者给出办公时间")
    if not isinstance(start, datetime):
        raise ClockError("按小时、分钟或秒计算的期限须从具体时刻起算")
    start_on = shanghai_day(start)
    due_at = _ends_at(limit, start, amount, suspensions, calendar, hours)
    # A limit that ends at 00:00 ends with the day before it.
    due_on = shanghai_day(due_at - _ROUND_LIMIT) if amount else start_on
    assumed = _assumed(limit, start_on, due_on, calendar)
    return Deadline(
        limit=limit,
        start_on=start_on,
        start_at=start,
        due_on=due_on,
        due_at=due_at,
        amount=amount,
        counted=amount,
        nominal_on=due_on,
        assumed_on=assumed,
        notes=(assumption(assumed, calendar),) if assumed else (),
        citations=cited(limit, start_on, amount, False),
        hours=hours,
        rules=rules,
        calendar=calendar,
    )


def _ends_at(
    limit: Limit,
    start: datetime,
    amount: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours | None,
) -> datetime:
    started, length = start.astimezone(UTC), timedelta(seconds=amount * SECONDS[limit.unit])
    try:
        if limit.unit is Unit.WORKING_HOUR and hours is not None:
            return _in_open_time(limit, started, length, suspensions, calendar, hours)
        return _in_clock_time(limit, started, length, suspensions)
    except OverflowError:
        raise ClockError("期限超出可以计算的日期范围") from None


def _in_clock_time(
    limit: Limit, started: datetime, length: timedelta, suspensions: Sequence[Suspension]
) -> datetime:
    due_at = started - length if limit.direction is Direction.BEFORE else started + length
    for first, last in merged(suspensions):
        begins, ends = max(day_end(first), started), day_end(last)
        if begins < min(due_at, ends):
            due_at += ends - begins
    return due_at


def _in_open_time(
    limit: Limit,
    started: datetime,
    length: timedelta,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours,
) -> datetime:
    if not length:
        return started
    if limit.direction is Direction.BEFORE:
        return open_before(started, length, calendar, hours)
    return open_after(started, length, calendar, hours, merged(suspensions))


def _assumed(limit: Limit, start_on: date, due_on: date, calendar: Calendar) -> tuple[date, ...]:
    """Working hours rest on every day touched; hours of the clock on none."""
    if limit.unit is not Unit.WORKING_HOUR:
        return ()
    first, last = sorted((start_on, due_on))
    return calendar.unannounced_between(add_days(first, -1), last)
