"""Counting every open deadline again after the calendar changed: once, in batches, journalled per case.

It is kept apart from `acts` because it is not an act on one case. A preview does the same without writing and
says how many deadlines would move and by how much. A second run changes nothing, so an interrupted run can
simply be started again.

Deadlines with the same day, terms, extension and suspensions have the same end. The server sorts each batch
of cases into such groups, each group is counted once, and one statement writes the batch with its entries.

A clock that stopped while its end was provisional is made firm too: only then is it known whether the duty
was done late.

Cites: 全国年节及纪念日放假办法 第七条, 民法典 第二百零三条
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any

from django.db import connections, transaction

from liuquan.casework import clocks, entries, events, snapshots, stored_terms
from liuquan.casework.actions import statements
from liuquan.casework.clock_columns import COUNTED_BY, NAME, listed
from liuquan.casework.types import SuspensionView, Terms
from liuquan.clock import Calendar, Unit, warn_at
from liuquan.journal import actions as journal
from liuquan.kernel import sql

BATCH = 10_000
WRITERS = 2  #: connections that write at the same time; users' acts continue meanwhile
_ALL = (0, 2**62)

Calendars = Callable[[str], Calendar]
"""The calendar of a place, by the code that the terms of a case keep (`Counting.region`)."""
Progress = Callable[[int], object]
_Counted = tuple[date, datetime, datetime | None, bool]

_DUTIES = """(
    (d.state IN ('running', 'paused') AND d.breached_at IS NULL
        AND (d.due_on >= %(since)s OR d.anchor_at >= %(since)s))
    OR (d.provisional AND d.state IN ('running', 'paused', 'met', 'expired'))
)"""

_TABLE = """
CREATE TEMPORARY TABLE reprojection_batch (
    id bigint, case_id bigint, number text, body_code text, key text, state text, due_on date,
    due_at timestamptz, warn_at timestamptz, provisional boolean, alike uuid
) ON COMMIT DROP
"""

_LAST_OF_BATCH = f"""
SELECT max(case_id) AS last FROM (
    SELECT d.case_id FROM casework_deadline d WHERE d.case_id > %(after)s AND {_DUTIES}
    ORDER BY d.case_id LIMIT %(size)s
) AS batch
"""

#: The clocks of a batch of cases. Clocks with the same `mark` are counted once: it is a digest of everything
#: that the end depends on (no part can contain the separator).
_FILL = f"""
INSERT INTO reprojection_batch
SELECT id, case_id, number, body_code, key, state, due_on, due_at, warn_at, provisional,
    md5(concat_ws(E'\\x1f', terms_digest, {listed(COUNTED_BY)}, warn_at IS NULL, away,
        CASE WHEN unit = ANY(%(momentary)s) THEN anchor_at::text
            ELSE (anchor_at AT TIME ZONE 'Asia/Shanghai')::date::text END))::uuid
