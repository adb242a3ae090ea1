"""Python, PostgreSQL and DuckDB count the same working days, inside and outside the announced years."""

import random
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from liuquan import law
from liuquan.clock import Calendar, ClockError, DayKind, Limit, Unit, deadline
from liuquan.kernel.sql import run
from liuquan.organisation import actions, queries
from liuquan.organisation.duckdb import workday_macros
from liuquan.organisation.types import SYSTEM, DivisionData, OrganisationData

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COUNTY = "990121000000"
FIRST = date(2022, 6, 1)
CASES = 60


@pytest.fixture
def places() -> None:
    rows = (
        DivisionData("990000000000", "示例省", 1),
        DivisionData("990100000000", "云溪市", 2, "990000000000"),
        DivisionData(COUNTY, "云上县", 3, "990100000000"),
        DivisionData("990121100000", "桃溪镇", 4, COUNTY),
    )
    actions.load_organisation(OrganisationData("test", divisions=rows), by=SYSTEM, now=NOW)
    actions.load_calendar((2023, 2024, 2025, 2026), by=SYSTEM, now=NOW)
    actions.load_holiday_notice(
        title="云上县火把节放假的决定",
        number="",
        issued_on=date(2026, 3, 1),
        region=COUNTY,
        days=[law.NoticeDay(date(2026, 7, 8), DayKind.OFF, "火把节")],
        by=SYSTEM,
        now=NOW,
    )


def cases(region: str) -> list[tuple[str, date, date, int, str]]:
    """Starts before, in and after the announced years, with amounts in every unit of days."""
    chance = random.Random(20260302)
    days = (date(2029, 12, 31) - FIRST).days
    return [
        (
            region,
            FIRST + timedelta(days=chance.randrange(days)),
            FIRST + timedelta(days=chance.randrange(days)),
            chance.choice([0, 1, 2, 5, 10, 20, 45, 90, 260]),
            chance.choice(["working_day", "calendar_day", "month", "year"]),
        )
        for _ in range(CASES)
    ]


def by_python(calendar: Calendar, a: date, b: date, amount: int, unit: str) -> tuple[object, ...]:
    return (
        calendar.working_days_between(a, b),
        calendar.nth_working_day_after(a, amount) if amount else None,
        deadline(Limit(amount, Unit(unit)), a, calendar).due_on,
    )


QUESTION = """SELECT place, working_days_between(r, a, b) AS x, nth_working_day_after(r, a, n) AS y,
    due_on(r, a, n, u) AS z FROM asked ORDER BY place"""


@pytest.mark.parametrize("region", ["", COUNTY])
def test_three_engines_agree_on_random_days(places: None, region: str) -> None:
    calendar = queries.calendar(region)
    connection = duckdb.connect()
    connection.execute('CREATE TABLE workday (region VARCHAR, "on" DATE, kind VARCHAR, ordinal INTEGER)')
    rows = run('SELECT region, "on", kind, ordinal FROM workday')
    columns = {name: [row[name] for row in rows] for name in ("region", "on", "kind", "ordinal")}
    connection.execute(
        "INSERT INTO workday SELECT unnest($region), unnest($on)::DATE, unnest($kind), unnest($ordinal)",
        columns,
    )
    connection.execute(workday_macros())
    asked = [(r, a, b, n if u != "year" else min(n, 5), u) for r, a, b, n, u in cases(region)]
    names = ("r", "a", "b", "n", "u")
    columns = {name: [one[at] for one in asked] for at, name in enumerate(names)}
    in_duckdb = connection.execute(
        "WITH asked AS (SELECT generate_subscripts($r, 1) AS place, unnest($r) AS r, unnest($a)::DATE AS a,"
        " unnest($b)::DATE AS b, unnest($n)::INTEGER AS n, unnest($u) AS u) " + QUESTION,
        columns,
    ).fetchall()
    in_postgres = run(
        "WITH asked AS (SELECT * FROM unnest(%(r)s::text[], %(a)s::date[], %(b)s::date[], %(n)s::int[],"
        " %(u)s::text[]) WITH ORDINALITY AS t (r, a, b, n, u, place)) " + QUESTION,
        columns,
    )
    expected = [by_python(calendar, a, b, n, u) for _, a, b, n, u in asked]
    assert [tuple(row.values())[1:] for row in in_postgres] == expected
    assert [row[1:] for row in in_duckdb] == expected


def test_a_town_counts_by_the_county_s_days_and_an_unknown_place_by_the_country_s(places: None) -> None:
    town, elsewhere = "990121100000", "880101000000"
    rows = run(
        "SELECT workday_region(%(town)s) AS near, workday_region(%(elsewhere)s) AS far,"
        " due_on(%(town)s, '2026-07-07', 1, 'working_day') AS here,"
        " due_on(%(elsewhere)s, '2026-07-07', 1, 'working_day') AS there",
        {"town": town, "elsewhere": elsewhere},
    )
    assert rows[0] == {"near": COUNTY, "far": "", "here": date(2026, 7, 9), "there": date(2026, 7, 8)}


def test_what_python_refuses_is_empty_in_sql(places: None) -> None:
    with pytest.raises(ClockError):
        Limit(-1, Unit.WORKING_DAY)
    rows = run(
        "SELECT due_on('', '2026-03-02', -1, 'working_day')AS minus, "
        "due_on('', '2026-03-02', 1, 'x') AS unit, nth_working_day_after('', '2026-03-02', 0) AS none"
    )
    assert list(rows[0].values()) == [None, None, None]
