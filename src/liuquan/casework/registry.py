"""The case kinds the engine knows. `site.wiring` registers each; nothing else does."""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework.types import Procedure, Who
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
        for start in row.starts:
            silent = procedure.row(start.on_expiry) if start.on_expiry else None
            if start.on_expiry and (silent is None or silent.who != (Who.SYSTEM,)):
                yield f"{row.action} starts {start.key}, whose silence {start.on_expiry} no row carries out"
    actions = [row.action for row in procedure.rows]
    if len(actions) != len(set(actions)):
        yield "an action has two rows"
    if procedure.initial not in states:
        yield f"unknown initial state {procedure.initial}"
