"""A case about to be opened: its snapshot before it is stored, and the clocks that start with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from liuquan.casework import stored_terms
from liuquan.casework.effects import Start
from liuquan.casework.types import Act, BodyRole, Given, NewCase, NewDeadline, PartyView, Procedure, Snapshot
from liuquan.clock import Calendar


@dataclass(frozen=True)
class Opening:
    """A new case under its procedure. `counts_from`: the moment a filing counts from, where that is later
    than its receipt. `told`: what the act gave of its clocks, by the names of the values."""

    new: NewCase
    procedure: Procedure
    received_at: datetime
    started: tuple[NewDeadline, ...]
    counts_from: datetime | None
    told: Mapping[str, Any]

    @cached_property
    def stored_terms(self) -> dict[str, Any]:
        """The terms of the case as they are stored, and as its entry binds to them."""
        return stored_terms.to_json(self.new.terms)


def opening(
    new: NewCase, procedure: Procedure, received_at: datetime, given: Given, calendar: Calendar
) -> Opening:
    """The case with the clocks its procedure starts. `given`: the case as `blank`, and who opens it when.
    Refuses (422) what a clock cannot be started with."""
    act = Act(procedure, procedure.creation, given, calendar)
    listed = procedure.creation.of(Start)
    for start in listed:
        start.check(act)
    anchors = [(start, start.anchor_of(given, received_at, calendar)) for start in listed]
    starts = (start.started(given, anchor, calendar) for start, anchor in anchors)
    filed = (at for start, at in anchors if start.anchor == "filed" and at != received_at)
    return Opening(
        new=new,
        procedure=procedure,
        received_at=received_at,
        started=tuple(clock for clock in starts if clock is not None),
        counts_from=next(filed, None),
        told={name: value for start in listed for name, value in start.told(given).items()},
    )


def values(opening: Opening) -> dict[str, Any]:
    """The values of the case as it is stored that it did not have before (`structure.told`)."""
    new, at = opening.new, opening.received_at
    return {
        "state": opening.procedure.initial,
        "deadlines": opening.started,
        "parties_ever": tuple(PartyView(number, role, at) for number, role in new.parties.items()),
        "roles": tuple(BodyRole(code, role, at) for code, role in new.bodies.items()),
    }


def blank(new: NewCase, procedure: Procedure, received_at: datetime) -> Snapshot:
    """The case before it is stored, to check who may open it. Refuses (`TermsError`) terms that its kind
    could not read later."""
    case = Snapshot(
        id=0,
        number="",
        kind=procedure.kind,
        procedure_version=procedure.version,
        state="",
        revision=0,
        body_code=new.terms.body_code,
        received_at=received_at,
        accepted_at=None,
        decided_at=None,
        closed_at=None,
        outcome="",
        terms=new.terms,
        parties=new.parties,
        bodies=frozenset(new.bodies),
        supervising_path=new.division_path,
    )
    case.own(procedure.own_terms)
    return case
