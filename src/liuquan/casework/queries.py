"""Reading cases. What an actor may see is decided only here: parties see their own cases, bodies the cases
they handle, supervising posts those of the divisions below them, and nobody anything else."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from liuquan.casework import clocks, correcting, history, registry, rules, snapshots, time_by_holder
from liuquan.casework.guards import check_experts
from liuquan.casework.types import (
    DeadlineView,
    Given,
    Lamp,
    NoticeView,
    Offer,
    Procedure,
    Snapshot,
    Who,
    WorkItem,
)
from liuquan.clock import (
    AddExtension,
    AddSuspension,
    Calendar,
    ClockError,
    Deadline,
    MoveAnchor,
    Shift,
    shanghai_day,
)
from liuquan.clock import what_if as clock_what_if
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

Change = MoveAnchor | AddSuspension | AddExtension

# For queries of other modules. The server plans them as if the tables were named directly.
CASES = sql.Fragment("""(
    SELECT id, number, kind, state, body_code, outcome, received_at, accepted_at, decided_at,
        terms->>'subject_name' AS subject_name, terms->'extra' AS extra
    FROM casework_case
)""")
"""Cases as a relation; `extra` is what the kind keeps in the terms."""
DEADLINES = sql.Fragment("""(
    SELECT case_id, key, state, provisional, due_on, due_at, met_at FROM casework_deadline
)""")
"""Deadlines as a relation."""
NOTICES = sql.Fragment("""(
    SELECT id, case_id, number, kind, entry, sha256, short_code, issued_at FROM casework_notice
)""")
"""Issued papers as a relation."""

_NOTICES = """
SELECT {also}n.number, n.kind, n.entry::text AS entry, n.file::text AS file, n.sha256, n.short_code,
    n.issued_at
FROM casework_notice n JOIN casework_case c ON c.id = n.case_id
"""
_UNKNOWN = "没有找到这个办件，请核对编号。"
#: no I, L, O, U, 0, 1, so that codes can be read aloud and typed on a phone without confusion
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10


def read(number: str) -> Snapshot:
    """The case as one query reads it, for the engine and verticals' own checks. Refuses an unknown number."""
    rows = sql.run_prepared(snapshots.READ, {"number": number})
    if not rows:
        raise NotVisible(_UNKNOWN)
    return snapshots.snapshot(rows[0])


def visible(number: str, *, by: Actor) -> Snapshot:
    """The case if this actor may see it; an invisible case answers as an unknown one (404)."""
    snapshot = read(number)
    if not can_see(snapshot, by):
        raise NotVisible(_UNKNOWN)
    return snapshot


