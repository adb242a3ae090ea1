"""The hours a body is open, as a value: spans of a day with the lunch break between them, and seasons.

Working hours are counted in open time on working days only. All times are of Asia/Shanghai, which knows no
daylight saving since 1991; moments come and go as aware UTC.

Cites: 民法典 第二百零一条, 民法典 第二百零三条
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from liuquan.clock.calendar import Calendar
from liuquan.clock.intervals import Interval
from liuquan.clock.moments import SHANGHAI, shanghai_day
from liuquan.clock.settings import DEFAULT_RULES, AfterHours, CountingRules
from liuquan.clock.types import ClockError

_PUBLISHED = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]+\s*(\d{1,2}):(\d{2})")
#: Open from the first time to the second, both of the same day.
Span = tuple[time, time]
#: Month and day.
MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Season:
    """Other hours from one day of the year to another, both included; it may run over the new year."""

    first: MonthDay
    last: MonthDay
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(2024, month, day)  # a leap year: 29 February may begin or end a season
            except ValueError:
                raise ClockError(f"作息季节的日期不存在：{month}月{day}日") from None
        _check(self.spans)

    def covers(self, on: date) -> bool:
        """Whether this day lies in the season."""
        day = (on.month, on.day)
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


@dataclass(frozen=True)
class OfficeHours:
    """When a body is open on a working day. Refuses no span, spans out of order, seasons that overlap."""

    spans: tuple[Span, ...]
    seasons: tuple[Season, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        _check(self.spans)
        year = [date(2024, 1, 1) + timedelta(days=at) for at in range(366)]
        if any(sum(season.covers(on) for season in self.seasons) > 1 for on in year):
            raise ClockError("作息季节相互重叠，请核对起止日期")

    @classmethod
    def parse(cls, text: str, label: str = "") -> Self:
        """Hours from words like `08:30-12:00,13:30-17:30`, the same all year."""
        try:
            pairs = [one.split("-") for one in text.replace("，", ",").split(",")]
            spans = tuple((time.fromisoformat(a.strip()), time.fromisoformat(b.strip())) for a, b in pairs)
        except ValueError:
            raise ClockError(f"看不懂办公时间“{text}”，请写成 08:30-12:00,13:30-17:30") from None
        return cls(spans, label=label)

    @classmethod
    def published(cls, words: str, label: str = "") -> Self | None:
        """Hours out of the words a body publishes, as 工作日 09:00—12:00，13:30—17:00; nothing when no hours
        stand there."""
        text = cls.text_in(words)
        return cls.parse(text, label) if text else None

    @staticmethod
    def text_in(words: str) -> str:
        """The hours in such words as `parse` reads them (09:00-12:00,13:30-17:00); empty when none stand
        there."""
        found = _PUBLISHED.findall(words.replace("：", ":"))
        return ",".join(f"{int(a):02}:{b}-{int(c):02}:{d}" for a, b, c, d in found)

    def spans_on(self, on: date) -> tuple[Span, ...]:
        """The open spans of this day, were it worked."""
        for season in self.seasons:
            if season.covers(on):
                return season.spans
        return self.spans

    def moments_on(self, on: date) -> Iterator[tuple[datetime, datetime]]:
        """The same as aware moments in UTC."""
        for opens, closes in self.spans_on(on):
            yield _moment(on, opens), _moment(on, closes)

    def opens_at(self, on: date) -> datetime:
        """When the office opens on this day, were it worked."""
        return _moment(on, self.spans_on(on)[0][0])

    def closes_at(self, on: date) -> datetime:
        """When it closes for the day: the close of business."""
        return _moment(on, self.spans_on(on)[-1][1])


@dataclass(frozen=True)
class Filing:
    """A filing and the moment it counts from; `note` says why that differs from its own moment."""

    at: datetime
    counts_at: datetime
    note: str = ""


def filing(
    at: datetime, calendar: Calendar, hours: OfficeHours, rules: CountingRules = DEFAULT_RULES
) -> Filing:
    """The moment a filing counts from. By setting, one that arrives on a rest day, before opening, during the
    break or after the close counts from the next moment the office is open; else it counts at once.

    Cites: 电子签名法 第十一条
    """
    if at.tzinfo is None:
        raise ClockError("时刻必须带时区")
    at = at.astimezone(UTC)
    if rules.after_hours is AfterHours.AT_ONCE:
        return Filing(at, at)
    counts = next_open(at, calendar, hours)
    if counts == at:
        return Filing(at, at)
    local = counts.astimezone(SHANGHAI)
    words = f"办公时间以外提交，按{rules.source}视为{local:%Y-%m-%d %H:%M}提交"
    return Filing(at, counts, words)


def next_open(at: datetime, calendar: Calendar, hours: OfficeHours) -> datetime:
    """This moment when the office is open, else the next moment it opens. The close itself is too late."""
    on = shanghai_day(at)
    for begins, ends in hours.moments_on(on) if calendar.is_working(on) else ():
        if at < ends:
            return max(at, begins)
    return hours.opens_at(calendar.next(on))


def open_after(
    start: datetime, length: timedelta, calendar: Calendar, hours: OfficeHours, away: Sequence[Interval]
) -> datetime:
    """The moment so much open time after `start` is full; suspended days are left out whole."""
    left, on = length, shanghai_day(start)
    while True:
        for begins, ends in _open(on, calendar, hours, away):
            begins = max(begins, start)
            if begins < ends and left <= ends - begins:
                return begins + left
            left -= max(ends - begins, timedelta())
        on = calendar.next(on)


def open_before(start: datetime, length: timedelta, calendar: Calendar, hours: OfficeHours) -> datetime:
    """The moment from which so much open time is left until `start`."""
    left, on = length, shanghai_day(start)
    while True:
        for begins, ends in reversed(list(_open(on, calendar, hours, ()))):
            ends = min(ends, start)
            if begins < ends and left <= ends - begins:
                return ends - left
            left -= max(ends - begins, timedelta())
        if on == date.min:
            raise ClockError("期限超出可以计算的日期范围")
        on = calendar.last_working_day_on_or_before(on - timedelta(days=1))


def open_time(
    a: datetime, b: datetime, calendar: Calendar, hours: OfficeHours, away: Sequence[Interval] = ()
) -> timedelta:
    """The open time from `a` to `b`, suspended days left out; negative when `b` comes first."""
    if b < a:
        return -open_time(b, a, calendar, hours, away)
    total, on, last = timedelta(), shanghai_day(a), shanghai_day(b)
    while on <= last:
        for begins, ends in _open(on, calendar, hours, away):
            total += max(min(ends, b) - max(begins, a), timedelta())
        on = calendar.next(on)
    return total


def _open(
    on: date, calendar: Calendar, hours: OfficeHours, away: Sequence[Interval]
) -> Iterator[tuple[datetime, datetime]]:
    if calendar.is_working(on) and not any(first < on <= last for first, last in away):
        yield from hours.moments_on(on)


def _check(spans: Sequence[Span]) -> None:
    if not spans:
        raise ClockError("办公时间至少要有一段")
    times = [at for span in spans for at in span]
    if any(at.tzinfo is not None for at in times):
        raise ClockError("办公时间为北京时间，不带时区")
    if any(a >= b for a, b in spans) or any(a[1] > b[0] for a, b in zip(spans, spans[1:], strict=False)):
        raise ClockError("办公时间应当先后有序、互不重叠")


def _moment(on: date, at: time) -> datetime:
    return datetime.combine(on, at, SHANGHAI).astimezone(UTC)
