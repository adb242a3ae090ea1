"""What an act changes, a case about to be opened, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from liuquan.casework.types.case import PartyView, SuspensionView
from liuquan.casework.types.children import NewChild
from liuquan.casework.types.clocks import DeadlineChange, NewDeadline
from liuquan.casework.types.procedure import Transition
from liuquan.casework.types.terms import Step, Terms


@dataclass(frozen=True)
class NewAssignment:
    """A step put into the hands of a post chosen at run time. `replaces`: the assignment of the same step
    that the act ends."""

    step: str
    name: str
    post_code: str
    body_code: str
    replaces: int | None = None


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
    new_parties: tuple[PartyView, ...] = ()
    ended_parties: tuple[PartyView, ...] = ()
    body_from: str = ""  #: the lead body that hands the case on, if it is handed on
    body_to: str = ""  #: the lead body that it is handed to
    body_keeps: str = ""  #: the part in the case that `body_from` keeps, if any
    assigned: tuple[NewAssignment, ...] = ()  #: to posts chosen at run time
    children: tuple[NewChild, ...] = ()  #: opened with the act, of the kind that its row names
    closing: Mapping[str, str] = field(default_factory=dict)  #: child → the act of the system that ends it


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
