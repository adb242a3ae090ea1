"""The calendar: what kind of day it is, and counting without a loop."""

from datetime import date, timedelta

import pytest

from liuquan.clock import Calendar, ClockError, Day, DayKind

NOTICE = "某通知"
#: A short year of its own: one holiday week with a make-up Saturday before it.
OFF = [date(2030, 5, day) for day in (1, 2, 3)]
CALENDAR = Calendar.from_days(
    [
        *(Day(on, DayKind.OFF, "劳动节", NOTICE) for on in OFF),
        Day(date(2030, 4, 27), DayKind.WORKING, "劳动节", NOTICE),
        Day(date(2031, 1, 4), DayKind.WORKING, "元旦", NOTICE),
    ],
    announced=[(date(2030, 1, 1), date(2030, 12, 31))],
    region="示范市",
)


def slow_count(a: date, b: date) -> int:
    return sum(CALENDAR.is_working(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


def test_a_day_says_its_kind_reason_and_notice() -> None:
    assert CALENDAR.day(date(2030, 5, 1)) == Day(date(2030, 5, 1), DayKind.OFF, "劳动节放假", NOTICE)
    assert CALENDAR.day(date(2030, 4, 27)) == Day(
        date(2030, 4, 27), DayKind.WORKING, "劳动节调休上班", NOTICE
    )
    assert CALENDAR.day(date(2030, 4, 28)).reason == "周末公休"
    assert CALENDAR.day(date(2030, 4, 29)) == Day(date(2030, 4, 29), DayKind.WORKING, "工作日")


def test_a_day_without_a_notice_is_not_announced_and_assumed_by_the_weekend_rule() -> None:
    monday, saturday = date(2032, 5, 3), date(2032, 5, 1)
    assert CALENDAR.kind(monday) is CALENDAR.kind(saturday) is DayKind.NOT_ANNOUNCED
    assert CALENDAR.is_working(monday)
    assert not CALENDAR.is_working(saturday)
    assert "尚未公布" in CALENDAR.day(monday).reason


def test_a_day_a_notice_names_is_announced_even_outside_the_announced_range() -> None:
    assert CALENDAR.kind(date(2031, 1, 4)) is DayKind.WORKING
    assert CALENDAR.kind(date(2031, 1, 3)) is DayKind.NOT_ANNOUNCED


@pytest.mark.parametrize("start", [date(1901, 1, 1), date(2030, 4, 20), date(2031, 1, 1), date(2150, 6, 1)])
def test_counting_by_subtraction_equals_counting_day_by_day(start: date) -> None:
    for n in range(60):
        end = start + timedelta(days=n)
        assert CALENDAR.working_days_between(start, end) == slow_count(start, end)


@pytest.mark.parametrize("start", [date(1901, 1, 5), date(2030, 4, 20), date(2030, 12, 28), date(2150, 6, 1)])
def test_the_nth_working_day_is_working_and_n_working_days_away(start: date) -> None:
    for n in range(1, 40):
        after = CALENDAR.nth_working_day_after(start, n)
        before = CALENDAR.nth_working_day_before(start, n)
        assert CALENDAR.is_working(after)
        assert slow_count(start, after) == n
        assert CALENDAR.is_working(before)
        assert slow_count(before - timedelta(days=1), start - timedelta(days=1)) == n


def test_neighbouring_working_days_are_found() -> None:
    holiday, worked = date(2030, 5, 2), date(2030, 4, 27)
    assert CALENDAR.first_working_day_on_or_after(holiday) == date(2030, 5, 6)
    assert CALENDAR.last_working_day_on_or_before(holiday) == date(2030, 4, 30)
    assert CALENDAR.first_working_day_on_or_after(worked) == worked
    assert CALENDAR.last_working_day_on_or_before(worked) == worked
    assert CALENDAR.next(worked) == date(2030, 4, 29)


def test_the_first_day_without_a_notice_is_found_by_its_range() -> None:
    eve, newyear = date(2030, 12, 31), date(2031, 1, 1)
    assert CALENDAR.first_unannounced_between(date(2030, 1, 1), eve) is None
    assert CALENDAR.first_unannounced_between(eve, newyear) == newyear
    assert CALENDAR.first_unannounced_between(date(2031, 1, 3), date(2031, 1, 4)) is None
    assert CALENDAR.unannounced_between(date(2031, 1, 2), date(2031, 1, 5)) == (
        date(2031, 1, 3),
        date(2031, 1, 5),
    )


def test_a_calendar_without_any_notice_still_counts() -> None:
    bare = Calendar(holidays={}, make_up={}, announced=[])
    assert bare.nth_working_day_after(date(2030, 4, 30), 5) == date(2030, 5, 7)
    assert bare.kind(date(2030, 4, 30)) is DayKind.NOT_ANNOUNCED


def test_a_calendar_at_odds_with_itself_is_refused() -> None:
    day = date(2030, 5, 1)
    with pytest.raises(ClockError, match="既是放假日又是"):
        Calendar(holidays={day: ("", "")}, make_up={day: ("", "")}, announced=[])
    with pytest.raises(ClockError, match="早于"):
        Calendar(holidays={}, make_up={}, announced=[(day, date(2030, 4, 1))])
    with pytest.raises(ClockError, match="未公布"):
        Calendar.from_days([Day(day, DayKind.NOT_ANNOUNCED, "")], announced=[])


def test_counting_past_the_last_date_is_refused_not_crashed() -> None:
    with pytest.raises(ClockError, match="超出"):
        CALENDAR.nth_working_day_after(date(9999, 12, 1), 100)
    with pytest.raises(ClockError, match="正数"):
        CALENDAR.nth_working_day_after(date(2030, 1, 1), 0)
