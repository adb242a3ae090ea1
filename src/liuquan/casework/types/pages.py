"""What pages and lists show of cases: buttons, lamps, work, papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from liuquan.casework.types.clocks import DeadlineView
from liuquan.casework.types.fields import AskedField, Field
from liuquan.clock import Deadline


@dataclass(frozen=True)
class Offer:
    """An act that this actor may take on this case now: a button, or an entry of the API."""

    action: str
    label: str
    fields: tuple[Field, ...]
    cites: tuple[str, ...]
    confirm: str
    assignment: int | None = None
    step_name: str = ""
    duty: bool = False


@dataclass(frozen=True)
class AskedOffer(Offer):
    """The same with what it asks on this case: the fields that are asked at all, with their options."""

    asked: tuple[AskedField, ...] = ()


class Lamp(StrEnum):
    """The present state of a clock."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        return {"green": "正常", "yellow": "临近", "red": "超期", "paused": "不计时"}[self]


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
class CaseFile:
    """What the file holds about people, and the free texts: read only after the reading is on record.
    What was erased stands as the word for it (`parties.queries.ERASED`), what was never given is missing
    or empty."""

    names: Mapping[str, str] = field(default_factory=dict)  #: party number → name
    ids: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)
    matter: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: entry number → name → text
    erased: tuple[str, ...] = ()  #: the numbers of parties whose data was erased

    @property
    def is_closed(self) -> bool:
        """Whether nobody is left whose data was not erased: then no text is opened either."""
        return bool(self.erased) and len(self.erased) == len(self.names)


@dataclass(frozen=True)
class OpenedMatter:
    """What was asked for in one case among many that a machine reads. `parties`: who asked, by number."""

    number: str
    text: str
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkItem:
    """One line of a work list: a case, what is to be done on it, and its most urgent clock. `waits`:
    why a step in this post's hands cannot be done yet; `region`: whose working days count."""

    number: str
    kind: str
    subject_name: str
    body_code: str
    body_name: str
    parties: Mapping[str, str]  #: party number → role
    state_label: str
    duties: tuple[Offer, ...]
    due_on: date | None
    due_at: datetime | None
    lamp: Lamp
    provisional: bool
    received_at: datetime
    waits: str = ""
    region: str = ""


@dataclass(frozen=True)
class NewNotice:
    """A rendered paper about to be issued: of which act's `entry`, stored where, and by which post."""

    case_number: str
    kind: str
    number: str
    label: str
    entry: UUID
    file: UUID
    sha256: str
    short_code: str
    body_code: str
    post_code: str


@dataclass(frozen=True)
class NoticeView:
    """A paper of a case, as issued. `is_erased`: nobody can open it any more."""

    number: str
    kind: str
    entry: str
    file: str
    sha256: str
    short_code: str
    issued_at: datetime
    is_erased: bool = False

    @property
    def record(self) -> UUID:
        """Number of the entry that issued the paper; its receipt is the paper's."""
        return notice_record(UUID(self.entry), self.kind)


def notice_record(entry: UUID, kind: str) -> UUID:
    """Number of the entry that issues the paper of this kind of an act. It is known before the paper is
    rendered, so that the paper's QR can carry it."""
    return uuid5(entry, kind)
