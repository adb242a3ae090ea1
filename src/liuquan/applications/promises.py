"""The record of promises: which were kept, which were broken, and what the body said openly about each.

Nobody keys a default in: it is a promised clock that ended before its duty was done. Free to read for anyone,
without names. Part of the module's reading face, beside `queries`.

Cites: 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from liuquan.casework.queries import CASES, DEADLINES
from liuquan.journal.queries import ENTRIES
from liuquan.kernel import sql

#: a promise that was due or done in the period, with what became of it
_PROMISES = f"""
SELECT c.number AS case_number, c.body_code, c.extra->>'body_name' AS body, c.subject_name AS item,
    d.due_on, d.due_at, d.met_at, d.due_at <= coalesce(d.met_at, %(now)s) AS broken,
    (d.met_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on
FROM {DEADLINES} d JOIN {CASES} c ON c.id = d.case_id
WHERE c.kind = 'application' AND d.key = 'promised' AND NOT d.provisional
    AND (d.state = 'met' OR (d.state = 'running' AND d.due_at <= %(now)s))
    AND d.due_on >= %(from_on)s AND d.due_on <= %(to_on)s
"""


@dataclass(frozen=True)
class Kept:
    """What became of the promises of one body: `explained` of the broken ones, in numbers."""

    body: str
    promised: int
    kept: int
    broken: int
    explained: int

    @property
    def share(self) -> str:
        """How many were kept, in hundredths, rounded down."""
        return f"{self.kept * 1000 // self.promised / 10:.1f}%" if self.promised else "—"


@dataclass(frozen=True)
class Default:
    """A broken promise. `number` is empty while the case is open; `cause` is what the body said openly."""

    number: str
    item: str
    body: str
    due_on: date
    done_on: date | None
    late_days: int
    cause: str


def by_body(*, from_on: date, to_on: date, now: datetime) -> list[Kept]:
    """The promises of each body whose last day lies in the period, both ends in."""
    rows = sql.run(
        f"""
        WITH promises AS ({_PROMISES})
        SELECT max(body) AS body, count(*)::int AS promised, count(*) FILTER (WHERE NOT broken)::int AS kept,
            count(*) FILTER (WHERE broken)::int AS broken,
            count(*) FILTER (WHERE broken AND EXISTS (SELECT FROM {ENTRIES} e
                WHERE e.subject = case_number AND e.event = 'application.lateness_explained'))::int
                AS explained
        FROM promises GROUP BY body_code ORDER BY body_code
        """,
        {"from_on": from_on, "to_on": to_on, "now": now},
    )
    return [Kept(**row) for row in rows]


def defaults(
    *, from_on: date, to_on: date, now: datetime, offset: int = 0, limit: int = 20
) -> tuple[list[Default], int]:
    """One page of the broken promises of the period, the newest first, and how many there are."""
    rows = sql.run(
        f"""
        WITH promises AS ({_PROMISES})
        SELECT CASE WHEN met_at IS NULL THEN '' ELSE case_number END AS number, item, body, due_on, done_on,
            coalesce(done_on, (%(now)s AT TIME ZONE 'Asia/Shanghai')::date) - due_on AS late_days,
            coalesce((SELECT e.public->>'cause_label' FROM {ENTRIES} e
                WHERE e.subject = case_number AND e.event = 'application.lateness_explained'
                ORDER BY e.id DESC LIMIT 1), '') AS cause,
            count(*) OVER () AS total
        FROM promises WHERE broken ORDER BY due_on DESC, case_number DESC LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"from_on": from_on, "to_on": to_on, "now": now, "offset": offset, "limit": limit},
    )
    total = int(rows[0]["total"]) if rows else 0
    return [Default(**{name: row[name] for name in row if name != "total"}) for row in rows], total
