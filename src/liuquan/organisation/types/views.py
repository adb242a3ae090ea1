"""The organisation on the requested day as other modules read it, and the reports of loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from liuquan.organisation.types.actors import MandateTerm

#: what a service promise speaks of
PROMISED: Final[dict[str, str]] = {"quality": "工作质量", "attitude": "服务态度", "time": "办事时效"}


@dataclass(frozen=True, slots=True)
class DivisionView:
    """One administrative division; ``level`` 1 province … 5 village; ``path`` its ltree path."""

    code: str
    name: str
    level: int
    path: str


@dataclass(frozen=True, slots=True)
class RemedyBodies:
    """Who hears those who do not accept a decision of a body, by name; empty where the place named nobody.

    Cites: 行政复议法 第二十四条, 行政诉讼法 第十八条
    """

    reconsidered_by: str = ""
    court: str = ""


@dataclass(frozen=True, slots=True)
class BodyView:
    """A public body as it stands on the day asked for."""

    code: str
    key: str
    name: str
    short_name: str
    nature: str
    division_code: str
    division_path: str
    phone: str = ""
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as it stands on the day asked for, without its duty sheet."""

    code: str
    name: str
    body_code: str
    unit_name: str
    division_code: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which of the bodies and posts that were asked about exist on a day. `posts`: those that do, with their
    body; `homes`: the body of every post that is known, also of one that was abolished."""

    bodies: frozenset[str]
    posts: Mapping[str, str]
    homes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post somebody may act in on a day: their own, or another's while they stand in for the holder."""

    post: PostView
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class PostDutySheet:
    """职位职责说明 of one post (HALL-02), with who holds it and who stands in."""

    post: PostView
    body_name: str
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    standards: tuple[str, ...]
    limits: tuple[str, ...]
    holders: tuple[str, ...]
    covered_by: tuple[str, ...]
    mandates: tuple[MandateTerm, ...]
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the authorisation register: who may decide what, up to what, since when (CASE-11)."""

    body_name: str
    post_code: str
    post_name: str
    post_body_name: str
    holders: tuple[str, ...]
    term: MandateTerm
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a load did to one table, in rows. ``succeeded``: closed and followed by a new row."""

    created: int = 0
    succeeded: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What a load of working days did. ``changed``: days whose kind, name or notice is new or different."""

    notices: int
    changed: int
    unchanged: int
    kept: int


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A stored holiday notice. ``region`` empty: the country; ``days``: how many days it sets now, from
    ``first`` to ``last``; ``place``: the name of the division or body whose days they are."""

    title: str
    number: str
    issued_on: date | None
    region: str
    announced_from: date | None
    announced_to: date | None
    days: int
    first: date | None = None
    last: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class SealView:
    """A seal in the register on a day: whose, its name, the post that keeps it."""

    code: str
    name: str
    body_code: str
    custodian_post: str


@dataclass(frozen=True, slots=True)
class ServicePromiseView:
    """What a body promises on a day: quality, attitude, time; since when and by which document (GUIDE-05)."""

    body_code: str
    quality: str
    attitude: str
    time: str
    announced_by: str
    from_on: date

    def of(self, aspect: str) -> str:
        """What is promised in this aspect, one of `PROMISED`."""
        return {"quality": self.quality, "attitude": self.attitude, "time": self.time}[aspect]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Each aspect with what is promised in it, in the order of the rules of the place."""
        return tuple((label, self.of(aspect)) for aspect, label in PROMISED.items())


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff who is at work on a day, with the posts they hold that day."""

    staff_id: int
    number: str
    name: str
    posts: tuple[str, ...]
    post_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, by table."""

    tables: dict[str, Tally]

    @property
    def changed(self) -> bool:
        """Whether any row was created, succeeded or closed."""
        return any(t.created or t.succeeded or t.closed for t in self.tables.values())
