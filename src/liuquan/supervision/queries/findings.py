"""Findings, for those who supervise the division and for the body that answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from liuquan.casework import queries as cases
from liuquan.casework.types import DeadlineView, Running, Snapshot
from liuquan.clock import Deadline, chinese_date
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import guards, rulebook
from liuquan.supervision.disposal.terms import ANSWER
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
SELECT f.*, f.division_path::text AS path, e.due_on, coalesce(e.due_at <= %(now)s, false) AS overdue,
    count(*) OVER () AS total
FROM supervision_finding f
LEFT JOIN LATERAL (SELECT k.due_on, k.due_at FROM caselog.clocks k
    WHERE f.disposal <> '' AND k.case_number = f.disposal AND k.state = 'running') e ON true
"""
_PRESSING_FIRST = """
ORDER BY f.settled_at IS NOT NULL, f.severity = 'red' DESC, f.since_at DESC, f.id DESC
"""


def findings(
    by: Actor, *, now: datetime, narrowed: FindingFilter | None = None, offset: int = 0, limit: int = 20
) -> tuple[list[FindingLine], int]:
    """One page of the findings in the divisions this post supervises, those still to be settled first, red
    before yellow, and how many there are. Refuses (403) a post that supervises nothing."""
    guards.check_reads_board(by)
    where, params = _where(narrowed or FindingFilter())
    rows = sql.run(
        f"{_LINES} WHERE f.division_path <@ ANY(%(reach)s::ltree[]) {where} {_PRESSING_FIRST} "
        "LIMIT %(limit)s OFFSET %(offset)s",
        {**params, "now": now, "reach": guards.reach(by), "limit": limit, "offset": offset},
    )
    return _lines(rows, now), rows[0]["total"] if rows else 0


def of_body(by: Actor, *, now: datetime, offset: int = 0, limit: int = 20) -> tuple[list[FindingLine], int]:
    """One page of the findings that this post's own body answers for, and how many there are; those with an
    open request for explanation come first."""
    rows = sql.run(
        f"{_LINES} WHERE f.body_code = %(body)s AND %(body)s <> '' "
        "ORDER BY f.settled_at IS NOT NULL, e.due_on IS NULL, "
        "f.severity = 'red' DESC, e.due_on, f.since_at DESC, f.id DESC "
        "LIMIT %(limit)s OFFSET %(offset)s",
        {"now": now, "body": by.body_code if by.kind == "staff" else "", "limit": limit, "offset": offset},
    )
    return _lines(rows, now), rows[0]["total"] if rows else 0


def to_answer(by: Actor, *, now: datetime) -> list[FindingLine]:
    """The findings on which this post owes an explanation or the report of a correction now, the first due
    before the others."""
    rows = sql.run(
        f"{_LINES} WHERE f.body_code = %(body)s AND %(body)s <> '' AND f.state IN ('asked', 'correcting') "
        "ORDER BY e.due_on, f.id",
        {"now": now, "body": by.body_code if by.kind == "staff" else ""},
    )
    return _lines([row for row in rows if _owed(row, by)], now)


def pending_of_body(by: Actor) -> dict[str, int]:
    """How many findings of this post's body wait for an answer (`asked`), and how many are not settled
    (`red`, `yellow`)."""
    row = sql.run_one(
        """
        SELECT count(*) FILTER (WHERE state = 'asked') AS asked,
            count(*) FILTER (WHERE severity = 'red') AS red,
            count(*) FILTER (WHERE severity = 'yellow') AS yellow
        FROM supervision_finding WHERE body_code = %(body)s AND settled_at IS NULL
        """,
        {"body": by.body_code if by.kind == "staff" else ""},
    )
    return {name: int(value) for name, value in (row or {}).items()}


def of_subject(number: str, *, by: Actor, now: datetime) -> list[FindingLine]:
    """The findings about a case or another subject that this actor may see, oldest first."""
    rows = sql.run(
        f"{_LINES} WHERE f.subject_number = %(number)s ORDER BY f.id", {"now": now, "number": number}
    )
    mine = [r for r in rows if guards.may_see(by, body_code=r["body_code"], division_path=r["path"])]
    return _lines(mine, now)


