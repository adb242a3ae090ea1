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
    opened: str = ""  #: what such an opening opened, with slots as in `sentence`
    is_shown: bool = False  #: shown to the person concerned, though it is no act of the kind of case


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
    """An entry as recorded, with its sentence made from the values it was recorded with."""

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
    is_shown: bool = False  #: as its event says


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
