"""Findings, for those who supervise the division and for the body that answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from liuquan.casework import queries as cases
from liuquan.casework.types import DeadlineView, Snapshot
from liuquan.clock import Deadline, chinese_date
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import guards, rulebook
from liuquan.supervision.types import (
    ExplanationView,
    FindingDetail,
    FindingFilter,
    FindingLine,
    FindingState,
    Ruling,
    Severity,
    VerdictView,
)

_UNKNOWN = "没有找到这条监察发现，请核对编号。"
_LINES = """
SELECT f.*, f.division_path::text AS path, e.answer_due_on, count(*) OVER () AS total
FROM supervision_finding f
LEFT JOIN LATERAL (SELECT x.answer_due_on FROM supervision_explanation x
    WHERE x.finding_id = f.id AND x.answered_at IS NULL) e ON true
"""
_PRESSING_FIRST = """
ORDER BY array_position(ARRAY['open', 'asked', 'explained', 'closed', 'lifted'], f.state::text) > 3,
    f.severity = 'red' DESC, f.since_at DESC, f.id DESC
"""


def findings(
    by: Actor, *, now: datetime, narrowed: FindingFilter | None = None, offset: int = 0, limit: int = 20
) -> tuple[list[FindingLine], int]:
    """One page of the findings in the divisions this post supervises, those still to be settled first, red
    before yellow, and how many there are. Refuses (403) a post that supervises nothing."""
    guards.check_reads_board(by)
    where, params = _where(narrowed or FindingFilter(), moments.today(now))
    rows = sql.run(
        f"{_LINES} WHERE f.division_path <@ ANY(%(reach)s::ltree[]) {where} {_PRESSING_FIRST} "
        "LIMIT %(limit)s OFFSET %(offset)s",
        {**params, "reach": guards.reach(by), "limit": limit, "offset": offset},
    )
    return _lines(rows, now), rows[0]["total"] if rows else 0


def of_body(by: Actor, *, now: datetime, offset: int = 0, limit: int = 20) -> tuple[list[FindingLine], int]:
    """One page of the findings that this post's own body answers for, and how many there are; those with an
    open request for explanation come first."""
    rows = sql.run(
        f"{_LINES} WHERE f.body_code = %(body)s AND %(body)s <> '' "
        "ORDER BY array_position(ARRAY['asked', 'open', 'explained', 'closed', 'lifted'], f.state::text), "
        "f.severity = 'red' DESC, e.answer_due_on, f.since_at DESC, f.id DESC "
        "LIMIT %(limit)s OFFSET %(offset)s",
        {"body": by.body_code if by.kind == "staff" else "", "limit": limit, "offset": offset},
    )
    return _lines(rows, now), rows[0]["total"] if rows else 0


def to_answer(by: Actor, *, now: datetime) -> list[FindingLine]:
    """The findings on which this post owes an explanation now, the first due before the others."""
    rows = sql.run(
        f"{_LINES} WHERE f.body_code = %(body)s AND %(body)s <> '' AND f.state = 'asked' "
        "ORDER BY e.answer_due_on, f.id",
        {"body": by.body_code if by.kind == "staff" else ""},
    )
    mine = [row for row in rows if by.may(guards.EXPLAIN, row["item_code"], row["body_code"])]
    return _lines(mine, now)


def pending_of_body(by: Actor) -> dict[str, int]:
    """How many findings of this post's body wait for an answer (`asked`), and how many are not settled
    (`red`, `yellow`)."""
    row = sql.run_one(
        """
        SELECT count(*) FILTER (WHERE state = 'asked') AS asked,
            count(*) FILTER (WHERE severity = 'red') AS red,
            count(*) FILTER (WHERE severity = 'yellow') AS yellow
        FROM supervision_finding WHERE body_code = %(body)s AND state IN ('open', 'asked', 'explained')
        """,
        {"body": by.body_code if by.kind == "staff" else ""},
    )
    return {name: int(value) for name, value in (row or {}).items()}


def of_case(case_number: str, *, by: Actor, now: datetime) -> list[FindingLine]:
    """The findings of a case that this actor may see, oldest first."""
    rows = sql.run(f"{_LINES} WHERE f.case_number = %(case)s ORDER BY f.id", {"case": case_number})
    mine = [r for r in rows if guards.may_see(by, body_code=r["body_code"], division_path=r["path"])]
    return _lines(mine, now)


def finding(number: str, *, by: Actor, now: datetime) -> FindingDetail:
    """A finding with all its details except the texts. Refuses one unknown or not visible to the reader
    (404)."""
    row = sql.run_one(f"{_LINES} WHERE f.number = %(number)s", {"number": number})
    if row is None or not guards.may_see(by, body_code=row["body_code"], division_path=row["path"]):
        raise NotVisible(_UNKNOWN)
    explanations = _explanations(row["id"])
    verdict = _verdict(row["id"])
    return FindingDetail(
        line=_lines([row], now)[0],
        rule=rulebook.rule(row["rule"], row["rule_version"]),
        key=row["key"],
        division_path=row["path"],
        evidence=row["evidence"],
        item_code=row["item_code"],
        explanations=explanations,
        verdict=verdict,
        offers=_offers(row, by, bool(verdict) or any(e.answered_at for e in explanations)),
    )


def trail(detail: FindingDetail) -> list[Entry]:
    """What happened to a finding that the reader may see, oldest first."""
    return journal.entries_of(detail.line.number)


def clock_of(detail: FindingDetail) -> tuple[Snapshot | None, DeadlineView | None, Deadline | None]:
    """The case as it is now, and the clock that the finding is about with its explanation, if it is about
    one. A finding about a log has neither."""
    if detail.line.about_log:
        return None, None, None
    snapshot = cases.read(detail.line.case_number)
    key, step = detail.evidence.get("clock_key"), detail.evidence.get("step", "")
    anchor = detail.evidence.get("anchor_at")
    for view in snapshot.deadlines:
        if view.key == key and view.step == step and view.anchor_at == datetime.fromisoformat(str(anchor)):
            return snapshot, view, cases.explanation(snapshot, view)
    return snapshot, None, None


def _where(narrowed: FindingFilter, today: date) -> tuple[str, dict[str, Any]]:
    parts = {
        "body": "f.body_code = %(body)s",
        "severity": "f.severity = %(severity)s",
        "rule": "f.rule = %(rule)s",
    }
    where = [parts[name] for name in parts if getattr(narrowed, name)]
    if narrowed.state == "pending":
        where.append("f.state IN ('open', 'asked', 'explained')")
    elif narrowed.state == "unanswered":
        where.append("f.state = 'asked' AND e.answer_due_on < %(today)s")
    elif narrowed.state:
        where.append("f.state = %(state)s")
    if narrowed.since_on:
        where.append(
            "coalesce(f.settled_at, f.found_at) >= (%(since_on)s::timestamp AT TIME ZONE 'Asia/Shanghai')"
        )
    params = {
        "body": narrowed.body,
        "severity": narrowed.severity,
        "rule": narrowed.rule,
        "state": narrowed.state,
        "today": today,
        "since_on": narrowed.since_on,
    }
    return "".join(f" AND {part}" for part in where), params


def _lines(rows: list[sql.Row], now: datetime) -> list[FindingLine]:
    today = moments.today(now)
    names = (
        {body.code: body.short_name or body.name for body in organisation.bodies(on=today)} if rows else {}
    )
    return [_line(row, names, today) for row in rows]


def _line(row: sql.Row, names: Mapping[str, str], today: date) -> FindingLine:
    rule = rulebook.rule(row["rule"], row["rule_version"])
    due = row["answer_due_on"]
    return FindingLine(
        number=row["number"],
        rule_name=rule.name,
        sentence=rulebook.sentence(rule, _spoken(row["evidence"])),
        severity=Severity(row["severity"]),
        state=FindingState(row["state"]),
        case_number=row["case_number"],
        item_name=row["item_name"],
        body_code=row["body_code"],
        body_name=names.get(row["body_code"], row["body_code"]),
        since_at=row["since_at"],
        found_at=row["found_at"],
        answer_due_on=due,
        unanswered=due is not None and today > due,
        about_log=rule.about_log,
    )


def _spoken(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence with its dates in words."""
    due = evidence.get("due_on")
    spoken = {"due_on": chinese_date(date.fromisoformat(due))} if due else {}
    return {**evidence, **spoken}


