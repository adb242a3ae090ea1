"""What an act changes, a case about to be opened, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from liuquan.casework.types.case import Running, SuspensionView
from liuquan.casework.types.procedure import Transition
from liuquan.casework.types.terms import Step, Terms
from liuquan.clock import Sense


@dataclass(frozen=True)
class NewDeadline:
    """A clock to be started."""

    key: str
    limit_key: str
    step: str
    anchor_at: datetime
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    provisional: bool
    on_expiry: str
    amount: int
    unit: str
    state: Running = Running.RUNNING  #: paused when it starts while a special procedure stops it
    sense: Sense = Sense.AT_MOST
    supersedes: int | None = None  #: the clock it replaces, when an anchor is corrected
    extended: int = 0
    times_extended: int = 0


@dataclass(frozen=True)
class DeadlineChange:
    """A clock that stops, pauses, resumes or moves."""

    id: int
    state: Running
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    provisional: bool
    extended: int
    met_at: datetime | None
    times_extended: int = 0


@dataclass(frozen=True)
class Decision:
    """What an act changes; `actions.perform` writes exactly this."""

    row: Transition
    from_state: str | None
    to_state: str
    effective_at: datetime
    public: Mapping[str, Any]
    private: Mapping[str, Any]
    new_deadlines: tuple[NewDeadline, ...] = ()
    deadline_changes: tuple[DeadlineChange, ...] = ()
    new_steps: tuple[Step, ...] = ()
    done_assignments: tuple[int, ...] = ()
    cancelled_assignments: tuple[int, ...] = ()
    step_result: str = ""
    second_by: int | None = None
    new_suspension: SuspensionView | None = None
    ended_suspensions: tuple[SuspensionView, ...] = ()
    #: moments of the case that were recorded wrongly: `received`, `accepted`, `decided`
    corrected: Mapping[str, datetime] = field(default_factory=dict)
    marks: tuple[str, ...] = ()  #: moments of the case that are set: `accepted`, `decided`, `closed`
    outcome: str = ""


@dataclass(frozen=True)
class NewCase:
    """A case about to be opened. `received_at`: when the materials reached the office; in the past only if
    paper evidence shows it. `submission_key`: one for each form sent, so pressing twice makes one case.
    """

    kind: str
    number: str
    terms: Terms
    subject_version: str
    division_path: str
    parties: Mapping[str, str]  #: party number → role
    bodies: Mapping[str, str]  #: body code → role
    channel: str = "window"
    received_at: datetime | None = None
    submission_key: UUID | None = None
    matter: str = ""  #: what is asked for, in the party's own words; kept encrypted


@dataclass(frozen=True)
class Outcome:
    """What `perform` did: the case, its new state, and the entry that records it."""

    number: str
    state: str
    action: str
    entry: str
    effective_at: datetime
    notices: tuple[str, ...]
