"""The exact boundary of each rule: the day, the moment and the word on both sides of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from liuquan.clock import (
    Calendar,
    ClockError,
    Direction,
    Extension,
    Limit,
    OfficeHours,
    Resumption,
    Season,
    Sense,
    Suspension,
    Unit,
    deadline,
    explanation_text,
    overruns,
    refuse_too_early,
    remaining,
    time_left,
    warn_at,
    warn_ordinal,
)

CHINA = timezone(timedelta(hours=8))
CALENDAR = Calendar(
    holidays={date(2026, 10, day): ("国庆节", "2026年通知") for day in range(1, 8)},
    make_up={date(2026, 10, 10): ("国庆节", "2026年通知")},
    announced=[(date(2026, 1, 1), date(2026, 12, 31))],
)
HOURS = OfficeHours.parse("08:30-12:00,13:30-17:30")
START = date(2026, 3, 2)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def back(amount: int, unit: Unit, start: date | datetime, hours: OfficeHours | None = None) -> datetime:
    limit = Limit(amount, unit, direction=Direction.BEFORE)
    return deadline(limit, start, CALENDAR, hours=hours).due_at.astimezone(CHINA)


# -- nothing left is not late --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "start", "moment", "text", "late"),
    [
        (Limit(5, Unit.WORKING_DAY), START, date(2026, 3, 9), "还剩0个工作日", False),
        (Limit(5, Unit.WORKING_DAY), START, date(2026, 3, 10), "已超过1个工作日", True),
        (Limit(4, Unit.CALENDAR_DAY), START, date(2026, 3, 6), "还剩0日（自然日）", False),
        (Limit(1, Unit.MONTH), START, date(2026, 4, 2), "还剩0个月", False),
        (Limit(1, Unit.MONTH), START, date(2026, 4, 3), "已超过1日", True),
        (Limit(1, Unit.YEAR), date(2025, 3, 3), date(2026, 3, 3), "还剩0年", False),
        (Limit(1, Unit.YEAR), date(2025, 3, 3), date(2026, 3, 4), "已超过1日", True),
        (Limit(2, Unit.MONTH), START, date(2026, 4, 4), "还剩1个月", False),
        (Limit(2, Unit.MONTH), START, date(2026, 1, 1), "还剩2个月零2日", False),
        (Limit(1, Unit.MONTH), START, date(2026, 5, 2), "已超过1个月", True),
        (
            Limit(1, Unit.MONTH, direction=Direction.BEFORE),
            date(2026, 6, 1),
            date(2026, 3, 20),
            "还剩1个月零11日",
            False,
        ),
        (Limit(2, Unit.HOUR), at(3, 2), at(3, 2, 11), "还剩0小时", False),
        (Limit(2, Unit.HOUR), at(3, 2), at(3, 2, 11) + timedelta(seconds=1), "已超过1秒", True),
    ],
)
def test_the_last_moment_is_still_in_time(
    limit: Limit, start: date | datetime, moment: date | datetime, text: str, late: bool
) -> None:
    left = time_left(deadline(limit, start, CALENDAR), moment, CALENDAR)
    assert (left.text, left.late) == (text, late)


def test_a_month_that_began_anew_is_told_from_its_new_beginning() -> None:
    anew = Suspension(date(2026, 3, 5), date(2026, 3, 10), "test", resumes=Resumption.RESTART)
    found = deadline(Limit(1, Unit.MONTH), START, CALENDAR, suspensions=[anew])
    assert found.due_on == date(2026, 4, 10)
    assert time_left(found, date(2026, 3, 4), CALENDAR).text == "还剩1个月"
    assert remaining(found, date(2026, 4, 9), CALENDAR) == 1


# -- hours ---------------------------------------------------------------------------------------------


def test_hours_are_counted_back_from_the_moment() -> None:
    assert back(24, Unit.HOUR, at(3, 3)) == at(3, 2)
    assert back(30, Unit.MINUTE, at(3, 3)) == at(3, 3, 8, 30)


@pytest.mark.parametrize(
    ("amount", "start", "expected"),
    [
        (1, at(3, 4, 10), at(3, 4, 9)),
        (2, at(3, 4, 14), at(3, 4, 10, 30)),
        (4, at(3, 4, 17, 30), at(3, 4, 13, 30)),  # full when the afternoon began
        (8, at(3, 4, 9), at(3, 3, 8, 30)),  # the day before, not one earlier
        (15, at(3, 4, 17, 30), at(3, 3, 8, 30)),
    ],
)
def test_working_hours_are_counted_back_through_every_open_span(
    amount: int, start: datetime, expected: datetime
) -> None:
    assert back(amount, Unit.WORKING_HOUR, start, HOURS) == expected


def test_suspended_time_outside_the_hours_changes_nothing() -> None:
    before = Suspension(date(2026, 2, 20), date(2026, 2, 25), "test")
    after = Suspension(date(2026, 3, 6), date(2026, 3, 9), "test")
    found = deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR, suspensions=[before, after])
    assert found.due_at == at(3, 3)
    overlapping = Suspension(date(2026, 2, 28), START, "test")
    found = deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR, suspensions=[overlapping])
    assert found.due_at == at(3, 4, 0)


def test_only_the_days_touched_make_working_hours_provisional() -> None:
    short = Calendar(holidays={}, make_up={}, announced=[(date(2026, 3, 3), date(2026, 3, 31))])
    touching = deadline(Limit(2, Unit.WORKING_HOUR), at(3, 2), short, hours=HOURS)
    clear = deadline(Limit(2, Unit.WORKING_HOUR), at(3, 3), short, hours=HOURS)
    assert (touching.assumed_on, clear.assumed_on) == ((START,), ())


def test_citations_of_hours_do_not_claim_a_rest_day_was_passed_over() -> None:
    assert deadline(Limit(2, Unit.HOUR), at(3, 7), CALENDAR).citations == ("民法典 第二百零一条",)


@pytest.mark.parametrize(
    ("share", "expected"), [("0.5", at(3, 2, 14)), ("0.75", at(3, 2, 16, 30)), ("0.2", at(3, 2, 11))]
)
def test_the_warning_of_hours_begins_when_that_share_is_over(share: str, expected: datetime) -> None:
    assert warn_at(deadline(Limit(10, Unit.HOUR), at(3, 2), CALENDAR), CALENDAR, share) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [("0.5", at(3, 2, 15)), ("0.25", at(3, 2, 11)), ("0.2", at(3, 2, 10, 30))]
)
def test_the_warning_of_working_hours_begins_when_that_share_of_open_time_is_over(
    share: str, expected: datetime
) -> None:
    found = deadline(Limit(10, Unit.WORKING_HOUR), at(3, 2, 8, 30), CALENDAR, hours=HOURS)
    assert warn_at(found, CALENDAR, share) == expected


def test_a_limit_counted_back_warns_only_at_its_end() -> None:
    limit = Limit(10, Unit.HOUR, direction=Direction.BEFORE)
    found = deadline(limit, at(3, 3), CALENDAR)
    assert warn_at(found, CALENDAR, "0.5") == found.due_at
    working = replace(limit, unit=Unit.WORKING_HOUR)
    found = deadline(working, at(3, 3), CALENDAR, hours=HOURS)
    assert warn_at(found, CALENDAR, "0.5") == found.due_at


def test_a_share_of_nothing_warns_on_the_first_day() -> None:
    assert warn_ordinal(10, "0") == 1
    with pytest.raises(ClockError):
        warn_ordinal(10, "1")


def test_hours_that_began_anew_are_whole_until_the_suspension_is_over() -> None:
    anew = Suspension(START, date(2026, 3, 4), "test", resumes=Resumption.RESTART)
    found = deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR, suspensions=[anew])
    assert remaining(found, at(3, 2), CALENDAR) == 24
    assert remaining(found, at(3, 5, 12), CALENDAR) == 12


# -- office hours --------------------------------------------------------------------------------------


def test_a_season_of_one_day_and_spans_that_touch_are_allowed() -> None:
    one_day = Season((7, 1), (7, 1), HOURS.spans)
    assert [one_day.covers(date(2026, 7, day)) for day in (1, 2)] == [True, False]
    assert not one_day.covers(date(2026, 6, 30))
    assert OfficeHours.parse("08:00-12:00,12:00-16:00").opens_at(START) == at(3, 2, 8)
    leap = Season((2, 29), (2, 29), HOURS.spans)
    assert leap.covers(date(2028, 2, 29))


@pytest.mark.parametrize("day", [(1, 1), (2, 29), (12, 31)])
def test_seasons_that_overlap_on_any_one_day_are_refused(day: tuple[int, int]) -> None:
    with pytest.raises(ClockError, match="重叠"):
        OfficeHours(HOURS.spans, (Season(day, day, HOURS.spans), Season(day, day, HOURS.spans)))


# -- explanations --------------------------------------------------------------------------------------


def test_a_working_day_limit_counted_back_passes_over_rest_days() -> None:
    limit = Limit(3, Unit.WORKING_DAY, direction=Direction.BEFORE, label="举行听证的通知")
    found = deadline(limit, date(2026, 3, 10), CALENDAR)
    assert found.due_on == date(2026, 3, 5)
    assert [(day.on.day, day.ordinal) for day in found.days] == [
        (5, 3),
        (6, 2),
        (7, None),
        (8, None),
        (9, 1),
        (10, None),
    ]
    assert found.days[2].reason == "周末公休"
    assert found.days[-1].reason == "起算日，不计入"


def test_the_end_moved_back_and_the_days_it_passed_over_are_told_apart() -> None:
    limit = Limit(2, Unit.CALENDAR_DAY, direction=Direction.BEFORE)
    found = deadline(limit, date(2026, 3, 10), CALENDAR)  # the 8th is a Sunday
    assert [(day.on.day, day.reason) for day in found.days[:3]] == [
        (6, "提前后的届满日"),
        (7, "倒算届满日为休息日，提前"),
        (8, "周末公休"),
    ]
    at_once = deadline(replace(limit, amount=0), START, CALENDAR)
    assert [day.reason for day in at_once.days] == ["即时办理，当日届满"]


def test_days_left_out_are_told_in_spans_and_the_moved_end_only_once() -> None:
    away = Suspension(date(2026, 3, 3), date(2026, 3, 4), "test", label="检测")
    text = explanation_text(deadline(Limit(5, Unit.WORKING_DAY), START, CALENDAR, suspensions=[away]))
    assert "检测1日（3月4日，所需时间不计入）、周末公休2日" in text
    longer = replace(away, to_on=date(2026, 3, 5))
    text = explanation_text(deadline(Limit(5, Unit.WORKING_DAY), START, CALENDAR, suspensions=[longer]))
    assert "检测2日（3月4日至3月5日" in text
    rolled = explanation_text(deadline(Limit(15, Unit.CALENDAR_DAY), date(2026, 9, 16), CALENDAR))
    assert rolled.count("国庆节放假") == 1
    assert "不计入15" not in rolled
    assert "，不计入" not in rolled.replace("起算日不计入", "")


# -- suspensions and extensions ------------------------------------------------------------------------


def test_a_ground_that_stops_nothing_does_not_hide_the_next_one() -> None:
    limit = Limit(5, Unit.WORKING_DAY, excludes=("test",), label="审查期限")
    none = Suspension(date(2026, 3, 3), date(2026, 3, 4), "waiting", label="等待补正")
    good = Suspension(date(2026, 3, 4), date(2026, 3, 6), "test")
    found = deadline(limit, START, CALENDAR, suspensions=[none, good])
    assert (found.due_on, found.suspensions) == (date(2026, 3, 11), (good,))
    assert found.notes[0].startswith("等待补正（2026-03-03起）不属于")
    plain = deadline(limit, START, CALENDAR, suspensions=[replace(none, label="")])
    assert plain.notes[0].startswith("waiting（")


def test_of_two_open_suspensions_the_earlier_one_rests_the_duty() -> None:
    limit = Limit(5, Unit.WORKING_DAY)
    late = Suspension(date(2026, 3, 9), None, "a")
    early = Suspension(date(2026, 3, 4), None, "b")
    for both in ([late, early], [early, late]):
        assert deadline(limit, START, CALENDAR, suspensions=both, until=date(2026, 3, 9)).suspended
    on_the_day = deadline(limit, START, CALENDAR, suspensions=[early], until=date(2026, 3, 4))
    assert (on_the_day.suspended, on_the_day.due_on) == (True, date(2026, 3, 9))
    not_yet = deadline(limit, START, CALENDAR, suspensions=[early], until=date(2026, 3, 3))
    assert not not_yet.suspended


def test_an_extension_beyond_the_rule_names_the_limit() -> None:
    rule = Extension(5, Unit.WORKING_DAY)
    for label, name in (("审查期限", "审查期限"), ("", "该期限")):
        plain = Limit(10, Unit.WORKING_DAY, label=label)
        extendable = replace(plain, extension=rule)
        for limit, granted in (
            (plain, [rule]),
            (extendable, [rule, rule]),
            (extendable, [Extension(6, Unit.WORKING_DAY)]),
        ):
            with pytest.raises(ClockError, match=f"^{name}"):
                deadline(limit, START, CALENDAR, extensions=granted)


def test_a_wait_without_a_name_is_called_the_prescribed_time() -> None:
    found = deadline(Limit(5, Unit.WORKING_DAY, sense=Sense.AT_LEAST), START, CALENDAR)
    with pytest.raises(ClockError, match="^规定的期间（5个工作日）"):
        refuse_too_early(found, at(3, 3))


# -- values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "most"),
    [
        (Unit.SECOND, 3_155_760_000),
        (Unit.MINUTE, 52_596_000),
        (Unit.HOUR, 876_600),
        (Unit.WORKING_HOUR, 876_600),
        (Unit.WORKING_DAY, 36_525),
        (Unit.CALENDAR_DAY, 36_525),
        (Unit.MONTH, 1_200),
        (Unit.YEAR, 100),
    ],
)
def test_a_hundred_years_are_the_most_in_every_unit(unit: Unit, most: int) -> None:
    assert Limit(most, unit).amount == most
    with pytest.raises(ClockError, match="不合理"):
        Limit(most + 1, unit)


def test_an_announced_end_on_the_first_day_is_allowed() -> None:
    assert Suspension(START, None, "test", announced_to_on=START).announced_to_on == START


def test_only_the_unannounced_days_an_end_rests_on_are_assumed() -> None:
    short = Calendar(holidays={}, make_up={}, announced=[(date(2026, 3, 3), date(2026, 3, 31))])
    counted_back = Limit(2, Unit.WORKING_DAY, direction=Direction.BEFORE)
    assert deadline(counted_back, date(2026, 3, 4), short).assumed_on == (START,)
    assert deadline(counted_back, date(2026, 3, 5), short).assumed_on == ()
    assert deadline(counted_back, date(2026, 4, 2), short).assumed_on == (date(2026, 4, 1),)
    assert deadline(counted_back, date(2026, 4, 1), short).assumed_on == ()
    late = Calendar(holidays={}, make_up={}, announced=[(date(2026, 1, 1), date(2026, 3, 7))])
    rolled = deadline(Limit(5, Unit.CALENDAR_DAY), START, late)
    assert rolled.assumed_on == (date(2026, 3, 8), date(2026, 3, 9))
    early = deadline(Limit(4, Unit.CALENDAR_DAY), START, late)
    assert (early.due_on, early.assumed_on) == (date(2026, 3, 6), ())


def test_at_once_the_quick_way_is_the_start_even_on_a_rest_day() -> None:
    assert CALENDAR.due_on(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_a_limit_read_back_has_its_own_kinds_and_not_their_names() -> None:
    limit = Limit(5, Unit.WORKING_DAY, direction=Direction.BEFORE, sense=Sense.AT_LEAST)
    again = Limit.from_json(limit.to_json())
    assert again == limit
    assert (again.unit is Unit.WORKING_DAY, again.direction is Direction.BEFORE) == (True, True)
    assert again.sense is Sense.AT_LEAST


# -- what the mutants of the clock showed ---------------------------------------------------------------


def test_a_suspension_that_is_planned_to_end_later_is_over_by_the_days_gone_only() -> None:
    told = Suspension(date(2026, 3, 2), date(2026, 3, 20), "hearing", announced_to_on=date(2026, 3, 6))
    (running,) = overruns([told], date(2026, 3, 10))
    assert (running.over, running.ended) == (4, False)
    (ended,) = overruns([told], date(2026, 3, 20))
    assert (ended.over, ended.ended) == (14, True)


def test_only_the_days_the_end_rule_looked_at_are_assumed() -> None:
    found = deadline(Limit(15, Unit.CALENDAR_DAY), date(2026, 12, 18), CALENDAR)
    assert found.due_on == date(2027, 1, 4)
    assert found.assumed_on == (date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4))


def test_hours_of_the_clock_do_not_heed_office_hours() -> None:
    limit = Limit(24, Unit.HOUR)
    found = deadline(limit, at(3, 2, 16), CALENDAR, hours=HOURS)
    assert found.due_at == at(3, 3, 16)
    assert remaining(found, at(3, 2, 18), CALENDAR) == 22
    assert warn_at(found, CALENDAR, "0.5") == at(3, 3, 4)


def test_time_left_out_that_begins_when_the_hours_are_over_moves_nothing() -> None:
    limit = Limit(24, Unit.HOUR, excludes=("hearing",))
    begins = datetime(2026, 3, 3, 0, 0, tzinfo=CHINA)
    away = Suspension(date(2026, 3, 3), date(2026, 3, 5), "hearing")  # from midnight after the 3rd
    assert deadline(limit, begins, CALENDAR, suspensions=[away]).due_at == at(3, 4, 0)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ("08:30-12:00,17:30-13:30", "先后有序"),
        ("08:30-12:00,13:30-17:30,17:00-18:00", "互不重叠"),
        ("08:30-12:00,12:00-17:30", ""),
    ],
)
def test_one_wrong_span_among_good_ones_is_enough_to_refuse(spans: str, words: str) -> None:
    if not words:
        assert len(OfficeHours.parse(spans).spans) == 2
        return
    with pytest.raises(ClockError, match=words):
        OfficeHours.parse(spans)


def test_one_time_with_a_zone_is_enough_to_refuse() -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=CHINA).timetz()
    with pytest.raises(ClockError, match="不带时区"):
        OfficeHours(((nine, nine.replace(hour=12, tzinfo=None)),))
