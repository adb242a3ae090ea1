"""Summer time of 1986 to 1991: days of 23 and 25 hours, wall-clock moments that never were or were twice.

Old files, pensions and land disputes reach back into these years. A day is a day whatever its length; hours
are counted as they passed, not as the hands of the clock showed them.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from liuquan.clock import (
    SHANGHAI,
    Calendar,
    ClockError,
    Direction,
    Limit,
    OfficeHours,
    Sense,
    Suspension,
    Unit,
    day_end,
    day_start,
    deadline,
    is_late,
    is_too_early,
    refuse_too_early,
    shanghai_day,
    time_left,
    warn_at,
)
from liuquan.clock.office_hours import next_open, open_time

CALENDAR = Calendar(holidays={}, make_up={}, announced=[(date(1986, 1, 1), date(1991, 12, 31))])
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
#: the Sundays on which the clocks went forward and back, as tzdata has them
FORWARD = ["1986-05-04", "1987-04-12", "1988-04-17", "1989-04-16", "1990-04-15", "1991-04-14"]
BACK = ["1986-09-14", "1987-09-13", "1988-09-11", "1989-09-17", "1990-09-16", "1991-09-15"]
CHANGES = [*((on, 23, 8, 9) for on in FORWARD), *((on, 25, 9, 8) for on in BACK)]


def at(wall: str, fold: int = 0) -> datetime:
    """A moment by the clock on the wall in Shanghai; `fold` 1 is the second of two."""
    return datetime.fromisoformat(wall).replace(tzinfo=SHANGHAI, fold=fold)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("on", "hours", "before", "after"), CHANGES)
def test_the_day_of_a_change_is_23_or_25_hours_long_and_its_neighbours_24(
    on: str, hours: int, before: int, after: int
) -> None:
    day = date.fromisoformat(on)
    assert day.weekday() == 6
    assert day_end(day) - day_start(day) == hours * HOUR
    for whole in (day - DAY, day + DAY):
        assert day_end(whole) - day_start(whole) == DAY
    midnights = [datetime.combine(day + n * DAY, time.min, SHANGHAI).utcoffset() for n in (0, 1)]
    assert midnights == [before * HOUR, after * HOUR]


@pytest.mark.parametrize(("on", "hours", "before", "after"), CHANGES)
def test_every_hour_of_the_day_of_a_change_falls_on_that_day(
    on: str, hours: int, before: int, after: int
) -> None:
    day = date.fromisoformat(on)
    passed = [day_start(day) + n * HOUR for n in range(hours)]
    assert {shanghai_day(moment) for moment in passed} == {day}
    assert shanghai_day(day_start(day) - timedelta(microseconds=1)) == day - DAY
    assert shanghai_day(day_end(day)) == day + DAY


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due_on", "due_at"),
    [
        # a last day ends at its own midnight: +08 before summer time, +09 in it
        (1, Unit.CALENDAR_DAY, "1986-05-01", "1986-05-02", "1986-05-02T16:00"),
        (2, Unit.WORKING_DAY, "1986-05-02", "1986-05-06", "1986-05-06T15:00"),
        (10, Unit.WORKING_DAY, "1986-09-05", "1986-09-19", "1986-09-19T16:00"),
        (5, Unit.WORKING_DAY, "1991-04-10", "1991-04-17", "1991-04-17T15:00"),
        (5, Unit.WORKING_DAY, "1991-09-10", "1991-09-17", "1991-09-17T16:00"),
        # a last day that is the Sunday of a change moves to Monday, whole
        (2, Unit.CALENDAR_DAY, "1986-05-02", "1986-05-05", "1986-05-05T15:00"),
        (1, Unit.MONTH, "1986-08-14", "1986-09-15", "1986-09-15T16:00"),
        (1, Unit.MONTH, "1991-03-14", "1991-04-15", "1991-04-15T15:00"),
        (1, Unit.YEAR, "1990-09-15", "1991-09-16", "1991-09-16T16:00"),
    ],
)
def test_a_limit_in_days_ends_at_the_midnight_of_its_last_day(
    amount: int, unit: Unit, start: str, due_on: str, due_at: str
) -> None:
    found = deadline(Limit(amount, unit), date.fromisoformat(start), CALENDAR)
    assert (found.due_on, found.due_at) == (date.fromisoformat(due_on), utc(due_at))
    assert not is_late(found, found.due_at - timedelta(microseconds=1))
    assert is_late(found, found.due_at)
    assert shanghai_day(found.due_at) == found.due_on + DAY


@pytest.mark.parametrize(
    ("amount", "unit", "start", "wall", "due_at"),
    [
        (24, Unit.HOUR, "1986-05-03T12:00", "1986-05-04T13:00", "1986-05-04T04:00"),
        (24, Unit.HOUR, "1986-09-13T12:00", "1986-09-14T11:00", "1986-09-14T03:00"),
        (24, Unit.HOUR, "1991-04-13T12:00", "1991-04-14T13:00", "1991-04-14T04:00"),
        (24, Unit.HOUR, "1991-09-14T12:00", "1991-09-15T11:00", "1991-09-15T03:00"),
        (1, Unit.HOUR, "1986-05-04T01:30", "1986-05-04T03:30", "1986-05-03T18:30"),
        (90, Unit.MINUTE, "1991-04-14T01:30", "1991-04-14T04:00", "1991-04-13T19:00"),
        (23, Unit.HOUR, "1986-05-04T00:00", "1986-05-05T00:00", "1986-05-04T15:00"),
        (25, Unit.HOUR, "1991-09-15T00:00", "1991-09-16T00:00", "1991-09-15T16:00"),
    ],
)
def test_hours_are_counted_as_they_passed(
    amount: int, unit: Unit, start: str, wall: str, due_at: str
) -> None:
    found = deadline(Limit(amount, unit), at(start), CALENDAR)
    assert found.due_at == utc(due_at) == at(wall)
    back = deadline(Limit(amount, unit, direction=Direction.BEFORE), at(wall), CALENDAR)
    assert back.due_at == at(start)


def test_a_limit_that_fills_the_long_or_short_day_ends_with_it() -> None:
    for hours, on in ((23, "1986-05-04"), (25, "1991-09-15")):
        found = deadline(Limit(hours, Unit.HOUR), at(f"{on}T00:00"), CALENDAR)
        assert found.due_on == date.fromisoformat(on)


@pytest.mark.parametrize("on", BACK)
def test_the_hour_that_came_twice_is_two_hours(on: str) -> None:
    first, second = at(f"{on}T01:30"), at(f"{on}T01:30", fold=1)
    assert shanghai_day(first) == shanghai_day(second) == date.fromisoformat(on)
    found = deadline(Limit(1, Unit.HOUR), first, CALENDAR)
    assert found.due_at == second.astimezone(UTC) == first.astimezone(UTC) + HOUR
    assert [is_late(found, moment) for moment in (first, second)] == [False, True]
    assert time_left(found, first, CALENDAR).text == "还剩1小时"
    assert time_left(found, second, CALENDAR).text == "还剩0小时"


@pytest.mark.parametrize("on", FORWARD)
def test_a_moment_that_never_was_is_the_one_an_hour_later(on: str) -> None:
    never, really = at(f"{on}T02:30"), at(f"{on}T03:30")
    assert never.astimezone(UTC) == really.astimezone(UTC)
    assert shanghai_day(never) == date.fromisoformat(on)
    given, meant = (deadline(Limit(2, Unit.HOUR), start, CALENDAR) for start in (never, really))
    assert given.due_at == meant.due_at == at(f"{on}T05:30")


@pytest.mark.parametrize(("on", "hours", "before", "after"), CHANGES)
def test_an_office_that_is_open_through_the_change_is_open_as_long_as_it_was(
    on: str, hours: int, before: int, after: int
) -> None:
    sunday = date.fromisoformat(on)
    worked = Calendar(
        holidays={}, make_up={sunday: ("调休", "通知")}, announced=[(date(1986, 1, 1), date(1991, 12, 31))]
    )
    night = OfficeHours.parse("00:30-05:30")
    begins, ends = night.opens_at(sunday), night.closes_at(sunday)
    assert ends - begins == open_time(begins, ends, worked, night) == (5 + hours - 24) * HOUR
    assert next_open(day_start(sunday), worked, night) == begins
    found = deadline(Limit(2, Unit.WORKING_HOUR), begins, worked, hours=night)
    assert found.due_at == begins + 2 * HOUR


def test_days_left_out_are_left_out_whole_though_one_of_them_is_short_or_long() -> None:
    away = Suspension(date(1986, 5, 3), date(1986, 5, 4), "test")
    limit = Limit(24, Unit.HOUR, excludes=("test",))
    found = deadline(limit, at("1986-05-03T12:00"), CALENDAR, suspensions=[away])
    assert found.due_at == at("1986-05-05T12:00")
    long = Suspension(date(1991, 9, 14), date(1991, 9, 15), "test")
    found = deadline(limit, at("1991-09-14T12:00"), CALENDAR, suspensions=[long])
    assert found.due_at == at("1991-09-16T12:00")


def test_a_warning_begins_at_a_midnight_or_at_its_share_of_the_hours_that_passed() -> None:
    found = deadline(Limit(10, Unit.WORKING_DAY), date(1986, 4, 25), CALENDAR)
    assert (found.due_on, warn_at(found, CALENDAR, "0.9")) == (date(1986, 5, 9), utc("1986-05-08T15:00"))
    half = deadline(Limit(24, Unit.HOUR), at("1986-05-03T20:00"), CALENDAR)
    assert warn_at(half, CALENDAR, "0.5") == at("1986-05-04T09:00")


def test_a_moment_is_told_as_the_clock_on_the_wall_showed_it() -> None:
    waits = Limit(24, Unit.HOUR, sense=Sense.AT_LEAST, label="公示期间")
    for start, told in (
        ("1986-05-03T12:00", "1986年5月4日13:00"),
        ("1991-09-14T12:00", "1991年9月15日11:00"),
    ):
        found = deadline(waits, at(start), CALENDAR)
        with pytest.raises(ClockError, match=f"{told}起方可"):
            refuse_too_early(found, found.due_at - timedelta(seconds=1))
        assert not is_too_early(found, found.due_at)
