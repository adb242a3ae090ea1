"""Where a limit in days, months or years ends, and which announced days that rests on.

Cites: 民法典 第二百零一条, 民法典 第二百零二条, 民法典 第二百零三条
"""

from collections.abc import Sequence
from datetime import date, datetime

from liuquan.clock.calendar import NOT_PUBLISHED, Calendar
from liuquan.clock.intervals import Interval, add_days, add_months, advance, merged
from liuquan.clock.moments import day_end
from liuquan.clock.office_hours import OfficeHours
from liuquan.clock.results import Deadline
from liuquan.clock.settings import BackRule, CountingRules, DayEnd
from liuquan.clock.types import ClockError, Direction, EndRule, Limit, Sense, Suspension, Unit

#: The articles on counting in force from a day: the start is not counted, the corresponding day, a rest day
#: rolls. Before them nothing is cited.
_COUNTING: tuple[tuple[date, tuple[str, str, str]], ...] = (
    (date(2021, 1, 1), ("民法典 第二百零一条", "民法典 第二百零二条", "民法典 第二百零三条")),
    (date(2017, 10, 1), ("民法总则 第二百零一条", "民法总则 第二百零二条", "民法总则 第二百零三条")),
    (date(1987, 1, 1), ("民法通则 第一百五十四条",) * 3),
)
_IN_DAYS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)


def count_days(
    limit: Limit,
    start_on: date,
    amount: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours | None,
    rules: CountingRules,
) -> Deadline:
    """The end of a limit in days, months or years from this day; months that are suspended end as many
    calendar days later as the suspended time took away."""
    intervals = merged(suspensions) if suspensions else []
    back = limit.direction is Direction.BEFORE
    counted = amount if limit.unit in _IN_DAYS else _span(limit, start_on, amount)
    if back:
        nominal = _count_back(limit.unit, start_on, counted, calendar)
    else:
        nominal = advance(calendar, limit.unit, start_on, counted, intervals)
    due = nominal
    rolls = amount > 0 and limit.unit is not Unit.WORKING_DAY and limit.end_rule is EndRule.ROLL
    if rolls and not calendar.is_working(nominal):
        due = _rolled(nominal, back, calendar, intervals, rules)
    assumed = _assumed(limit, start_on, nominal, due, rolls, calendar)
    return Deadline(
        limit=limit,
        start_on=start_on,
        start_at=None,
        due_on=due,
        due_at=_decides_at(limit, due, calendar, hours, rules),
        amount=amount,
        counted=counted,
        nominal_on=nominal,
        rolled_from=nominal if due != nominal else None,
        assumed_on=assumed,
        notes=_notes(nominal, due, assumed, calendar, rules if back else None),
        citations=cited(limit, start_on, amount, due != nominal and not back),
        hours=hours,
        rules=rules,
        calendar=calendar,
    )


def _decides_at(
    limit: Limit, on: date, calendar: Calendar, hours: OfficeHours | None, rules: CountingRules
) -> datetime:
    """The moment that a limit ending on this day turns on: the day's end, or its beginning where the act may
    be on that day."""
    if limit.sense is Sense.EARLIEST:
        return day_end(add_days(on, -1))
    return end_of_day(on, calendar, hours, rules)


def end_of_day(on: date, calendar: Calendar, hours: OfficeHours | None, rules: CountingRules) -> datetime:
    """The first moment that is too late for this last day: 24:00, or the close of business by setting. On a
    day that is not worked there is no close of business.

    Cites: 民法典 第二百零三条
    """
    if rules.ends is DayEnd.MIDNIGHT:
        return day_end(on)
    if hours is None:
        raise ClockError("期限在办公时间结束时届满，须给出机关的办公时间")
    return hours.closes_at(on) if calendar.is_working(on) else day_end(on)


def cited(limit: Limit, start_on: date, amount: int, rolled: bool) -> tuple[str, ...]:
    """The articles a count rests on: the limit's own, and those on counting that were used, as in force on
    the day of the anchor."""
    found = next((articles for since, articles in _COUNTING if since <= start_on), None)
    if not amount or found is None:
        return limit.citations
    start_not_counted, corresponding_day, rest_day_rolls = found
    cites = [*limit.citations, start_not_counted]
    if limit.unit in (Unit.MONTH, Unit.YEAR):
        cites.append(corresponding_day)
    if rolled:
        cites.append(rest_day_rolls)
    return tuple(dict.fromkeys(cites))


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


def _rolled(
    on: date, back: bool, calendar: Calendar, intervals: Sequence[Interval], rules: CountingRules
) -> date:
    """The first working day on or after this day that is not suspended; counting back, as the place set it.

    Cites: 民法典 第二百零三条
    """
    if back and rules.back is BackRule.STAYS:
        return on
    if back and rules.back is BackRule.EARLIER:
        return calendar.last_working_day_on_or_before(on)
    on = calendar.first_working_day_on_or_after(on)
    for first, last in intervals:
        if first < on <= last:
            on = calendar.next(last)
    return on


def assumption(assumed: Sequence[date], calendar: Calendar) -> str:
    """The sentence on the days that the end rests on and that no notice known here rules."""
    why = calendar.why_unannounced(assumed[0])
    after = "公布后重新计算" if why == NOT_PUBLISHED else "请核对当年的放假安排"
    return f"自 {assumed[0]} 起{why}，按周末规则暂计 {len(assumed)} 日，{after}"


def _notes(
    nominal: date, due: date, assumed: tuple[date, ...], calendar: Calendar, back: CountingRules | None
) -> tuple[str, ...]:
    notes: list[str] = []
    if due != nominal:
        verb = "提前至" if due < nominal else "顺延至"
        whose = f"（{back.source}）" if back else ""
        notes.append(f"期间届满日 {nominal} 为休息日（{calendar.day(nominal).reason}），{verb} {due}{whose}")
    if assumed:
        notes.append(assumption(assumed, calendar))
    return tuple(notes)
