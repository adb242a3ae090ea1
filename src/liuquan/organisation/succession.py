"""How new data change dated rows: nothing is overwritten, a change closes one row and opens the next.

Pure. One key at a time: the stored rows, the required rows, and the day on which a change without its own
day takes effect. A row that is already past is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored row; ``content`` is every column except key and dates."""

    id: int
    from_on: date
    to_on: date | None
    content: tuple[Any, ...]
    ours: bool = True

    @property
    def was_ever(self) -> bool:
        return self.to_on is None or self.to_on > self.from_on


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that the data require."""

    from_on: date
    to_on: date | None
    content: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: new ends by row id, then new rows. ``succeeded``: new rows that follow a closed one."""

    ends: tuple[tuple[int, date | None], ...] = ()
    inserts: tuple[Wanted, ...] = ()
    succeeded: int = 0
    unchanged: int = 0


def plan(standing: Sequence[Standing], wanted: Sequence[Wanted], *, today: date) -> Plan:
    """What has to change so that the rows of one key match the data from ``today`` on.

    A changed row takes effect on its own first day if that is later than the stored row's, otherwise today.
    Required rows before the last one are history: added where no row is stored, otherwise left alone.
    """
    rows = sorted((row for row in standing if row.was_ever), key=lambda row: row.from_on)
    asked = sorted(wanted, key=lambda row: row.from_on)
    *history, last = asked
    missing = tuple(row for row in history if not any(_overlap(row, stands) for stands in rows))
    here = len(history) - len(missing)
    latest = rows[-1] if rows else None
    if latest is None or (latest.to_on is not None and latest.to_on <= last.from_on):
        return Plan((), (*missing, last), 0, here)
    step = _move_end(latest, last, today) if latest.content == last.content else _succeed(latest, last, today)
    return Plan(step.ends, (*missing, *step.inserts), step.succeeded, step.unchanged + here)


def plan_absent(standing: Sequence[Standing], *, today: date) -> Plan:
    """Close rows in force now or later that their own source no longer contains."""
    open_rows = [
        row for row in standing if row.ours and row.was_ever and (row.to_on is None or row.to_on > today)
    ]
    return Plan(tuple((row.id, max(today, row.from_on)) for row in open_rows))


def _move_end(latest: Standing, last: Wanted, today: date) -> Plan:
    """Same content: nothing to do, a new end, or, if the end is past, a new row from today."""
    if latest.to_on == last.to_on:
        return Plan(unchanged=1)
    if latest.to_on is None or latest.to_on > today:
        end = last.to_on if last.to_on is None else max(last.to_on, latest.from_on)
        return Plan(((latest.id, end),))
    if last.to_on is not None and last.to_on <= today:
        return Plan(unchanged=1)
    return Plan((), (Wanted(today, last.to_on, last.content),), 1)


def _succeed(latest: Standing, last: Wanted, today: date) -> Plan:
    """Different content: the stored row ends where the new one begins."""
    start = last.from_on if last.from_on > latest.from_on else max(today, latest.from_on)
    if last.to_on is not None and last.to_on <= start:
        return Plan(unchanged=1)
    ends = ((latest.id, start),) if latest.to_on is None or latest.to_on > start else ()
    return Plan(ends, (Wanted(start, last.to_on, last.content),), 1)


def _overlap(row: Wanted, stands: Standing) -> bool:
    return (stands.to_on is None or row.from_on < stands.to_on) and (
        row.to_on is None or stands.from_on < row.to_on
    )
