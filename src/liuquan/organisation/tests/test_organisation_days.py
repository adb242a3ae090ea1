"""The working-day calendar: from the law's files, changed by notices, kept by version, counted in SQL."""

from datetime import UTC, date, datetime, timedelta

import pytest

from liuquan import law
from liuquan.clock import Day, DayKind
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.kernel.sql import run, run_one
from liuquan.organisation import actions, queries
from liuquan.organisation.calendars import Notices, reaching
from liuquan.organisation.models import CalendarDay, HolidayNotice, Workday
from liuquan.organisation.types import SYSTEM, Actor, DivisionData, OrganisationData

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
YEARS = (2025, 2026)
COUNTY = "990121000000"
WORKED = date(2026, 3, 17)


@pytest.fixture
def days() -> None:
    actions.load_calendar(YEARS, by=SYSTEM, now=NOW)


@pytest.fixture
def places() -> None:
    rows = (
        DivisionData("990000000000", "示例省", 1),
        DivisionData("990100000000", "云溪市", 2, "990000000000"),
        DivisionData(COUNTY, "云上县", 3, "990100000000"),
        DivisionData("990121100000", "桃溪镇", 4, COUNTY),
    )
    actions.load_organisation(OrganisationData("test", divisions=rows), by=SYSTEM, now=NOW)


def closure(on: date, kind: DayKind = DayKind.OFF) -> law.NoticeDay:
    return law.NoticeDay(on, kind, "防汛停止办公")


def test_before_any_load_the_calendar_is_the_law_s_own() -> None:
    assert queries.calendar() is law.national_calendar()


def test_the_loaded_calendar_equals_the_law_s_files(days: None) -> None:
    loaded, ours = queries.calendar(), law.calendar_from(law.load_calendar(years=YEARS))
    for at in range(730):
        on = date(2025, 1, 1) + timedelta(days=at)
        assert loaded.day(on) == ours.day(on)
    assert (
        loaded.day(date(2026, 2, 17)).source
        == "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"
    )
    assert loaded.kind(date(2027, 3, 1)) is DayKind.NOT_ANNOUNCED
    assert queries.year_to_announce(date(2026, 3, 2)) is None
    assert queries.year_to_announce(date(2026, 12, 1)) == 2027


def test_loading_twice_changes_nothing(days: None) -> None:
    version = run("SELECT version, serial FROM calendar_version")
    report = actions.load_calendar(YEARS, by=SYSTEM, now=NOW)
    assert (report.changed, report.kept) == (0, 0)
    assert run("SELECT version, serial FROM calendar_version") == version


def test_sql_counts_working_days_as_python_does(days: None) -> None:
    calendar = queries.calendar()
    for row in run("SELECT \"on\", kind, ordinal FROM workday WHERE region = ''"):
        assert (row["kind"], row["ordinal"]) == (calendar.kind(row["on"]).value, calendar.ordinal(row["on"]))
    assert Workday.objects.filter(kind="not_announced").exists()


def test_the_calendar_is_kept_while_its_version_stands(days: None, django_assert_num_queries: object) -> None:
    first = queries.calendar()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.calendar() is first
    version = run(f"SELECT {queries.CALENDAR_VERSION} AS version")[0]["version"]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert queries.calendar_if_version(version) is first


def test_a_new_notice_is_seen_at_once_and_moves_the_ordinals(days: None) -> None:
    before = queries.calendar().working_days_between(date(2026, 3, 16), date(2026, 3, 20))
    actions.load_holiday_notice(
        title="临时放假通知",
        number="演〔2026〕1号",
        issued_on=date(2026, 3, 1),
        days=[closure(WORKED)],
        by=SYSTEM,
        now=NOW,
    )
    assert queries.calendar().working_days_between(date(2026, 3, 16), date(2026, 3, 20)) == before - 1
    assert Workday.objects.get(region="", on=WORKED).kind == "off"
    report = actions.load_calendar(YEARS, by=SYSTEM, now=NOW)
    assert report.changed == 0
    assert not queries.calendar().is_working(WORKED)


def test_an_older_notice_does_not_take_back_what_a_later_one_set(days: None) -> None:
    later = {"title": "后发通知", "number": "2号", "issued_on": date(2026, 3, 1)}
    actions.load_holiday_notice(**later, days=[closure(date(2026, 5, 9))], by=SYSTEM, now=NOW)  # type: ignore[arg-type]
    report = actions.load_calendar(YEARS, by=SYSTEM, now=NOW)
    assert report.kept == 1
    assert not queries.calendar().is_working(date(2026, 5, 9))


