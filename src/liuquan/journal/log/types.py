"""Values of the transparency log: a signed head, what a round of sealing did, what the audit found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CheckpointView:
    """A signed head of the log, as published."""

    size: int  #: leaves
    root: bytes
    note: str  #: C2SP signed note, with the log's own signatures
    signed_at: datetime


@dataclass(frozen=True)
class SealingResult:
    """What one round of the sealer did. `busy`: another sealer is at work, nothing was done."""

    leaves: int = 0  #: new in this round
    size: int = 0  #: of the latest published checkpoint
    checkpoint: CheckpointView | None = None  #: the newly signed one
    more: bool = False  #: more entries are waiting
    busy: bool = False


@dataclass(frozen=True)
class AuditReport:
    """What the audit found. `first_problem` names the first entry that does not hold, in one sentence."""

    entries: int  #: audited: all under the signed head
    tree_size: int  #: leaves of the newest signed head
    root: bytes | None
    checkpoints: int  #: audited: all, each the beginning of the next
    private_parts: int  #: opened and compared with their commitments
    unsealed: int  #: entries not yet under a signed head
    problems: tuple[str, ...] = ()  #: by place, the first ones
    first_position: int | None = None  #: from 0
    first_entry: str = ""  #: number of the entry, where one is known

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def first_problem(self) -> str | None:
        return self.problems[0] if self.problems else None


@dataclass(frozen=True)
class LogStatus:
    """How far the record is sealed."""

    checkpoint: CheckpointView | None
    leaves: int  #: entries that have their place
    unsealed: int  #: entries not yet under a signed checkpoint
    oldest_unsealed_at: datetime | None  #: when the oldest of them was recorded, by the database's clock
    oldest_unsealed_seconds: float  #: how long ago that is, by the database's clock; 0 when there is none
