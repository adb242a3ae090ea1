"""Values of the reviews. No Django, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Final

KIND: Final = "rectification"


class Grade(IntEnum):
    """Five grades; the last two are bad. Cites: 国办发〔2019〕51号"""

    VERY_GOOD = 5
    GOOD = 4
    FAIR = 3
    BAD = 2
    VERY_BAD = 1

    @property
    def label(self) -> str:
        return {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}[self]

    @property
    def is_bad(self) -> bool:
        return self <= Grade.BAD


@dataclass(frozen=True)
class LocalLimit:
    """A limit of this place for a rectification, in its unit. `place`: whose rule it is."""

    key: str
    amount: int
    unit: str
    place: str
    from_on: date


@dataclass(frozen=True)
class Service:
    """A service event that can be reviewed, with its review if there is one. `rectification`: the number of
    the case that puts a bad one right."""

    entry: str
    number: str
    label: str
    body_name: str
    happened_at: datetime
    grade: Grade | None = None
    given_at: datetime | None = None
    rectification: str = ""


@dataclass(frozen=True)
class Figures:
    """How the services of a body were reviewed. Silence is counted apart and is in no share."""

    body_code: str
    body_name: str
    services: int
    good: int  #: the first three grades
    bad: int
    silent: int
    rectified: int  #: bad ones that were put right or found groundless, and told

    @property
    def reviewed(self) -> int:
        return self.good + self.bad

    @property
    def share(self) -> str:
        """Good ones among those given, in per cent; a dash where nobody said anything."""
        return f"{self.good * 100 / self.reviewed:.1f}%" if self.reviewed else "—"
