"""Values of the journal: the event of a vocabulary, an entry to be written, an entry as read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """One word of the vocabulary: what can happen, its sentence, and what of it anyone may see.

    `sentence` has named slots that `public` must fill; a key that is neither public nor private is refused
    when the entry is written, so that no personal datum slips into the open part.
    """

    name: str
    label: str
    sentence: str
    public: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    version: int = 1
    reads: bool = False  #: an opening of sensitive values: shown to the person concerned and to the auditor


@dataclass(frozen=True)
class NewEntry:
    """An entry about to be written. `subject` is the public number of the case (or item, post …)."""

    event: str
    subject: str
    body_code: str
    post_code: str
    actor_kind: str
    effective_at: datetime
    public: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    from_state: str | None = None
    to_state: str | None = None
    number: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the record, with its sentence made from the values of its own day."""

    number: uuid.UUID
    event: str
    label: str
    sentence: str
    subject: str
    body_code: str
    post_code: str
    actor_kind: str
    effective_at: datetime
    recorded_at: datetime
    public: Mapping[str, Any]
    from_state: str | None
    to_state: str | None
    commitment: str


@dataclass(frozen=True)
class ReadingFilter:
    """Which openings are asked for: [from_at, to_at), of these bodies (None: of all), of one post, of one
    record; `staff_only`: without those by the person concerned."""

    from_at: datetime | None = None
    to_at: datetime | None = None
    bodies: frozenset[str] | None = None
    post: str = ""
    subject: str = ""
    staff_only: bool = False


@dataclass(frozen=True)
class ReadingCount:
    """How often a post opened something, and how many different records."""

    body_code: str
    post_code: str
    times: int
    subjects: int


@dataclass(frozen=True)
class Change:
    """A subject touched since a watermark: what live supervision follows."""

    subject: str
    event: str


@dataclass(frozen=True)
class CheckpointView:
    """A signed head of the log, as published."""

    size: int  #: leaves
    root: bytes
    note: str  #: C2SP signed note, with the log's own signatures
    signed_at: datetime


@dataclass(frozen=True)
class Sealed:
    """What one round of the sealer did. `busy`: another sealer is at it, nothing was done."""

    leaves: int = 0  #: new in this round
    size: int = 0  #: of the latest published checkpoint
    checkpoint: CheckpointView | None = None  #: the newly signed one
    more: bool = False  #: entries are waiting still
    busy: bool = False


@dataclass(frozen=True)
class AuditReport:
    """What the audit found. `first_problem` names the first entry that does not hold, in one sentence."""

    entries: int  #: looked at, all under the signed head
    tree_size: int  #: leaves of the newest signed head
    root: bytes | None
    checkpoints: int  #: all of them looked at, each the beginning of the next
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
