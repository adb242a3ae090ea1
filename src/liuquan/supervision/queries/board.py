"""The figures of the board, within the divisions a post supervises; each leads to the cases behind it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from liuquan.clock import day_start
from liuquan.kernel import moments, sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import guards, rulebook
from liuquan.supervision.types import BodyLine, CaseLine, Figures, TrendDay

#: Compared as text: a path parsed for each of a hundred thousand cases would cost more than all the rest.
_IN_REACH = "(c.division_path = ANY(%(reach)s) OR c.division_path LIKE ANY(%(below)s))"
#: Cases of a kind set apart are no work that a body is measured by.
_COUNTED = f"c.kind <> ALL(%(apart)s::text[]) AND {_IN_REACH}"
_OPEN = f"""
SELECT c.body_code, count(*) AS cases_open FROM caselog.cases c
WHERE c.closed_at IS NULL AND {_COUNTED} GROUP BY c.body_code
"""
#: Cases decided this month under a promise, and whether it was broken; a provisional end is never a breach.
_DECIDED = f"""
SELECT c.*, p.late FROM caselog.cases c
JOIN LATERAL (SELECT bool_or(NOT k.provisional AND k.due_at <= k.counts_until) AS late
    FROM caselog.clocks k WHERE k.case_number = c.case_number AND k.key = 'promised') p ON p.late IS NOT NULL
WHERE c.decided_at >= %(month)s AND c.decided_at <= %(now)s AND {_COUNTED}
"""
_PROGRESS = f"""
SELECT body_code, coalesce(o.cases_open, 0) AS cases_open, coalesce(d.decided, 0) AS decided,
    coalesce(d.late, 0) AS late
FROM ({_OPEN}) o FULL JOIN (SELECT body_code, count(*) AS decided, count(*) FILTER (WHERE late) AS late
    FROM ({_DECIDED}) AS one GROUP BY body_code) d USING (body_code)
"""
_CARDS = """
SELECT f.body_code,
    count(*) FILTER (WHERE f.severity = 'red' AND f.settled_at IS NULL) AS red,
    count(*) FILTER (WHERE f.severity = 'yellow' AND f.settled_at IS NULL) AS yellow,
    count(*) FILTER (WHERE f.state = 'asked') AS asked,
    count(*) FILTER (WHERE f.state = 'asked' AND EXISTS (SELECT 1 FROM caselog.clocks k
        WHERE k.case_number = f.disposal AND k.state = 'running' AND k.due_at <= %(now)s)) AS unanswered,
    count(*) FILTER (WHERE f.state = 'explained') AS explained,
    count(*) FILTER (WHERE f.state = 'closed' AND f.settled_at >= %(month)s) AS closed
FROM supervision_finding f
WHERE f.division_path <@ ANY(%(reach)s::ltree[])
    AND (f.settled_at IS NULL OR f.settled_at >= %(month)s)
