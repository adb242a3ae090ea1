"""Law tests as tables: every row of the CSV files beside this one is a due date a lawyer can check by hand.

Columns: `id` begins with the fact it proves; `limit` is an id of the law book (with `+extension` when the one
extension the law allows was granted), or an amount and unit, with `before` and `no_roll` where they apply;
`start` is a day, or a moment in Shanghai for limits in hours and less; `suspensions` are `from..to:ground`,
separated by semicolons; `provisional` is 是 or 否. `figures.csv` has columns of its own.

The due dates were counted day by day from the law's own words, without this project's code or data.
"""

import csv
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from liuquan.clock import (
    SHANGHAI,
    Deadline,
    Direction,
    EndRule,
    Extension,
    Limit,
    Suspension,
    Unit,
    deadline,
    is_too_early,
    shanghai_day,
)
from liuquan.law import load_facts, load_law, national_calendar, parse_citation

HERE = Path(__file__).parent
Row = dict[str, str]


def rows(*names: str) -> list[Row]:
    found: list[Row] = []
    for name in names:
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, strict=True)
    return found


def marked(table: list[Row]) -> list[ParameterSet]:
    return [
        pytest.param(row, id=row["id"], marks=pytest.mark.fact(row["id"].partition("/")[0])) for row in table
    ]


ROWS = rows(
    *sorted(path.name for path in HERE.glob("*.csv") if path.name not in ("figures.csv", "moments.csv"))
)
MOMENTS = rows("moments.csv")
CALENDAR_LAW = ("全国年节及纪念日放假办法 第七条",)
FIGURES = rows("figures.csv")


def limit_of(row: Row) -> tuple[Limit, tuple[Extension, ...]]:
    """The limit a row means, and the extension it was granted."""
    name, *words = row["limit"].split()
    if not name.isdecimal():
        limit = load_law().limit(name, on=date.fromisoformat(row["start"][:10]))
        granted = (limit.extension,) if words == ["+extension"] and limit.extension else ()
        assert len(granted) == len(words), f"{name} has no extension"
        return limit, granted
    unit, *rules = words
    assert set(rules) <= {"before", "no_roll"}
    return Limit(
        int(name),
        Unit(unit),
        direction=Direction.BEFORE if "before" in rules else Direction.AFTER,
        end_rule=EndRule.NO_ROLL if "no_roll" in rules else EndRule.ROLL,
    ), ()


def suspensions_of(row: Row) -> list[Suspension]:
    """The suspensions of a row, each on a ground of its law's closed list (by default licensing)."""
    name = row["limit"].split()[0]
    law = "licensing" if name.isdecimal() else name.partition(".")[0]
    found = []
    for text in filter(None, row["suspensions"].split("; ")):
        span, _, ground = text.partition(":")
        begins, _, ends = span.partition("..")
        label = load_law().ground(law, ground).label
        found.append(
            Suspension(date.fromisoformat(begins), date.fromisoformat(ends), ground, "告知书", label)
        )
    return found


def start_of(row: Row) -> date | datetime:
    if "T" in row["start"]:
        return datetime.fromisoformat(row["start"]).replace(tzinfo=SHANGHAI)
    return date.fromisoformat(row["start"])


def counted(row: Row) -> Deadline:
    limit, extensions = limit_of(row)
    return deadline(
        limit,
        start_of(row),
        national_calendar(),
        suspensions=suspensions_of(row),
        extensions=extensions,
    )


@pytest.mark.parametrize("row", marked(ROWS))
def test_the_due_date_is_the_one_in_the_table(row: Row) -> None:
    found = counted(row)
    assert found.due_on == date.fromisoformat(row["due"]), row["note"]
    assert found.provisional == (row["provisional"] == "是")


@pytest.mark.parametrize("row", marked(ROWS))
def test_the_explanation_of_the_row_counts_to_the_same_day(row: Row) -> None:
    found = counted(row)
    ordinals = [day.ordinal for day in found.days if day.ordinal]
    assert sorted(ordinals) == list(range(1, found.counted + 1))
    assert found.due_on in (found.days[0].on, found.days[-1].on)


@pytest.mark.parametrize("row", marked([row for row in ROWS if "." in row["limit"]]))
def test_the_limit_rests_on_the_article_in_the_table(row: Row) -> None:
    found = counted(row)
    law = found.limit.source.partition(".")[0]
    grounds = [cite for one in found.suspensions for cite in load_law().ground(law, one.ground).citations]
    assert row["citation"] in (*found.citations, *grounds, *CALENDAR_LAW) or row["suspensions"]


@pytest.mark.fact("Z-04")
def test_bids_may_close_on_the_twentieth_day_and_not_on_the_day_before() -> None:
    limit = load_law().limit("tendering.bidding", on=date(2026, 3, 3))
    found = deadline(limit, date(2026, 3, 3), national_calendar())
    assert found.due_on == date(2026, 3, 23)
    assert is_too_early(found, datetime(2026, 3, 22, 23, 59, tzinfo=SHANGHAI))
    assert not is_too_early(found, datetime(2026, 3, 23, 0, 0, tzinfo=SHANGHAI))


@pytest.mark.parametrize("row", marked(MOMENTS))
def test_the_due_moment_is_the_one_in_the_table(row: Row) -> None:
    found = counted(row)
    due_at = datetime.fromisoformat(row["due"]).replace(tzinfo=SHANGHAI)
    assert found.due_at == due_at, row["note"]
    assert found.start_at is not None
    assert shanghai_day(found.start_at) == found.start_on


@pytest.mark.parametrize("row", marked(FIGURES))
def test_the_figure_is_the_one_in_the_table(row: Row) -> None:
    found = load_law().figure(row["figure"], on=date.fromisoformat(row["on"]))
    assert found.amount == Fraction(row["amount"])
    assert found.text.startswith(row["sense"])
    assert row["citation"] in found.citations


def test_the_tables_are_well_formed() -> None:
    table = [*ROWS, *MOMENTS, *FIGURES]
    assert len(ROWS) + len(MOMENTS) >= 300
    assert len({row["id"] for row in table}) == len(table)
    for row in table:
        assert parse_citation(row["citation"])
        assert row["id"].partition("/")[0] in load_facts()
        assert row.get("provisional", "否") in ("是", "否")


def test_every_limit_and_every_figure_of_the_book_has_a_row() -> None:
    tested = {row["limit"].split()[0] for row in (*ROWS, *MOMENTS)}
    assert {entry.id for entry in load_law().limits()} <= tested
    assert {entry.id for entry in load_law().figures()} == {row["figure"] for row in FIGURES}
