"""Cases that another case opened: as that case sees them, about to be opened, and its clock over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from liuquan.casework.types.terms import Terms


@dataclass(frozen=True)
class ChildView:
    """A child as its parent sees it: no name, no matter, no clock. `is_closed`: as its own procedure says."""

    number: str
    kind: str
    procedure_version: int
    state: str
    body_code: str
    is_closed: bool = False


@dataclass(frozen=True)
class Relative:
    """The parent or a child of a case, as a page lists it. `may_open`: the reader may see that case too."""

    number: str
    may_open: bool
    kind_label: str = ""
    state_label: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class Family:
    """The case that opened a case, and those that it opened, oldest first."""

    parent: Relative | None = None
    children: tuple[Relative, ...] = ()

    @property
    def seen_parent(self) -> str:
        """The number of the parent, if the reader may see that case; else empty."""
        return self.parent.number if self.parent and self.parent.may_open else ""

    @property
    def seen_children(self) -> tuple[str, ...]:
        """The numbers of the children that the reader may see."""
        return tuple(child.number for child in self.children if child.may_open)


@dataclass(frozen=True)
class ParentClock:
    """The open clock of the parent inside which the duties of a child end."""

    key: str
    due_on: date
    due_at: datetime


@dataclass(frozen=True)
class NewChild:
    """A child about to be opened by an act of its parent; its kind is named by the row, its number comes from
    the series of that kind. `data`: the values of the first row of its procedure; `body_key`: the place of a
    body in case numbers, as in `next_number`; `matter`: kept encrypted."""

    terms: Terms
    subject_version: str
    division_path: str
    bodies: Mapping[str, str]  #: body code → role
    parties: Mapping[str, str] = field(default_factory=dict)  #: party number → role
    channel: str = "window"
    matter: str = ""
    body_key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
