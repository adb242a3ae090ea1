"""Counting days around suspended time: the arithmetic beneath a deadline, without its law.

A suspension is the half-open interval of days (from, to]: the day it begins is still counted. Overlapping
and adjoining intervals are one. A day count moves forward by subtraction between the intervals, so its cost
grows with the number of suspensions, never with the number of days.

Cites: 民法典 第二百零一条, 民法典 第二百零二条, 行政许可法 第四十五条
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.types import ClockError, Suspension, Unit

#: Days after the first date up to and including the second.
Interval = tuple[date, date]


def merged(suspensions: Iterable[Suspension]) -> list[Interval]:
    """The suspended time as disjoint intervals in order; every suspension must have an end."""
    intervals: list[Interval] = []
    for suspension in sorted(suspensions, key=lambda one: one.from_on):
        first, last = suspension.from_on, suspension.to_on
        if last is None:
            raise ClockError("未结束的扣除时间须先假定结束日")
        if intervals and first <= intervals[-1][1]:
            intervals[-1] = (intervals[-1][0], max(last, intervals[-1][1]))
        else:
            intervals.append((first, last))
    return intervals


def count(calendar: Calendar, unit: Unit, a: date, b: date) -> int:
    """Days of this unit after `a` up to and including `b`: working days, or calendar days for all else."""
    return calendar.working_days_between(a, b) if unit is Unit.WORKING_DAY else (b - a).days


def count_unsuspended(calendar: Calendar, unit: Unit, a: date, b: date, intervals: Iterable[Interval]) -> int:
    """As `count`, leaving out suspended days. `a` must not lie after `b`."""
    total = count(calendar, unit, a, b)
    for first, last in intervals:
        low, high = max(first, a), min(last, b)
        if low < high:
            total -= count(calendar, unit, low, high)
    return total


def advance(calendar: Calendar, unit: Unit, start: date, amount: int, intervals: Iterable[Interval]) -> date:
    """The day on which `amount` counted days after `start` are full; `start` itself when the amount is 0."""
    if amount == 0:
        return start
    at, left = start, amount
    for first, last in intervals:
        if first > at:
            here = count(calendar, unit, at, first)
            if here >= left:
                break
            left -= here
        at = max(at, last)
    if unit is Unit.WORKING_DAY:
        return calendar.nth_working_day_after(at, left)
    return add_days(at, left)


def add_days(on: date, days: int) -> date:
    """This day moved by so many days; refuses to leave the calendar."""
    try:
        return on + timedelta(days=days)
    except OverflowError:
        raise ClockError("期限超出可以计算的日期范围") from None


def add_months(on: date, months: int) -> date:
    """The corresponding day so many months later (or earlier); the month's last day when there is none.

    Cites: 民法典 第二百零二条
    """
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ClockError("期限超出可以计算的日期范围")
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
