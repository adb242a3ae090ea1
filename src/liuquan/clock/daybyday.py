"""The explanation of a deadline, day by day: which days count, with what ordinal, and why the others do not.

Cites: 民法典 第二百零一条, 民法典 第二百零三条, 行政许可法 第四十五条
"""

from collections.abc import Sequence
from datetime import date, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.office_hours import OfficeHours
from liuquan.clock.types import CountedDay, Direction, Limit, Suspension, Unit

START = "起算日，不计入"
AT_ONCE = "即时办理，当日届满"
BY_THE_MOMENT = "自起算时刻连续计算"
BY_OPEN_HOURS = "按办公时间计算"
ROLLING = "期间届满日为休息日，顺延"
ROLLED_DUE = "顺延后的届满日"
ROLLING_BACK = "倒算届满日为休息日，提前"
ROLLED_BACK_DUE = "提前后的届满日"
BEFORE_RESTART = "期限重新计算，此前的日期不再计入"


def day_by_day(
    limit: Limit,
    *,
    start_on: date,
    due_on: date,
    counted: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    restarted_on: date | None = None,
    hours: OfficeHours | None = None,
) -> tuple[CountedDay, ...]:
    """Every day from start to due in order of date; ordinals run from 1 to `counted` away from the anchor.

    A day that is off anyway is called off, not suspended, when working days are counted: the suspended days
    of the explanation are then exactly the working days that were left out.
    """
    if limit.unit.is_momentary:
        return _moments(limit, start_on, due_on, suspensions, calendar, hours)
    if limit.direction is Direction.BEFORE:
        return tuple(reversed(_days_back(limit, start_on, due_on, counted, calendar)))
    return tuple(_days_on(limit, start_on, due_on, counted, suspensions, calendar, restarted_on))


def _days_on(
    limit: Limit,
    start_on: date,
    due_on: date,
    counted: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    restarted_on: date | None,
) -> list[CountedDay]:
    days = [CountedDay(start_on, None, START if counted else AT_ONCE)]
    first, last = start_on.toordinal() + 1, due_on.toordinal()
    away = _suspended(suspensions, first, last)
    restarted = restarted_on.toordinal() if restarted_on else 0
    skips_rest = limit.unit is Unit.WORKING_DAY
    ordinal, fromordinal, add = 0, date.fromordinal, days.append
    new, counted_day = (
        tuple.__new__,
        CountedDay,
    )  # half the time of calling the type, and this is all its time
    day: tuple[date, int | None, str, str, bool]
    for number, (works, reason, source, assumed) in enumerate(calendar.describe(first, last), first):
        if skips_rest and not works:
            day = (fromordinal(number), None, reason, source, assumed)
        elif number in away:
            day = (fromordinal(number), None, *away[number], assumed)
        elif number <= restarted:
            day = (fromordinal(number), None, BEFORE_RESTART, source, assumed)
        elif ordinal < counted:
            ordinal += 1
            day = (fromordinal(number), ordinal, reason, source, assumed)
        else:
            words = ROLLED_DUE if number == last else ROLLING
            day = (fromordinal(number), None, words, source, assumed)
        add(new(counted_day, day))
    return days


def _days_back(
    limit: Limit, start_on: date, due_on: date, counted: int, calendar: Calendar
) -> list[CountedDay]:
    """From the anchor back to the end, and, where a place moves the end forward again, no further back than
    the day the count is full."""
    days = [CountedDay(start_on, None, START if counted else AT_ONCE)]
    skips_rest = limit.unit is Unit.WORKING_DAY
    ordinal, on = 0, start_on
    while on > due_on or ordinal < counted:
        on -= timedelta(days=1)
        works, reason, source, assumed = calendar.described(on.toordinal())
        if skips_rest and not works:
            days.append(CountedDay(on, None, reason, source, assumed))
        elif ordinal < counted:
            ordinal += 1
            days.append(CountedDay(on, ordinal, reason, source, assumed))
        else:
            words = ROLLED_BACK_DUE if on == due_on else ROLLING_BACK
            days.append(CountedDay(on, None, words, source, assumed))
    return days


def _moments(
    limit: Limit,
    start_on: date,
    due_on: date,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours | None,
) -> tuple[CountedDay, ...]:
    first, last = sorted((start_on.toordinal(), due_on.toordinal()))
    away = _suspended(suspensions, first, last)
    days = []
    for number in range(first, last + 1):
        on = date.fromordinal(number)
        works, reason, source, assumed = calendar.described(number)
        if limit.unit is not Unit.WORKING_HOUR:
            words, source = away.get(number, (BY_THE_MOMENT, ""))
            days.append(CountedDay(on, None, words, source))
            continue
        if works:
            spans = hours.spans_on(on) if hours else ()
            words = "、".join(f"{a:%H:%M}至{b:%H:%M}" for a, b in spans)
            reason, source = away.get(number, (f"{BY_OPEN_HOURS}（{words}）", source))
        days.append(CountedDay(on, None, reason, source, assumed))
    return tuple(days)


def _suspended(suspensions: Sequence[Suspension], first: int, last: int) -> dict[int, tuple[str, str]]:
    """The suspended days from `first` to `last` by number, with the ground in words, its paper and articles;
    of overlapping suspensions the first named counts."""
    away: dict[int, tuple[str, str]] = {}
    for one in reversed(suspensions):
        if one.to_on is not None:
            source = "，".join(filter(None, (one.document, "、".join(one.citations))))
            told = (f"{one.label or one.ground}，所需时间不计入", source)
            begins, ends = max(first, one.from_on.toordinal() + 1), min(last, one.to_on.toordinal())
            away.update(dict.fromkeys(range(begins, ends + 1), told))
    return away
