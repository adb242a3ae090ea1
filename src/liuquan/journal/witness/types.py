"""Values of witnesses as they are read: witnesses of our log, logs we cosign, heads we refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from liuquan.journal.witness.rules import MISDEEDS, log_id
from liuquan.merkle import Checkpoint, TrustedKey, VerifierKey, parse_checkpoint, parse_note


@dataclass(frozen=True)
class WitnessView:
    """A key of an office that cosigns our log. `size`: up to how many leaves it did; None: not yet;
    `replaced`: the office signs with a newer key now."""

    key: VerifierKey
    label: str
    url: str
    added_at: datetime
    size: int | None
    cosigned_at: datetime | None
    failures: int
    trouble: str
    replaced: bool = False

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def shown(self) -> str:
        """Its name for readers."""
        return self.label or self.key.name


@dataclass(frozen=True)
class KnownLogView:
    """A log we cosign, and the last head we cosigned (`note` whole; empty: none yet)."""

    origin: str
    label: str
    keys: tuple[TrustedKey, ...]
    url: str
    body_code: str
    size: int | None
    note: str
    cosigned_at: datetime | None
    failures: int
    trouble: str

    @property
    def head(self) -> Checkpoint | None:
        """The last head cosigned."""
        return parse_checkpoint(parse_note(self.note).text) if self.note else None

    @property
    def id(self) -> str:
        """Its name in an address."""
        return log_id(self.origin)

    @property
    def shown(self) -> str:
        return self.label or self.origin


@dataclass(frozen=True)
class RefusedView:
    """A signed head that does not fit what its log showed before, with both notes as evidence."""

    entry: uuid.UUID
    origin: str
    label: str
    misdeed: str
    known_size: int
    known_note: str
    offered_size: int
    offered_root: bytes
    offered_note: str
    refused_at: datetime
    settled_at: datetime | None

    @property
    def sentence(self) -> str:
        return MISDEEDS[self.misdeed]

    @property
    def shown(self) -> str:
        return self.label or self.origin