def can_see(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor may see the case."""
    if by.kind == "system":
        return True
    if by.kind == "party":
        return by.party_number in snapshot.parties
    if by.kind == "staff":
        return by.body_code in snapshot.bodies or by.supervises(snapshot.supervising_path)
    return False


def is_handler(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor works on the case: its post is mandated for an act of the procedure on the item, has
    or had a step of the case, or examines it under a supervising mandate. Being able to see it is not enough.

    Cites: 个人信息保护法 第六条
    """
    if by.kind != "staff" or not can_see(snapshot, by):
        return False
    acts = {snapshot.act(row.action) for row in procedure_of(snapshot).rows}
    mandated = any(
        term.body_code == snapshot.body_code
        and term.names(snapshot.terms.subject_code)
        and not acts.isdisjoint(term.actions)
        for term in by.mandates
    )
    assigned = by.post_code in {a.post_code for a in snapshot.assignments}
    return mandated or assigned or by.may_supervise("supervision.ask_explanation", snapshot.supervising_path)


def procedure_of(snapshot: Snapshot) -> Procedure:
    """The procedure the case was begun under."""
    return registry.procedure(snapshot.kind, snapshot.procedure_version)


def calendar_of(snapshot: Snapshot) -> Calendar:
    """The working days by which this case counts: those of the region in its terms, as now known."""
    return organisation.calendar_if_version(snapshot.calendar_version, snapshot.terms.counting.region)


def offers(snapshot: Snapshot, *, by: Actor, now: datetime) -> list[Offer]:
    """The acts this actor may take on the case now."""
    return rules.offers(procedure_of(snapshot), snapshot, by=by, now=now, calendar=calendar_of(snapshot))


def barred(snapshot: Snapshot, action: str, *, by: Actor, now: datetime) -> Refusal | None:
    """Why this actor may not take this act now (403, 409), without trying it; None if only the values given
    with the act can still cause a refusal."""
    procedure = procedure_of(snapshot)
    row = procedure.row(action)
    if row is None:
        return NotVisible("没有这项操作，请从办件页面选择。")
    try:
        rules.check_who(row, snapshot, by)
        rules.check_state(procedure, row, snapshot)
        mine = next((a for a in snapshot.open_assignments if a.post_code == by.post_code), None)
        rules.check_needs(row, Given(snapshot, {}, {}, now, by), mine, calendar_of(snapshot))
    except Refusal as refusal:
        return refusal
    return None


def correctable(snapshot: Snapshot) -> tuple[DeadlineView, ...]:
    """The clocks whose anchor may be corrected, one for each moment that clocks count from."""
    return correcting.correctable(snapshot)


def lamp(view: DeadlineView, *, now: datetime) -> Lamp:
    """The lamp of a clock; a stopped one is green."""
    return rules.lamp(view, now)


def pressing(snapshot: Snapshot) -> DeadlineView | None:
    """The clock that lists and the foot of the case page show: see `rules.pressing`."""
    return rules.pressing(snapshot)


def timeline(snapshot: Snapshot, *, by: Actor) -> list[Entry]:
    """What happened, oldest first; refuses an actor who may not see the case."""
    if not can_see(snapshot, by):
        raise NotVisible(_UNKNOWN)
    return journal.entries_of(snapshot.number)


def explanation(snapshot: Snapshot, view: DeadlineView, *, until: date | None = None) -> Deadline:
    """A deadline of the case with every day it counted, skipped and excluded, and the articles for it.

    `until`: count as if the open suspension ended on this day; otherwise its announced end is used.
    """
    calendar = calendar_of(snapshot)
    return clocks.explained(view, snapshot.terms, calendar, snapshot.suspensions, until=until)


def what_if(snapshot: Snapshot, changes: Iterable[Change], *, on: date) -> tuple[Shift, ...]:
    """Every open clock that these changes would shift; nothing is written. An open suspension counts as if it
    ended on this day. Clocks by key, a step's by `step:<key>`.

    Refuses (422) a change that `clock` refuses.
    """
    found = {
        f"{d.key}:{d.step}" if d.step else d.key: explanation(snapshot, d, until=on)
        for d in snapshot.deadlines
        if d.is_open
    }
    try:
        return clock_what_if(found, changes, calendar_of(snapshot), until=on)
    except ClockError as refused:
        raise BadInput(f"{refused}。") from refused


def days_spent(snapshot: Snapshot, *, until: date) -> dict[str, int]:
    """Calendar days of the case from receipt to `until` (or to its close) by who held it, in Chinese labels;
    they add up to the elapsed days."""
    procedure = procedure_of(snapshot)
    changes = [
        (shanghai_day(e.effective_at), procedure.state(e.to_state).holder)
        for e in journal.entries_of(snapshot.number)
        if e.to_state is not None
    ]
    end = min(until, shanghai_day(snapshot.closed_at)) if snapshot.closed_at else until
    totals = time_by_holder.days_by_holder(time_by_holder.spans(snapshot, changes, end))
    return {time_by_holder.LABELS[holder]: days for holder, days in totals.items()}


def as_it_stood(case: Snapshot, entries: Iterable[Entry], *, at: datetime) -> Snapshot | None:
    """The case at a moment, rebuilt from these of its entries (oldest first); nothing before it was opened.

    Refuses (409) entries that contradict each other; the caller has checked that the case may be seen.
    """
    stood = history.rebuilt(case, procedure_of(case), entries, calendar_of(case))
    return history.state_at(stood, at) if stood else None


def kept_terms_hash(number: str) -> str:
    """The hash of the terms as stored today, to compare with the one recorded when the case was opened."""
    row = sql.run_one(
        "SELECT terms::text AS terms FROM casework_case WHERE number = %(number)s", {"number": number}
    )
    return snapshots.terms_hash(json.loads(row["terms"])) if row else ""


def differences(present: Snapshot, recorded: Snapshot) -> tuple[str, ...]:
    """The differences between the present tables and the record, in words."""
    return history.differences(present, recorded)


def notices(number: str) -> list[NoticeView]:
    """The papers of a case, oldest first; the caller has checked that the case may be seen."""
    rows = sql.run(_NOTICES.format(also="") + "WHERE c.number = %(number)s ORDER BY n.id", {"number": number})
    return [NoticeView(**row) for row in rows]


def notice(notice_number: str) -> tuple[str, NoticeView]:
    """The case number and the paper of this number; refuses an unknown one."""
    also = "c.number AS case_number, "
    rows = sql.run(_NOTICES.format(also=also) + "WHERE n.number = %(number)s", {"number": notice_number})
    if not rows:
        raise NotVisible("没有找到这份文书，请核对文书编号。")
    return rows[0].pop("case_number"), NoticeView(**rows[0])


def worklist(by: Actor, *, now: datetime, limit: int = 300) -> list[WorkItem]:
    """What this post has to do, the most urgent first.

    The server selects the cases with an open step of the post, or in a state where its mandates name the next
    act. Thousands of other open cases of the body therefore cannot crowd one out. Which acts are offered is
    then decided by the same rules as everywhere.
    """
    states = _duty_states(by)
    rows = sql.run(
        snapshots.READ.replace(
            "WHERE c.number = %(number)s",
            f"""WHERE c.closed_at IS NULL
                AND EXISTS (SELECT 1 FROM casework_case_body b
                    WHERE b.case_id = c.id AND b.body_code = %(body)s AND b.to_at IS NULL)
                AND (EXISTS (SELECT 1 FROM casework_assignment a
                        WHERE a.case_id = c.id AND a.post_code = %(post)s AND a.state = 'open')
                    OR EXISTS (SELECT 1 FROM jsonb_to_recordset(%(states)s::jsonb)
                            AS s(kind text, state text, body_code text, resumes boolean)
                        WHERE (s.kind, s.state, s.body_code) = (c.kind, c.state, c.body_code)
                            AND (NOT s.resumes OR EXISTS (SELECT 1 FROM casework_suspension p
                                WHERE p.case_id = c.id AND p.to_on IS NULL))))
            ORDER BY (SELECT min(d.due_at) FROM casework_deadline d WHERE d.case_id = c.id
                AND d.state = 'running' AND {snapshots.IS_DUTY}) NULLS LAST, c.id LIMIT %(limit)s""",
        ),
        {"body": by.body_code, "post": by.post_code, "states": json.dumps(states), "limit": limit},
    )
    items = (_work_item(snapshots.snapshot(row), by, now) for row in rows)
    return [item for item in items if item.duties or item.waits]


def _duty_states(by: Actor) -> list[dict[str, str | bool]]:
    """Kind, state and body of the cases on which a mandate of this post names the next act; `resumes`: only
    while time is suspended."""
    found = {
        (procedure.kind, state, term.body_code, row.resumes)
        for procedure in registry.procedures()
        for row in procedure.rows
        if row.duty and Who.ASSIGNEE not in row.who
        for term in by.mandates
        if f"{procedure.kind}.{row.action}" in term.actions
        for state in row.sources
    }
    return [
        {"kind": kind, "state": state, "body_code": body, "resumes": resumes}
        for kind, state, body, resumes in sorted(found)
    ]


def handled(
    by: Actor, *, state: str = "", text: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[Snapshot], int]:
    """One page of the cases this post's body handles or handled, newest first, and how many there are; of one
    state, or with these characters in the number or the name of the item, if asked."""
    where = """WHERE EXISTS (SELECT 1 FROM casework_case_body b WHERE b.case_id = c.id
            AND b.body_code = %(body)s AND b.to_at IS NULL)
        AND (%(state)s = '' OR c.state = %(state)s) AND (%(text)s = ''
            OR position(%(text)s IN c.number) > 0 OR position(%(text)s IN c.terms->>'subject_name') > 0)"""
    asked = {"body": by.body_code, "state": state, "text": text, "offset": offset, "limit": limit}
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", where)
        + "ORDER BY c.id DESC OFFSET %(offset)s LIMIT %(limit)s",
        asked,
    )
    total = sql.run_one(f"SELECT count(*) AS n FROM casework_case c {where}", asked)
    return [snapshots.snapshot(row) for row in rows], int(total["n"]) if total else 0


