"""Law tests as tables: every row of the CSV files beside this one is a due date a lawyer can check by hand.

Columns: `id` begins with the fact it proves; `limit` is an id of the law book (with `+extension` when the one
extension the law allows was granted), or an amount and unit, with `before` and `no_roll` where they apply;
`suspensions` are `from..to:ground`, separated by semicolons; `provisional` is 是 or 否.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from liuquan.clock import Deadline, Direction, EndRule, Extension, Limit, Suspension, Unit, deadline
from liuquan.law import load_law, national_calendar, parse_citation

HERE = Path(__file__).parent
Row = dict[str, str]


def rows() -> list[Row]:
    found: list[Row] = []
    for path in sorted(HERE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, strict=True)
    return found


ROWS = rows()
TABLE = [pytest.param(row, id=row["id"], marks=pytest.mark.fact(row["id"].partition("/")[0])) for row in ROWS]


def limit_of(row: Row) -> tuple[Limit, tuple[Extension, ...]]:
    """The limit a row means, and the extension it was granted."""
    name, *words = row["limit"].split()
    if not name.isdecimal():
        limit = load_law().limit(name, on=date.fromisoformat(row["start"]))
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
    """The suspensions of a row, each on a ground of the licensing law's closed list."""
    found = []
    for text in filter(None, row["suspensions"].split("; ")):
        span, _, ground = text.partition(":")
        begins, _, ends = span.partition("..")
        label = load_law().ground("licensing", ground).label
        found.append(
            Suspension(date.fromisoformat(begins), date.fromisoformat(ends), ground, "告知书", label)
        )
    return found


def counted(row: Row) -> Deadline:
    limit, extensions = limit_of(row)
    return deadline(
        limit,
        date.fromisoformat(row["start"]),
        national_calendar(),
        suspensions=suspensions_of(row),
        extensions=extensions,
    )


@pytest.mark.parametrize("row", TABLE)
def test_the_due_date_is_the_one_in_the_table(row: Row) -> None:
    found = counted(row)
    assert found.due_on == date.fromisoformat(row["due"]), row["note"]
    assert found.provisional == (row["provisional"] == "是")


@pytest.mark.parametrize("row", TABLE)
def test_the_explanation_of_the_row_counts_to_the_same_day(row: Row) -> None:
    found = counted(row)
    ordinals = [day.ordinal for day in found.days if day.ordinal]
    assert sorted(ordinals) == list(range(1, found.counted + 1))
    assert found.due_on in (found.days[0].on, found.days[-1].on)


def test_the_tables_are_well_formed() -> None:
    assert len(ROWS) >= 100
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert parse_citation(row["citation"])
        assert row["provisional"] in ("是", "否")


def test_every_limit_of_the_licensing_law_has_a_row() -> None:
    tested = {row["limit"].split()[0] for row in ROWS}
    limits = {entry.id for entry in load_law().limits() if entry.id.startswith("licensing.")}
    assert limits <= tested
