"""Working hours, the close of business, filings after hours: a body's hours as a value."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from liuquan.clock import (
    AfterHours,
    Calendar,
    ClockError,
    CountingRules,
    DayEnd,
    Direction,
    EndRule,
    Limit,
    OfficeHours,
    Season,
    Suspension,
    Unit,
    UnsupportedUnit,
    deadline,
    explanation_text,
    filing,
    next_open,
    remaining,
    warn_at,
)

CHINA = timezone(timedelta(hours=8))
CALENDAR = Calendar(
    holidays={date(2026, 10, day): ("国庆节", "2026年通知") for day in range(1, 8)},
    make_up={date(2026, 10, 10): ("国庆节", "2026年通知")},
    announced=[(date(2026, 1, 1), date(2026, 12, 31))],
)
HOURS = OfficeHours.parse("08:30-12:00,13:30-17:30")
SUMMER = Season((7, 1), (9, 30), ((time(8), time(12)), (time(15), time(18))))
LATE = CountingRules(after_hours=AfterHours.NEXT_WORKING_TIME, source="云溪市设置")


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def hours(amount: int, start: datetime, *suspensions: Suspension, of: OfficeHours = HOURS) -> datetime:
    limit = Limit(amount, Unit.WORKING_HOUR)
    found = deadline(limit, start, CALENDAR, hours=of, suspensions=suspensions)
    assert found.due_at.utcoffset() == timedelta(0)
    return found.due_at.astimezone(CHINA)


@pytest.mark.parametrize(
    ("amount", "start", "expected"),
    [
        (1, at(3, 2, 9), at(3, 2, 10)),
        (3, at(3, 2, 9), at(3, 2, 12)),  # full when the morning ends, not after the break
        (4, at(3, 2, 9), at(3, 2, 14, 30)),  # over the break
        (8, at(3, 2, 9), at(3, 3, 9, 30)),  # a day has seven and a half hours
        (2, at(3, 2, 7), at(3, 2, 10, 30)),  # before opening
        (2, at(3, 2, 12, 30), at(3, 2, 15, 30)),  # in the break
        (2, at(3, 2, 17, 30), at(3, 3, 10, 30)),  # at the close
        (2, at(3, 6, 16, 30), at(3, 9, 9, 30)),  # over a weekend
        (2, at(9, 30, 16, 30), at(10, 8, 9, 30)),  # over the National Day
        (2, at(10, 9, 17), at(10, 10, 10)),  # a make-up Saturday is worked
        (0, at(3, 7, 3), at(3, 7, 3)),  # at once
        (75, at(3, 2, 8, 30), at(3, 13, 17, 30)),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(
    amount: int, start: datetime, expected: datetime
) -> None:
    assert hours(amount, start) == expected


def test_suspended_days_are_left_out_of_working_hours_whole() -> None:
    away = Suspension(date(2026, 3, 2), date(2026, 3, 4), "test")
    assert hours(8, at(3, 2, 9), away) == at(3, 5, 9, 30)


def test_seasons_change_the_hours_and_may_run_over_the_new_year() -> None:
    seasonal = OfficeHours(HOURS.spans, (SUMMER,))
    assert hours(5, at(7, 1, 8), of=seasonal) == at(7, 1, 16)
    assert hours(5, at(6, 30, 8, 30), of=seasonal) == at(6, 30, 15)
    winter = Season((11, 1), (3, 31), HOURS.spans)
    assert [winter.covers(date(2026, *day)) for day in ((10, 31), (11, 1), (1, 15), (3, 31), (4, 1))] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [SUMMER.covers(date(2026, *day)) for day in ((6, 30), (7, 1), (9, 30), (10, 1))] == [
        False,
        True,
        True,
        False,
    ]


def test_working_hours_are_counted_back_too() -> None:
    limit = Limit(4, Unit.WORKING_HOUR, direction=Direction.BEFORE)
    found = deadline(limit, at(3, 2, 9, 30), CALENDAR, hours=HOURS)
    assert found.due_at == at(2, 27, 14, 30)  # Friday; the Monday gives one hour


def test_working_hours_without_office_hours_are_refused() -> None:
    with pytest.raises(UnsupportedUnit, match="办公时间"):
        deadline(Limit(4, Unit.WORKING_HOUR), at(3, 2, 9), CALENDAR)


def test_what_remains_and_the_warning_follow_the_open_hours() -> None:
    found = deadline(Limit(10, Unit.WORKING_HOUR), at(3, 2, 8, 30), CALENDAR, hours=HOURS)
    assert found.due_at == at(3, 3, 11)
    assert remaining(found, at(3, 2, 20), CALENDAR) == 2
    assert remaining(found, at(3, 3, 10, 59), CALENDAR) == 0
    assert remaining(found, at(3, 3, 14, 30), CALENDAR) == -2
    assert warn_at(found, CALENDAR, "0.9") == at(3, 3, 10)
    assert "2026年3月3日11:00届满" in explanation_text(found)


def test_the_explanation_names_the_open_spans_and_the_rest_days() -> None:
    found = deadline(Limit(10, Unit.WORKING_HOUR), at(3, 6, 9), CALENDAR, hours=HOURS)
    assert [day.on.day for day in found.days] == [6, 7, 8, 9]
    assert "08:30至12:00、13:30至17:30" in found.days[0].reason
    assert found.days[1].reason == "周末公休"


def test_working_hours_over_an_unannounced_year_are_provisional() -> None:
    found = deadline(
        Limit(8, Unit.WORKING_HOUR), datetime(2026, 12, 31, 16, tzinfo=CHINA), CALENDAR, hours=HOURS
    )
    assert (found.provisional, found.assumed_on[0]) == (True, date(2027, 1, 1))
    assert "尚未公布" in found.notes[0]


@pytest.mark.fact("T-03")
def test_a_last_day_is_over_at_the_close_of_business_where_a_place_says_so() -> None:
    rules = CountingRules(ends=DayEnd.CLOSE)
    found = deadline(Limit(5, Unit.WORKING_DAY), date(2026, 3, 2), CALENDAR, hours=HOURS, rules=rules)
    assert found.due_at == at(3, 9, 17, 30)
    assert deadline(Limit(5, Unit.WORKING_DAY), date(2026, 3, 2), CALENDAR).due_at == at(3, 10, 0)
    stays = Limit(5, Unit.CALENDAR_DAY, end_rule=EndRule.NO_ROLL)
    on_saturday = deadline(stays, date(2026, 3, 2), CALENDAR, hours=HOURS, rules=rules)
    assert on_saturday.due_at == at(3, 8, 0)
    with pytest.raises(ClockError, match="办公时间"):
        deadline(Limit(5, Unit.WORKING_DAY), date(2026, 3, 2), CALENDAR, rules=rules)


@pytest.mark.parametrize(
    ("filed", "counts"),
    [
        (at(3, 2, 9), at(3, 2, 9)),
        (at(3, 2, 8), at(3, 2, 8, 30)),
        (at(3, 2, 12), at(3, 2, 13, 30)),
        (at(3, 2, 17, 29), at(3, 2, 17, 29)),
        (at(3, 2, 17, 30), at(3, 3, 8, 30)),
        (at(3, 7, 10), at(3, 9, 8, 30)),
    ],
)
def test_a_filing_after_hours_counts_from_the_next_working_time_by_setting(
    filed: datetime, counts: datetime
) -> None:
    found = filing(filed, CALENDAR, HOURS, LATE)
    assert found.counts_at == counts
    assert bool(found.note) == (filed != counts)
    assert filing(filed, CALENDAR, HOURS).counts_at == filed


def test_the_note_of_a_late_filing_names_whose_setting_it_is() -> None:
    assert filing(at(3, 2, 18), CALENDAR, HOURS, LATE).note == (
        "办公时间以外提交，按云溪市设置视为2026-03-03 08:30提交"
    )
    with pytest.raises(ClockError, match="时区"):
        filing(datetime(2026, 3, 2, 9), CALENDAR, HOURS, LATE)  # noqa: DTZ001


def test_next_open_is_now_while_the_office_is_open() -> None:
    assert next_open(at(3, 2, 16), CALENDAR, HOURS) == at(3, 2, 16)
    assert next_open(at(10, 1, 9), CALENDAR, HOURS) == at(10, 8, 8, 30)


@pytest.mark.parametrize(
    "text", ["", "08:30", "08:30-", "12:00-08:30", "08:30-12:00,11:00-17:00", "8点-12点", "09:00-09:00"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ClockError):
        OfficeHours.parse(text)


def test_seasons_that_overlap_or_do_not_exist_are_refused() -> None:
    with pytest.raises(ClockError, match="重叠"):
        OfficeHours(HOURS.spans, (SUMMER, Season((9, 30), (10, 31), HOURS.spans)))
    with pytest.raises(ClockError, match="不存在"):
        Season((2, 30), (3, 1), HOURS.spans)
    with pytest.raises(ClockError, match="至少"):
        OfficeHours(())
    with pytest.raises(ClockError, match="时区"):
        OfficeHours(((time(8, tzinfo=UTC), time(9, tzinfo=UTC)),))


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("工作日 09:00—12:00，13:30—17:00", 2),
        ("周一至周五 9：00 ~ 17：30", 1),
        ("9:00至12:00，14:00至18:00（周末预约）", 2),
        ("工作日上班时间", 0),
        ("", 0),
    ],
)
def test_published_hours_are_read_out_of_the_words(words: str, spans: int) -> None:
    found = OfficeHours.published(words, "某局")
    assert (len(found.spans) if found else 0) == spans