def of_parties(numbers: Iterable[str], *, limit: int = 200) -> list[Snapshot]:
    """The cases in which one of these parties has any role, newest first; the caller must show only what its
    actor may see."""
    where = """WHERE EXISTS (SELECT 1 FROM casework_case_party p WHERE p.case_id = c.id
        AND p.party_number = ANY(%(numbers)s::uuid[])) ORDER BY c.id DESC LIMIT %(limit)s"""
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", where),
        {"numbers": list(numbers), "limit": limit},
    )
    return [snapshots.snapshot(row) for row in rows]


def without_paper(events: Iterable[str], *, since: datetime, before: datetime) -> list[tuple[str, UUID]]:
    """Case number and entry of acts of these events, taken in [since, before), without any paper issued."""
    rows = sql.run(
        f"""
        SELECT e.subject, e.number FROM {journal.ENTRIES} e JOIN casework_case c ON c.number = e.subject
        WHERE e.event = ANY(%(events)s) AND e.recorded_at >= %(since)s AND e.recorded_at < %(before)s
            AND NOT EXISTS (SELECT 1 FROM casework_notice n WHERE n.case_id = c.id AND n.entry = e.number)
        ORDER BY e.id LIMIT 500
        """,
        {"events": list(events), "since": since, "before": before},
    )
    return [(row["subject"], row["number"]) for row in rows]


