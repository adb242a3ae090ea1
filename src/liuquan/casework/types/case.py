"""A case as one query read it: its clocks, assignments, suspensions, and the whole as a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from liuquan.casework.types.children import ChildView, ParentClock
from liuquan.casework.types.clocks import DeadlineView
from liuquan.casework.types.own_terms import ListedMaterial, Own, OwnTerms, TermsError
from liuquan.casework.types.terms import Step, Terms
from liuquan.clock import Resumption, Suspension


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
    body_code: str = ""  #: the post's body, where the post was chosen at run time; else the step's is meant
    name: str = ""  #: what such a step is called, since the terms need not know it


@dataclass(frozen=True)
class BodyRole:
    """What a body is to a case: `lead`, `cooperating`, `window` … from when, and until when if it ended."""

    body_code: str
    role: str
    from_at: datetime
    to_at: datetime | None = None


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
            ground.citations if ground else (),
        )


@dataclass(frozen=True)
class PartyView:
    """Somebody who is a party of the case, or was one until `to_at`."""

    number: str
    role: str
    from_at: datetime
    to_at: datetime | None = None


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
    parties: Mapping[str, str] = field(default_factory=dict)  #: party number → role, of those present
    bodies: frozenset[str] = frozenset()
    supervising_path: str = ""
    calendar_version: UUID | None = None  #: of the working-day calendar in force when the case was read
    parties_ever: tuple[PartyView, ...] = ()  #: those present and those who left, in the order they came
    roles: tuple[BodyRole, ...] = ()  #: of every body that handles or handled the case, oldest first
    #: what the lead bodies other than that of the terms were called on the day the case came to them, by code
    body_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def body_name(self) -> str:
        """The name of the body that handles the case now; `terms.body_name` is the one that received it."""
        return self.name_of_body(self.body_code)

    @property
    def leads(self) -> tuple[BodyRole, ...]:
        """The lead bodies one after the other; a single one while the case was never handed on."""
        return tuple(role for role in self.roles if role.role == "lead")

    def name_of_body(self, body_code: str) -> str:
        """The name of a lead body of the case, then or now; the code of any other body."""
        if body_code == self.terms.body_code:
            return self.terms.body_name
        return self.body_names.get(body_code) or body_code

    def lead_at(self, at: datetime) -> str:
        """The body in whose hands an act was taken at this moment: an act that hands the case on is still the
        former body's."""
        leads = self.leads
        if len(leads) < 2:
            return self.body_code
        earlier = (one.body_code for one in reversed(leads) if one.from_at < at)
        return next(earlier, leads[0].body_code)

    def step_name(self, assignment: AssignmentView) -> str:
        """What the step of an assignment is called; empty if nobody named it."""
        step = self.step(assignment.step)
        return assignment.name or (step.name if step else "")

    parent: str = ""  #: the number of the case that opened this one
    children: tuple[ChildView, ...] = ()  #: the cases that this one opened, oldest first
    parent_clock: ParentClock | None = None  #: inside which it was opened, while that clock is open

    @property
    def open_assignments(self) -> tuple[AssignmentView, ...]:
        return tuple(a for a in self.assignments if a.state == "open")

    @property
    def open_suspensions(self) -> tuple[SuspensionView, ...]:
        return tuple(s for s in self.suspensions if s.to_on is None)

    @property
    def former_parties(self) -> tuple[PartyView, ...]:
        return tuple(p for p in self.parties_ever if p.to_at is not None)

    @property
    def applicant(self) -> str:
        """The number of the party who brought the case; empty where there is none, or where it left."""
        return next((number for number, role in self.parties.items() if role == "applicant"), "")

    def deadline(self, key: str, step: str = "", part: str = "") -> DeadlineView | None:
        """The open deadline of this key, of a step or part if named, if one is running or paused."""
        wanted = (key, step, part)
        return next((d for d in self.deadlines if d.is_open and (d.key, d.step, d.part) == wanted), None)

    def act(self, action: str) -> str:
        """The name of an act in mandates: case kind and row, with a point between them."""
        return f"{self.kind}.{action}"

    def step(self, key: str) -> Step | None:
        return next((s for s in self.terms.steps if s.key == key), None)

    @property
    def materials(self) -> tuple[ListedMaterial, ...]:
        """The list of materials in its terms, which says what may be asked for."""
        return self.own(OwnTerms).materials

    def own(self, kind: type[Own]) -> Own:
        """What its kind keeps in the terms. Refuses (`TermsError`), naming case, kind and key, what is not
        stored as it must be."""
        try:
            return self.terms.own(kind)
        except TermsError as wrong:
            raise self._named(wrong) from wrong

    def own_day(self, name: str) -> date:
        """A date that its kind keeps in the terms; refuses in the same way."""
        try:
            return self.terms.own_day(name)
        except TermsError as wrong:
            raise self._named(wrong) from wrong

    def _named(self, wrong: TermsError) -> TermsError:
        return TermsError(f"the terms of case {self.number or '(new)'} of kind {self.kind}: {wrong}")
