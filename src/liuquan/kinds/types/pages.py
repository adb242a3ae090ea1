"""Lines of pages about a case, in words."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.clock import CountedDay


@dataclass(frozen=True)
class ClockRow:
    """One clock of a case: its lamp, its last day, and every day that was counted."""

    label: str
    colour: str
    word: str
    due: str
    left: str
    provisional: bool
    limit: str
    text: str
    citations: str
    days: tuple[CountedDay, ...]
    is_open: bool


@dataclass(frozen=True)
class EventRow:
    """One entry of the timeline, with the free texts its handlers may read."""

    at: str
    who: str
    title: str
    sentence: str
    tone: str
    texts: tuple[tuple[str, str], ...]