def test_a_notice_announces_a_year(days: None) -> None:
    actions.load_holiday_notice(
        title="2027年安排",
        number="演",
        issued_on=date(2026, 11, 1),
        days=[closure(date(2027, 1, 1))],
        announced=(date(2027, 1, 1), date(2027, 12, 31)),
        by=SYSTEM,
        now=NOW,
    )
    assert queries.calendar().kind(date(2027, 3, 1)) is DayKind.WORKING
    assert queries.year_to_announce(date(2026, 12, 1)) is None
    assert queries.year_to_announce(date(2027, 12, 1)) == 2028


@pytest.mark.fact("T-13")
def test_a_county_s_closure_holds_in_its_towns_and_nowhere_else(days: None, places: None) -> None:
    actions.load_holiday_notice(
        title="云上县防汛令",
        number="",
        issued_on=date(2026, 3, 1),
        region=COUNTY,
        days=[closure(WORKED)],
        by=SYSTEM,
        now=NOW,
    )
    assert queries.calendar().is_working(WORKED)
    assert queries.calendar("990100000000").is_working(WORKED)
    assert not queries.calendar(COUNTY).is_working(WORKED)
    assert not queries.calendar("990121100000").is_working(WORKED)
    assert Workday.objects.get(region=COUNTY, on=WORKED).kind == "off"
    assert Workday.objects.get(region="", on=WORKED).kind == "working"


def test_a_body_s_own_closure_holds_for_it_alone_on_top_of_the_days_of_its_place(
    days: None, demo_city: OrganisationData
) -> None:
    actions.load_organisation(demo_city, by=SYSTEM, now=NOW)
    body, other = demo_city.bodies[0], demo_city.bodies[1]
    order = {"number": "1号", "issued_on": date(2026, 3, 1), "by": SYSTEM, "now": NOW}
    actions.load_holiday_notice(
        title="停止办公的决定",
        region=body.code,
        days=[closure(WORKED)],
        **order,  # type: ignore[arg-type]
    )
    assert not queries.calendar(body.code).is_working(WORKED)
    assert queries.calendar(other.code).is_working(WORKED)
    assert queries.calendar(body.division).is_working(WORKED)
    for place in (body.code, other.code, body.division, ""):
        asked = {"r": place, "d": WORKED}
        counted = run_one(
            "SELECT workday_ordinal(%(r)s, %(d)s) - workday_ordinal(%(r)s, %(d)s - 1) AS n", asked
        )
        assert counted == {"n": int(queries.calendar(place).is_working(WORKED))}
    next_day = WORKED + timedelta(days=1)
    actions.load_holiday_notice(
        title="地方节日",
        region=body.division,
        days=[closure(next_day)],
        **order,  # type: ignore[arg-type]
    )
    assert not queries.calendar(body.code).is_working(next_day)
    assert not queries.calendar(body.code).is_working(WORKED)
    planned = queries.calendars_with([Day(WORKED, DayKind.WORKING, "更正")], region=body.code)
    assert planned(body.code).is_working(WORKED)
    assert not planned(body.code).is_working(next_day)


def test_the_nearest_place_prevails() -> None:
    notices = Notices({COUNTY: (), "990100000000": (), "990200000000": ()})
    assert reaching(notices, "990121100000") == ("", "990100000000", COUNTY)
    assert reaching(notices, "") == ("",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "标题"),
        ({"days": []}, "没有写明任何日期"),
        ({"days": [closure(WORKED), closure(WORKED, DayKind.WORKING)]}, "出现了两次"),
        ({"days": [closure(WORKED, DayKind.NOT_ANNOUNCED)]}, "放假或者上班"),
        ({"announced": (WORKED, date(2026, 1, 1))}, "末日早于首日"),
        ({"region": "970000000000"}, "没有代码为"),
    ],
)
def test_a_wrong_notice_is_refused_and_nothing_changes(change: dict[str, object], words: str) -> None:
    asked: dict[str, object] = {
        "title": "通知",
        "number": "1",
        "issued_on": date(2026, 3, 1),
        "days": [closure(WORKED)],
    }
    with pytest.raises(BadInput, match=words):
        actions.load_holiday_notice(**asked | change, by=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert HolidayNotice.objects.count() == CalendarDay.objects.count() == 0


def test_a_year_without_a_notice_and_a_stranger_are_refused() -> None:
    with pytest.raises(BadInput, match="2027 年的放假安排尚未公布"):
        actions.load_calendar([2027], by=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        actions.load_calendar(YEARS, by=Actor(kind="staff", roles=frozenset({"body_head"})), now=NOW)
    assert HolidayNotice.objects.count() == 0