GROUP BY f.body_code
"""
_COLOUR = """CASE WHEN p.provisional OR p.due_at IS NULL THEN 'grey'
    WHEN p.due_at <= coalesce(p.counts_until, %(now)s) THEN 'red' WHEN p.state = 'paused' THEN 'grey'
    WHEN p.state = 'running' AND p.warn_at <= %(now)s THEN 'yellow' ELSE 'green' END AS colour"""


def month_of(now: datetime) -> date:
    """The first day of the month in Shanghai."""
    return moments.today(now).replace(day=1)


def figures(by: Actor, *, now: datetime) -> Figures:
    """The figures at the top of the board. Refuses (403) a post that supervises nothing."""
    guards.check_reads_board(by)
    cards, progress = sql.run(_CARDS, _params(by, now)), sql.run(_PROGRESS, _params(by, now))
    summed = {
        name: sum(int(row[name]) for row in rows)
        for rows, names in (
            (cards, ("red", "yellow", "asked", "unanswered", "explained", "closed")),
            (progress, ("cases_open", "decided", "late")),
        )
        for name in names
    }
    return Figures(**summed, month_on=month_of(now))


def by_body(by: Actor, *, now: datetime) -> list[BodyLine]:
    """The same by body, the most red first. Refuses (403) a post that supervises nothing."""
    guards.check_reads_board(by)
    cards = {row["body_code"]: row for row in sql.run(_CARDS, _params(by, now))}
    progress = {row["body_code"]: row for row in sql.run(_PROGRESS, _params(by, now))}
    names = {b.code: b.short_name or b.name for b in organisation.bodies(on=moments.today(now))}
    lines = [
        BodyLine(
            code=code,
            name=names.get(code, code),
            **{name: int(cards.get(code, {}).get(name, 0)) for name in ("red", "yellow", "asked")},
            **{name: int(progress.get(code, {}).get(name, 0)) for name in ("cases_open", "decided", "late")},
        )
        for code in cards.keys() | progress.keys()
    ]
    return sorted(lines, key=lambda line: (-line.red, -line.yellow, -line.cases_open, line.name))


def trend(by: Actor, *, now: datetime, days: int = 30) -> list[TrendDay]:
    """How many red and yellow findings were made on each of the last days, today included."""
    guards.check_reads_board(by)
    first = moments.today(now) - timedelta(days=days - 1)
    rows = sql.run(
        """
        SELECT (f.found_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
            count(*) FILTER (WHERE f.severity = 'red') AS red,
            count(*) FILTER (WHERE f.severity = 'yellow') AS yellow
        FROM supervision_finding f WHERE f.division_path <@ ANY(%(reach)s::ltree[])
            AND f.found_at >= %(first)s AND f.found_at <= %(now)s GROUP BY 1
        """,
        {"reach": guards.reach(by), "first": day_start(first), "now": now},
    )
    found = {row["on_day"]: row for row in rows}
    return [
        TrendDay(on, int(found.get(on, {}).get("red", 0)), int(found.get(on, {}).get("yellow", 0)))
        for on in (first + timedelta(days=n) for n in range(days))
    ]


def case_lines(
    by: Actor,
    *,
    now: datetime,
    show: str = "open",
    body: str = "",
    text: str = "",
    offset: int = 0,
    limit: int = 20,
) -> tuple[list[CaseLine], int]:
    """One page of the cases behind a figure, without names, the oldest first, and how many there are:
    `open`, `decided` this month, or decided `late` this month; of one body, or with these characters in the
    number, if asked. Refuses (403) a post that supervises nothing."""
    guards.check_reads_board(by)
    shown = {
        "decided": f"SELECT * FROM ({_DECIDED}) AS one",
        "late": f"SELECT * FROM ({_DECIDED}) AS one WHERE late",
    }.get(show, f"SELECT c.* FROM caselog.cases c WHERE c.closed_at IS NULL AND {_COUNTED}")
    text = "".join(text.split()).upper()
    params = {**_params(by, now), "body": body, "text": text, "limit": limit, "offset": offset}
    chosen = f"""FROM ({shown}) AS c WHERE (%(body)s = '' OR c.body_code = %(body)s)
        AND (%(text)s = '' OR position(%(text)s IN c.case_number) > 0)"""
    total = sql.run(f"SELECT count(*) AS total {chosen}", params)[0]["total"]
    rows = sql.run(
        f"""
        WITH c AS (SELECT c.* {chosen} ORDER BY c.received_at, c.case_number
            LIMIT %(limit)s OFFSET %(offset)s)
        SELECT c.case_number, c.item_name, c.body_code, c.received_at, c.decided_at, p.due_on, {_COLOUR}
        FROM c LEFT JOIN LATERAL (SELECT * FROM caselog.clocks k WHERE k.case_number = c.case_number
            AND k.key = 'promised' ORDER BY k.anchor_at DESC LIMIT 1) p ON true
        ORDER BY c.received_at, c.case_number
        """,
        params,
    )
    return _case_lines(rows, now), int(total)


def _case_lines(rows: list[sql.Row], now: datetime) -> list[CaseLine]:
    names = {b.code: b.short_name or b.name for b in organisation.bodies(on=moments.today(now))}
    return [
        CaseLine(
            row["case_number"],
            row["item_name"],
            str(names.get(row["body_code"], row["body_code"])),
            row["received_at"],
            row["decided_at"],
            row["due_on"],
            row["colour"],
        )
        for row in rows
    ]


def _params(by: Actor, now: datetime) -> dict[str, object]:
    reach = guards.reach(by)
    return {
        "reach": reach,
        "apart": rulebook.kinds_apart(),
        "below": [f"{path}.%" for path in reach],
        "now": now,
        "month": day_start(month_of(now)),
    }
