"""Counting every open deadline again after the calendar changed: once, in batches, journalled per case.

An action of the engine, apart from `actions` because nobody performs it on one case. A preview does the same
without writing and says how many deadlines would move and by how much. Run twice it changes nothing.

Deadlines of one day, limit and calendar end alike, so that a million of them need few counts.

Cites: 全国年节及纪念日放假办法 第六条, 民法典 第二百零三条
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db import transaction

from liuquan.casework import clocks, events
from liuquan.casework.types import SuspensionView
from liuquan.clock import Calendar, Limit, shanghai_day, warn_at
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql

BATCH = 5_000

#: Open deadlines after the last one looked at, each with its limit as kept on its case.
_READ = """
SELECT d.id, d.case_id, c.number, c.body_code,
    d.key || CASE d.step WHEN '' THEN '' ELSE ':' || d.step END AS key, d.limit_key, d.anchor_at, d.due_on,
    d.due_at, d.warn_at, d.provisional, d.extended, t.terms->>'warn_share' AS warn_share,
    CASE WHEN d.step = '' THEN (t.terms->'limits'->d.limit_key)::text
        ELSE (SELECT (s->'limit')::text FROM jsonb_array_elements(t.terms->'steps') s
            WHERE s->>'key' = d.step) END AS lim,
    (SELECT json_agg(json_build_array(s.id, s.ground, s.from_on, s.to_on, s.announced_to_on, s.document)
        ORDER BY s.id) FROM casework_suspension s WHERE s.case_id = d.case_id) AS suspensions
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
-- unpacks the terms of a case once, not at each use
CROSS JOIN LATERAL (SELECT c.terms #> '{}' AS terms OFFSET 0) AS t
WHERE d.state IN ('running', 'paused') AND d.breached_at IS NULL AND d.id > %(after)s
    AND (d.due_on >= %(since)s OR d.anchor_at >= %(since)s OR d.provisional)
ORDER BY d.id LIMIT %(limit)s
"""

#: Moves them, unless somebody changed the deadline since; the revision goes up, so that an act decided by the
#: old calendar is told that somebody was first.
_WRITE = """
WITH g AS (
    SELECT * FROM unnest(%(id)s::bigint[], %(old_due)s::timestamptz[], %(due_on)s::date[],
        %(due_at)s::timestamptz[], %(warn_at)s::timestamptz[], %(provisional)s::boolean[])
        AS g(id, old_due, due_on, due_at, warn_at, provisional)
), done AS (
    UPDATE casework_deadline d SET due_on = g.due_on, due_at = g.due_at, warn_at = g.warn_at,
        provisional = g.provisional
    FROM g WHERE d.id = g.id AND d.state IN ('running', 'paused') AND d.due_at = g.old_due
    RETURNING d.id, d.case_id
), bumped AS (
    UPDATE casework_case c SET revision = revision + 1
    FROM (SELECT DISTINCT case_id FROM done) AS x WHERE c.id = x.case_id
)
SELECT id FROM done
"""


@dataclass(frozen=True)
class Moved:
    """A deadline before and after the change."""

    case_id: int
    number: str
    body_code: str
    key: str  #: of a step: `step:<key>`, as in the entry of the act that started it
    id: int
    old_due_on: date
    old_due_at: datetime
    old_provisional: bool
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    provisional: bool

    @property
    def days(self) -> int:
        """By how many calendar days the last day moves."""
        return (self.due_on - self.old_due_on).days


@dataclass
class Reprojection:
    """How many open deadlines were looked at, how many move (by how many days), how many become firm or
    provisional, in how many cases; `without_limit`: left alone because their case keeps no such limit."""

    examined: int = 0
    changed: int = 0
    moved: int = 0
    firm: int = 0
    provisional: int = 0
    cases: int = 0
    without_limit: int = 0
    by_days: Counter[int] = field(default_factory=Counter)

    def add(self, found: Moved) -> None:
        """Count one change."""
        self.changed += 1
        self.firm += found.old_provisional and not found.provisional
        self.provisional += found.provisional and not found.old_provisional
        if found.days:
            self.moved += 1
            self.by_days[found.days] += 1


Progress = Callable[[int], object]


def preview(calendar: Calendar, *, since: date = date.min, progress: Progress | None = None) -> Reprojection:
    """What counting by this calendar would change; nothing is written. `since`: the first changed day."""
    report = Reprojection()
    cases: set[int] = set()
    for rows in _batches(since):
        report.examined += len(rows)
        report.without_limit += sum(row["lim"] is None for row in rows)
        for found in _moves(rows, calendar):
            report.add(found)
            cases.add(found.case_id)
        if progress:
            progress(len(rows))
    report.cases = len(cases)
    return report


def reproject(
    calendar: Calendar,
    *,
    now: datetime,
    reason: str,
    since: date = date.min,
    progress: Progress | None = None,
) -> Reprojection:
    """Count every open deadline by this calendar; each case of which one changes gets one entry.

    Each batch is durable by itself: interrupted, it is simply run again. A deadline that somebody changed at
    the same moment was counted by them and is left alone.
    """
    sql.refuse_outer_transaction()
    report = Reprojection()
    cases: set[int] = set()
    for rows in _batches(since):
        report.examined += len(rows)
        report.without_limit += sum(row["lim"] is None for row in rows)
        written = _write(list(_moves(rows, calendar)), now, reason)
        for found in written:
            report.add(found)
            cases.add(found.case_id)
        if progress:
            progress(len(rows))
    report.cases = len(cases)
    return report


def open_count(*, since: date = date.min) -> int:
    """How many open deadlines would be looked at: the length of the progress bar."""
    row = sql.run_one(
        "SELECT count(*) AS n FROM casework_deadline d WHERE d.state IN ('running', 'paused')"
        " AND d.breached_at IS NULL AND (d.due_on >= %(since)s OR d.anchor_at >= %(since)s OR d.provisional)",
        {"since": since},
    )
    return int(row["n"]) if row else 0


def _batches(since: date) -> Iterator[list[dict[str, Any]]]:
    after = 0
    while rows := sql.run(_READ, {"after": after, "since": since, "limit": BATCH}):
        yield rows
        after = rows[-1]["id"]


def _moves(rows: list[dict[str, Any]], calendar: Calendar) -> Iterator[Moved]:
    counted: dict[tuple[Any, ...], tuple[date, datetime, datetime | None, bool]] = {}
    for row in rows:
        if row["lim"] is None:
            continue
        limit = _limit(row["lim"])
        exact = row["anchor_at"] if limit.unit.is_momentary else shanghai_day(row["anchor_at"])
        key = (row["lim"], row["warn_share"], exact, row["extended"], repr(row["suspensions"]))
        if key not in counted:
            counted[key] = _count(row, limit, calendar)
        due_on, due_at, warn, provisional = counted[key]
        if (due_at, provisional, warn) != (row["due_at"], row["provisional"], row["warn_at"]):
            yield Moved(
                row["case_id"], row["number"], row["body_code"], row["key"], row["id"], row["due_on"],
                row["due_at"], row["provisional"], due_on, due_at, warn, provisional,
            )  # fmt: skip


def _count(
    row: Mapping[str, Any], limit: Limit, calendar: Calendar
) -> tuple[date, datetime, datetime | None, bool]:
    views = [
        SuspensionView(one[0], one[1], _day(one[2]), _day(one[3]) if one[3] else None, _day(one[4]), one[5])
        for one in row["suspensions"] or ()
    ]
    found = clocks.count(limit, row["anchor_at"], calendar, suspensions=views, extended=row["extended"])
    warn = warn_at(found, calendar, Fraction(row["warn_share"])) if row["warn_at"] else None
    return found.due_on, found.due_at, warn, found.provisional


@lru_cache(maxsize=4096)
def _limit(text: str) -> Limit:
    return Limit.from_json(json.loads(text))


def _write(moves: list[Moved], now: datetime, reason: str) -> list[Moved]:
    if not moves:
        return []
    given = {
        "id": [one.id for one in moves], "old_due": [one.old_due_at for one in moves],
        "due_on": [one.due_on for one in moves], "due_at": [one.due_at for one in moves],
        "warn_at": [one.warn_at for one in moves], "provisional": [one.provisional for one in moves],
    }  # fmt: skip
    with transaction.atomic(durable=True):
        done = {row["id"] for row in sql.run(_WRITE, given)}
        written = [one for one in moves if one.id in done]
        journal.append(*_entries(written, now, reason))
    return written


def _entries(written: list[Moved], now: datetime, reason: str) -> Iterator[NewEntry]:
    by_case: dict[str, list[Moved]] = defaultdict(list)
    for one in written:
        by_case[one.number].append(one)
    for number, moves in by_case.items():
        yield NewEntry(
            event=events.DEADLINE_REPROJECTED.name, subject=number, body_code=moves[0].body_code,
            post_code="", actor_kind="system", effective_at=now,
            public={
                "reason": reason,
                "due": {one.key: one.due_on.isoformat() for one in moves},
                "before": {one.key: one.old_due_on.isoformat() for one in moves},
                "firm": not any(one.provisional for one in moves),
            },
        )  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)
