"""When, of what and where people call: heat by hour, rises by class and division, what is told to go
elsewhere; and the tickets behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from liuquan.casework import queries as cases
from liuquan.hotline.queries import catalogue
from liuquan.hotline.queries.sight import IN_REACH, check_watches, reach
from liuquan.hotline.signs import BEFORE, LEAST_CLOSED, WEEK, Dead, Rise
from liuquan.hotline.types import Inlet
from liuquan.kernel import sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

#: days that the grid and the shares of ends look back
GRID: Final = timedelta(days=28)
ENDS: Final = timedelta(days=90)
_OF_TICKETS = f"FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id WHERE {IN_REACH}"
_LOCAL = "t.received_at AT TIME ZONE 'Asia/Shanghai'"


@dataclass(frozen=True)
class Received:
    """A ticket behind a number of the analysis."""

    number: str
    class_name: str
    division_name: str
    body_name: str
    received_at: datetime
    state: str


@dataclass(frozen=True)
class OfInlet:
    """The requests of a channel. `open`: without an answer yet; `late`: a limit of theirs was passed."""

    inlet: Inlet
    received: int = 0
    open: int = 0
    late: int = 0


def by_hour(by: Actor, *, now: datetime) -> list[list[int]]:
    """How many requests came in on each weekday (Monday first) in each hour, in the last four weeks. Refuses
    (403) who neither supervises nor dispatches, as do the others."""
    check_watches(by)
    grid = [[0] * 24 for _ in range(7)]
    for row in sql.run(
        f"SELECT extract(isodow FROM {_LOCAL})::int AS weekday, extract(hour FROM {_LOCAL})::int AS hour, "
        f"count(*) AS n {_OF_TICKETS} AND t.received_at >= %(since)s AND t.received_at < %(now)s "
        "GROUP BY 1, 2",
        {**reach(by), "since": now - GRID, "now": now},
    ):
        grid[row["weekday"] - 1][row["hour"]] = row["n"]
    return grid


def by_inlet(by: Actor, *, now: datetime) -> list[OfInlet]:
    """How the requests of the last four weeks came in and how far they are, channel by channel, also those
    by which nothing came."""
    check_watches(by)
    rows = sql.run(
        f"""
        SELECT t.inlet, count(*) AS received, count(*) FILTER (WHERE c.closed_at IS NULL
                AND c.decided_at IS NULL) AS open,
            count(*) FILTER (WHERE EXISTS (SELECT 1 FROM {cases.DEADLINES} d WHERE d.case_id = t.case_id
                AND (d.met_at >= d.due_at OR (d.state = 'running' AND d.due_at <= %(now)s)))) AS late
        {_OF_TICKETS} AND t.received_at >= %(since)s AND t.received_at < %(now)s GROUP BY 1
        """,
        {**reach(by), "since": now - GRID, "now": now},
    )
    found = {
        row["inlet"]: OfInlet(Inlet(row["inlet"]), row["received"], row["open"], row["late"]) for row in rows
    }
    return [found.get(one.value, OfInlet(one)) for one in Inlet]


def rises(by: Actor, *, now: datetime) -> list[Rise]:
    """Every class in every division with requests in the last week or the weeks before, the most first."""
    check_watches(by)
    return _rises({**reach(by), "now": now}, now)


def rises_everywhere(*, now: datetime) -> list[Rise]:
    """The same of the whole city, for the daily entry."""
    return _rises({"everywhere": True, "reach": [], "below": [], "now": now}, now)


def _rises(params: dict[str, Any], now: datetime) -> list[Rise]:
    classes, places = _class_names(), _place_names()
    rows = sql.run(
        f"""
        SELECT t.class_code, t.division, count(*) FILTER (WHERE t.received_at >= %(week)s) AS week,
            count(*) FILTER (WHERE t.received_at < %(week)s) AS before
        {_OF_TICKETS} AND t.received_at >= %(since)s AND t.received_at < %(now)s
        GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC, 1, 2
        """,
        {
            **params,
            "week": now - timedelta(days=WEEK),
            "since": now - timedelta(days=WEEK * (1 + BEFORE)),
        },
    )
    return [
        Rise(
            row["week"],
            row["before"],
            row["class_code"],
            _named(classes, row["class_code"]),
            row["division"],
            _named(places, row["division"]),
        )
        for row in rows
    ]


def dead_on_arrival(by: Actor, *, now: datetime) -> list[Dead]:
    """The classes by the share of their closed tickets that had to go elsewhere or asked for what nobody can
    give, the greatest first; without those of which few were closed."""
    check_watches(by)
    classes = _class_names()
    rows = sql.run(
        f"""
        SELECT t.class_code, count(*) AS closed, count(*) FILTER (WHERE c.outcome = 'told') AS elsewhere,
            count(*) FILTER (WHERE t.unreasonable_at IS NOT NULL AND c.outcome <> 'told') AS unreasonable
        {_OF_TICKETS} AND c.closed_at >= %(since)s AND c.closed_at < %(now)s
            AND c.outcome NOT IN ('merged', 'ended', 'withdrawn')
        GROUP BY 1 HAVING count(*) >= %(least)s
        """,
        {**reach(by), "since": now - ENDS, "now": now, "least": LEAST_CLOSED},
    )
    found = [
        Dead(
            row["class_code"],
            _named(classes, row["class_code"]),
            row["closed"],
            row["elsewhere"],
            row["unreasonable"],
        )
        for row in rows
    ]
    found = [one for one in found if one.elsewhere + one.unreasonable]
    return sorted(found, key=lambda one: (-(one.elsewhere + one.unreasonable) / one.closed, one.class_code))


@dataclass(frozen=True)
class Behind:
    """Which tickets are asked for: received in a time; of a class, a division, a channel, a weekday (Monday
    is 1) and an hour, each where asked for. `ends`: those that ended in that time by being told elsewhere or
    judged unreasonable."""

    since: datetime
    until: datetime
    class_code: str = ""
    division: str = ""
    inlet: str = ""
    weekday: int = 0
    hour: int = -1
    ends: bool = False
    limit: int = 500


def received(by: Actor, asked: Behind) -> list[Received]:
    """The tickets behind a number, the latest first."""
    check_watches(by)
    when = "c.closed_at" if asked.ends else "t.received_at"
    rows = sql.run(
        f"""
        SELECT c.number, t.class_code, t.division, c.body_name, t.received_at, c.state
        {_OF_TICKETS} AND {when} >= %(since)s AND {when} < %(until)s
            AND (%(class_code)s = '' OR t.class_code = %(class_code)s)
            AND (%(division)s = '' OR t.division = %(division)s)
            AND (%(inlet)s = '' OR t.inlet = %(inlet)s)
            AND (%(weekday)s = 0 OR extract(isodow FROM {_LOCAL}) = %(weekday)s)
            AND (%(hour)s < 0 OR extract(hour FROM {_LOCAL}) = %(hour)s)
            AND (NOT %(ends)s OR c.outcome = 'told'
                OR (t.unreasonable_at IS NOT NULL AND c.outcome NOT IN ('merged', 'ended', 'withdrawn')))
        ORDER BY t.received_at DESC, c.number LIMIT %(limit)s
        """,
        {**reach(by), **vars(asked)},
    )
    return named_rows(rows)


def named_rows(rows: list[sql.Row]) -> list[Received]:
    """Rows of tickets with the names of their classes and divisions."""
    classes, places = _class_names(), _place_names()
    return [
        Received(
            row["number"],
            _named(classes, row["class_code"]),
            _named(places, row["division"]),
            row["body_name"],
            row["received_at"],
            row["state"],
        )
        for row in rows
    ]


def _class_names() -> dict[str, str]:
    return {one.code: one.name for one in catalogue.classes()}


def _place_names() -> dict[str, str]:
    return {one.code: one.name for one in organisation.divisions()}


def _named(names: dict[str, str], code: str) -> str:
    """The name of a code; the code where it is known no more."""
    return names.get(code, code)
