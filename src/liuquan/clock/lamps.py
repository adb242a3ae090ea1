"""The state of a deadline: late, too early, how much is left, and when its yellow lamp comes on.

`now` and `on` are given by the caller. Yellow begins at the opening (00:00 Asia/Shanghai) of counted day
floor(share × n) + 1, by exact arithmetic: of 20 days with share 0.9 that is day 19. Red is `due_at`.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from liuquan.clock.calendar import Calendar
from liuquan.clock.intervals import advance, count, count_unsuspended, merged
from liuquan.clock.momentary import SECONDS
from liuquan.clock.moments import SHANGHAI, chinese_date, day_end, day_start, shanghai_day
from liuquan.clock.office_hours import open_after, open_time
from liuquan.clock.results import Deadline
from liuquan.clock.types import ClockError, Direction, Sense, Unit

#: A share of a limit as exact text or number; a float is refused because 0.9 has no exact float.
Share = str | Fraction | Decimal


def is_late(found: Deadline, now: datetime) -> bool:
    """Whether the duty is overdue: `now` has reached `due_at`. A suspended duty is never overdue, and a limit
    that only forbids acting too early cannot be."""
    _aware(now)
    return found.limit.sense is Sense.AT_MOST and not found.suspended and now >= found.due_at


def is_too_early(found: Deadline, now: datetime) -> bool:
    """Whether an act that must wait for this limit (publicity, bidding period) would come too early."""
    _aware(now)
    return found.limit.sense.is_shortest_time and (found.suspended or now < found.due_at)


def refuse_too_early(found: Deadline, now: datetime, act: str = "办理") -> None:
    """Refuse an act that must wait for this limit, with the first moment it may be done.

    Cites: 招标投标法 第二十四条, 行政许可法 第四十七条
    """
    if not is_too_early(found, now):
        return
    name = found.limit.label or "规定的期间"
    if found.suspended:
        raise ClockError(f"{name}正在暂停计时，恢复并届满后方可{act}")
    if found.limit.sense is Sense.EARLIEST and not found.limit.unit.is_momentary:
        raise ClockError(f"{name}（{found.limit.text}）最早为{chinese_date(found.due_on)}，当日起方可{act}")
    moment = found.due_at.astimezone(SHANGHAI)
    words = chinese_date(moment.date()) + (f"{moment:%H:%M}" if moment.time() != time.min else "")
    raise ClockError(f"{name}（{found.limit.text}）至{chinese_date(found.due_on)}届满，{words}起方可{act}")


def remaining(found: Deadline, on: date | datetime, calendar: Calendar) -> int:
    """Counted units left after this day, negative when late: working days for working-day limits, calendar
    days for days, months and years, whole units (rounded down) for hours and less, which need a moment.
    Suspended time does not run; `time_left` gives the part of a unit too."""
    unit = found.limit.unit
    if unit.is_momentary:
        return running_time(found, on, calendar) // timedelta(seconds=SECONDS[unit])
    day = shanghai_day(on) if isinstance(on, datetime) else on
    if day > found.due_on:
        return -count(calendar, unit, found.due_on, day)
    if found.limit.direction is Direction.AFTER:
        day = max(day, found.counts_from)
    return count_unsuspended(calendar, unit, day, found.due_on, merged(found.suspensions))


def running_time(found: Deadline, at: date | datetime, calendar: Calendar) -> timedelta:
    """For limits in hours and less: the exact running time left at this moment, negative when late. Suspended
    days and, for working hours, the time the office is shut do not run."""
    if not isinstance(at, datetime):
        raise ClockError("按小时、分钟或秒计算的期限须给出具体时刻")
    _aware(at)
    if found.restarted_on is not None:
        at = max(at, day_end(found.restarted_on))
    away = merged(found.suspensions)
    if found.limit.unit is Unit.WORKING_HOUR and found.hours is not None:
        return open_time(at.astimezone(UTC), found.due_at, calendar, found.hours, away)
    left = found.due_at - at
    for first, last in away:
        left -= max(min(day_end(last), found.due_at) - max(day_end(first), at), timedelta())
    return left


def warn_ordinal(n: int, share: Share) -> int:
    """The counted day, of n, on which the warning begins. Refuses a share outside 0 ≤ share < 1."""
    if isinstance(share, float):
        raise ClockError("预警比例须为精确值，不能为浮点数")
    exact = _exact(share)
    if not 0 <= exact < 1:
        raise ClockError(f"预警比例应当不小于 0 且小于 1，收到 {share}")
    return exact.numerator * n // exact.denominator + 1


def warn_on(found: Deadline, calendar: Calendar, share: Share) -> date:
    """The day at whose opening the warning begins; for an act due at once, and for limits counted back from
    an anchor (they have no first day), the due day itself."""
    ordinal = warn_ordinal(found.counted, share)
    if found.limit.unit.is_momentary:
        return shanghai_day(warn_at(found, calendar, share))
    if not found.counted or found.limit.direction is Direction.BEFORE:
        return found.due_on
    return advance(calendar, found.limit.unit, found.counts_from, ordinal, merged(found.suspensions))


def warn_at(found: Deadline, calendar: Calendar, share: Share) -> datetime:
    """The moment the warning begins, aware UTC; for hours and less, when that share of the time is over."""
    if not found.limit.unit.is_momentary:
        return day_start(warn_on(found, calendar, share))
    warn_ordinal(found.counted, share)
    if found.start_at is None or found.limit.direction is Direction.BEFORE:
        return found.due_at
    left = 1 - _exact(share)
    if found.limit.unit is Unit.WORKING_HOUR and found.hours is not None:
        whole = timedelta(hours=found.amount)
        begins = day_end(found.restarted_on) if found.restarted_on else found.start_at.astimezone(UTC)
        gone = whole - whole * left.numerator / left.denominator
        return open_after(begins, gone, calendar, found.hours, merged(found.suspensions))
    length = found.due_at - found.start_at
    return found.due_at - length * left.numerator / left.denominator


@lru_cache(maxsize=64)
def _exact(share: Share) -> Fraction:
    return Fraction(share)


def _aware(now: datetime) -> None:
    if now.tzinfo is None:
        raise ClockError("时刻必须带时区")
