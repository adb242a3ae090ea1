"""When a limit ends.

`deadline` counts one limit from its anchor. Its day of anchor is never counted, also when that day is itself
a day off: counting begins with the next day (民法典 第二百零一条), so a start on a Saturday and one on the
Sunday after it end on the same day. Working-day limits end on a working day by construction; calendar limits
that end on a rest day move to the next working day; limits counted back move as the place has set it
(`settings.BackRule`). `due_on` is the last day, `due_at` the first moment that is too late: 00:00
Asia/Shanghai of the day after, the close of business by setting, or the exact moment for hours and less.

A deadline is provisional when its end rests on days whose holiday notice is not published: for working days
and hours every such day crossed, for other limits the days the end rule looked at.

Cites: 民法典 第二百条, 民法典 第二百零一条, 民法典 第二百零二条, 民法典 第二百零三条,
行政许可法 第四十五条, 行政许可法 第八十二条
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from liuquan.clock.adjustments import effective_suspensions, granted_extensions
from liuquan.clock.calendar import Calendar
from liuquan.clock.ends import count_days
from liuquan.clock.momentary import count_moments
from liuquan.clock.moments import day_end, shanghai_day
from liuquan.clock.office_hours import OfficeHours
from liuquan.clock.results import Deadline
from liuquan.clock.settings import DEFAULT_RULES, CountingRules
from liuquan.clock.types import Extension, Limit, Resumption, Suspension


def deadline(
    limit: Limit,
    start: date | datetime,
    calendar: Calendar,
    *,
    suspensions: Iterable[Suspension] = (),
    extensions: Iterable[Extension] = (),
    until: date | None = None,
    hours: OfficeHours | None = None,
    rules: CountingRules = DEFAULT_RULES,
) -> Deadline:
    """Count this limit from its anchor; the end with its reasons.

    `start` is a day, or an aware moment (needed for hours, minutes and seconds). A suspension whose ground
    the limit does not exclude stops nothing and is noted; an open one counts as if it ended on `until`. Each
    extension adds its amount. `hours` are the body's, needed for working hours and for an end at the close of
    business. Refuses naive moments, an open suspension without `until`, an extension the limit does not
    allow, a suspension of a limit that is counted back.
    """
    granted = granted_extensions(limit, tuple(extensions))
    effective, notes, open_from = effective_suspensions(limit, tuple(suspensions), until)
    amount = limit.amount + sum(extension.amount for extension in granted)
    found = _count(limit, start, amount, effective, calendar, hours, rules)
    if any(one.resumes is Resumption.RESTART for one in effective):
        found = _restarted(found, effective, notes, calendar)
    suspended = open_from is not None and open_from < found.due_on
    if suspended:
        notes.append(f"计时暂停中，按 {until} 恢复推算")
    if not (granted or effective or notes):
        return found
    cites = (*found.citations, *(cite for extension in granted for cite in extension.citations))
    return replace(
        found,
        suspended=suspended,
        suspensions=effective,
        extensions=granted,
        notes=(*notes, *found.notes),
        citations=tuple(dict.fromkeys(cites)),
    )


def recount(
    found: Deadline,
    calendar: Calendar,
    *,
    start: date | datetime | None = None,
    suspensions: Iterable[Suspension] | None = None,
    extensions: Iterable[Extension] | None = None,
    until: date | None = None,
) -> Deadline:
    """The same limit counted again, with the given values replacing those it was counted with."""
    return deadline(
        found.limit,
        start if start is not None else (found.start_at or found.start_on),
        calendar,
        suspensions=found.suspensions if suspensions is None else suspensions,
        extensions=found.extensions if extensions is None else extensions,
        until=until,
        hours=found.hours,
        rules=found.rules,
    )


def _count(
    limit: Limit,
    start: date | datetime,
    amount: int,
    suspensions: Sequence[Suspension],
    calendar: Calendar,
    hours: OfficeHours | None,
    rules: CountingRules,
) -> Deadline:
    if limit.unit.is_momentary:
        return count_moments(limit, start, amount, suspensions, calendar, hours, rules)
    start_on = shanghai_day(start) if isinstance(start, datetime) else start
    found = count_days(limit, start_on, amount, suspensions, calendar, hours, rules)
    return replace(found, start_at=start) if isinstance(start, datetime) else found


def _restarted(
    first: Deadline, suspensions: Sequence[Suspension], notes: list[str], calendar: Calendar
) -> Deadline:
    """Counted anew after each suspension that ends so, unless the limit was over before it began."""
    away = [one for one in suspensions if one.resumes is Resumption.CONTINUE]
    limit, amount, hours, rules = first.limit, first.amount, first.hours, first.rules
    start: date | datetime = first.start_at or first.start_on
    found = _count(limit, start, amount, away, calendar, hours, rules)
    anew: date | None = None
    for one in sorted(suspensions, key=lambda one: (one.from_on, one.to_on)):
        if one.resumes is Resumption.CONTINUE or one.to_on is None or one.from_on >= found.due_on:
            continue
        if one.to_on <= (anew or first.start_on):
            continue
        anew = one.to_on
        notes.append(f"{one.label or one.ground}结束后，期限自 {anew} 起重新计算")
        again = day_end(anew) if limit.unit.is_momentary else anew
        found = _count(limit, again, amount, away, calendar, hours, rules)
    return replace(found, start_on=first.start_on, start_at=first.start_at, restarted_on=anew)
