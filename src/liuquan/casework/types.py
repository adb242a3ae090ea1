"""Values of the engine: the terms of a case, its snapshot, the rows of a procedure, and what an act changes.

No Django, no database. Dates are days in Asia/Shanghai, moments are aware.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from liuquan.clock import Limit, Suspension
from liuquan.organisation.types import Actor


class StepKind(StrEnum):
    """What a step of a route asks for."""

    REVIEW = "review"
    OPINION = "opinion"
    SITE_CHECK = "site_check"
    EXPERT_REVIEW = "expert_review"

    @property
    def label(self) -> str:
        return {
            "review": "审查",
            "opinion": "征求意见",
            "site_check": "现场核查",
            "expert_review": "专家评审",
        }[self]


@dataclass(frozen=True)
class Step:
    """A node of a route. It opens when every step in `after` is done; `limit` counts from that day.

    `officers`: how many must sign (a site check needs two, 行政许可法 第三十四条).
    """

    key: str
    name: str
    post_code: str
    body_code: str = ""
    kind: StepKind = StepKind.REVIEW
    after: tuple[str, ...] = ()
    limit: Limit | None = None
    officers: int = 1
    task: str = ""
    standard: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Terms:
    """What applied to this case on the day of receipt; written once and never changed.

    `limits` by key: acceptance, statutory, promised, delivery, publicity … `extra` belongs to the vertical.
    """

    subject_code: str
    subject_name: str
    body_code: str
    limits: Mapping[str, Limit]
    steps: tuple[Step, ...] = ()
    deciding_post: str = ""
    #: closed list of grounds on which the clocks may stop: name → Chinese label
    grounds: Mapping[str, str] = field(default_factory=dict)
    #: share of the promised limit after which the lamp is yellow, as text ("0.9"); a pack value
    warn_share: str = "0.9"
    extra: Mapping[str, Any] = field(default_factory=dict)


class Running(StrEnum):
    """State of a deadline. Overdue is not one: it is derived from `due_at`."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class DeadlineView:
    """One clock of a case. `due_on` is the last day, `due_at` the first moment that is too late."""

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
    """Time that stops the clocks, with the written notice that told the applicant how long."""

    id: int
    ground: str
    from_on: date
    to_on: date | None
    announced_to_on: date
    document: str

    def counted(self, label: str = "") -> Suspension:
        """As the clock takes it; an open one is counted as if it ended on the announced day. `label`: the
        ground in words, for the explanation."""
        return Suspension(self.from_on, self.to_on or self.announced_to_on, self.ground, self.document, label)


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
    def open_suspension(self) -> SuspensionView | None:
        return next((s for s in self.suspensions if s.to_on is None), None)

    def deadline(self, key: str, step: str = "") -> DeadlineView | None:
        """The open deadline of this key, if one is running or paused."""
        return next((d for d in self.deadlines if d.key == key and d.step == step and d.is_open), None)

    def step(self, key: str) -> Step | None:
        return next((s for s in self.terms.steps if s.key == key), None)


class Who(StrEnum):
    """Who may press the button, besides holding the mandate for it."""

    PARTY = "party"  #: applicant or agent of the case
    POST = "post"  #: a post of a body of the case, mandated for the act and the item
    ASSIGNEE = "assignee"  #: the post that holds the open assignment named in the data
    DECIDER = "decider"  #: the deciding post of the terms; never one who reviewed (一审一核)
    HEAD = "head"  #: the head of the body
    SYSTEM = "system"  #: the sweeper only

    @property
    def label(self) -> str:
        return {
            "party": "当事人", "post": "经授权的岗位", "assignee": "承办岗位", "decider": "决定岗位",
            "head": "机关负责人", "system": "系统（法定效果）",
        }[self]  # fmt: skip


Facts = Mapping[str, Any]
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """What a guard sees: the case, the vertical's facts, the data of the act, the moment, who acts."""

    snapshot: Snapshot
    facts: Facts
    data: Data
    now: datetime
    by: Actor


