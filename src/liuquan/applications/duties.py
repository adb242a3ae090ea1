"""Duties that are no act of the procedure and still belong on the work list, such as an explanation that the
supervision asks for. The modules above know them; `site/wiring.py` names them here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from liuquan.organisation.types import Actor


@dataclass(frozen=True)
class OtherDuty:
    """Something this post owes on a case: what, until which day (in Shanghai), and where it is done."""

    case_number: str
    item: str
    todo: str
    why: str
    due_on: date
    href: str


Source = Callable[[Actor, datetime], Sequence[OtherDuty]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Have this source asked for every work list; naming it twice changes nothing."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def others(by: Actor, *, now: datetime) -> list[OtherDuty]:
    """What this post owes beside the acts of its cases, the first due before the others."""
    return sorted((duty for source in _SOURCES for duty in source(by, now)), key=lambda duty: duty.due_on)
