"""The explanation of a deadline, day by day: which days count, with what ordinal, and why the others do not.

Cites: 民法典 第二百零一条, 民法典 第二百零三条, 行政许可法 第四十五条
"""

from collections.abc import Sequence
from datetime import date, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.types import CountedDay, DayKind, Direction, Limit, Suspension, Unit

START = "起算日，不计入"
AT_ONCE = "即时办理，当日届满"
BY_THE_MOMENT = "自起算时刻连续计算"
ROLLING = "期间届满日为休息日，顺延"
ROLLED_DUE = "顺延后的届满日"
ROLLING_BACK = "倒算届满日为休息日，提前"
ROLLED_BACK_DUE = "提前后的届满日"


def day_by_day(
    limit: Limit,
    *,
    start_on: date,
    due_on: date,
    counted: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
) -> tuple[CountedDay, ...]:
    """Every day from start to due in order of date; ordinals run from 1 to `counted` away from the anchor.

    A day that is off anyway is called off, not suspended, when working days are counted: the suspended days
    of the explanation are then exactly the working days that were left out.
    """
    if limit.unit.is_momentary:
        last = abs((due_on - start_on).days)
        first = min(start_on, due_on)
        return tuple(CountedDay(first + timedelta(days=n), None, BY_THE_MOMENT) for n in range(last + 1))
    back = limit.direction is Direction.BEFORE
    step = timedelta(days=-1 if back else 1)
    days = [CountedDay(start_on, None, START if counted else AT_ONCE)]
    on, ordinal = start_on, 0
    while on != due_on:
        on += step
        one = _one_day(limit, on, ordinal, counted, on == due_on, suspensions, calendar)
        ordinal = one.ordinal or ordinal
        days.append(one)
    return tuple(reversed(days)) if back else tuple(days)


def _one_day(
    limit: Limit,
    on: date,
    ordinal: int,
    counted: int,
    is_due: bool,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
) -> CountedDay:
    day = calendar.day(on)
    assumed = day.kind is DayKind.NOT_ANNOUNCED
    if limit.unit is Unit.WORKING_DAY and not calendar.is_working(on):
        return CountedDay(on, None, day.reason, day.source, assumed)
    for one in suspensions:
        if one.to_on is not None and one.from_on < on <= one.to_on:
            return CountedDay(on, None, f"{one.label or one.ground}，所需时间不计入", one.document, assumed)
    if ordinal >= counted:
        if limit.direction is Direction.BEFORE:
            reason = ROLLED_BACK_DUE if is_due else ROLLING_BACK
        else:
            reason = ROLLED_DUE if is_due else ROLLING
        return CountedDay(on, None, reason, day.source, assumed)
    return CountedDay(on, ordinal + 1, day.reason, day.source, assumed)
