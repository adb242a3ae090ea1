"""A case as one query read it: its clocks, assignments, suspensions, and the whole as a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from liuquan.casework.types.terms import Step, Terms
from liuquan.clock import Resumption, Sense, Suspension


class Running(StrEnum):
    """State of a deadline. Overdue is not one: it is derived from `due_at`."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  #: its anchor was recorded wrongly; replaced by the clock that names it


@dataclass(frozen=True)
class DeadlineView:
    """One clock of a case. `due_on` is the last day, `due_at` the first moment that is too late.

    `extended`: by how much in all, in the limit's unit; `times_extended`: how often. `supersedes`: the clock
    that counted from a wrong anchor before this one.
    """

    key: str
    limit_key: str
    step: str
    anchor_at: datetime
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    state: Running
    provisional: bool = False
    on_expiry: str = ""
    extended: int = 0
    met_at: datetime | None = None
    breached: bool = False
    id: int = 0
    times_extended: int = 0
    supersedes: int | None = None
    sense: Sense = Sense.AT_MOST

    @property
    def is_duty(self) -> bool:
        """Whether somebody must act before its end; otherwise an act must wait for its end."""
        return self.sense is Sense.AT_MOST

    @property
    def is_open(self) -> bool:
        return self.state in (Running.RUNNING, Running.PAUSED)


@dataclass(frozen=True)
class AssignmentView:
    """A step in somebody's hands."""

    id: int
    step: str
    post_code: str
    state: str
    opened_at: datetime
    done_at: datetime | None = None
    done_by: int | None = None
    second_by: int | None = None  #: the other officer of a step that needs two
    result: str = ""


@dataclass(frozen=True)
class SuspensionView:
    """Time that stops the clocks, with the written notice that announced its length to the applicant."""

    id: int
    ground: str
    from_on: date
    to_on: date | None
    announced_to_on: date
    document: str

    def counted(self, terms: Terms, *, open_ended: bool = False) -> Suspension:
        """The suspension as `clock` takes it; an open one ends on the announced day, unless `open_ended`.
        `terms`: of the case, for the ground's wording and what happens after it ends."""
        ground = terms.grounds.get(self.ground)
        return Suspension(
            self.from_on,
            self.to_on if open_ended else self.to_on or self.announced_to_on,
            self.ground,
            self.document,
            ground.label if ground else "",
            ground.resumes if ground else Resumption.CONTINUE,
            self.announced_to_on,
        )


@dataclass(frozen=True)
class Snapshot:
    """A case as one query read it: everything `decide` may look at besides the vertical's facts."""

    id: int
    number: str
    kind: str
    procedure_version: int
    state: str
    revision: int
    body_code: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    outcome: str
    terms: Terms
    assignments: tuple[AssignmentView, ...] = ()
    deadlines: tuple[DeadlineView, ...] = ()
    suspensions: tuple[SuspensionView, ...] = ()
    parties: Mapping[str, str] = field(default_factory=dict)  #: party number → role
    bodies: frozenset[str] = frozenset()
    supervising_path: str = ""
    calendar_version: UUID | None = None  #: of the working-day calendar in force when the case was read

    @property
    def open_assignments(self) -> tuple[AssignmentView, ...]:
        return tuple(a for a in self.assignments if a.state == "open")

    @property
    def open_suspensions(self) -> tuple[SuspensionView, ...]:
        return tuple(s for s in self.suspensions if s.to_on is None)

    def deadline(self, key: str, step: str = "") -> DeadlineView | None:
        """The open deadline of this key, if one is running or paused."""
        return next((d for d in self.deadlines if d.key == key and d.step == step and d.is_open), None)

    def act(self, action: str) -> str:
        """The name of an act in mandates: case kind and row, with a point between them."""
        return f"{self.kind}.{action}"

    def step(self, key: str) -> Step | None:
        return next((s for s in self.terms.steps if s.key == key), None)
