"""Many cases: the work list of a post, the cases of a body or of parties, counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from liuquan.casework import registry, rules, snapshots
from liuquan.casework.effects import Resume
from liuquan.casework.effects.complete_step import check_experts
from liuquan.casework.queries.acts import offers
from liuquan.casework.queries.clocks import pressing
from liuquan.casework.queries.reading import are_parties_kept_from, procedure_of
from liuquan.casework.types import (
    Snapshot,
    Who,
    WorkItem,
)
from liuquan.kernel import sql
from liuquan.kernel.refusals import Refusal
from liuquan.kernel.spelling import is_found
from liuquan.organisation.types import Actor

#: the folded counts and the changes that are not folded yet; a reader sums `n`
_COUNTS = """(
    SELECT kind, body_code, subject_code, state, count AS n FROM casework_count
    UNION ALL SELECT kind, body_code, subject_code, state, delta FROM casework_count_delta
) AS counted"""


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
                            AS s(kind text, state text, body_code text, resumes boolean, receives boolean)
                        WHERE (s.kind, s.state) = (c.kind, c.state) AND s.body_code =
                                CASE WHEN s.receives THEN c.terms->>'body_code' ELSE c.body_code END
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
    while time is suspended, `receives`: of the cases that this body received."""
    found = {
        (procedure.kind, state, term.body_code, bool(row.of(Resume)), Who.RECEIVER in row.who)
        for procedure in registry.procedures()
        for row in procedure.rows
        if row.duty and Who.ASSIGNEE not in row.who
        for term in by.mandates
        if f"{procedure.kind}.{row.action}" in term.actions
        for state in row.sources
    }
    return [
        {"kind": kind, "state": state, "body_code": body, "resumes": resumes, "receives": receives}
        for kind, state, body, resumes, receives in sorted(found)
    ]


def handled(
    by: Actor, *, kind: str = "", state: str = "", text: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[Snapshot], int]:
    """One page of the cases this post's body handles or handled, newest first, and how many there are; of one
    kind or state, or with this in the number or, however it is typed, in the name of the item, if asked."""
    where = f"""WHERE EXISTS (SELECT 1 FROM casework_case_body b WHERE b.case_id = c.id
            AND b.body_code = %(body)s AND b.to_at IS NULL)
        AND (%(kind)s = '' OR c.kind = %(kind)s) AND (%(state)s = '' OR c.state = %(state)s)
        AND (%(text)s = '' OR position(%(text)s IN c.number) > 0
            OR coalesce({snapshots.FILED_AS.format(case="c")}, c.terms->>'subject_name')
                = ANY(%(subjects)s::text[]))"""
    asked = {
        "body": by.body_code,
        "kind": kind,
        "state": state,
        "text": text.upper(),
        "subjects": _subjects_found(text, by) if text else [],
        "offset": offset,
        "limit": limit,
    }
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", where)
        + "ORDER BY c.id DESC OFFSET %(offset)s LIMIT %(limit)s",
        asked,
    )
    total = sql.run_one(f"SELECT count(*) AS n FROM casework_case c {where}", asked)
    return [snapshots.snapshot(row) for row in rows], int(total["n"]) if total else 0


def _subjects_found(text: str, by: Actor) -> list[str]:
    """The names of items among this body's cases that these characters, letters or sounds find."""
    rows = sql.run(
        f"SELECT DISTINCT coalesce({snapshots.FILED_AS.format(case='c')}, c.terms->>'subject_name') AS name "
        "FROM casework_case c JOIN casework_case_body b ON b.case_id = c.id AND b.body_code = %(body)s "
        "AND b.to_at IS NULL",
        {"body": by.body_code},
    )
    return [row["name"] for row in rows if is_found(text, row["name"])]


def of_parties(numbers: Iterable[str], *, limit: int = 200) -> list[Snapshot]:
    """The cases in which one of these parties has any role, newest first; the caller must show only what its
    actor may see."""
    # those present only: it is no longer the case of somebody who left, and its body need not be told of them
    where = """WHERE EXISTS (SELECT 1 FROM casework_case_party p WHERE p.case_id = c.id
        AND p.party_number = ANY(%(numbers)s::uuid[]) AND p.to_at IS NULL)
        ORDER BY c.id DESC LIMIT %(limit)s"""
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", where),
        {"numbers": list(numbers), "limit": limit},
    )
    return [snapshots.snapshot(row) for row in rows]


def of_submission(key: UUID) -> str:
    """The number of the case that the form with this key has made; nothing before it was sent."""
    row = sql.run_one("SELECT number FROM casework_case WHERE submission_key = %(key)s", {"key": key})
    return str(row["number"]) if row else ""


def unknown_procedures() -> list[str]:
    """Kinds and versions of open cases that this code does not know, as "kind v1"."""
    rows = sql.run(
        "SELECT DISTINCT kind, procedure_version FROM casework_case WHERE closed_at IS NULL ORDER BY 1, 2"
    )
    known = {(procedure.kind, procedure.version) for procedure in registry.procedures()}
    found = [(row["kind"], row["procedure_version"]) for row in rows]
    return [f"{kind} v{version}" for kind, version in found if (kind, version) not in known]


def counts(*, kind: str = "", body_code: str = "") -> dict[tuple[str, str, str], int]:
    """How many cases there are by kind, body and state, without counting them; of one kind or one body, if
    asked."""
    rows = sql.run(
        f"""
        SELECT kind, body_code, state, sum(n)::bigint AS n FROM {_COUNTS}
        WHERE (%(kind)s = '' OR kind = %(kind)s) AND (%(body)s = '' OR body_code = %(body)s)
        GROUP BY 1, 2, 3 HAVING sum(n) <> 0
        """,
        {"kind": kind, "body": body_code},
    )
    return {(row["kind"], row["body_code"], row["state"]): row["n"] for row in rows}


def counts_by_subject() -> dict[str, int]:
    """How many cases there are or were of each item, of any kind and in any state, by the item's code."""
    rows = sql.run(f"SELECT subject_code, sum(n)::bigint AS n FROM {_COUNTS} GROUP BY 1 HAVING sum(n) <> 0")
    return {row["subject_code"]: row["n"] for row in rows}


def _work_item(snapshot: Snapshot, by: Actor, now: datetime) -> WorkItem:
    """The work-list line of a case: its duties, or why this post cannot do its duty yet."""
    procedure = procedure_of(snapshot)
    clock = pressing(snapshot)
    return WorkItem(
        number=snapshot.number,
        kind=snapshot.kind,
        subject_name=snapshot.terms.subject_name,
        body_code=snapshot.body_code,
        body_name=snapshot.body_name,
        parties={} if are_parties_kept_from(snapshot, by) else snapshot.parties,
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
