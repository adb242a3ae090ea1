"""What the application pages show: frozen values, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from liuquan.casework.types import Outcome


@dataclass(frozen=True)
class Received(Outcome):
    """What `submit` did. `replayed`: the same key had made the case before; nothing happened now."""

    replayed: bool


@dataclass(frozen=True)
class Before:
    """An application of the same person for the same item that is still open."""

    number: str
    received_on: date


@dataclass(frozen=True)
class ResultFilter:
    """Which published results are asked for; empty is all. `words` stand in the item's or the body's name,
    however they are typed, or in the number; the days are those of the decision, both included."""

    words: str = ""
    body: str = ""
    item: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def __bool__(self) -> bool:
        return self != ResultFilter()


@dataclass(frozen=True)
class PublicResult:
    """A result anyone may read."""

    number: str
    item: str
    body: str
    outcome: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    publicised_at: datetime

    @property
    def outcome_label(self) -> str:
        return {"granted": "准予", "refused": "不予"}.get(self.outcome, self.outcome)