FROM (
    SELECT d.id, d.case_id, c.number, c.body_code, c.terms_digest,
        {NAME} AS key, d.state, d.due_on, d.due_at, d.warn_at, d.provisional, d.unit, d.anchor_at,
        {listed(COUNTED_BY, "d")},
        coalesce((SELECT string_agg(concat_ws(' ', s.ground, s.from_on, s.to_on, '/', s.announced_to_on), ','
            ORDER BY s.id) FROM casework_suspension s WHERE s.case_id = d.case_id), '') AS away
    FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
    WHERE d.case_id > %(after)s AND d.case_id <= %(last)s AND {_DUTIES} AND {{which}}
        AND c.id > %(after)s AND c.id <= %(last)s -- else all cases are read for each batch
    OFFSET 0 -- each part is made once, not at each use
) AS found
"""
_EVERY = "true"
#: Cases written by others since the run began, perhaps decided by the old calendar.
_LATELY = "age(d.xmin) <= age(%(began)s::xid) AND d.xmin::text <> ALL(%(own)s::text[])"

_GROUPS = "SELECT alike, count(*) AS many, min(id) AS id FROM reprojection_batch GROUP BY alike"

#: One clock of each group, with everything that its end depends on.
_ONE_OF_EACH = """
SELECT d.id, to_jsonb(d) AS clock, d.warn_at IS NULL AS unwarned, c.terms::text AS terms,
    (SELECT json_agg(json_build_array(s.ground, s.from_on, s.to_on, s.announced_to_on, s.document)
        ORDER BY s.id) FROM casework_suspension s WHERE s.case_id = d.case_id) AS suspensions
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id WHERE d.id = ANY(%(ids)s)
"""

_CHANGING = """
WITH counted AS (
    SELECT * FROM unnest(%(alike)s::uuid[], %(due_on)s::date[], %(due_at)s::timestamptz[],
        %(warn_at)s::timestamptz[], %(provisional)s::boolean[])
        AS counted(alike, due_on, due_at, warn_at, provisional)
), g AS MATERIALIZED (
    SELECT b.id, b.case_id, b.number, b.body_code, b.key, b.state, b.due_on AS old_due_on,
        b.due_at AS old_due_at, b.provisional AS was, k.due_on, k.due_at, k.warn_at, k.provisional
    FROM reprojection_batch b JOIN counted k USING (alike)
    WHERE (b.due_at, b.provisional, b.warn_at) IS DISTINCT FROM (k.due_at, k.provisional, k.warn_at)
)"""
_TOLD = """
SELECT due_on - old_due_on AS days, count(*) AS many, count(*) FILTER (WHERE was AND NOT provisional) AS firm,
    count(*) FILTER (WHERE provisional AND NOT was) AS provisional,
    (SELECT count(DISTINCT case_id) FROM {changed}) AS cases
