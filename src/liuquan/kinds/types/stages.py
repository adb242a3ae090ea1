"""The course of a case in a few stages, and whose turn it is: what pages show at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Stage:
    """One stage of the course of a case.

    `states`: in which it is in progress; `done_in`: closing states that complete it. `moment`: the moment of
    the case that ends it ("received", "accepted", "decided", "closed"). `is_route`: staff see the steps of
    the route in its place. `notes`: what stands beside it in a state, such as 等您补正; `staff_notes`: what
    stands there for staff, where that is said otherwise.
    """

    label: str
    states: tuple[str, ...] = ()
    done_in: tuple[str, ...] = ()
    moment: str = ""
    is_route: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)
    staff_notes: Mapping[str, str] = field(default_factory=dict)
    staff_label: str = ""  #: what staff call it, where they call it otherwise


@dataclass(frozen=True)
class StageRow:
    """A stage of one case: done, current, todo, or skipped where the case ended before it. `ended_at`: when
    it was done; `note`: what the kind says beside it in the present state."""

    stage: Stage
    state: str
    ended_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Turn:
    """What is to be done in a state, for staff. `who`: whose turn it is; empty: the posts with an open step,
    or the deciding post."""

    what: str
    who: str = ""
