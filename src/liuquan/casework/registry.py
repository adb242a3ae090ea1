"""The procedures the engine knows. `kinds` registers those of every kind of case."""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework import clock_parts, field_values
from liuquan.casework.effects import CloseChildren, OpenChildren, Start, Stop
from liuquan.casework.effects.start import MOMENTS
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
        if Who.PARTY in row.who and not row.parties:
            yield f"{row.action} says not which parties may do it"
        for start in row.of(Start):
            silent = procedure.row(start.on_expiry) if start.on_expiry else None
            if start.on_expiry and (silent is None or silent.who != (Who.SYSTEM,)):
                yield f"{row.action} starts {start.key}, whose silence {start.on_expiry} no row carries out"
            if start.anchor not in MOMENTS | procedure.own_terms.days():
                yield f"{row.action} starts {start.key} from {start.anchor}, no day that its terms keep"
        yield from _field_problems(row)
        yield from _clock_problems(procedure, row)
        asked = {one.name for one in row.fields}
        for name in (name for effect in row.effects for name in effect.asks if name not in asked):
            yield f"{row.action} reads {name}, which it does not ask for"
        if len(row.of(OpenChildren)) > (row is not procedure.creation):
            yield f"{row.action} opens children twice, or with its case"
    for known in _PROCEDURES.values():
        yield from _ending_problems(procedure, known)
        yield from _ending_problems(known, procedure)
    rows = (procedure.creation, *procedure.rows)
    reached = {procedure.initial, *(target for row in rows for target in (row.target, row.target_when_done))}
    if lost := states - reached:
        yield f"no row leads to the states {sorted(lost)}"
    actions = [row.action for row in procedure.rows]
    if len(actions) != len(set(actions)):
        yield "an action has two rows"
    if procedure.initial not in states:
        yield f"unknown initial state {procedure.initial}"


def _clock_problems(procedure: Procedure, row: Transition) -> Iterable[str]:
    """What an effect reads of the values must be asked for; only what follows from silence is told its part
    by the engine."""
    asked = {one.name for one in row.fields} | (
        {clock_parts.BY_THE_ENGINE} if row.who == (Who.SYSTEM,) else set()
    )
    for effect in row.effects:
        names = {getattr(effect, name, "") for name in ("part_field", "days_field", "anchor_field")} - {""}
        if stray := names - asked:
            yield f"{row.action} reads {sorted(stray)}, which it does not ask for"
    for start in row.of(Start):
        silent = procedure.row(start.on_expiry) if start.part_field and start.on_expiry else None
        if silent and Stop(start.key, clock_parts.BY_THE_ENGINE) not in silent.effects:
            yield f"{silent.action} follows from the silence of a part of {start.key}, but stops another"


def _ending_problems(parent: Procedure, child: Procedure) -> Iterable[str]:
    """The states in which a child could not be ended with its parent, as the parent's rows say it is."""
    if child.kind not in {one.kind for row in parent.rows for one in row.of(OpenChildren)}:
        return
    going = {state.key for state in child.states if not state.closed}
    for action in {one.action for row in parent.rows for one in row.of(CloseChildren)}:
        row = child.row(action)
        if row is None or row.who != (Who.SYSTEM,) or not going.issubset(row.sources):
            yield f"{action} does not end {child.kind} in each of its open states, for {parent.kind}"


def _field_problems(row: Transition) -> Iterable[str]:
    earlier: dict[str, Field] = {}
    for one in row.takes:
        if one.name in earlier or one.name in field_values.OF_THE_ENGINE:
            yield f"{row.action} asks for {one.name} twice, or the engine itself uses that name"
        if one.of and one.of not in earlier:
            yield f"{row.action} asks for {one.name} of {one.of}, which is not asked before it"
        if one.instead_of and (one.instead_of not in earlier or one.kind != "many"):
            yield f"{row.action} asks for {one.name} instead of {one.instead_of}, which it cannot answer"
        if asked := one.shown_if:
            other = earlier.get(asked.field)
            if other is None:
                yield f"{row.action} shows {one.name} by {asked.field}, which is not asked before it"
            elif other.choices and not other.choices.keys() >= set(asked.values):
                yield f"{row.action} shows {one.name} by an answer that {asked.field} does not have"
            if bool(asked.values) == (asked.operator is Operator.FILLED):
                yield f"{row.action} shows {one.name} by no answer, or by one that is not compared"
        earlier[one.name] = one
