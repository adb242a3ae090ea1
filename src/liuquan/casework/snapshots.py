"""A case as one query reads it, from its row to a `Snapshot`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from liuquan.casework import clock_columns, party_views, registry, stored_terms
from liuquan.casework.types import (
    AssignmentView,
    BodyRole,
    ChildView,
    DeadlineView,
    ParentClock,
    PartyView,
    Running,
    Snapshot,
    SuspensionView,
    Terms,
)
from liuquan.clock import Sense
from liuquan.organisation.queries import CALENDAR_VERSION, body_name

#: Clocks before whose end somebody must act; an act waits for the others, and nobody can be late.
IS_DUTY = "coalesce(c.terms #>> ARRAY['limits', d.limit_key, 'sense'], 'at_most') = 'at_most'"

#: What a case is called now, where that is no longer what it was received as.
FILED_AS = "(SELECT f.name FROM casework_filed_as f WHERE f.case_id = {case}.id)"

#: What a body was called on the day the case came to it.
BODY_THEN = body_name("b.body_code", "(b.from_at AT TIME ZONE 'Asia/Shanghai')::date")

#: A case with its assignments, deadlines, suspensions, parties and bodies, as one row.
READ = f"""
SELECT c.id, c.number, c.kind, c.procedure_version, c.state, c.revision, c.body_code,
    c.terms::text AS terms, {FILED_AS.format(case="c")} AS filed_as,
    c.received_at, c.accepted_at, c.decided_at, c.closed_at, c.outcome,
    c.division_path::text AS division_path,
    {CALENDAR_VERSION} AS calendar_version,
    (SELECT json_agg(a ORDER BY a.id)
        FROM casework_assignment a WHERE a.case_id = c.id) AS assignments,
    (SELECT json_agg(d ORDER BY d.id)
        FROM casework_deadline d WHERE d.case_id = c.id) AS deadlines,
    (SELECT json_agg(s ORDER BY s.id)
        FROM casework_suspension s WHERE s.case_id = c.id) AS suspensions,
    -- those who left too: the past is rebuilt from them, and `Snapshot.parties` leaves them out
    (SELECT json_agg(json_build_array(p.party_number, p.role, p.from_at, p.to_at) ORDER BY p.id)
        FROM casework_case_party p WHERE p.case_id = c.id) AS parties,
    -- with its name on that day a lead body to which the case was handed, or which handed it on
    (SELECT json_agg(json_build_array(b.body_code, b.role, b.from_at, b.to_at,
            CASE WHEN b.role = 'lead' AND (b.to_at IS NOT NULL OR b.body_code <> c.terms->>'body_code')
                THEN {BODY_THEN} END) ORDER BY b.from_at, b.id)
        FROM casework_case_body b WHERE b.case_id = c.id) AS roles,
    CASE WHEN c.parent_id IS NOT NULL
        THEN (SELECT p.number FROM casework_case p WHERE p.id = c.parent_id) END AS parent,
    (SELECT json_agg(json_build_object('number', k.number, 'kind', k.kind, 'body_code', k.body_code,
            'procedure_version', k.procedure_version, 'state', k.state) ORDER BY k.id)
        FROM casework_case k WHERE k.parent_id = c.id) AS children,
    CASE WHEN c.parent_id IS NOT NULL
        THEN (SELECT to_json(d) FROM casework_deadline d WHERE d.case_id = c.parent_id
            AND d.key = c.parent_clock AND d.step = '' AND d.part = '' AND d.state IN ('running', 'paused'))
        END AS parent_clock
FROM casework_case c WHERE c.number = %(number)s
"""


def snapshot(row: Mapping[str, Any]) -> Snapshot:
    """The case as read."""
    terms = _terms(row["terms"])
    if row["filed_as"]:
        terms = replace(terms, subject_name=row["filed_as"])
    parties = tuple(_party(*p) for p in row["parties"] or ())
    bodies = row["roles"] or ()
    return Snapshot(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        procedure_version=row["procedure_version"],
        state=row["state"],
        revision=row["revision"],
        body_code=row["body_code"],
        received_at=row["received_at"],
        accepted_at=row["accepted_at"],
        decided_at=row["decided_at"],
        closed_at=row["closed_at"],
        outcome=row["outcome"],
        terms=terms,
        assignments=tuple(_assignment(a) for a in row["assignments"] or ()),
        deadlines=tuple(deadline(d, terms) for d in row["deadlines"] or ()),
        suspensions=tuple(_suspension(s) for s in row["suspensions"] or ()),
        parties=party_views.present(parties),
        bodies=frozenset(code for code, _, _, to_at, _ in bodies if to_at is None),
        supervising_path=row["division_path"],
        calendar_version=row["calendar_version"],
        parties_ever=parties,
        roles=tuple(_role(*one) for one in bodies),
        body_names={code: name for code, _, _, _, name in bodies if name},
        parent=row["parent"] or "",
        children=tuple(_child(child) for child in row["children"] or ()),
        parent_clock=_parent_clock(row["parent_clock"]),
    )


@lru_cache(maxsize=512)
def _terms(text: str) -> Terms:
    """Terms from their stored text. Cases of one version of an item have the same text and share the value;
    nobody changes it, since terms are frozen."""
    return stored_terms.from_json(json.loads(text))


def _assignment(data: Mapping[str, Any]) -> AssignmentView:
    return AssignmentView(
        id=data["id"],
        step=data["step"],
        post_code=data["post_code"],
        state=data["state"],
        opened_at=_moment(data["opened_at"]),
        done_at=_at(data["done_at"]),
        done_by=data["done_by"],
        second_by=data["second_by"],
        result=data["result"],
        body_code=data["body_code"],
        name=data["name"],
    )


def _role(code: str, role: str, from_at: str, to_at: str | None, _name: str | None) -> BodyRole:
    return BodyRole(code, role, _moment(from_at), _at(to_at))


def deadline(data: Mapping[str, Any], terms: Terms) -> DeadlineView:
    """A clock of a case with these terms, from its row as JSON."""
    told = clock_columns.read(data)
    told["state"] = Running(told["state"])
    return DeadlineView(
        **told,
        breached=data["breached_at"] is not None,
        sense=_sense(terms, told["limit_key"]),
    )


def _sense(terms: Terms, limit_key: str) -> Sense:
    limit = terms.limits.get(limit_key)  # steps' limits are duties
    return limit.sense if limit else Sense.AT_MOST


def _suspension(data: Mapping[str, Any]) -> SuspensionView:
    return SuspensionView(
        data["id"],
        data["ground"],
        date.fromisoformat(data["from_on"]),
        date.fromisoformat(data["to_on"]) if data["to_on"] else None,
        date.fromisoformat(data["announced_to_on"]),
        data["document"],
    )


def _party(number: str, role: str, from_at: str, to_at: str | None) -> PartyView:
    return PartyView(number, role, _moment(from_at), _at(to_at))


def _child(data: Mapping[str, Any]) -> ChildView:
    procedure = registry.procedure(data["kind"], data["procedure_version"])
    return ChildView(**data, is_closed=procedure.state(data["state"]).closed)


def _parent_clock(data: Mapping[str, Any] | None) -> ParentClock | None:
    if data is None:
        return None
    return ParentClock(data["key"], date.fromisoformat(data["due_on"]), _moment(data["due_at"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
