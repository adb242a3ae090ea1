"""The columns of a clock, said once: what the statements write, what a query reads, what the record is
compared by. Which of them are written when is said by the values that are written (`types.clocks`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from liuquan.casework.types.clocks import DeadlineChange, NewDeadline

#: SQL type of each column that a value holds
TYPES: Final = {
    "id": "bigint",
    "key": "text",
    "limit_key": "text",
    "step": "text",
    "part": "text",
    "amount": "int",
    "unit": "text",
    "anchor_at": "timestamptz",
    "due_on": "date",
    "due_at": "timestamptz",
    "warn_at": "timestamptz",
    "state": "text",
    "provisional": "boolean",
    "on_expiry": "text",
    "extended": "int",
    "times_extended": "int",
    "supersedes": "bigint",
    "met_at": "timestamptz",
}
_NEW: Final = {one.name for one in fields(NewDeadline)}
_CHANGING: Final = {one.name for one in fields(DeadlineChange)}
STARTED: Final = tuple(name for name in TYPES if name in _NEW - {"supersedes"})
CHANGED: Final = tuple(name for name in TYPES if name in _CHANGING - {"id"})
#: what the end of a clock depends on, beside its anchor, its terms and the time that does not count
COUNTED_BY: Final = ("limit_key", "amount", "extended", "times_extended")
#: what the record must agree with; ids are of the tables alone
COMPARED: Final = tuple(name for name in TYPES if name not in ("id", "supersedes"))
#: the name of a clock in entries, of the table `d` (`NewDeadline.name`)
NAME: Final = (
    "d.key || CASE d.step WHEN '' THEN '' ELSE ':' || d.step END"
    " || CASE d.part WHEN '' THEN '' ELSE '/' || d.part END"
)

_PARSED: Final[tuple[tuple[str, Callable[[str], Any]], ...]] = tuple(
    (name, date.fromisoformat if sql_type == "date" else datetime.fromisoformat)
    for name, sql_type in TYPES.items()
    if sql_type in ("date", "timestamptz")
)


def listed(names: tuple[str, ...], of: str = "") -> str:
    """The columns as a list; `of`: the relation they are of."""
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def recordset(parameter: str, names: tuple[str, ...], *more: str) -> str:
    """The rows of this parameter as a relation `g` with these columns, and `more`, each with its type."""
    typed = ", ".join((*more, *(f"{name} {TYPES[name]}" for name in names)))
    return f"jsonb_to_recordset(%({parameter})s::jsonb) AS g({typed})"


def read(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row that came as JSON."""
    values = {name: row[name] for name in TYPES}
    for name, parse in _PARSED:
        if values[name] is not None:
            values[name] = parse(values[name])
    return values
