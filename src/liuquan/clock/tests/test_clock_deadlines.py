"""Deadlines: every unit, the end rules, suspended time, extensions, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from liuquan.clock import (
    Calendar,
    ClockError,
    Direction,
    EndRule,
    Extension,
    Limit,
    Suspension,
    Unit,
    UnsupportedUnit,
    deadline,
)

HOLIDAYS = {date(2026, 10, day): ("国庆节", "2026年通知") for day in range(1, 8)}
MAKE_UP = {date(2026, day[0], day[1]): ("国庆节", "2026年通知") for day in ((9, 20), (10, 10))}
YEARS = [(date(2026, 1, 1), date(2026, 12, 31))]
CALENDAR = Calendar(holidays=HOLIDAYS, make_up=MAKE_UP, announced=YEARS)
CHINA = timezone(timedelta(hours=8))


def days(amount: int, unit: Unit = Unit.WORKING_DAY) -> Limit:
    return Limit(amount, unit)


def due(limit: Limit, start: date | datetime, *suspensions: Suspension) -> date:
    return deadline(limit, start, CALENDAR, suspensions=suspensions).due_on


def test_the_starting_day_is_not_counted_and_make_up_days_are() -> None:
    assert due(days(1), date(2026, 9, 30)) == date(2026, 10, 8)
    assert due(days(3), date(2026, 9, 30)) == date(2026, 10, 10)


def test_starting_on_a_rest_day_counts_from_the_next_working_day() -> None:
    assert due(days(1), date(2026, 10, 3)) == date(2026, 10, 8)


def test_too_late_begins_at_midnight_in_shanghai_after_the_last_day() -> None:
    found = deadline(days(1), date(2026, 9, 28), CALENDAR)
    assert found.due_at == datetime(2026, 9, 29, 16, tzinfo=UTC)
    assert found.due_at.utcoffset() == timedelta(0)


def test_a_moment_late_in_the_utc_day_belongs_to_the_next_day_in_shanghai() -> None:
    found = deadline(days(1), datetime(2026, 9, 27, 17, tzinfo=UTC), CALENDAR)
    assert found.start_on == date(2026, 9, 28)
    assert found.due_on == date(2026, 9, 29)


def test_at_once_means_the_same_day_even_a_rest_day() -> None:
    found = deadline(days(0), date(2026, 10, 3), CALENDAR)
    assert (found.due_on, found.rolled_from) == (date(2026, 10, 3), None)


def test_a_calendar_limit_that_ends_on_a_holiday_rolls_and_says_from_where() -> None:
    found = deadline(days(15, Unit.CALENDAR_DAY), date(2026, 9, 16), CALENDAR)
    assert (found.due_on, found.rolled_from) == (date(2026, 10, 8), date(2026, 10, 1))
    assert "民法典 第二百零三条" in found.citations
    assert "国庆节" in found.notes[0]


def test_a_limit_that_does_not_roll_ends_on_the_holiday() -> None:
    limit = Limit(15, Unit.CALENDAR_DAY, end_rule=EndRule.NO_ROLL)
    assert due(limit, date(2026, 9, 16)) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("unit", "amount", "start", "expected"),
    [
        (Unit.MONTH, 1, date(2026, 1, 31), date(2026, 3, 2)),  # 2月28日为星期六
        (Unit.MONTH, 6, date(2026, 2, 28), date(2026, 8, 28)),
        (Unit.MONTH, 1, date(2026, 5, 31), date(2026, 6, 30)),
        (Unit.YEAR, 1, date(2024, 2, 29), date(2025, 2, 28)),
        (Unit.YEAR, 2, date(2024, 4, 7), date(2026, 4, 7)),
    ],
)
def test_months_and_years_end_on_the_corresponding_day_or_the_months_last(
    unit: Unit, amount: int, start: date, expected: date
) -> None:
    assert due(days(amount, unit), start) == expected


def test_hours_run_from_the_moment_through_rest_days() -> None:
    start = datetime(2026, 10, 2, 9, 30, tzinfo=CHINA)
    found = deadline(days(24, Unit.HOUR), start, CALENDAR)
    assert found.due_at == start + timedelta(hours=24)
    assert found.due_on == date(2026, 10, 3)
    assert deadline(days(90, Unit.MINUTE), start, CALENDAR).due_at == start + timedelta(minutes=90)
    assert deadline(days(5, Unit.SECOND), start, CALENDAR).due_at == start + timedelta(seconds=5)


def test_hours_that_end_at_midnight_end_with_the_day_before() -> None:
    found = deadline(days(24, Unit.HOUR), datetime(2026, 9, 1, tzinfo=CHINA), CALENDAR)
    assert found.due_on == date(2026, 9, 1)


def test_suspended_days_are_left_out_of_hours_whole() -> None:
    start = datetime(2026, 9, 1, 12, tzinfo=CHINA)
    review = Suspension(date(2026, 9, 1), date(2026, 9, 3), "review")
    found = deadline(days(24, Unit.HOUR), start, CALENDAR, suspensions=[review])
    assert found.due_at == start + timedelta(hours=24 + 48)


def test_a_limit_counted_back_does_not_count_the_anchor_day() -> None:
    week = Limit(7, Unit.WORKING_DAY, direction=Direction.BEFORE)
    assert due(week, date(2026, 10, 12)) == date(2026, 9, 25)
    day = Limit(3, Unit.CALENDAR_DAY, direction=Direction.BEFORE)
    found = deadline(day, date(2026, 10, 8), CALENDAR)
    assert (found.due_on, found.rolled_from) == (date(2026, 9, 30), date(2026, 10, 5))


def test_months_can_be_counted_back() -> None:
    limit = Limit(1, Unit.MONTH, direction=Direction.BEFORE)
    assert due(limit, date(2026, 3, 31)) == date(2026, 2, 27)  # 2月28日为星期六，提前


def test_a_suspension_leaves_out_the_days_after_it_begins_up_to_its_end() -> None:
    suspension = Suspension(date(2026, 9, 2), date(2026, 9, 4), "review")
    assert due(days(5), date(2026, 9, 1)) == date(2026, 9, 8)
    assert due(days(5), date(2026, 9, 1), suspension) == date(2026, 9, 10)


def test_a_suspension_that_begins_on_the_last_day_changes_nothing() -> None:
    assert due(days(5), date(2026, 9, 1), Suspension(date(2026, 9, 8), date(2026, 9, 18), "review")) == date(
        2026, 9, 8
    )


def test_overlapping_and_nested_suspensions_count_once() -> None:
    one = Suspension(date(2026, 9, 2), date(2026, 9, 11), "review")
    inner = Suspension(date(2026, 9, 3), date(2026, 9, 4), "hearing")
    beyond = Suspension(date(2026, 9, 9), date(2026, 9, 15), "hearing")
    whole = Suspension(date(2026, 9, 2), date(2026, 9, 15), "review")
    assert due(days(5), date(2026, 9, 1), one, inner, beyond) == due(days(5), date(2026, 9, 1), whole)


def test_a_calendar_limit_does_not_roll_into_suspended_days() -> None:
    limit = days(4, Unit.CALENDAR_DAY)
    suspension = Suspension(date(2026, 9, 5), date(2026, 9, 9), "review")
    assert due(limit, date(2026, 9, 1)) == date(2026, 9, 7)
    assert due(limit, date(2026, 9, 1), suspension) == date(2026, 9, 10)


def test_a_ground_outside_the_closed_list_stops_nothing_and_is_noted() -> None:
    limit = Limit(5, Unit.WORKING_DAY, excludes=("hearing",))
    waiting = Suspension(date(2026, 9, 2), date(2026, 9, 4), "waiting_for_applicant")
    found = deadline(limit, date(2026, 9, 1), CALENDAR, suspensions=[waiting])
    assert found.due_on == date(2026, 9, 8)
    assert found.suspensions == ()
    assert "不停止计时" in found.notes[0]


def test_an_open_suspension_counts_as_if_it_ended_on_the_given_day() -> None:
    running = Suspension(date(2026, 9, 2), None, "review")
    found = deadline(days(5), date(2026, 9, 1), CALENDAR, suspensions=[running], until=date(2026, 9, 4))
    assert found.due_on == date(2026, 9, 10)
    assert found.suspended
    with pytest.raises(ClockError, match="尚未结束"):
        deadline(days(5), date(2026, 9, 1), CALENDAR, suspensions=[running])


def test_a_suspension_opened_after_the_end_does_not_rest_the_duty() -> None:
    late = Suspension(date(2026, 9, 9), None, "review")
    found = deadline(days(5), date(2026, 9, 1), CALENDAR, suspensions=[late], until=date(2026, 9, 20))
    assert not found.suspended


def test_an_extension_adds_its_amount_and_its_citation() -> None:
    allowed = Extension(10, Unit.WORKING_DAY, 1, "head_of_body", citations=("行政许可法 第四十二条第一款",))
    limit = Limit(20, Unit.WORKING_DAY, extension=allowed)
    found = deadline(limit, date(2026, 9, 1), CALENDAR, extensions=[allowed])
    assert found.due_on == deadline(days(30), date(2026, 9, 1), CALENDAR).due_on
    assert found.amount == 30
    assert "行政许可法 第四十二条第一款" in found.citations


def test_an_extension_the_limit_does_not_allow_is_refused() -> None:
    ten = Extension(10, Unit.WORKING_DAY)
    limit = Limit(20, Unit.WORKING_DAY, extension=ten)
    with pytest.raises(ClockError, match="没有可以延长"):
        deadline(days(20), date(2026, 9, 1), CALENDAR, extensions=[ten])
    with pytest.raises(ClockError, match="最多延长 1 次"):
        deadline(limit, date(2026, 9, 1), CALENDAR, extensions=[ten, ten])
    with pytest.raises(ClockError, match="每次最多延长"):
        deadline(limit, date(2026, 9, 1), CALENDAR, extensions=[Extension(11, Unit.WORKING_DAY)])
    with pytest.raises(ClockError, match="每次最多延长"):
        deadline(limit, date(2026, 9, 1), CALENDAR, extensions=[Extension(5, Unit.CALENDAR_DAY)])


def test_a_deadline_across_an_unannounced_day_is_provisional_and_names_the_days() -> None:
    assert not deadline(days(1), date(2026, 12, 30), CALENDAR).provisional
    found = deadline(days(2), date(2026, 12, 30), CALENDAR)
    assert found.provisional
    assert found.assumed_on == (date(2027, 1, 1),)


def test_a_limit_whose_end_no_notice_can_move_is_not_provisional() -> None:
    limit = Limit(1, Unit.YEAR, end_rule=EndRule.NO_ROLL)
    assert not deadline(limit, date(2026, 12, 1), CALENDAR).provisional
    assert deadline(Limit(1, Unit.YEAR), date(2026, 12, 1), CALENDAR).provisional


def test_counting_back_looks_only_at_the_days_before_the_anchor() -> None:
    limit = Limit(2, Unit.WORKING_DAY, direction=Direction.BEFORE)
    assert not deadline(limit, date(2027, 1, 1), CALENDAR).provisional
    assert deadline(limit, date(2027, 1, 4), CALENDAR).provisional


def test_what_cannot_be_counted_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnsupportedUnit, match="工作小时"):
        deadline(days(4, Unit.WORKING_HOUR), date(2026, 9, 1), CALENDAR)
    with pytest.raises(ClockError, match="时区"):
        deadline(days(4), datetime(2026, 9, 1, 8, tzinfo=UTC).replace(tzinfo=None), CALENDAR)
    with pytest.raises(ClockError, match="具体时刻"):
        deadline(days(4, Unit.HOUR), date(2026, 9, 1), CALENDAR)
    back = Limit(3, Unit.WORKING_DAY, direction=Direction.BEFORE)
    review = Suspension(date(2026, 9, 1), None, "review")
    with pytest.raises(ClockError, match="倒算"):
        deadline(back, date(2026, 9, 9), CALENDAR, suspensions=[review])
    with pytest.raises(ClockError, match="超出"):
        deadline(days(3), date(9999, 12, 30), CALENDAR)
    with pytest.raises(ClockError, match="超出"):
        deadline(days(3, Unit.YEAR), date(9998, 12, 30), CALENDAR)


@pytest.mark.parametrize(
    ("start", "cites"),
    [
        (date(2021, 1, 1), ("民法典 第二百零一条", "民法典 第二百零二条", "民法典 第二百零三条")),
        (date(2020, 12, 31), ("民法总则 第二百零一条", "民法总则 第二百零二条", "民法总则 第二百零三条")),
        (date(2017, 9, 30), ("民法通则 第一百五十四条",)),
        (date(1986, 12, 31), ()),
    ],
)
def test_the_articles_on_counting_are_those_in_force_on_the_day(start: date, cites: tuple[str, ...]) -> None:
    free = Calendar(holidays={}, make_up={}, announced=[(date(1980, 1, 1), date(2030, 12, 31))])
    month = next(
        found
        for n in range(12)
        if (found := deadline(Limit(n + 1, Unit.MONTH), start, free)).rolled_from or n == 11
    )
    assert month.citations == cites