def finding(number: str, *, by: Actor, now: datetime) -> FindingDetail:
    """A finding with all its details except the texts. Refuses one unknown or not visible to the reader
    (404)."""
    row = sql.run_one(f"{_LINES} WHERE f.number = %(number)s", {"now": now, "number": number})
    if row is None or not guards.may_see(by, body_code=row["body_code"], division_path=row["path"]):
        raise NotVisible(_UNKNOWN)
    disposal = cases.read(row["disposal"]) if row["disposal"] else None
    explanations = _explanations(disposal) if disposal else ()
    verdict = _verdict(row, disposal)
    return FindingDetail(
        line=_lines([row], now)[0],
        rule=rulebook.rule(row["rule"], row["rule_version"]),
        key=row["key"],
        division_path=row["path"],
        evidence=row["evidence"],
        disposal=row["disposal"],
        days_asked=disposal.terms.limits[ANSWER].amount if disposal else 0,
        is_case=_is_case(row),
        item_code=row["item_code"],
        explanations=explanations,
        verdict=verdict,
        offers=_offers(row, by, bool(verdict) or any(e.answered_at for e in explanations)),
    )


def trail(detail: FindingDetail) -> list[Entry]:
    """What happened to a finding that the reader may see, and in its disposal, oldest first."""
    disposed = journal.entries_of(detail.disposal) if detail.disposal else []
    return sorted([*journal.entries_of(detail.line.number), *disposed], key=lambda entry: entry.effective_at)


def clock_of(detail: FindingDetail) -> tuple[Snapshot | None, DeadlineView | None, Deadline | None]:
    """The case as it is now, and the clock that the finding is about with its explanation, if it is about
    one. A finding about what is no case has neither."""
    if not detail.is_case:
        return None, None, None
    snapshot = cases.read(detail.line.subject_number)
    # the case log names a clock by its name and the moment it counts from (`caselog.clocks.clock`)
    name, anchor = detail.key.rpartition("@")[0], detail.evidence.get("anchor_at")
    for view in snapshot.deadlines if anchor and "clock_key" in detail.evidence else ():
        if view.name == name and view.anchor_at == datetime.fromisoformat(str(anchor)):
            return snapshot, view, cases.explanation(snapshot, view)
    return snapshot, None, None


def _where(narrowed: FindingFilter) -> tuple[str, dict[str, Any]]:
    parts = {
        "body": "f.body_code = %(body)s",
        "severity": "f.severity = %(severity)s",
        "rule": "f.rule = %(rule)s",
        "text": "position(%(text)s IN upper(f.subject_number || ' ' || f.number)) > 0",
    }
    where = [parts[name] for name in parts if getattr(narrowed, name)]
    if narrowed.state == "pending":
        where.append("f.settled_at IS NULL")
    elif narrowed.state == "unanswered":
        where.append("f.state = 'asked' AND e.due_at <= %(now)s")
    elif narrowed.state:
        where.append("f.state = %(state)s")
    if narrowed.since_on:
        where.append(
            "coalesce(f.settled_at, f.found_at) >= (%(since_on)s::timestamp AT TIME ZONE 'Asia/Shanghai')"
        )
    params = {
        "text": "".join(narrowed.text.split()).upper(),
        "body": narrowed.body,
        "severity": narrowed.severity,
        "rule": narrowed.rule,
        "state": narrowed.state,
        "since_on": narrowed.since_on,
    }
    return "".join(f" AND {part}" for part in where), params


def _lines(rows: list[sql.Row], now: datetime) -> list[FindingLine]:
    today = moments.today(now)
    names = (
        {body.code: body.short_name or body.name for body in organisation.bodies(on=today)} if rows else {}
    )
    ended = _ended(rows)
    return [_line(row, names, ended.get((row["subject_number"], row["key"]))) for row in rows]


def _ended(rows: list[sql.Row]) -> dict[tuple[str, str], datetime]:
    """When the duties that findings are about were done, by case and clock, of those that were."""
    found = sql.run(
        "SELECT k.case_number, k.clock, k.met_at FROM caselog.clocks k "
        "WHERE k.case_number = ANY(%(numbers)s) AND k.state = 'met'",
        {"numbers": sorted({row["subject_number"] for row in rows})},
    )
    return {(row["case_number"], row["clock"]): row["met_at"] for row in found if row["met_at"]}


