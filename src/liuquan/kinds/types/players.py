"""How a kind of case plays its part of the demo: what the rehearsal and the kinds promise each other.

The rehearsal knows the script file, the days and the people. A kind knows how its cases go: it reads its own
section of the script, and plays each case as a course. Nothing of this runs outside the demo.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from liuquan.casework.types import Outcome
from liuquan.clock import Calendar
from liuquan.organisation.types import Actor

T = TypeVar("T")

Course = Generator[datetime, None, None]
"""One case on its way: yields the moment of its next act, and takes that act when it is resumed. So the cases
of all kinds are played in the order of their acts, as they would have happened."""


@dataclass(frozen=True)
class Section:
    """What the script says of one kind. `file`: how refusals name the script; `items`: the codes of the
    pack's items by their names."""

    file: str
    values: Mapping[str, Any]
    items: Mapping[str, str]


class Choices(Protocol):
    """Random-looking choices that come out the same on every machine."""

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""
        ...

    def between(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`, both included."""
        ...

    def happens(self, percent: int) -> bool:
        """Whether an event of this probability, in percent, happens."""
        ...

    def choice(self, among: Sequence[T]) -> T:
        """One of several."""
        ...


class DemoStage(Protocol):
    """The demo's city as a player finds it: its days, who holds which post, fictional people.

    It plays from `begins_on` to `ends_on`, the demo's day. Moments it gives lie in office hours.
    """

    begins_on: date
    ends_on: date
    calendar: Calendar
    yellow_share: Fraction

    def choices(self, *name: object) -> Choices:
        """Choices that depend on the script and on this name alone."""
        ...

    def actor(self, post: str, at: datetime) -> Actor:
        """The holder of the post on that day."""
        ...

    def authorised(
        self, act: str, *, body_code: str, subject_code: str, at: datetime, place: int = 0
    ) -> Actor:
        """A post that may take the act, named with its kind, on this item; `place` chooses among several."""
        ...

    def colleague(self, post: str, role: str) -> str:
        """The staff number of the holder of another post of the same body, with this role."""
        ...

    def person(self, serial: int, *, by: Actor, at: datetime) -> str:
        """The party number of the fictional person of this serial number, registered by this actor."""
        ...

    def firm(self, serial: int, *, by: Actor, at: datetime) -> str:
        """The same of a fictional organisation."""
        ...

    def phone(self, serial: int) -> str:
        """The mobile of the fictional person of this serial number."""
        ...

    def document(self) -> bytes:
        """A PDF in place of what somebody would upload."""
        ...

    def soon(self, at: datetime, choices: Choices) -> datetime:
        """Some minutes later."""
        ...

    def days_later(self, at: datetime, days: int, choices: Choices) -> datetime:
        """So many working days later; some minutes later if that number is zero."""
        ...

    def on_day(self, on: date, choices: Choices, *, last: time = ...) -> datetime:
        """A moment of a day, not after `last`."""
        ...

    def done(self, outcome: Outcome, *, at: datetime) -> None:
        """A case was opened or an act taken: the papers that follow are issued."""
        ...


class Part(Protocol):
    """What a kind plays, as its section of the script says."""

    def courses(self, stage: DemoStage) -> Sequence[Course]:
        """Every case, none begun yet. Refuses a script that the stage cannot play."""
        ...


@dataclass(frozen=True)
class Player:
    """A kind's part in the demo. `read` refuses a wrong section with its place.

    `work`: what follows from an act in the demo too, at its moment: job → its work for a case, an entry and
    the moment. Papers are issued as each act is taken, and nobody sends messages to people who do not exist.
    `to_follow`: the welcome names one case in each of these states; `to_try`: role → what its holder can do
    with cases of this kind, in Chinese.
    """

    read: Callable[[Section], Part]
    to_follow: tuple[str, ...] = ()
    to_try: Mapping[str, str] = field(default_factory=dict)
    work: Mapping[str, Callable[[str, str, datetime], object]] = field(default_factory=dict)
