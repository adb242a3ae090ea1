"""The declarative table of a case kind: states, rows, who may act, which clocks they move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from liuquan.casework.types.case import Snapshot
from liuquan.casework.types.fields import Field
from liuquan.organisation.types import Actor


class Who(StrEnum):
    """Who may take the act, in addition to needing the mandate for it."""

    PARTY = "party"  #: applicant or agent of the case
    POST = "post"  #: a post of a body of the case, mandated for the act and the item
    ASSIGNEE = "assignee"  #: the post that holds the open assignment named in the data
    DECIDER = "decider"  #: the deciding post of the terms; never one who reviewed (一审一核)
    HEAD = "head"  #: the head of the body
    SUPERVISOR = "supervisor"  #: a post whose supervising mandate over the case's division names the act
    SYSTEM = "system"  #: the sweeper only

    @property
    def label(self) -> str:
        return {
            "party": "当事人",
            "post": "经授权的岗位",
            "assignee": "承办岗位",
            "decider": "决定岗位",
            "head": "机关负责人",
            "supervisor": "有监察授权的岗位",
            "system": "系统（法定效果）",
        }[self]


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
    """A clock started by a row: which limit of the terms, counted from which moment, what silence means.

    `anchor`: "effective", when the act takes effect; "received", the receipt of the case; "filed", the moment
    a filing counts from (a party's after hours, by setting of the place); else the name of a date in the
    terms' `extra`, as the day a licence ends. `on_expiry`: the row carried out when nobody did anything, if
    the limit of the law knows such an effect.
    """

    key: str
    limit: str
    on_expiry: str = ""
    anchor: str = "effective"


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
    #: checks on the case alone, before a button is shown; `guards` also check facts and given values
    needs: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    starts: tuple[Start, ...] = ()
    stops: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    pauses: bool = False
    resumes: bool = False
    corrects: bool = False  #: corrects a wrongly recorded anchor: the clocks counted from it are counted anew
    waits_for: tuple[str, ...] = ()  #: clocks (`at_least`) that must be over before this act
    sends_back: bool = False
    extends: str = ""
    opens_route: bool = False
    completes_step: bool = False
    target_when_done: str = ""  #: where the case goes when its route is finished (or empty from the start)
    notices: tuple[str, ...] = ()
    #: "now", or the key of a clock by which the act takes effect (what follows from silence only): from the
    #: clock's anchor ("start") or from its end ("due"), as the law says
    effective: str = "now"
    effective_from: str = "start"
    step_result: str = ""  #: the result of a step if nobody acted on it
    marks: tuple[str, ...] = ()  #: moments of the case that this row sets: accepted, decided, closed
    outcome: str = ""
    keeps: tuple[str, ...] = ()  #: clocks that go on after the case is closed (publicity)
    public: Values | None = None
    private: Values | None = None
    power: str = ""  #: the act's name in the authorisation register, if it differs from the button's label
    confirm: str = ""  #: the question asked before an act that cannot be undone
    duty: bool = False  #: the next thing expected of somebody: what a work list is made of


class OwnRow(Protocol):
    """A row of the vertical's own, as the body of a CTE with its values (a `kernel.sql.Statement`)."""

    @property
    def sql(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...


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
    #: the vertical's own rows that an act changes, written in its statement: CTE bodies that may refer to
    #: `moved(id, number, body_code, subject_code)`
    with_rows: Callable[[str, Given], Iterable[OwnRow]] = lambda _action, _given: ()
    clock_labels: Mapping[str, str] = field(default_factory=dict)  #: what pages call its clocks, by key

    def row(self, action: str) -> Transition | None:
        return next((row for row in self.rows if row.action == action), None)

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)
