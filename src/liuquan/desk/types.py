"""What the desk shows of a case. No Django."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Clock, Family, Material, NoticeView, Offer, Snapshot
from liuquan.journal.types import Entry
from liuquan.parties.types import PartyRef


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
    family: Family = Family()


@dataclass(frozen=True)
class PersonFound:
    """Somebody who was looked for, masked, with those of their cases that the reader sees."""

    party: PartyRef
    cases: tuple[Snapshot, ...]