def unknown_procedures() -> list[str]:
    """Kinds and versions of open cases that this code does not know, as "kind v1"."""
    rows = sql.run(
        "SELECT DISTINCT kind, procedure_version FROM casework_case WHERE closed_at IS NULL ORDER BY 1, 2"
    )
    known = {(procedure.kind, procedure.version) for procedure in registry.procedures()}
    found = [(row["kind"], row["procedure_version"]) for row in rows]
    return [f"{kind} v{version}" for kind, version in found if (kind, version) not in known]


def counts(*, body_code: str = "") -> dict[tuple[str, str], int]:
    """How many cases of each body are in each state, without counting them: folded counts plus deltas."""
    rows = sql.run(
        """
        SELECT body_code, state, sum(n)::bigint AS n FROM (
            SELECT body_code, state, count AS n FROM casework_count
            UNION ALL SELECT body_code, state, delta FROM casework_count_delta) AS both_parts
        WHERE %(body)s = '' OR body_code = %(body)s GROUP BY body_code, state HAVING sum(n) <> 0
        """,
        {"body": body_code},
    )
    return {(row["body_code"], row["state"]): row["n"] for row in rows}


def query_code(number: str) -> str:
    """The query code printed on the slip: anyone who has it can follow the case without an account.

    Derived from the number under a secret key: nothing is stored, and it cannot be guessed from the number.
    """
    value = int.from_bytes(secrecy.blind_index(number, purpose="casework.query_code"))
    letters = []
    for _ in range(CODE_LENGTH):
        value, digit = divmod(value, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[digit])
    return "".join(letters)


def query_code_fits(number: str, code: str) -> bool:
    """Whether this is the code of this number, however typed; takes equally long for a wrong one."""
    typed = code.upper().replace("-", "").replace(" ", "")
    return hmac.compare_digest(query_code(number).encode(), typed.encode())


def _work_item(snapshot: Snapshot, by: Actor, now: datetime) -> WorkItem:
    """The work-list line of a case: its duties, or why this post cannot do its duty yet."""
    procedure = procedure_of(snapshot)
    clock = pressing(snapshot)
    return WorkItem(
        number=snapshot.number,
        subject_name=snapshot.terms.subject_name,
        state_label=procedure.state(snapshot.state).label,
        duties=tuple(o for o in offers(snapshot, by=by, now=now) if o.duty),
        waits=_waits(snapshot, by),
        region=snapshot.terms.counting.region,
        due_on=clock.due_on if clock else None,
        due_at=clock.due_at if clock else None,
        lamp=rules.lamp(clock, now),
        provisional=bool(clock and clock.provisional),
        received_at=snapshot.received_at,
    )


def _waits(snapshot: Snapshot, by: Actor) -> str:
    """Why a step in this post's hands cannot be done yet; empty when it can, or when it has none."""
    for assignment in snapshot.open_assignments:
        if assignment.post_code == by.post_code:
            try:
                check_experts(snapshot, assignment)
            except Refusal as refusal:
                return refusal.sentence
    return ""
