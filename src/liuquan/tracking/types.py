"""What the holder of the slip sees. No Django."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Clock, Family, NoticeView, Snapshot
from liuquan.journal.types import Entry


@dataclass(frozen=True)
class Track:
    """A case as the holder of its slip sees it: state, dates and the next step, no names."""

    snapshot: Snapshot
    state_label: str
    next_step: str
    clocks: tuple[Clock, ...]
    timeline: tuple[Entry, ...]
    notices: tuple[NoticeView, ...]
    code: str
    family: Family
