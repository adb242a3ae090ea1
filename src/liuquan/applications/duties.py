"""Duties that are not acts of the procedure but belong on the work list, such as an explanation requested by
supervision. Modules above this one provide them; `site/wiring.py` registers them here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from liuquan.organisation.types import Actor


@dataclass(frozen=True)
class OtherDuty:
    """Something this post owes on a case: what, by which day (in Shanghai), and on which page it is done."""

    case_number: str
    item: str
    todo: str
    why: str
    due_on: date
    href: str


Source = Callable[[Actor, datetime], Sequence[OtherDuty]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Register a source that is asked for every work list; registering it twice changes nothing."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def others(by: Actor, *, now: datetime) -> list[OtherDuty]:
    """What this post owes besides the acts of its cases, the earliest due first."""
    return sorted((duty for source in _SOURCES for duty in source(by, now)), key=lambda duty: duty.due_on)