FROM {changed} GROUP BY 1
"""
_WOULD_CHANGE = f"{_CHANGING} {_TOLD.format(changed='g')}"

#: An act decided by the old calendar is refused (`statements.MOVE`); a clock that somebody changed since it
#: was read is left to the second look.
_CHANGE = """, done AS (
    UPDATE casework_deadline d SET due_on = g.due_on, due_at = g.due_at, warn_at = g.warn_at,
        provisional = g.provisional
    FROM g WHERE d.id = ANY(ARRAY(SELECT id FROM g)) AND d.id = g.id
        AND d.state = g.state AND d.due_at = g.old_due_at
    RETURNING g.*
), counted_each AS (
    SELECT *, count(*) OVER (PARTITION BY case_id) AS clocks FROM done
), words AS MATERIALIZED (
    -- what most entries say: one clock moved; made once, not for each of ten thousand cases
    SELECT DISTINCT key, due_on, old_due_on, provisional, jsonb_build_object('reason', %(reason)s::text,
        'due', jsonb_build_object(key, due_on), 'before', jsonb_build_object(key, old_due_on),
        'firm', NOT provisional) AS public
    FROM (SELECT DISTINCT key, due_on, old_due_on, provisional FROM done) AS kinds
), moved AS (
    SELECT number AS subject, body_code, public
    FROM counted_each JOIN words USING (key, due_on, old_due_on, provisional) WHERE clocks = 1
    UNION ALL
    SELECT min(number), min(body_code), jsonb_build_object('reason', %(reason)s::text,
        'due', jsonb_object_agg(key, due_on), 'before', jsonb_object_agg(key, old_due_on),
        'firm', NOT bool_or(provisional))
    FROM counted_each WHERE clocks > 1 GROUP BY case_id
)"""

#: Duties that were done while their end was provisional, and are now known to have been late.
_LATE = """
SELECT d.id, b.number, b.body_code, d.key, d.step, d.part, d.due_on
FROM reprojection_batch b JOIN casework_deadline d ON d.id = b.id JOIN casework_case c ON c.id = d.case_id
WHERE b.provisional AND b.state = 'met' AND NOT d.provisional AND d.breached_at IS NULL
    AND d.on_expiry = '' AND d.met_at >= d.due_at
    -- an act waits for these, nobody is late
    AND coalesce(c.terms #>> ARRAY['limits', d.limit_key, 'sense'], 'at_most') = 'at_most'
"""


@dataclass
class Reprojection:
    """How many deadlines were examined, how many move (by how many days), how many become firm or
    provisional, in how many cases. `late`: stopped clocks that turn out to have been late;
    `without_limit`: clocks left alone because their case has no such limit; `groups`: groups counted."""

    examined: int = 0
    changed: int = 0
    moved: int = 0
    firm: int = 0
    provisional: int = 0
    cases: int = 0
    late: int = 0
    without_limit: int = 0
    groups: int = 0
    by_days: Counter[int] = field(default_factory=Counter)

    def add(self, rows: list[sql.Row]) -> None:
        """Count what one statement changed, a row for each distance."""
        for row in rows:
            self.changed += row["many"]
            self.firm += row["firm"]
            self.provisional += row["provisional"]
            if row["days"]:
                self.moved += row["many"]
                self.by_days[row["days"]] += row["many"]
        self.cases += rows[0]["cases"] if rows else 0


def preview(
    calendars: Calendars, *, since: date = date.min, progress: Progress | None = None
) -> Reprojection:
    """What counting by these calendars would change; nothing is written. `since`: the first changed day."""
    run = _Run(calendars, since)
    for after, last in _batches(since):
        with transaction.atomic():
            groups = run.laid(after, last)
            run.report.add(sql.run(_WOULD_CHANGE, run.counted(groups)))
            sql.run("DROP TABLE reprojection_batch")
        run.progressed(groups, progress)
    return run.report


def reproject(
    calendars: Calendars,
    *,
    now: datetime,
    reason: str,
    since: date = date.min,
    progress: Progress | None = None,
) -> Reprojection:
    """Count every open deadline by these calendars; each case with a changed deadline gets one entry.

    Each batch commits by itself, so an interrupted run can be started again. Two batches are written at a
    time. Cases that others wrote meanwhile, perhaps by the old calendar, are examined a second time.
    """
    sql.refuse_outer_transaction()
    run = _Run(calendars, since)
    # the oldest act that is being written now
    run.began = sql.run("SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text AS began")[0]["began"]
    batches = _batches(since)
    if (first := next(batches, None)) is not None:
        run.progressed(run.carry_out(first, now, reason), progress)
        if (second := next(batches, None)) is not None:
            _side_by_side(run, chain([second], batches), now, reason, progress)
    run.carry_out(_ALL, now, reason, lately=True)
    return run.report


def _side_by_side(
    run: _Run, batches: Iterator[tuple[int, int]], now: datetime, reason: str, progress: Progress | None
) -> None:
    """Write batches on their own connections, `WRITERS` at a time; an error in one stops all."""
    taking, done = Lock(), SimpleQueue[list[sql.Row] | None]()
    stopped = Event()

    def take() -> tuple[int, int] | None:
        with taking:
            return None if stopped.is_set() else next(batches, None)

    def write() -> None:
        try:
            while (cases := take()) is not None:
                done.put(run.carry_out(cases, now, reason))
        finally:
            stopped.set()
            connections.close_all()
            done.put(None)

    with ThreadPoolExecutor(WRITERS) as writers:
        writing = [writers.submit(write) for _ in range(WRITERS)]
        try:
            left = WRITERS
            while left:
                groups = done.get()
                if groups is None:
                    left -= 1
                else:
                    run.progressed(groups, progress)
        finally:
            stopped.set()
    for one in writing:
        one.result()


def open_count(*, since: date = date.min) -> int:
    """How many deadlines would be examined: the length of the progress bar."""
    row = sql.run_one(f"SELECT count(*) AS n FROM casework_deadline d WHERE {_DUTIES}", {"since": since})
    return int(row["n"]) if row else 0


def _batches(since: date) -> Iterator[tuple[int, int]]:
    """The range of cases of each batch: after the first number, up to and including the second."""
    after = 0
    while True:
        last = sql.run(_LAST_OF_BATCH, {"after": after, "since": since, "size": BATCH})[0]["last"]
        if last is None:
            return
        yield after, last
        after = last


class _Run:
    """One pass over all cases, with its counts."""

    def __init__(self, calendars: Calendars, since: date) -> None:
        self.calendars, self.since, self.report = calendars, since, Reprojection()
        self.began = ""  #: the transaction after which others may have written
        self._known: dict[Any, _Counted | None] = {}
        self._own: list[str] = []
        self._lock = Lock()

    def laid(self, after: int, last: int, *, lately: bool = False) -> list[sql.Row]:
        """Load the clocks of these cases into the batch; returns the groups that are counted once."""
        given = {
            "after": after,
            "last": last,
            "since": self.since,
            "began": self.began,
            "own": self._own,
            "momentary": [unit.value for unit in Unit if unit.is_momentary],
        }
        sql.run(_TABLE)
        sql.run(_FILL.format(which=_LATELY if lately else _EVERY), given)
        return sql.run(_GROUPS)

    def counted(self, groups: list[sql.Row]) -> dict[str, Any]:
        """When each group ends, as values of the statement; each is counted once in a run."""
        marks = {row["id"]: row["alike"] for row in groups}
        new = [one for one, alike in marks.items() if alike not in self._known]
        for row in sql.run(_ONE_OF_EACH, {"ids": new}) if new else ():
            self._known[marks[row["id"]]] = _count(row, self.calendars)
        known = {alike: self._known[alike] for alike in marks.values()}
        found = {alike: ends for alike, ends in known.items() if ends is not None}
        return {
            "alike": list(found),
            "due_on": [one[0] for one in found.values()],
            "due_at": [one[1] for one in found.values()],
            "warn_at": [one[2] for one in found.values()],
            "provisional": [one[3] for one in found.values()],
        }

    def carry_out(
        self, cases: tuple[int, int], now: datetime, reason: str, *, lately: bool = False
    ) -> list[sql.Row]:
        """Count and write these cases in one transaction; returns the groups that were examined."""
        with transaction.atomic(durable=True):
            sql.run("SET LOCAL work_mem = '64MB'")
            groups = self.laid(*cases, lately=lately)
            entered = journal.entries_ctes(
                events.DEADLINE_REPROJECTED.name,
                {"reason", "due", "before", "firm"},
                actor_kind="system",
                effective_at=now,
            )
            given = self.counted(groups) | entered.params | {"reason": reason}
            # the server expects one row of each part and would compare all with all
            sql.run("SET LOCAL enable_nestloop = off")
            told = sql.run(f"{_CHANGING}{_CHANGE}, {entered.sql} {_TOLD.format(changed='done')}", given)
            sql.run("SET LOCAL enable_nestloop = on")
            late = _enter_late(now)
            own = sql.run("SELECT (pg_current_xact_id()::xid)::text AS own")[0]["own"]
        with self._lock:
            self._own.append(own)
            self.report.add(told)
            self.report.late += late
        return groups

    def progressed(self, groups: list[sql.Row], progress: Progress | None) -> None:
        """Report how many more were examined."""
        many = sum(row["many"] for row in groups)
        self.report.examined += many
        self.report.without_limit += sum(row["many"] for row in groups if self._known[row["alike"]] is None)
        self.report.groups = len(self._known)
        if progress:
            progress(many)


def _count(row: Mapping[str, Any], calendars: Calendars) -> _Counted | None:
    """When the clocks of a group end, by the calendar and the settings that their cases keep; nothing where
    their cases keep no such limit."""
    terms = _terms(row["terms"])
    view = snapshots.deadline(row["clock"], terms)
    try:
        view.limit(terms)
    except (LookupError, StopIteration):
        return None
    calendar = calendars(terms.counting.region)
    suspensions = [
        SuspensionView(place, one[0], _day(one[1]), _day(one[2]) if one[2] else None, _day(one[3]), one[4])
        for place, one in enumerate(row["suspensions"] or ())
    ]
    found = clocks.explained(view, terms, calendar, suspensions)
    warn = None if row["unwarned"] else warn_at(found, calendar, terms.warn_share)
    return found.due_on, found.due_at, warn, found.provisional


def _enter_late(now: datetime) -> int:
    rows = sql.run(_LATE)
    if rows:
        entered = journal.entry_params([entries.of_clock(events.DEADLINE_BREACHED, r, now=now) for r in rows])
        given = {"now": now, "ids": [row["id"] for row in rows], **entered}
        sql.run(statements.MARK_BREACHES, given)
    return len(rows)


@lru_cache(maxsize=512)
def _terms(text: str) -> Terms:
    return stored_terms.from_json(json.loads(text))


def _day(text: str) -> date:
    return date.fromisoformat(text)
