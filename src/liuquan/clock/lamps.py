"""How a deadline stands: late, too early, how much is left, and when its yellow lamp comes on.

`now` and `on` are given by the caller. Yellow begins at the opening (00:00 Asia/Shanghai) of counted day
floor(share × n) + 1, by exact arithmetic: of 20 days with share 0.9 that is day 19. Red is `due_at`.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from liuquan.clock.calendar import Calendar
from liuquan.clock.deadlines import Deadline
from liuquan.clock.intervals import advance, count, count_unsuspended, merged
from liuquan.clock.moments import day_start, shanghai_day
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
    return found.limit.sense is Sense.AT_LEAST and (found.suspended or now < found.due_at)


def remaining(found: Deadline, on: date | datetime, calendar: Calendar) -> int:
    """Counted units left after this day, negative when late: working days for working-day limits, calendar
    days for days, months and years, whole units (rounded down) for hours and less, which need a moment."""
    unit = found.limit.unit
    if unit.is_momentary:
        if not isinstance(on, datetime):
            raise ClockError("按小时、分钟或秒计算的期限须给出具体时刻")
        _aware(on)
        one = {Unit.SECOND: 1, Unit.MINUTE: 60}.get(unit, 3600)
        return (found.due_at - on) // timedelta(seconds=one)
    day = shanghai_day(on) if isinstance(on, datetime) else on
    if day > found.due_on:
        return -count(calendar, unit, found.due_on, day)
    if found.limit.direction is Direction.AFTER:
        day = max(day, found.start_on)
    return count_unsuspended(calendar, unit, day, found.due_on, merged(found.suspensions))


def warn_ordinal(n: int, share: Share) -> int:
    """The counted day, of n, on which the warning begins. Refuses a share outside 0 ≤ share < 1."""
    if isinstance(share, float):
        raise ClockError("预警比例须为精确值，不能为浮点数")
    exact = Fraction(share)
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
    return advance(calendar, found.limit.unit, found.start_on, ordinal, merged(found.suspensions))


def warn_at(found: Deadline, calendar: Calendar, share: Share) -> datetime:
    """The moment the warning begins, aware UTC; for hours and less, when that share of the time is over."""
    if not found.limit.unit.is_momentary:
        return day_start(warn_on(found, calendar, share))
    warn_ordinal(found.counted, share)
    if found.start_at is None or found.limit.direction is Direction.BEFORE:
        return found.due_at
    left = 1 - Fraction(share)
    length = found.due_at - found.start_at
    return found.due_at - length * left.numerator / left.denominator


def _aware(now: datetime) -> None:
    if now.tzinfo is None:
        raise ClockError("时刻必须带时区")
