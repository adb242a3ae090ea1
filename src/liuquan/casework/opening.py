"""A case about to be opened: its snapshot before it is stored, and the clocks that start with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.casework.effects import Start
from liuquan.casework.types import Given, NewCase, NewDeadline, Procedure, Snapshot
from liuquan.clock import Calendar


@dataclass(frozen=True)
class Opening:
    """A new case under its procedure. `counts_from`: the moment a filing counts from, where that is later
    than its receipt."""

    new: NewCase
    procedure: Procedure
    received_at: datetime
    started: tuple[NewDeadline, ...]
    counts_from: datetime | None


def opening(
    new: NewCase, procedure: Procedure, received_at: datetime, given: Given, calendar: Calendar
) -> Opening:
    """The case with the clocks its procedure starts. `given`: the case as `blank`, and who opens it when."""
    anchors = [
        (start, start.anchor_of(given, received_at, calendar)) for start in procedure.creation.of(Start)
    ]
    starts = (start.started(given, anchor, calendar) for start, anchor in anchors)
    filed = (at for start, at in anchors if start.anchor == "filed" and at != received_at)
    return Opening(
        new=new,
        procedure=procedure,
        received_at=received_at,
        started=tuple(clock for clock in starts if clock is not None),
        counts_from=next(filed, None),
    )


def blank(new: NewCase, procedure: Procedure, received_at: datetime) -> Snapshot:
    """The case before it is stored, to check who may open it."""
    return Snapshot(
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
