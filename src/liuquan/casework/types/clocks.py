"""One clock of a case: as it starts, as an act changes it, as a query reads it.

What is written of a clock is what these values hold: `NewDeadline` when it starts, `DeadlineChange` later.
`clock_columns` says which column holds each of their values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from liuquan.casework.types.terms import Terms
from liuquan.clock import Limit, Sense


class Running(StrEnum):
    """State of a deadline. Overdue is not one: it is derived from `due_at`."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  #: its anchor was recorded wrongly; replaced by the clock that names it


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a clock stands: what an act may change of it. `due_on` is the last day, `due_at` the first moment
    that is too late; `extended`: by how much in all, in the limit's unit; `times_extended`: how often."""

    due_on: date
    due_at: datetime
    warn_at: datetime | None
    state: Running = Running.RUNNING  #: paused when it starts while a special procedure stops it
    provisional: bool = False
    extended: int = 0
    times_extended: int = 0


@dataclass(frozen=True, kw_only=True)
class DeadlineChange(Standing):
    """A clock that stops, pauses, resumes or moves."""

    id: int
    met_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewDeadline(Standing):
    """A clock to be started. `amount` and `unit` are those it counts: the limit's, or the amount that the act
    gave. `part`: the lot, bidder or body it is about, where a key has a clock for each; a code, never a name.
    """

    key: str
    limit_key: str
    amount: int
    unit: str
    anchor_at: datetime
    step: str = ""
    part: str = ""
    on_expiry: str = ""
    supersedes: int | None = None  #: the clock that counted from a wrong anchor before this one
    sense: Sense = Sense.AT_MOST

    @property
    def name(self) -> str:
        """The name of the clock in entries: its key; a step's `key:step`, a part's `key/part`."""
        return f"{self.key}{self.step and f':{self.step}'}{self.part and f'/{self.part}'}"


@dataclass(frozen=True, kw_only=True)
class DeadlineView(NewDeadline):
    """One clock of a case."""

    id: int = 0
    met_at: datetime | None = None
    breached: bool = False

    @property
    def is_duty(self) -> bool:
        """Whether somebody must act before its end; otherwise an act must wait for its end."""
        return self.sense is Sense.AT_MOST

    @property
    def is_open(self) -> bool:
        return self.state in (Running.RUNNING, Running.PAUSED)

    def limit(self, terms: Terms) -> Limit:
        """The limit it counts: the one of the terms, with the clock's own amount, which an act may have
        given."""
        return replace(terms.limit(self.limit_key), amount=self.amount)