#: Raises a `kernel.refusals.Refusal` when the act may not happen; returns nothing otherwise.
Guard = Callable[[Given], None]
Values = Callable[[Given], dict[str, Any]]


@dataclass(frozen=True)
class Start:
    """A clock started by a row: which limit of the terms, counted from which moment, what silence means."""

    key: str
    limit: str
    on_expiry: str = ""
    anchor: str = "effective"  #: "effective": when the act takes effect; "received": the receipt of the case


@dataclass(frozen=True)
class Field:
    """A value that an act takes: for the form, the API and the check of what is missing."""

    name: str
    label: str
    kind: str = "text"  #: text, choice, date, days, materials, staff, body, bool, uploads
    required: bool = True
    help: str = ""


@dataclass(frozen=True)
class Transition:
    """One row of a procedure: in these states, this act, by these people, leads there and does that."""

    action: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    who: tuple[Who, ...]
    event: str
    cites: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    starts: tuple[Start, ...] = ()
    stops: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    pauses: bool = False
    resumes: bool = False
    sends_back: bool = False
    extends: str = ""
    opens_route: bool = False
    completes_step: bool = False
    target_when_done: str = ""  #: where the case goes when its route is finished (or empty from the start)
    notices: tuple[str, ...] = ()
    #: "now", or the key of a deadline whose anchor day the act takes effect on (deemed effects only)
    effective: str = "now"
    marks: tuple[str, ...] = ()  #: moments of the case that this row sets: accepted, decided, closed
    outcome: str = ""
    keeps: tuple[str, ...] = ()  #: clocks that go on after the case is closed (publicity)
    public: Values | None = None
    private: Values | None = None
    confirm: str = ""  #: the question asked before what cannot be undone
    duty: bool = False  #: the next thing expected of somebody: what a work list is made of


@dataclass(frozen=True)
class State:
    """A state of a procedure; `holder` says whose time passes in it: office, party, nobody."""

    key: str
    label: str
    holder: str = "office"
    closed: bool = False


@dataclass(frozen=True)
class Procedure:
    """A case kind: its states, its rows, and where the vertical's facts come from."""

    kind: str
    version: int
    label: str
    in_force: date
    states: tuple[State, ...]
    rows: tuple[Transition, ...]
    initial: str
    creation: Transition
    number_pattern: str = "{on:%Y%m%d}{serial:05d}"  #: as in `identifiers.format_number`
    gather_facts: Callable[[Snapshot, str, Data, datetime], Facts] = lambda _s, _a, _d, _n: {}

    def row(self, action: str) -> Transition | None:
        return next((row for row in self.rows if row.action == action), None)

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)


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
    ended_suspension: SuspensionView | None = None


@dataclass(frozen=True)
class NewCase:
    """A case about to be opened. `received_at`: when the materials reached the office, in the past only for
    paper evidence. `submission_key`: of one press of the button, so that pressing twice makes one case.
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


@dataclass(frozen=True)
class Outcome:
    """What `perform` did: the case, its new state, and the entry that records it."""

    number: str
    state: str
    action: str
    entry: str
    effective_at: datetime
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """An act that this actor may take on this case now: a button, or an entry of the API."""

    action: str
    label: str
    fields: tuple[Field, ...]
    cites: tuple[str, ...]
    confirm: str
    assignment: int | None = None
    step_name: str = ""
    duty: bool = False


class Lamp(StrEnum):
    """How a clock stands now."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        return {"green": "正常", "yellow": "临近", "red": "超期", "paused": "不计时"}[self]


@dataclass(frozen=True)
class WorkItem:
    """One line of a work list: a case, what is to be done on it, and the clock that presses most."""

    number: str
    subject_name: str
    state_label: str
    duties: tuple[Offer, ...]
    due_on: date | None
    due_at: datetime | None
    lamp: Lamp
    provisional: bool
    received_at: datetime


@dataclass(frozen=True)
class NoticeView:
    """A paper of a case, as issued."""

    number: str
    kind: str
    entry: str
    file: str
    sha256: str
    short_code: str
    issued_at: datetime
