"""The declarative table of a case kind: states, rows, who may act, what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from liuquan.casework.types.case import Snapshot
from liuquan.casework.types.effects import Effect
from liuquan.casework.types.fields import Field
from liuquan.casework.types.own_terms import OwnTerms
from liuquan.casework.types.procedure_v1 import ProcedureV1
from liuquan.journal.types import Entry
from liuquan.organisation.types import Actor

E = TypeVar("E", bound=Effect)


class Who(StrEnum):
    """Who may take the act, in addition to needing the mandate for it."""

    PARTY = "party"  #: a party of the case in one of the row's roles (`Transition.parties`)
    POST = "post"  #: a post of a body of the case, mandated for the act and the item
    ASSIGNEE = "assignee"  #: the post that holds the open assignment named in the data
    DECIDER = "decider"  #: the deciding post of the terms; never one who reviewed (一审一核)
    #: a post of the body that received the case, mandated by that body, whoever handles the case now
    RECEIVER = "receiver"
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
            "receiver": "接收本件的单位经授权的岗位",
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
    #: further values, asked with the others, that go into the record alone: nothing is decided by them
    recorded: tuple[Field, ...] = ()
    #: checks on the case alone, before a button is shown; `guards` also check facts and given values
    needs: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()  #: what it does beside leading on, in the order of their checks
    target_when_done: str = ""  #: where the case goes when its route is finished (or empty from the start)
    #: "now", or the key of a clock by which the act takes effect (what follows from silence only): from the
    #: clock's anchor ("start") or from its end ("due"), as the law says
    effective: str = "now"
    effective_from: str = "start"
    public: Values | None = None
    private: Values | None = None
    power: str = ""  #: the act's name in the authorisation register, if it differs from the button's label
    confirm: str = ""  #: the question asked before an act that cannot be undone
    confirm_record: str = ""  #: that question, where it is about what goes into the record alone
    duty: bool = False  #: the next thing expected of somebody: what a work list is made of
    todo: str = ""  #: what the work list calls it, where its label would say the answer beforehand
    parties: tuple[str, ...] = ("applicant", "agent")  #: which parties may take it, by their roles

    @property
    def takes(self) -> tuple[Field, ...]:
        """Every value that it takes."""
        return (*self.fields, *self.recorded)

    def of(self, kind: type[E]) -> tuple[E, ...]:
        """Its effects of this kind."""
        return tuple(effect for effect in self.effects if isinstance(effect, kind))

    @property
    def names_assignment(self) -> bool:
        """Whether it is about one of the open assignments, which is named where there are several."""
        return Who.ASSIGNEE in self.who or any(effect.disposes for effect in self.effects)

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that have to follow it, by their keys."""
        return tuple(paper for effect in self.effects for paper in effect.papers)


class OwnRow(Protocol):
    """A row of the vertical's own, as the body of a CTE with its values (a `kernel.sql.Statement`)."""

    @property
    def sql(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class State:
    """A state of a procedure; `holder` says whose time passes in it: `office`, the body that handles the
    case; `receiver`, the one that received it, while another handles it; `party`; `nobody`."""

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
    #: its rows as they were for entries of the first vocabulary version, if there are any
    version_1: ProcedureV1 | None = None
    #: whether a party, by its number, sees an entry with its paper and its materials; None: all of its case.
    #: Who acted is no part of an entry, so the rows of such a procedure enter it (`Transition.public`).
    may_see: Callable[[Snapshot, str, Entry], bool] | None = None
    #: whether who the parties are is kept from a body that handles the case, by its code; None: from none
    keeps_parties_from: Callable[[Snapshot, str], bool] | None = None
    own_terms: type[OwnTerms] = OwnTerms  #: what its terms keep beside what the engine knows
    #: whether what a camera wrote into a photo is taken out, whoever hands it in and by whichever way
    strips_photos: bool = False

    def row(self, action: str) -> Transition | None:
        return next((row for row in self.rows if row.action == action), None)

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)
