"""The figures by body and month, counted from the tickets and the record, and the tickets behind each number.

A number belongs to the body whose act or clock it was at that time: a ticket that went on is not charged to
the body that got it next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from liuquan.casework import queries as cases
from liuquan.clock import day_start
from liuquan.hotline.figures import Figure, Value, figures, public_figures
from liuquan.hotline.queries.sight import IN_REACH, check_watches, reach
from liuquan.hotline.types import KIND, UNFILED
from liuquan.journal import queries as journal
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

_E = journal.ENTRIES
#: each gives `number`, `body_code`, `at` and `part` of the rows of some days; one row a fact that is counted
_HANDED: Final = f"""
    SELECT e.id, e.subject AS number, e.public ->> 'body' AS body_code, e.effective_at AS at, c.id AS case_id,
        coalesce((SELECT min(n.id) FROM {_E} n WHERE n.subject = e.subject AND n.id > e.id
            AND n.event IN ('ticket.redispatched', 'ticket.handed_down')), 9223372036854775807) AS until
    FROM {_E} e JOIN {cases.CASES} c ON c.number = e.subject
    WHERE e.event IN ('ticket.dispatched', 'ticket.redispatched', 'ticket.handed_down')
        AND e.effective_at >= %(since)s AND e.effective_at < %(until)s AND {IN_REACH}
"""
_HANDINGS: Final = f"""
SELECT h.number, h.body_code, h.at, CASE
    WHEN r.event IN ('ticket.signed', 'ticket.returned')
        THEN CASE WHEN r.effective_at < d.due_at THEN 'in_time' ELSE 'late' END
    WHEN r.event IS NOT NULL THEN CASE WHEN r.effective_at < d.due_at THEN 'called_off' ELSE 'late' END
    WHEN d.due_at <= %(now)s THEN 'late' ELSE 'waiting' END AS part
FROM ({_HANDED}) h
JOIN LATERAL (SELECT s.due_at FROM {cases.DEADLINES} s WHERE s.case_id = h.case_id AND s.key = 'sign'
    AND s.anchor_at = h.at ORDER BY s.due_at LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT n.event, n.effective_at FROM {_E} n WHERE n.subject = h.number AND n.id > h.id
    AND n.event IN ('ticket.signed', 'ticket.returned', 'ticket.redispatched', 'ticket.merged',
        'ticket.withdrawn') ORDER BY n.id LIMIT 1) r ON true
"""
_RETURNS: Final = f"""
SELECT h.number, h.body_code, h.at, CASE WHEN r.id IS NULL THEN 'kept'
    WHEN o.event = 'ticket.return_refused' THEN 'refused' WHEN o.event IS NULL THEN 'undecided'
    WHEN o.event IN ('ticket.merged', 'ticket.withdrawn') THEN 'dropped' ELSE 'accepted' END AS part
FROM ({_HANDED}) h
LEFT JOIN LATERAL (SELECT n.id FROM {_E} n WHERE n.subject = h.number AND n.id > h.id AND n.id < h.until
    AND n.event = 'ticket.returned' ORDER BY n.id DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT n.event FROM {_E} n WHERE n.subject = h.number AND n.id > r.id
    AND n.event IN ('ticket.return_refused', 'ticket.redispatched', 'ticket.way_told', 'ticket.merged',
        'ticket.withdrawn') ORDER BY n.id LIMIT 1) o ON true
"""
_ANSWERS: Final = f"""
SELECT e.subject AS number, e.body_code, e.effective_at AS at,
    CASE WHEN EXISTS (SELECT 1 FROM {_E} f WHERE f.subject = e.subject AND f.id > e.id
            AND f.event IN ('ticket.redone', 'ticket.asked_again')
            AND NOT EXISTS (SELECT 1 FROM {_E} m WHERE m.subject = e.subject AND m.id > e.id AND m.id < f.id
                AND m.event IN ('ticket.redispatched', 'ticket.handed_down')))
        THEN 'again' ELSE 'once' END AS part
FROM {_E} e JOIN {cases.CASES} c ON c.number = e.subject
WHERE e.event = 'ticket.answered' AND e.effective_at >= %(since)s AND e.effective_at < %(until)s
    AND {IN_REACH}
    AND NOT EXISTS (SELECT 1 FROM {_E} f WHERE f.subject = e.subject AND f.id < e.id
        AND f.event = 'ticket.answered' AND f.body_code = e.body_code)
