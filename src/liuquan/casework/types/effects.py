"""What an act does beside leading to another state: small values, applied one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from liuquan.casework.types.case import AssignmentView, PartyView, Snapshot, SuspensionView
    from liuquan.casework.types.clocks import DeadlineChange, DeadlineView, NewDeadline
    from liuquan.casework.types.decisions import NewAssignment
    from liuquan.casework.types.procedure import Data, Given, Procedure, Transition
    from liuquan.casework.types.terms import Step
    from liuquan.clock import Calendar


@dataclass(frozen=True)
class Act:
    """An act that somebody takes, or would take: its row, the case and the values, the step it completes."""

    procedure: Procedure
    row: Transition
    given: Given
    calendar: Calendar
    assignment: AssignmentView | None = None

    @property
    def case(self) -> Snapshot:
        """The case before the act."""
        return self.given.snapshot


@dataclass
class Change:
    """What an act changes, as far as its effects are applied. `effective_at`: when it takes effect in law."""

    act: Act
    effective_at: datetime
    steps: tuple[Step, ...] = ()  #: opened by the act
    route_is_done: bool = False
    done: tuple[int, ...] = ()  #: assignments completed by the act
    step_result: str = ""
    second_by: int | None = None
    suspensions: tuple[SuspensionView, ...] = ()  #: all of the case, as the act leaves them
    begun: SuspensionView | None = None
    ended: tuple[SuspensionView, ...] = ()
    kept: set[str] = field(default_factory=set)  #: keys of clocks that go on when the case is closed
    marks: tuple[str, ...] = ()
    outcome: str = ""
    started: list[NewDeadline] = field(default_factory=list)
    clocks: dict[int, DeadlineChange] = field(default_factory=dict)  #: by the id of the clock
    corrected: dict[str, datetime] = field(default_factory=dict)
    public: dict[str, Any] = field(default_factory=dict)  #: what effects enter beside the row's own values
    joined: list[PartyView] = field(default_factory=list)
    left: list[PartyView] = field(default_factory=list)  #: as they are afterwards
    body_to: str = ""  #: the body that the act hands the case to
    body_keeps: str = ""  #: the part in it that the former body keeps
    assigned: list[NewAssignment] = field(default_factory=list)  #: to posts chosen at run time
    taken_back: set[int] = field(default_factory=set)  #: assignments that end undone
    closing: dict[str, str] = field(default_factory=dict)  #: child → the act of the system that ends it

    @property
    def to_state(self) -> str:
        """Where the case goes."""
        row = self.act.row
        if row.target_when_done and self.route_is_done:
            return row.target_when_done
        return row.target or self.act.case.state

    @property
    def closes(self) -> bool:
        """Whether the case is closed by this act."""
        target = self.to_state
        return target != self.act.case.state and self.act.procedure.state(target).closed

    def open_clocks(self) -> Iterable[DeadlineView]:
        """The clocks that are open and that the act has not changed so far."""
        return [view for view in self.act.case.deadlines if view.is_open and view.id not in self.clocks]

    def clocks_of(self, key: str, part: str = "") -> list[DeadlineView]:
        """Those of this key and part."""
        return [view for view in self.open_clocks() if (view.key, view.part) == (key, part)]

    def end(self, ended: Iterable[SuspensionView]) -> None:
        """End suspensions of the case; `ended`: as they are afterwards."""
        over = {one.id: one for one in ended}
        self.ended = tuple(over.values())
        self.suspensions = tuple(over.get(one.id, one) for one in self.suspensions)


class Effect:
    """One thing that an act does. Where it has nothing to say, it says nothing. All of it is pure."""

    #: whether it disposes of one assignment, in whosever hands it is: the act then says which
    disposes: ClassVar[bool] = False

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that are to be issued, by their keys."""
        return ()

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of the row that it reads, by their names, where the procedure chooses them."""
        return ()

    def codes(self, case: Snapshot, data: Data) -> Iterable[str]:
        """The bodies and posts about which it has to know whether they exist on the day of the act, by their
        codes; the answer is the fact `standing`."""
        return ()

    def can(self, act: Act) -> None:
        """Refuse (409) what the case itself forbids, whatever values are given: then there is no button."""

    def check(self, act: Act) -> None:
        """Refuse (422, 409) what the law forbids for the values that were given."""

    def apply(self, change: Change) -> None:
        """What ends or is set by the act. Checked before, and not again, so that the past can be read."""

    def count(self, change: Change) -> None:
        """The clocks that start or are counted anew, once it is known where the case goes and which time does
        not count."""
