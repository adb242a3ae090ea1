"""The procedures the engine knows. `kinds` registers those of every kind of case."""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework import field_values
from liuquan.casework.effects import Start
from liuquan.casework.types import Field, Operator, Procedure, Transition, Who
from liuquan.organisation.types import declare_acts

_PROCEDURES: dict[tuple[str, int], Procedure] = {}


def register(procedure: Procedure) -> None:
    """Register a procedure. Refuses one whose rows do not fit its states."""
    problems = list(_problems(procedure))
    if problems:
        raise ValueError(f"procedure {procedure.kind} v{procedure.version}: " + "; ".join(problems))
    _PROCEDURES[procedure.kind, procedure.version] = procedure
    declare_acts(
        {
            f"{procedure.kind}.{row.action}": row.power or row.label
            for row in (procedure.creation, *procedure.rows)
            if not {Who.PARTY, Who.SYSTEM}.issuperset(row.who)
        }
    )


def procedure(kind: str, version: int) -> Procedure:
    """The procedure a case was begun under. Refuses an unknown one: old versions stay while used."""
    try:
        return _PROCEDURES[kind, version]
    except KeyError:
        raise LookupError(f"no procedure {kind} v{version} is registered") from None


def newest(kind: str) -> Procedure:
    """The procedure under which a new case of this kind begins."""
    return procedure(kind, max(version for known, version in _PROCEDURES if known == kind))


def procedures() -> tuple[Procedure, ...]:
    """All registered procedures."""
    return tuple(_PROCEDURES.values())


def _problems(procedure: Procedure) -> Iterable[str]:
    states = {state.key for state in procedure.states}
    for row in (procedure.creation, *procedure.rows):
        named = {*row.sources, row.target or procedure.initial}
        if row.target_when_done:
            named.add(row.target_when_done)
        if stray := named - states:
            yield f"{row.action} names unknown states {sorted(stray)}"
        if not row.who:
            yield f"{row.action} says not who may do it"
        for start in row.of(Start):
            silent = procedure.row(start.on_expiry) if start.on_expiry else None
            if start.on_expiry and (silent is None or silent.who != (Who.SYSTEM,)):
                yield f"{row.action} starts {start.key}, whose silence {start.on_expiry} no row carries out"
        yield from _field_problems(row)
    rows = (procedure.creation, *procedure.rows)
    reached = {procedure.initial, *(target for row in rows for target in (row.target, row.target_when_done))}
    if lost := states - reached:
        yield f"no row leads to the states {sorted(lost)}"
    actions = [row.action for row in procedure.rows]
    if len(actions) != len(set(actions)):
        yield "an action has two rows"
    if procedure.initial not in states:
        yield f"unknown initial state {procedure.initial}"


def _field_problems(row: Transition) -> Iterable[str]:
    earlier: dict[str, Field] = {}
    for one in row.fields:
        if one.name in earlier or one.name in field_values.OF_THE_ENGINE:
            yield f"{row.action} asks for {one.name} twice, or the engine itself uses that name"
        if asked := one.shown_if:
            other = earlier.get(asked.field)
            if other is None:
                yield f"{row.action} shows {one.name} by {asked.field}, which is not asked before it"
            elif other.choices and not other.choices.keys() >= set(asked.values):
                yield f"{row.action} shows {one.name} by an answer that {asked.field} does not have"
            if bool(asked.values) == (asked.operator is Operator.FILLED):
                yield f"{row.action} shows {one.name} by no answer, or by one that is not compared"
        earlier[one.name] = one