def _explanations(finding_id: int) -> tuple[ExplanationView, ...]:
    rows = sql.run(
        "SELECT asked_at, answer_due_on, points, answered_at "
        "FROM supervision_explanation WHERE finding_id = %(id)s ORDER BY id",
        {"id": finding_id},
    )
    return tuple(
        ExplanationView(
            **{**row, "points": tuple(row["points"])},
            late=row["answered_at"] is not None and moments.today(row["answered_at"]) > row["answer_due_on"],
        )
        for row in rows
    )


def _verdict(finding_id: int) -> VerdictView | None:
    row = sql.run_one(
        "SELECT ruling, ground, closed_at FROM supervision_verdict WHERE finding_id = %(id)s",
        {"id": finding_id},
    )
    return VerdictView(**{**row, "ruling": Ruling(row["ruling"])}) if row else None


def _offers(row: sql.Row, by: Actor, has_texts: bool) -> frozenset[str]:
    """The acts to show; the guards check again when one is tried."""
    state, path = row["state"], row["path"]
    body, item = row["body_code"], row["item_code"]
    supervises = by.has_role("supervisor") and row["severity"] == "red"
    found = set()
    if supervises and by.may_supervise(guards.ASK, path) and state in ("open", "explained"):
        found.add("ask")
    if supervises and by.may_supervise(guards.CLOSE, path) and state in ("open", "asked", "explained"):
        found.add("close")
    if by.body_code == body and by.may(guards.EXPLAIN, item, body) and state == "asked":
        found.add("explain")
    if has_texts and guards.may_read_texts(by, body_code=body, item_code=item, division_path=path):
        found.add("open")
    return frozenset(found)