def _line(row: sql.Row, names: Mapping[str, str], ended_at: datetime | None) -> FindingLine:
    rule = rulebook.rule(row["rule"], row["rule_version"])
    return FindingLine(
        number=row["number"],
        rule_name=rule.name,
        sentence=rulebook.sentence(rule, _spoken(row["evidence"], ended_at)),
        severity=Severity(row["severity"]),
        state=FindingState(row["state"]),
        subject_kind=row["subject_kind"],
        subject_number=row["subject_number"],
        subject_name=row["subject_name"],
        body_code=row["body_code"],
        body_name=names.get(row["body_code"], row["body_code"]),
        since_at=row["since_at"],
        found_at=row["found_at"],
        due_on=row["due_on"],
        overdue=row["overdue"],
    )


def _spoken(evidence: Mapping[str, Any], ended_at: datetime | None) -> dict[str, Any]:
    """The evidence with its dates in words, and the day on which the duty was done, if it was."""
    due = evidence.get("due_on")
    spoken = {"due_on": chinese_date(date.fromisoformat(due))} if due else {}
    ended = {"ended_on": chinese_date(moments.today(ended_at))} if ended_at else {}
    return {**evidence, **spoken, **ended}


def _is_case(row: sql.Row) -> bool:
    subject = sql.run_one(
        "SELECT is_case FROM caselog.subjects WHERE kind = %(kind)s AND number = %(number)s",
        {"kind": row["subject_kind"], "number": row["subject_number"]},
    )
    return bool(subject and subject["is_case"])


def _explanations(disposal: Snapshot) -> tuple[ExplanationView, ...]:
    """Each request with its clock, oldest first."""
    asked = [entry for entry in journal.entries_of(disposal.number) if "points" in entry.public]
    clocks = sorted((d for d in disposal.deadlines if d.key == ANSWER), key=lambda d: d.anchor_at)
    return tuple(
        ExplanationView(
            asked_at=clock.anchor_at,
            answer_due_on=clock.due_on,
            points=tuple(entry.public["points"]),
            answered_at=clock.met_at if clock.state is Running.MET else None,
            late=clock.state is Running.MET and clock.met_at is not None and clock.met_at >= clock.due_at,
        )
        for entry, clock in zip(asked, clocks, strict=True)
    )


def _verdict(row: sql.Row, disposal: Snapshot | None) -> VerdictView | None:
    if not row["ruling"]:
        return None
    return VerdictView(
        Ruling(row["ruling"]), row["ground"], disposal.decided_at if disposal else row["settled_at"]
    )


def _owed(row: sql.Row, by: Actor) -> str:
    """What this post owes on a finding now: `explain`, `report`, or nothing."""
    owed = {"asked": ("explain", guards.EXPLAIN), "correcting": ("report", guards.REPORT)}.get(row["state"])
    if owed is None or by.body_code != row["body_code"]:
        return ""
    return owed[0] if by.may(owed[1], row["item_code"], row["body_code"]) else ""


def _offers(row: sql.Row, by: Actor, has_texts: bool) -> frozenset[str]:
    """The acts to show; the guards check again when one is tried."""
    state, path = row["state"], row["path"]
    red = by.has_role("supervisor") and row["severity"] == "red"
    supervised = {
        "ask": (guards.ASK_AGAIN if row["disposal"] else guards.ASK, ("open", "explained")),
        "close": (guards.JUDGE, ("open", "asked", "explained")),
        "correct": (guards.CORRECT, ("asked", "explained")),
    }
    found = {
        name
        for name, (act, states) in supervised.items()
        if red and state in states and by.may_supervise(act, path)
    }
    if owed := _owed(row, by):
        found.add(owed)
    body, item = row["body_code"], row["item_code"]
    if has_texts and guards.may_read_texts(by, body_code=body, item_code=item, division_path=path):
        found.add("open")
    return frozenset(found)
