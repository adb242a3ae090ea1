"""What the application pages show: frozen values, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from liuquan.casework.types import DeadlineView, Lamp, NoticeView, Offer, Outcome, Snapshot
from liuquan.clock import Deadline
from liuquan.journal.types import Entry


@dataclass(frozen=True)
class Upload:
    """A file as it came from a form: for which material, under which name, and its bytes."""

    material: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Received(Outcome):
    """What `submit` did. `replayed`: the same key had made the case before; nothing happened now."""

    replayed: bool


@dataclass(frozen=True)
class Material:
    """One line of the checklist: what the item asks for, and whether it is on file."""

    key: str
    name: str
    necessity: str
    accept_standard: str
    received: bool
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clock:
    """One clock of a case as shown: lamp, last day, and how it was counted."""

    view: DeadlineView
    label: str
    lamp: Lamp
    explained: Deadline
    text: str
    limit_text: str
    citations: tuple[str, ...]
    over: bool = False  #: it was met, but too late


@dataclass(frozen=True)
class CasePage:
    """A case as its handlers see it, without names."""

    snapshot: Snapshot
    state_label: str
    offers: tuple[Offer, ...]
    clocks: tuple[Clock, ...]
    timeline: tuple[Entry, ...]
    readings: tuple[Entry, ...]
    materials: tuple[Material, ...]
    notices: tuple[NoticeView, ...]


@dataclass(frozen=True)
class CaseFile:
    """What the file holds about people, and the free texts: read only after the reading is on record."""

    names: Mapping[str, str] = field(default_factory=dict)  #: party number → name
    ids: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)
    matter: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: entry number → name → text


@dataclass(frozen=True)
class Track:
    """What the holder of the slip sees: state, dates and the next step, no names."""

    snapshot: Snapshot
    state_label: str
    next_step: str
    clocks: tuple[Clock, ...]
    timeline: tuple[Entry, ...]
    notices: tuple[NoticeView, ...]
    asked: tuple[Material, ...]
    code: str


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


@dataclass(frozen=True)
class IssuedPaper:
    """A paper as anyone may verify it, without names; `sha256` is of its bytes, in hexadecimal. `record` is
    the entry that issued it. `case` is only for holders of the slip and must not be shown."""

    title: str
    number: str
    case: str
    record: UUID
    body: str
    item: str
    issued_at: datetime
    sha256: str
