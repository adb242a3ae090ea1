"""The working-day calendar: which days an office works, and counting them by subtraction.

Built from values only: announced ranges, holidays and make-up working days, each with its name and notice.
A day outside the announced ranges is *not announced*: it is counted by the weekend rule, so that nothing
crashes, and marked, so that nobody mistakes the count for law. A holiday or make-up day that a notice names
is announced even outside the ranges (a December day ruled by next year's notice). A holiday that the law
itself fixes is off whether or not a notice is published; where one is, the notice alone counts.

Each day has an absolute ordinal, the number of working days from day 1 of the proleptic calendar up to and
including it: weekdays by arithmetic plus the exceptions, tabulated over their span. Nothing loops over days.

Cites: 全国年节及纪念日放假办法 第二条, 第七条, 民法典 第二百零三条
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate
from typing import Self

from liuquan.clock.types import ClockError, Day, DayKind

#: Name and notice of a day that differs from the weekend rule.
Named = tuple[str, str]

SATURDAY_SUNDAY = frozenset({5, 6})
WEEKEND = "周末公休"
WORKDAY = "工作日"
MADE_UP = "调休上班"
NOT_PUBLISHED = "放假安排尚未公布"
NOT_KEPT = "早于收录的第一年，放假安排没有收录"


class Calendar:
    """Working, off and not-announced days of one region. Immutable: a new notice makes a new one."""

    __slots__ = (
        "_after",
        "_base",
        "_dates",
        "_extra",
        "_holidays",
        "_make_up",
        "_named",
        "_ordinals",
        "_per_week",
        "_places",
        "_prefix",
        "_quick",
        "_ranges",
        "_statutory",
        "_table_first",
        "_table_last",
        "_working",
        "region",
        "weekend",
    )

    def __init__(
        self,
        *,
        holidays: Mapping[date, Named],
        make_up: Mapping[date, Named],
        announced: Iterable[tuple[date, date]],
        statutory: Mapping[date, Named] | None = None,
        weekend: frozenset[int] = SATURDAY_SUNDAY,
        region: str = "全国",
    ) -> None:
        both = sorted(set(holidays) & set(make_up))
        if both:
            raise ClockError(f"{both[0]} 既是放假日又是调休上班日")
        if not weekend < frozenset(range(7)):
            raise ClockError("周末规则应当是星期的真子集（0 为星期一）")
        self.region, self.weekend = region, weekend
        self._holidays, self._make_up = dict(holidays), dict(make_up)
        named = [(day, day) for day in (*holidays, *make_up)]
        self._ranges = _merged((a.toordinal(), b.toordinal()) for a, b in (*announced, *named))
        self._statutory = {
            on: told for on, told in (statutory or {}).items() if not self._is_announced(on.toordinal())
        }
        # Weekday arithmetic: how many of the first r days of a week are worked, and where the k-th is.
        worked = [day not in weekend for day in range(7)]
        self._prefix = tuple(accumulate(worked, initial=0))
        self._places = tuple(day + 1 for day in range(7) if worked[day])
        self._per_week = len(self._places)
        self._build_table()

    @classmethod
    def from_days(
        cls,
        days: Iterable[Day],
        *,
        announced: Iterable[tuple[date, date]],
        statutory: Mapping[date, Named] | None = None,
        region: str = "全国",
    ) -> Self:
        """A calendar from single days (rows of a table, lines of a notice); the rest is the weekend rule.

        `announced` are the closed ranges for which a notice is published, `statutory` the days that are off
        by law in the years without one. Refuses a not-announced day in the list and a day given twice with
        different kinds.
        """
        holidays: dict[date, Named] = {}
        make_up: dict[date, Named] = {}
        for day in days:
            if day.kind is DayKind.NOT_ANNOUNCED:
                raise ClockError(f"{day.on} 未公布的日期不能作为日历条目")
            target = holidays if day.kind is DayKind.OFF else make_up
            target[day.on] = (day.reason, day.source)
        return cls(
            holidays=holidays, make_up=make_up, announced=announced, statutory=statutory, region=region
        )

    def _build_table(self) -> None:
        exceptional = sorted({*self._holidays, *self._make_up, *self._statutory})
        first = exceptional[0].toordinal() if exceptional else 1
        last = exceptional[-1].toordinal() if exceptional else 0
        self._table_first, self._table_last = first, last
        self._base = self._weekdays_up_to(first - 1)
        holidays = {day.toordinal() for day in (*self._holidays, *self._statutory)}
        make_up = {day.toordinal() for day in self._make_up}
        self._working = array("l")
        self._ordinals = array("l")
        count = self._base
        for number in range(first, last + 1):
            is_weekend = (number - 1) % 7 in self.weekend
            if number in make_up or not (number in holidays or is_weekend):
                count += 1
                self._working.append(number)
            self._ordinals.append(count)
        self._after = count
        # What makes `due_on` quick: the days themselves, so that an answer is one look-up.
        self._dates = [date.fromordinal(number) for number in self._working]
        self._quick = [ordinal - self._base - 1 for ordinal in self._ordinals]
        self._named = {
            on.toordinal(): (works, f"{name}{verb}", source, False)
            for works, verb, days in ((False, "放假", self._holidays), (True, MADE_UP, self._make_up))
            for on, (name, source) in days.items()
        } | {
            on.toordinal(): (False, f"{name}，法定节日", source, False)
            for on, (name, source) in self._statutory.items()
        }
        # Working days gained (or lost) over the whole table against the bare weekend rule.
        self._extra = count - self._weekdays_up_to(last) if exceptional else 0

    def _weekdays_up_to(self, number: int) -> int:
        weeks, rest = divmod(number, 7)  # day 1 of the proleptic calendar is a Monday
        return weeks * self._per_week + self._prefix[rest]

    # -- one day ---------------------------------------------------------------------------------------

    def day(self, on: date) -> Day:
        """This day with its kind, the reason and the notice."""
        works, reason, source, assumed = self.described(on.toordinal())
        kind = DayKind.NOT_ANNOUNCED if assumed else DayKind.WORKING if works else DayKind.OFF
        return Day(on, kind, reason, source)

    def described(self, number: int) -> tuple[bool, str, str, bool]:
        """Whether the day with this number (`date.toordinal`) is worked, why, the notice that says so, and
        whether that is only assumed, by the weekend rule, because no notice is published."""
        found = self._named.get(number)
        if found is not None:
            return found
        works = (number - 1) % 7 not in self.weekend
        if self._is_announced(number):
            # Kept, since every explanation asks for the same few years again.
            found = self._named[number] = (True, WORKDAY, "", False) if works else (False, WEEKEND, "", False)
            return found
        guess = WORKDAY if works else "休息日"
        return works, f"{self._why_unknown(number)}，按周末规则推定为{guess}", "", True

    def _why_unknown(self, number: int) -> str:
        """A past year that nobody entered is not a year whose notice is still to come."""
        is_past = self._ranges and number < self._ranges[0][0]
        return NOT_KEPT if is_past else NOT_PUBLISHED

    def describe(self, first: int, last: int) -> list[tuple[bool, str, str, bool]]:
        """As `described`, for every day from one number to another, both included."""
        get, described = self._named.get, self.described
        return [get(number) or described(number) for number in range(first, last + 1)]

    def kind(self, on: date) -> DayKind:
        """Working, off or not announced. A holiday fixed by law is off in every year."""
        if on in self._statutory:
            return DayKind.OFF
        if not self._is_announced(on.toordinal()):
            return DayKind.NOT_ANNOUNCED
        return DayKind.WORKING if self.is_working(on) else DayKind.OFF

    def is_working(self, on: date) -> bool:
        """Whether the office works that day; a not-announced day is answered by the weekend rule."""
        if on in self._make_up:
            return True
        is_holiday = on in self._holidays or on in self._statutory
        return not is_holiday and on.weekday() not in self.weekend

    # -- counting --------------------------------------------------------------------------------------

    def ordinal(self, on: date) -> int:
        """Working days up to and including this day, from a fixed origin; only differences mean anything."""
        return self._ordinal(on.toordinal())

    def _ordinal(self, number: int) -> int:
        if number > self._table_last:
            return self._weekdays_up_to(number) + self._extra
        if number < self._table_first:
            return self._weekdays_up_to(number)
        return self._ordinals[number - self._table_first]

    def _at_ordinal(self, ordinal: int) -> date:
        """The working day with this ordinal."""
        if ordinal > self._after:
            number = self._weekday_number(ordinal - self._extra)
        elif ordinal <= self._base:
            number = self._weekday_number(ordinal)
        else:
            number = self._working[ordinal - self._base - 1]
        try:
            return date.fromordinal(number)
        except (ValueError, OverflowError):
            raise ClockError("期限超出可以计算的日期范围") from None

    def _weekday_number(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal - 1, self._per_week)
        return weeks * 7 + self._places[rest]

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` lies before `a`."""
        return self.ordinal(b) - self.ordinal(a)

    def nth_working_day_after(self, on: date, n: int) -> date:
        """The n-th working day after this day, which is itself not counted. Refuses n < 1.

        Cites: 民法典 第二百零一条
        """
        if n < 1:
            raise ClockError("工作日序数应当为正数")
        return self._at_ordinal(self.ordinal(on) + n)

    def due_on(self, start: date, n: int) -> date:
        """The last day of a limit of n working days from this day: the quick way, for a list of a million.

        The start is not counted; 0 is the start itself. Refuses n < 0.
        """
        at = start.toordinal() - self._table_first
        if n > 0 and 0 <= at < len(self._quick):
            at = self._quick[at] + n
            if at < len(self._dates):
                return self._dates[at]
        return self.nth_working_day_after(start, n) if n else start

    def nth_working_day_before(self, on: date, n: int) -> date:
        """The n-th working day before this day, which is itself not counted. Refuses n < 1."""
        if n < 1:
            raise ClockError("工作日序数应当为正数")
        return self._at_ordinal(self._ordinal(on.toordinal() - 1) - n + 1)

    def first_working_day_on_or_after(self, on: date) -> date:
        """This day if it is worked, else the next day that is."""
        return on if self.is_working(on) else self._at_ordinal(self.ordinal(on) + 1)

    def last_working_day_on_or_before(self, on: date) -> date:
        """This day if it is worked, else the last day before it that is."""
        return self._at_ordinal(self.ordinal(on))

    def next(self, on: date) -> date:
        """The first working day after this day."""
        return self._at_ordinal(self.ordinal(on) + 1)

    def table(self) -> tuple[int, "array[int]", "array[int]"]:
        """For counting many at once in another engine: the number of the first day (`date.toordinal`), the
        ordinal of each day from there on, and the numbers of the working days among them."""
        return self._table_first, self._ordinals, self._working

    # -- what is announced -----------------------------------------------------------------------------

    @property
    def announced(self) -> tuple[tuple[date, date], ...]:
        """The closed, disjoint ranges of days whose notice is published."""
        return tuple((date.fromordinal(a), date.fromordinal(b)) for a, b in self._ranges)

    def why_unannounced(self, on: date) -> str:
        """Why this not-announced day is not known: the notice is still to come, or the year is not kept."""
        return self._why_unknown(on.toordinal())

    def exceptions(self) -> tuple[Day, ...]:
        """Every holiday and make-up day the notices name, in order of date."""
        return tuple(self.day(on) for on in sorted({*self._holidays, *self._make_up}))

    def _is_announced(self, number: int) -> bool:
        at = bisect_left(self._ranges, (number + 1,)) - 1
        return at >= 0 and number <= self._ranges[at][1]

    def first_unannounced_between(self, a: date, b: date) -> date | None:
        """The first not-announced day after `a` up to and including `b`, or `None`."""
        number = a.toordinal() + 1
        at = bisect_left(self._ranges, (number + 1,)) - 1
        if at >= 0 and number <= self._ranges[at][1]:
            number = self._ranges[at][1] + 1  # ranges are merged: the day after one is never announced
        while date.fromordinal(number) in self._statutory:
            number += 1
        return date.fromordinal(number) if number <= b.toordinal() else None

    def unannounced_between(self, a: date, b: date) -> tuple[date, ...]:
        """All not-announced days after `a` up to and including `b`."""
        first = self.first_unannounced_between(a, b)
        if first is None:
            return ()
        numbers = range(first.toordinal(), b.toordinal() + 1)
        days = (date.fromordinal(number) for number in numbers if not self._is_announced(number))
        return tuple(on for on in days if on not in self._statutory)


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closed ranges of day numbers, sorted, with touching and overlapping ones joined."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if last < first:
            raise ClockError("已公布范围的结束日早于开始日")
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
