"""The record of promises: which were kept, which were broken, and what the body publicly said about each.

Nobody enters a default of time by hand: it is a promised clock that ended before its duty was done. No clock
can detect a default of quality or attitude, so people record it; the ground follows from who records it.
Anyone may read this, without names. Part of the module's reading interface, beside `queries`.

Cites: 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from liuquan.casework.queries import CASES, DEADLINES
from liuquan.journal.queries import ENTRIES
from liuquan.kernel import moments, shares, sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, BodyView, ServicePromiseView

#: how a service promise can be broken, by its aspect; breaches of time are found by the clocks
WAYS: Final[dict[str, dict[str, str]]] = {
    "quality": {
        "wrong_paper": "文书、证照或者登记内容有差错",
        "told_wrong": "告知有误或者没有一次说全，让人多跑",
        "lost_material": "收下的材料遗失或者损坏",
        "extra_demand": "要求清单以外的材料或者手续",
    },
    "attitude": {
        "rude": "态度生硬、冷淡、不耐烦",
        "passed_on": "推诿，首问没有负责到底",
        "nobody_there": "办公时间窗口无人、叫号不应",
    },
}
#: the ground of a service default; it follows from who records it
GROUNDS: Final[dict[str, str]] = {"verdict": "电子监察认定", "admitted": "本单位公开承认"}
RECORD_DEFAULT: Final = "application.record_default"

#: a promise that was due or done in the period, with its outcome
_PROMISES = f"""
SELECT c.number AS case_number, c.body_code, c.body_name AS body, c.subject_name AS item,
    d.due_on, d.due_at, d.met_at, d.due_at <= coalesce(d.met_at, %(now)s) AS broken,
    (d.met_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on
FROM {DEADLINES} d JOIN {CASES} c ON c.id = d.case_id
WHERE c.kind = 'application' AND d.key = 'promised' AND NOT d.provisional
    AND (d.state = 'met' OR (d.state = 'running' AND d.due_at <= %(now)s))
    AND d.due_on >= %(from_on)s AND d.due_on <= %(to_on)s
"""


@dataclass(frozen=True)
class Kept:
    """How many promises one body kept and broke; `explained`: how many of the broken ones."""

    body: str
    promised: int
    kept: int
    broken: int
    explained: int
    body_code: str = ""

    @property
    def share(self) -> str:
        """The share kept, in percent."""
        found = shares.percent(self.kept, self.promised)
        return f"{found}%" if found else "—"


@dataclass(frozen=True)
class BodyRecord:
    """One body: its service promise, the outcome of its promises of time, and how many breaches of its
    promise of quality or attitude are on record."""

    kept: Kept
    promise: ServicePromiseView | None
    service_broken: int


@dataclass(frozen=True)
class ServiceDefault:
    """A broken promise of quality or attitude: which promise, how it was broken, and who recorded it."""

    body: str
    aspect_label: str
    what_label: str
    promise: str
    ground_label: str
    happened_on: date


@dataclass(frozen=True)
class Default:
    """A broken promise. `number` is empty while the case is open; `cause` is what the body said publicly."""

    number: str
    item: str
    body: str
    due_on: date
    done_on: date | None
    late_days: int
    cause: str


def by_body(*, from_on: date, to_on: date, now: datetime) -> list[Kept]:
    """The promises of each body whose last day lies in the period, both days included."""
    rows = sql.run(
        f"""
        WITH promises AS ({_PROMISES})
        SELECT max(body) AS body, body_code, count(*)::int AS promised,
            count(*) FILTER (WHERE NOT broken)::int AS kept,
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


def of_bodies(*, from_on: date, to_on: date, now: datetime) -> list[BodyRecord]:
    """Every body that promises service now, or whose promises came due in the period, in the order of the
    organisation."""
    on = moments.today(now)
    kept = {one.body_code: one for one in by_body(from_on=from_on, to_on=to_on, now=now)}
    promised = {one.body_code: one for one in organisation.service_promises(on=on)}
    broken = _service_broken(from_on, to_on)
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    names |= {code: one.body for code, one in kept.items() if code not in names}
    return [
        BodyRecord(kept.get(code, Kept(name, 0, 0, 0, 0, code)), promised.get(code), broken.get(code, 0))
        for code, name in names.items()
        if code in kept or code in promised or code in broken
    ]


_SERVICE = f"""
SELECT subject AS body_code, public->>'body' AS body, public->>'aspect_label' AS aspect_label,
    public->>'what_label' AS what_label, public->>'promise' AS promise,
    public->>'ground_label' AS ground_label, (public->>'happened_on')::date AS happened_on, id
FROM {ENTRIES} AS e WHERE event = 'application.service_default'
    AND (public->>'happened_on')::date BETWEEN %(from_on)s AND %(to_on)s
"""


def service_defaults(
    *, from_on: date, to_on: date, offset: int = 0, limit: int = 20
) -> tuple[list[ServiceDefault], int]:
    """One page of the broken promises of quality and attitude of the period, the newest first, and how many
    there are."""
    rows = sql.run(
        f"WITH service AS ({_SERVICE}) SELECT body, aspect_label, what_label, promise, ground_label, "
        "happened_on, count(*) OVER () AS total FROM service "
        "ORDER BY happened_on DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {"from_on": from_on, "to_on": to_on, "offset": offset, "limit": limit},
    )
    total = int(rows[0]["total"]) if rows else 0
    return [ServiceDefault(**{name: row[name] for name in row if name != "total"}) for row in rows], total


def _service_broken(from_on: date, to_on: date) -> dict[str, int]:
    rows = sql.run(
        f"WITH service AS ({_SERVICE}) SELECT body_code, count(*)::int AS n FROM service GROUP BY body_code",
        {"from_on": from_on, "to_on": to_on},
    )
    return {row["body_code"]: row["n"] for row in rows}


def ground_for(by: Actor, body: BodyView) -> str | None:
    """The ground on which this actor may record a default of this body: a supervising post as its finding, a
    post of the body as a public admission; None for anyone else."""
    if by.may_supervise(RECORD_DEFAULT, body.division_path):
        return "verdict"
    if by.body_code == body.code and by.may(RECORD_DEFAULT, "", body.code):
        return "admitted"
    return None


def bodies_within_reach(by: Actor, *, on: date) -> list[BodyView]:
    """The bodies whose defaults this actor may enter."""
    return [body for body in organisation.bodies(on=on) if ground_for(by, body)]