"""
#: the clocks of tickets that ended or fell due: a clock that ran out in the time of a return is nobody's yet
_CLOCKS: Final = f"""
SELECT * FROM (
    SELECT c.number, h.body_code, least(d.met_at, d.due_at) AS at, CASE
        WHEN d.state = 'met' AND d.met_at < d.due_at THEN 'on_time'
        WHEN d.state = 'cancelled' AND d.met_at < d.due_at THEN 'called_off'
        WHEN r.event = 'ticket.returned' THEN 'in_review' ELSE 'late' END AS part
    FROM {cases.DEADLINES} d JOIN {cases.CASES} c ON c.id = d.case_id
    JOIN LATERAL (SELECT n.public ->> 'body' AS body_code FROM {_E} n WHERE n.subject = c.number
        AND n.event IN ('ticket.dispatched', 'ticket.redispatched') AND n.effective_at <= d.anchor_at
        ORDER BY n.id DESC LIMIT 1) h ON true
    LEFT JOIN LATERAL (SELECT n.event FROM {_E} n WHERE n.subject = c.number
        AND n.event IN ('ticket.returned', 'ticket.return_refused')
        AND n.effective_at >= d.anchor_at AND n.effective_at < d.due_at
        ORDER BY n.id DESC LIMIT 1) r ON true
    WHERE c.kind = '{KIND}' AND d.key = 'handling' AND d.state IN ('met', 'cancelled', 'running')
        AND {IN_REACH}
        AND (d.state <> 'running' OR d.due_at <= %(now)s)
) AS ended WHERE at >= %(since)s AND at < %(until)s
"""
_CALLED: Final = f"""
    SELECT e.subject AS number, a.body_code, e.effective_at AS at, e.event,
        e.public ->> 'satisfied' AS satisfied, e.public ->> 'confirmed' AS confirmed,
        a.fixed, t.unreasonable_at
    FROM {_E} e JOIN {cases.CASES} c ON c.number = e.subject JOIN hotline_ticket t ON t.case_id = c.id
    JOIN LATERAL (SELECT n.body_code, n.public ->> 'fixed' AS fixed FROM {_E} n WHERE n.subject = e.subject
        AND n.id < e.id AND n.event = 'ticket.answered' ORDER BY n.id DESC LIMIT 1) a ON true
    WHERE e.event IN ('ticket.called_back', 'ticket.closed_unreached')
        AND e.effective_at >= %(since)s AND e.effective_at < %(until)s AND {IN_REACH}
"""
_CALLS: Final = f"""
SELECT number, body_code, at, CASE WHEN unreasonable_at IS NOT NULL THEN 'unreasonable'
    WHEN event = 'ticket.closed_unreached' THEN 'unreached' ELSE satisfied END AS part
FROM ({_CALLED}) AS called
"""
_CLOSINGS: Final = f"""
SELECT number, body_code, at,
    CASE WHEN fixed = 'fixed' AND confirmed = 'no' THEN 'denied' ELSE fixed END AS part
FROM ({_CALLED}) AS called
"""
#: what was asked of a reply counts for the answer that followed
_REPLIES: Final = f"""
SELECT e.subject AS number, e.body_code, e.effective_at AS at,
    CASE WHEN e.public ->> 'despite' = 'true' THEN 'despite'
        WHEN EXISTS (SELECT 1 FROM {_E} q WHERE q.subject = e.subject AND q.id < e.id
            AND q.event = 'hotline.reply_questioned' AND q.body_code = e.body_code
            AND NOT EXISTS (SELECT 1 FROM {_E} p WHERE p.subject = e.subject AND p.id > q.id AND p.id < e.id
                AND p.event = 'ticket.answered')) THEN 'rewritten'
        ELSE 'straight' END AS part
FROM {_E} e JOIN {cases.CASES} c ON c.number = e.subject
WHERE e.event = 'ticket.answered' AND e.effective_at >= %(since)s AND e.effective_at < %(until)s
    AND {IN_REACH}
"""
#: a suggestion is decided once the ticket has left the centre's hands or is over: then its class is final
SUGGESTIONS: Final = f"""
SELECT c.number, c.body_code, t.received_at AS at, s.model, s.score, s.class_code AS suggested,
    s.filed_code AS filed, t.class_code AS final,
    CASE WHEN s.class_code = '' THEN 'nothing'
        WHEN c.state = 'registered' OR c.outcome IN ('merged', 'withdrawn', 'transferred')
            OR t.class_code = '{UNFILED}' THEN 'undecided'
        WHEN s.class_code = t.class_code THEN 'right'
        WHEN s.second_code = t.class_code THEN 'second' ELSE 'other' END AS part
FROM hotline_suggestion s JOIN hotline_ticket t ON t.case_id = s.case_id
JOIN {cases.CASES} c ON c.id = s.case_id
WHERE t.received_at >= %(since)s AND t.received_at < %(until)s AND {IN_REACH}
"""
_BODIES: Final = f"""
SELECT c.number, c.body_code, t.received_at AS at,
    CASE WHEN s.body_code = '' THEN 'nothing' WHEN h.body_code IS NULL THEN 'undecided'
        WHEN s.body_code = h.body_code THEN 'right' ELSE 'other' END AS part
