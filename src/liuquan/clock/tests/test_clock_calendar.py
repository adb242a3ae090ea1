"""The calendar: what kind of day it is, and counting without a loop."""

from datetime import date, timedelta

import pytest

from liuquan.clock import Calendar, ClockError, Day, DayKind, add_months

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


# -- the edges of the table, where an off-by-one would hide --------------------------------------------

#: One holiday, a Wednesday: the table of ordinals is that one day long.
SHORT = Calendar(
    holidays={date(2026, 3, 11): ("停止办公", "公告")},
    make_up={},
    announced=[(date(2026, 1, 1), date(2026, 12, 31))],
)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (date(2026, 3, 9), 1, date(2026, 3, 10)),
        (date(2026, 3, 10), 1, date(2026, 3, 12)),
        (date(2026, 3, 11), 1, date(2026, 3, 12)),
        (date(2026, 3, 12), 1, date(2026, 3, 13)),
        (date(2026, 3, 9), 5, date(2026, 3, 17)),
        (date(2026, 3, 12), 0, date(2026, 3, 12)),
    ],
)
def test_counting_across_the_edge_of_the_table(start: date, amount: int, due: date) -> None:
    assert SHORT.due_on(start, amount) == due
    if amount:
        assert SHORT.nth_working_day_after(start, amount) == due
        assert SHORT.working_days_between(start, due) == amount


def test_the_quick_way_is_right_on_every_day_around_the_table() -> None:
    two = Calendar(
        holidays={date(2026, 3, 11): ("a", ""), date(2026, 3, 19): ("b", "")}, make_up={}, announced=[]
    )
    for at in range(40):
        start = date(2026, 2, 25) + timedelta(days=at)
        for amount in range(1, 20):
            assert two.due_on(start, amount) == two.nth_working_day_after(start, amount)


def test_the_quick_way_refuses_a_negative_amount() -> None:
    with pytest.raises(ClockError, match="正数"):
        SHORT.due_on(date(2026, 3, 9), -1)


def test_a_week_without_a_working_day_and_a_day_that_is_none_are_refused() -> None:
    for weekend in (frozenset(range(7)), frozenset({7})):
        with pytest.raises(ClockError, match="周末规则"):
            Calendar(holidays={}, make_up={}, announced=[], weekend=weekend)


def test_ranges_that_touch_are_one_and_a_gap_of_a_day_is_not_announced() -> None:
    touching = Calendar(
        holidays={},
        make_up={},
        announced=[(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31))],
    )
    assert touching.announced == ((date(2026, 1, 1), date(2026, 12, 31)),)
    assert touching.first_unannounced_between(date(2026, 6, 1), date(2026, 8, 1)) is None
    gap = Calendar(
        holidays={},
        make_up={},
        announced=[(date(2026, 1, 1), date(2026, 6, 29)), (date(2026, 7, 1), date(2026, 12, 31))],
    )
    assert gap.first_unannounced_between(date(2026, 6, 1), date(2026, 8, 1)) == date(2026, 6, 30)


def test_days_are_described_the_same_the_first_time_and_again() -> None:
    weekday, weekend = date(2026, 3, 9).toordinal(), date(2026, 3, 8).toordinal()
    for _ in range(2):
        assert SHORT.described(weekday) == (True, "工作日", "", False)
        assert SHORT.described(weekend) == (False, "周末公休", "", False)
    assert SHORT.day(date(2027, 3, 6)).reason == "放假安排尚未公布，按周末规则推定为休息日"
    assert SHORT.day(date(2027, 3, 8)).reason == "放假安排尚未公布，按周末规则推定为工作日"
    assert SHORT.describe(weekend, weekday) == [SHORT.described(weekend), SHORT.described(weekday)]


def test_the_table_can_be_handed_to_another_engine() -> None:
    first, ordinals, working = SHORT.table()
    assert date.fromordinal(first) == date(2026, 3, 11)
    assert (list(ordinals), list(working)) == ([SHORT.ordinal(date(2026, 3, 10))], [])


def test_months_reach_the_first_and_the_last_year_and_no_further() -> None:
    assert add_months(date(9999, 1, 31), 11) == date(9999, 12, 31)
    assert add_months(date(1, 12, 31), -11) == date(1, 1, 31)
    for on, months in ((date(9999, 12, 1), 1), (date(1, 1, 1), -1)):
        with pytest.raises(ClockError, match="超出"):
            add_months(on, months)
