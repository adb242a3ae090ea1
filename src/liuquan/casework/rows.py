"""Turn a decision into what `statements` writes: the values of the case, and the rows of each part. Pure.

A part takes only the columns it names from a row, so a value may be passed with all its fields.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from liuquan.casework.opening import Opening
from liuquan.casework.types import Decision, Snapshot
from liuquan.kernel import secrecy
from liuquan.organisation.types import Actor

MATTER = "casework.matter"  #: the purpose under which what was asked for is encrypted

#: rows to be written, by the name of their part of the statement (`statements.PARTS`)
Rows = dict[str, list[dict[str, Any]]]


def case_values(opening: Opening) -> dict[str, Any]:
    """The values of `statements.CREATE`."""
    new, procedure = opening.new, opening.procedure
    return {
        "number": new.number,
        "kind": new.kind,
        "procedure_version": procedure.version,
        "to_state": procedure.initial,
        "body_code": new.terms.body_code,
        "division_path": new.division_path,
        "subject_code": new.terms.subject_code,
        "subject_version": new.subject_version,
        "terms": json.dumps(opening.stored_terms, ensure_ascii=False),
        "channel": new.channel,
        "submission_key": new.submission_key or uuid.uuid4(),
        "received_at": opening.received_at,
        "matter": secrecy.encrypt(new.matter, purpose=MATTER) if new.matter else None,
    }


def case_rows(opening: Opening) -> Rows:
    """What belongs to a new case."""
    new = opening.new
    return {
        "new_parties": [
            {"number": number, "role": role, "from_at": opening.received_at}
            for number, role in new.parties.items()
        ],
        "bodies": [{"body_code": code, "role": role} for code, role in new.bodies.items()],
        "new_deadlines": _all_fields(opening.started),
        "counts": [{"state": opening.procedure.initial, "delta": 1}],
    }


def child_rows(children: Iterable[Opening], parent_clock: str) -> Rows:
    """The children that an act opens, with what belongs to each."""
    rows: Rows = {"children": []}
    for child in children:
        values, number = case_values(child), child.new.number
        rows["children"].append(
            {
                **values,
                "terms": child.stored_terms,
                "submission_key": str(values["submission_key"]),
                "matter": values["matter"].hex() if values["matter"] else None,
                "parent_clock": parent_clock,
            }
        )
        of_child = {
            "child_parties": [{"party": one, "role": role} for one, role in child.new.parties.items()],
            "child_bodies": [{"body": code, "role": role} for code, role in child.new.bodies.items()],
            "child_deadlines": [{**vars(clock), "place": place} for place, clock in enumerate(child.started)],
            "child_counts": [{"delta": 1}],
        }
        for part, found in of_child.items():
            rows.setdefault(part, []).extend({"number": number, **row} for row in found)
    return rows


def move_values(decision: Decision, snapshot: Snapshot) -> dict[str, Any]:
    """The values of `statements.MOVE`."""
    marks, at = decision.marks, decision.effective_at
    return {
        "id": snapshot.id,
        "revision": snapshot.revision,
        "to_state": decision.to_state,
        "calendar_version": snapshot.calendar_version,
        "received_at": decision.corrected.get("received"),
        "accepted_at": at if "accepted" in marks else decision.corrected.get("accepted"),
        "decided_at": at if "decided" in marks else decision.corrected.get("decided"),
        "closed_at": at if "closed" in marks else None,
        "outcome": decision.outcome,
        "body_to": decision.body_to,
    }


def move_rows(decision: Decision, *, by: Actor, now: datetime) -> Rows:
    """What an act changes besides the case itself. A clock that another one replaces is not also changed."""
    begun, changed = decision.new_deadlines, decision.deadline_changes
    replaced = {c.id for c in changed} & {d.supersedes for d in begun}
    return {
        "done_assignments": _ended_assignments(decision, by, now),
        "new_assignments": [
            {"step": s.key, "post_code": s.post_code, "opened_at": now} for s in decision.new_steps
        ],
        "new_deadlines": _all_fields(d for d in begun if d.supersedes is None),
        "changed_deadlines": _all_fields(c for c in changed if c.id not in replaced),
        "superseded": [{"id": one, "met_at": now} for one in sorted(replaced)],
        "superseding": _all_fields(d for d in begun if d.supersedes is not None),
        "new_suspension": _all_fields([decision.new_suspension] if decision.new_suspension else ()),
        "ended_suspensions": _all_fields(s for s in decision.ended_suspensions if s.to_on),
        "counts": _counts(decision),
        "new_parties": _all_fields(decision.new_parties),
        "ended_parties": _all_fields(decision.ended_parties),
        "assigned": [{**vars(a), "opened_at": now} for a in decision.assigned if a.replaces is None],
        "reassigned": [{**vars(a), "opened_at": now} for a in decision.assigned if a.replaces is not None],
        "handed_from": [{"body_code": decision.body_from, "at": now}] if decision.body_to else [],
        "handed_to": [{"body_code": decision.body_to, "at": now}] if decision.body_to else [],
        "kept_by": [{"body_code": decision.body_from, "role": decision.body_keeps, "at": now}]
        if decision.body_keeps
        else [],
    }


def listed(rows: Rows) -> dict[str, str]:
    """The parts that have rows, each with its rows as jsonb takes them."""
    return {
        part: json.dumps(of_part, ensure_ascii=False, default=_written)
        for part, of_part in rows.items()
        if of_part
    }


def _ended_assignments(decision: Decision, by: Actor, now: datetime) -> list[dict[str, Any]]:
    done = {
        "state": "done",
        "done_at": now,
        "done_by": by.staff_id,
        "second_by": decision.second_by,
        "result": decision.step_result,
    }
    cancelled = {"state": "cancelled", "done_at": now, "done_by": None, "second_by": None, "result": ""}
    return [
        *({"id": one, **done} for one in decision.done_assignments),
        *({"id": one, **cancelled} for one in decision.cancelled_assignments),
    ]


def _counts(decision: Decision) -> list[dict[str, Any]]:
    if decision.body_to:
        return [
            {"state": decision.from_state, "delta": -1, "body_code": decision.body_from},
            {"state": decision.to_state, "delta": 1, "body_code": decision.body_to},
        ]
    if decision.from_state == decision.to_state:
        return []
    return [{"state": decision.from_state, "delta": -1}, {"state": decision.to_state, "delta": 1}]


def _all_fields(values: Iterable[object]) -> list[dict[str, Any]]:
    return [vars(value) for value in values]


def _written(value: object) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written into a row")
