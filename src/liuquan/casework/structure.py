"""What an act changed on a case, as its entry keeps it: the past is read from this, not worked out again.

Only structure stands here: states, steps, posts, moments, clock days, numbers. Names, reasons, the wording of
notices and who signed are in the private part of the entry. A line of a case (a clock, a step, a suspension,
a party, a body) is named by what it is about; the second one of that name is `name#2`. Lines are never
removed, and no act opens two of one name. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, get_args, get_type_hints

from liuquan.casework import body_roles, clocks, party_views
from liuquan.casework.types import (
    AssignmentView,
    BodyRole,
    DeadlineView,
    Decision,
    NewDeadline,
    PartyView,
    Snapshot,
    SuspensionView,
)

KEY: Final = "structure"
"""The key in the public part of an entry; without it the entry is of the first vocabulary version."""

_OF_THE_CASE: Final = (
    *("state", "body_code", "received_at", "accepted_at", "decided_at", "closed_at", "outcome"),
)
"""Values of the case, as the entry names them."""
_NAMES: Final[Mapping[str, Callable[[Any], str]]] = {
    "assignments": lambda step: str(step.step),
    "deadlines": lambda clock: str(clock.name),
    "suspensions": lambda one: str(one.ground),
    "parties_ever": lambda party: f"{party.number}/{party.role}",
    "roles": lambda body: f"{body.body_code}/{body.role}",
}
_KINDS: Final[Mapping[str, type[Any]]] = {
    "assignments": AssignmentView,
    "deadlines": DeadlineView,
    "suspensions": SuspensionView,
    "parties_ever": PartyView,
    "roles": BodyRole,
}
#: of the tables' own, or personal, or told by an entry of its own
_LEFT_OUT: Final = frozenset({"id", "done_by", "second_by", "document", "breached", "sense"})
#: what a new line has if the entry does not say: the document of a suspension is in the private part
_BLANK: Final[Mapping[str, Any]] = {"document": "", "warn_at": None, "to_on": None}
_DEFAULTS: Final[Mapping[type[Any], Mapping[str, Any]]] = {
    kind: {
        one.name: _BLANK.get(one.name, MISSING) if one.default is MISSING else one.default
        for one in fields(kind)
        if one.name not in _LEFT_OUT
    }
    for kind in (*_KINDS.values(), NewDeadline)
}


def values(case: Snapshot, decision: Decision, now: datetime) -> dict[str, Any]:
    """The values of the case that the act changed, as they are afterwards; of lines all of a kind, those that
    did not change as they were."""
    found: dict[str, Any] = {f"{name}_at": moment for name, moment in decision.corrected.items()}
    found |= {f"{mark}_at": decision.effective_at for mark in decision.marks}
    found["state"], found["outcome"] = decision.to_state, decision.outcome or case.outcome
    if opened := (*_opened(decision, now),):
        found["assignments"] = (*case.assignments, *opened)
    if decision.done_assignments or decision.cancelled_assignments:
        found["assignments"] = (*(_assignment(a, decision, now) for a in case.assignments), *opened)
    if decision.deadline_changes or decision.new_deadlines:
        changes = {change.id: change for change in decision.deadline_changes}
        moved = (clocks.changed(d, changes[d.id]) if d.id in changes else d for d in case.deadlines)
        found["deadlines"] = (*moved, *decision.new_deadlines)
    if decision.new_suspension or decision.ended_suspensions:
        ended = {one.id: one for one in decision.ended_suspensions}
        begun = (decision.new_suspension,) if decision.new_suspension else ()
        found["suspensions"] = (*(ended.get(s.id, s) for s in case.suspensions), *begun)
    if decision.new_parties or decision.ended_parties:
        joined, left = decision.new_parties, decision.ended_parties
        found["parties_ever"] = party_views.after(case.parties_ever, joined, left)
    if decision.body_to:
        handed = body_roles.handed_on(
            case.roles, of=decision.body_from, to=decision.body_to, now=now, keeps=decision.body_keeps
        )
        found["body_code"], found["roles"] = decision.body_to, handed
    return found


def _assignment(view: AssignmentView, decision: Decision, now: datetime) -> AssignmentView:
    if view.id in decision.done_assignments:
        return _with(view, state="done", done_at=now, result=decision.step_result)
    if view.id in decision.cancelled_assignments:
        return _with(view, state="cancelled", done_at=now)
    return view


def _with(view: AssignmentView, **values: Any) -> AssignmentView:
    return AssignmentView(**{**vars(view), **values})  # a third of the time of `replace`


def _opened(decision: Decision, now: datetime) -> Iterable[AssignmentView]:
    for step in decision.new_steps:
        yield AssignmentView(0, step.key, step.post_code, "open", now)
    for new in decision.assigned:
        view = AssignmentView(0, new.step, new.post_code, "open", now)
        yield replace(view, body_code=new.body_code, name=new.name)


def told(before: Snapshot, changed: Mapping[str, Any]) -> dict[str, Any]:
    """What an act changed, as it stands in the entry. `changed`: as in `values`."""
    found: dict[str, Any] = {
        name: _plain(changed[name])
        for name in _OF_THE_CASE
        if name in changed and changed[name] != getattr(before, name)
    }
    for kind in _KINDS:
        if kind in changed and (lines := _told_lines(before, kind, changed[kind])):
            found[kind] = lines
    return found


def _told_lines(before: Snapshot, kind: str, now: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """The lines that changed or are new; the first of `now` are those that were there, in their order."""
    earlier = getattr(before, kind)
    names = list(_named(now, kind))
    return {
        names[place]: changed
        for place, view in enumerate(now)
        if place >= len(earlier) or view is not earlier[place]
        if (changed := _changed(earlier[place] if place < len(earlier) else None, view, before))
    }


def read(case: Snapshot, structure: Mapping[str, Any]) -> Snapshot:
    """The case after an act, from what the entry tells. Refuses (LookupError) a value that no case has."""
    values: dict[str, Any] = {
        name: _typed(Snapshot, name, structure[name]) for name in _OF_THE_CASE if name in structure
    }
    values |= {kind: _lines(case, kind, structure[kind]) for kind in _KINDS if kind in structure}
    read = replace(case, revision=case.revision + 1, **values)
    if "parties_ever" in values:
        read = party_views.with_parties(read, read.parties_ever)
    return body_roles.with_roles(read, read.roles) if "roles" in values else read


def unopened(case: Snapshot) -> Snapshot:
    """The case before its first entry, which tells its bodies and parties."""
    return body_roles.with_roles(party_views.with_parties(case, ()), ())


def _named(lines: Iterable[Any], kind: str) -> dict[str, Any]:
    """The lines of a kind by their names, in their order."""
    found: dict[str, Any] = {}
    counted: dict[str, int] = {}
    for view in lines:
        name = _NAMES[kind](view)
        counted[name] = nth = counted.get(name, 0) + 1
        found[name if nth == 1 else f"{name}#{nth}"] = view
    return found


def _lines(case: Snapshot, kind: str, told: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    lines = _named(getattr(case, kind), kind)
    for name, said in told.items():
        values = {one: _typed(_KINDS[kind], one, value) for one, value in said.items()}
        if "supersedes" in values:
            values["supersedes"] = _named(case.deadlines, "deadlines")[values["supersedes"]].id
        known = lines.get(name)
        lines[name] = replace(known, **values) if known else _new(kind, len(lines) + 1, values, case)
    return tuple(lines.values())


def _new(kind: str, number: int, values: dict[str, Any], case: Snapshot) -> Any:
    of = _KINDS[kind]
    known = {one.name for one in fields(of)}
    blank = {name: said for name, said in {**_BLANK, "id": number}.items() if name in known}
    limit = case.terms.limits.get(values.get("limit_key", ""))  # steps' limits are duties
    if of is DeadlineView:
        counted = limit or case.terms.limit(values["limit_key"])
        blank |= {"amount": counted.amount, "unit": counted.unit.value}
        blank |= {"sense": limit.sense} if limit else {}
    try:
        return of(**{**blank, **values})
    except TypeError as missing:
        raise LookupError(f"no entry tells how this began: {missing}") from missing


def _changed(before: Any, now: Any, case: Snapshot) -> dict[str, Any]:
    """The values of a line that changed; of a new line all that differ from their defaults and, of a clock,
    from its limit in the terms."""
    defaults, values = _DEFAULTS[type(now)], vars(now)
    known = defaults if before is None else vars(before)
    found = {name: _plain(values[name]) for name in defaults if values[name] != known[name]}
    if "supersedes" in found:
        named = _named(case.deadlines, "deadlines").items()
        found["supersedes"] = next(name for name, view in named if view.id == now.supersedes)
    if before is None and isinstance(now, NewDeadline):
        limit = case.terms.limit(now.limit_key)
        if (now.amount, now.unit) == (limit.amount, limit.unit):
            del found["amount"], found["unit"]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment is a day too
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _typed(kind: type[Any], name: str, said: Any) -> Any:
    """The value again, of the type that the field has."""
    found = _TYPES[kind][name]
    if said is None or name == "supersedes" or found in (str, int, bool):
        return said
    return found.fromisoformat(said) if issubclass(found, date) else found(said)


def _types(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        name: next((one for one in get_args(hint) if one is not type(None)), hint)
        for name, hint in hints.items()
    }


_TYPES: Final = {Snapshot: _types(Snapshot)} | {kind: _types(kind) for kind in _KINDS.values()}
