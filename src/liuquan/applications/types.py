"""What the application pages show: frozen values, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.casework.types import Outcome


@dataclass(frozen=True)
class Received(Outcome):
    """What `submit` did. `replayed`: the same key had made the case before; nothing happened now."""

    replayed: bool


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