FROM hotline_suggestion s JOIN hotline_ticket t ON t.case_id = s.case_id
JOIN {cases.CASES} c ON c.id = s.case_id
LEFT JOIN LATERAL (SELECT e.public ->> 'body' AS body_code FROM {_E} e WHERE e.subject = c.number
    AND e.event IN ('ticket.dispatched', 'ticket.redispatched') ORDER BY e.id DESC LIMIT 1) h ON true
WHERE t.received_at >= %(since)s AND t.received_at < %(until)s AND {IN_REACH}
"""
SOURCES: Final[Mapping[str, str]] = {
    "handings": _HANDINGS,
    "returns": _RETURNS,
    "answers": _ANSWERS,
    "clocks": _CLOCKS,
    "calls": _CALLS,
    "closings": _CLOSINGS,
    "replies": _REPLIES,
    "suggestions": SUGGESTIONS,
    "bodies": _BODIES,
}


@dataclass(frozen=True)
class BodyValues:
    """The figures of one body, in their order; `code` is empty for all bodies together."""

    code: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class CountedTicket:
    """A ticket behind a number. `at`: the moment that it is counted at."""

    number: str
    class_name: str
    body_code: str
    at: datetime
    part: str
    state: str


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def by_body(by: Actor, *, month: date, now: datetime) -> list[BodyValues]:
    """The figures of a month (its first day) of all bodies together, then body by body. Refuses (403) a post
    that neither supervises nor dispatches."""
    check_watches(by)
    return _by_body(_params(by, month, now), now, figures())


def published(*, month: date, now: datetime) -> list[BodyValues]:
    """The figures of a month that is over, as they are published: of the whole city, without the tickets.
    Refuses (404) a month that is not over."""
    if month_after(month) > moments.today(now):
        raise NotVisible("这个月还没有结束，结束以后公布，请选择以前的月份。")
    whole = {"everywhere": True, "reach": [], "below": []}
    return _by_body({**whole, **_days(month, now)}, now, public_figures())


def _by_body(params: dict[str, object], now: datetime, shown: Sequence[Figure]) -> list[BodyValues]:
    counted: dict[str, dict[str, dict[str, int]]] = {}
    for one in shown:
        for row in sql.run(
            f"SELECT body_code, part, count(*) AS n FROM ({SOURCES[one.source]}) AS f GROUP BY 1, 2",
            params,
        ):
            for code in ("", row["body_code"]):
                parts = counted.setdefault(code, {}).setdefault(one.id, {})
                parts[row["part"]] = parts.get(row["part"], 0) + row["n"]
    names = {body.code: body.short_name or body.name for body in organisation.bodies(on=moments.today(now))}
    lines = [
        BodyValues(
            code,
            names.get(code, code) if code else "全部单位",
            tuple(Value(one, counted.get(code, {}).get(one.id, {})) for one in shown),
        )
        for code in {"", *counted}
    ]
    return sorted(lines, key=lambda line: (line.code != "", line.name))


def months(
    by: Actor, figure: Figure, *, last: date, now: datetime, many: int = 6
) -> list[tuple[date, Value]]:
    """A figure of all bodies together, month by month up to this one. Refuses as `by_body`."""
    check_watches(by)
    found, month = [], last
    for _ in range(many):
        found.append((month, _by_body(_params(by, month, now), now, (figure,))[0].values[0]))
        month = month_before(month)
    return found[::-1]


def tickets(
    by: Actor, figure: Figure, *, month: date, now: datetime, body: str = "", part: str = "", limit: int = 500
) -> list[CountedTicket]:
    """The tickets behind a number: of a figure and a month, of one body or all, of one part or all. Refuses
    as `by_body`."""
    check_watches(by)
    rows = sql.run(
        f"""
        SELECT f.number, f.body_code, f.at, f.part, c.state, c.subject_name
        FROM ({SOURCES[figure.source]}) AS f JOIN {cases.CASES} c ON c.number = f.number
        WHERE (%(body)s = '' OR f.body_code = %(body)s) AND (%(part)s = '' OR f.part = %(part)s)
        ORDER BY f.at DESC, f.number LIMIT %(limit)s
        """,
        {**_params(by, month, now), "body": body, "part": part, "limit": limit},
    )
    return [
        CountedTicket(
            row["number"], row["subject_name"], row["body_code"], row["at"], row["part"], row["state"]
        )
        for row in rows
    ]


def _params(by: Actor, month: date, now: datetime) -> dict[str, object]:
    return {**reach(by), **_days(month, now)}


def _days(month: date, now: datetime) -> dict[str, object]:
    return {"since": day_start(month), "until": day_start(month_after(month)), "now": now}
