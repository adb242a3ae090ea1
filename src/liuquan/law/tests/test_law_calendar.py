"""The national calendar: our notices against an independent table, and against the law's own balance."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from liuquan.clock import Calendar, Day, DayKind
from liuquan.law import (
    CalendarYear,
    LawError,
    calendar_from,
    check_calendar,
    load_calendar,
    load_law,
    national_calendar,
    statutory_days,
)

#: Days where the independent table and our notices differ, each with the reason. None is known.
DIFFERENCES: dict[date, str] = {}

#: Days off per year by 全国年节及纪念日放假办法, and the years that had another number.
STATUTORY = 11
OTHER_YEARS = {
    2004: 10,
    2005: 10,
    2006: 11,  # one more than the law gave: no table known here has the day worked for 3 January
    2007: 10,  # before the revision in force from 2008: New Year 1, Spring Festival 3, May 3, October 3
    2015: 12,  # the 70th anniversary of victory, 国发明电〔2015〕1号
    2020: 13,  # 国办发明电〔2020〕1号: Friday 31 January given free, Saturday 1 February no longer worked
    2025: 13,  # the revision in force from 2025: Spring Festival eve and 2 May added
    2026: 13,
}


@pytest.mark.fact("T-12")
@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_equals_an_independent_table(year: int) -> None:
    calendar, on = national_calendar(), date(year, 1, 1)
    while on.year == year:
        if on not in DIFFERENCES:
            assert calendar.is_working(on) == chinese_calendar.is_workday(on), on
        assert calendar.kind(on) is not DayKind.NOT_ANNOUNCED
        on += timedelta(days=1)


def balance(year: CalendarYear) -> int:
    """Weekdays given free less weekend days worked for them: what the law gives; moved days cancel out."""
    days = [one for notice in year.notices for one in notice.days]
    given = sum(one.on.weekday() < 5 for one in days if one.kind is DayKind.OFF)
    return given - sum(one.kind is DayKind.WORKING for one in days)


@pytest.mark.fact("T-12")
@pytest.mark.parametrize("year", load_calendar(), ids=lambda year: str(year.year))
def test_every_year_balances_to_the_statutory_days(year: CalendarYear) -> None:
    assert balance(year) == OTHER_YEARS.get(year.year, STATUTORY)


def test_the_files_have_no_complaint_and_every_notice_its_number_and_date() -> None:
    years = load_calendar()
    assert [year.year for year in years] == list(range(2004, 2027))
    assert check_calendar(years) == []
    for year in (year for year in years if year.year >= 2007):  # of the older only the days are known
        for notice in year.notices:
            assert notice.number
            assert notice.issued_on is not None
            assert notice.issued_on < max(one.on for one in notice.days)


@pytest.mark.fact("T-14")
def test_the_make_up_days_of_2026_are_the_six_of_its_notice() -> None:
    worked = [day.on for day in national_calendar().exceptions() if day.kind is DayKind.WORKING]
    assert [on.strftime("%m-%d") for on in worked if on.year == 2026] == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]


def test_a_december_day_may_be_ruled_by_the_next_years_notice() -> None:
    day = national_calendar().day(date(2018, 12, 31))
    assert day.kind is DayKind.OFF
    assert "2019年" in day.source
    assert calendar_from(load_calendar(years=[2018])).is_working(date(2018, 12, 31))


def test_a_year_without_a_notice_is_not_announced() -> None:
    assert national_calendar().kind(date(2027, 1, 4)) is DayKind.NOT_ANNOUNCED
    with pytest.raises(LawError, match="2027 年的放假安排尚未公布"):
        load_calendar(years=[2026, 2027])


def test_a_year_before_the_first_is_not_kept_and_never_called_unpublished() -> None:
    day = national_calendar().day(date(2003, 5, 6))
    assert day.kind is DayKind.NOT_ANNOUNCED
    assert day.reason == "早于收录的第一年，放假安排没有收录，按周末规则推定为工作日"
    with pytest.raises(LawError, match="2003 年的放假安排没有收录"):
        load_calendar(years=[2003])


#: The weekdays of two unannounced years that the law gives, by hand from a printed lunar calendar.
FIXED_BY_LAW = {
    2027: "01-01 02-05 02-08 04-05 06-09 09-15 10-01",
    2028: "01-25 01-26 01-27 01-28 04-04 05-01 05-02 10-02 10-03",
}


@pytest.mark.fact("T-12")
@pytest.mark.parametrize("year", FIXED_BY_LAW)
def test_holidays_fixed_by_law_are_never_working_days_in_an_unannounced_year(year: int) -> None:
    calendar, days = national_calendar(), [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [on for on in days if on.weekday() < 5 and calendar.kind(on) is DayKind.OFF]
    assert " ".join(on.strftime("%m-%d") for on in off) == FIXED_BY_LAW[year]
    assert not any(calendar.is_working(on) for on in off)
    assert all(calendar.day(on).source == "全国年节及纪念日放假办法 第二条" for on in off)


@pytest.mark.fact("T-12")
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_days_fixed_by_law_are_off_in_the_notices_too_and_as_many_as_the_law_says(year: int) -> None:
    fixed = [on for on in statutory_days() if on.year == year]
    assert len(fixed) == load_law().figure("holidays.days", on=date(year, 1, 1)).amount
    assert not any(national_calendar().is_working(on) for on in fixed)


def test_a_notice_prevails_over_what_the_law_alone_says() -> None:
    announced = [(date(2027, 1, 1), date(2027, 12, 31))]
    calendar = Calendar.from_days(
        [Day(date(2027, 10, 1), DayKind.OFF, "国庆节", "某通知")],
        announced=announced,
        statutory=statutory_days(),
    )
    assert calendar.day(date(2027, 10, 1)).source == "某通知"
    assert calendar.is_working(date(2027, 2, 5))  # the notice names the year whole and not this day


def test_notices_at_odds_and_broken_files_are_refused(tmp_path: Path) -> None:
    off = '[[notices]]\ntitle = "甲"\n[[notices.holidays]]\nname = "节"\noff = [2030-05-04]\n'
    work = off.replace("甲", "乙").replace("off", "work")
    (tmp_path / "2030.toml").write_text(f"year = 2030\n{off}{work}", encoding="utf-8")
    with pytest.raises(LawError, match="矛盾"):
        calendar_from(load_calendar(tmp_path))
    assert len(check_calendar(load_calendar(tmp_path))) == 1
    (tmp_path / "2030.toml").write_text("year = 2031\n", encoding="utf-8")
    with pytest.raises(LawError, match="不一致"):
        load_calendar(tmp_path)
    (tmp_path / "2030.toml").write_text("year = 2030\nextra = 1\n", encoding="utf-8")
    with pytest.raises(LawError, match="extra"):
        load_calendar(tmp_path)
    (tmp_path / "2030.toml").write_text("year = 2030\n[[notices]]\n", encoding="utf-8")
    with pytest.raises(LawError, match="标题"):
        load_calendar(tmp_path)


def test_a_make_up_day_on_a_weekday_is_a_complaint(tmp_path: Path) -> None:
    text = 'year = 2030\n[[notices]]\ntitle = "甲"\n[[notices.holidays]]\nname = "节"\nwork = [2030-05-03]\n'
    (tmp_path / "2030.toml").write_text(text, encoding="utf-8")
    assert "不是周末" in check_calendar(load_calendar(tmp_path))[0]
