"""The demo's phone: calls ring at whoever is on duty, are answered, missed, break off, and are called back.

`[[ticket.call]]` count, from_on, to_on, hours, course (`CALLS`), `wait` and `talk` in seconds (from, to),
`at` (one moment of the day, "HH:MM:SS"), `service`, `third`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from liuquan.clock import SHANGHAI
from liuquan.hotline import actions, queries
from liuquan.hotline.actions.calls import digest
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.player.shifts import Roster, Shift, moment
from liuquan.hotline.types import CallOutcome, Emergency, PhoneEvent, PhoneEventKind, SeatState
from liuquan.kinds.types import Choices, Course, DemoStage

CALLS: Final = frozenset(
    {
        "answered",
        "missed",
        "missed_back",
        "dropped_back",
        "transferred",
        "third",
        "ringing",
        "talking",
        "open",
    }
)
_FIRST_CALLER: Final = 600  #: serial of the first fictional person who only asks
_LOOKS_AGAIN: Final = 9  #: seconds until a call that found everybody talking is offered again
_GIVES_UP: Final = 60  #: seconds after which somebody hangs up who was not answered


@dataclass(frozen=True)
class CallScene:
    """Calls that are alike."""

    course: str
    from_on: date
    to_on: date
    count: int = 1
    hours: tuple[int, int] = (8, 20)
    wait: tuple[int, int] = (4, 12)
    talk: tuple[int, int] = (70, 260)
    at: str = ""
    service: str = ""
    third: str = ""


def read_calls(rows: Iterable[Mapping[str, Any]]) -> tuple[CallScene, ...]:
    """The calls of the script. Refuses (ValueError) a course that is none."""
    found = []
    for row in rows:
        spans = {name: (row[name][0], row[name][1]) for name in ("hours", "wait", "talk") if name in row}
        one = CallScene(**{**row, **spans})
        if one.course not in CALLS:
            raise ValueError(f"没有走法“{one.course}”")
        found.append(one)
    return tuple(found)


@dataclass
class Line:
    """One call on its way. `seat`: who took it."""

    name: str
    phone: str
    arrived_at: datetime
    taken: int = 0
    seat: Shift | None = None

    def tell(self, kind: PhoneEventKind, at: datetime, **more: str) -> None:
        """What the phone system says; its key is the line's own count, the same on every machine."""
        self.taken += 1
        actions.take_event(PhoneEvent(f"{self.name}-{self.taken}", kind, self.name, at, **more), now=at)

    def end(self, at: datetime, *, breaks_off: bool = False) -> None:
        """Over; what was said is recorded."""
        self.tell(PhoneEventKind.DROPPED if breaks_off else PhoneEventKind.ENDED, at)
        if self.seat is not None:
            sound = StandInPhone().recording(self.name)
            self.tell(PhoneEventKind.RECORDED, at, digest=digest(sound))


@dataclass
class Lines:
    """The phone of the centre."""

    stage: DemoStage
    roster: Roster
    words: Mapping[str, Sequence[str]]

    def is_manned(self, at: datetime) -> bool:
        """Whether the roster has somebody at this moment: before it begins, no call is played."""
        return bool(self.roster.on_duty(at))

    def ring(self, name: str, person: int, at: datetime) -> Line:
        """Somebody calls."""
        line = Line(name, self.stage.phone(person), at)
        line.tell(PhoneEventKind.ARRIVED, at, phone=line.phone)
        return line

    def free(self, at: datetime) -> Shift | None:
        """Who is on duty and has nobody on the phone."""
        states = {one.seat: one.state for one in queries.calls.seats()}
        ready = [one for one in self.roster.on_duty(at) if states.get(one.seat) is SeatState.READY]
        return ready[0] if ready else None

    def answered(self, line: Line, wait: int) -> Iterator[datetime]:
        """Rings until somebody is free, or until the caller gives up; `line.seat` says which."""
        at, gives_up = (
            line.arrived_at + timedelta(seconds=wait),
            line.arrived_at + timedelta(seconds=_GIVES_UP),
        )
        while at < gives_up:
            yield at
            if (seat := self.free(at)) is not None:
                line.seat = seat
                line.tell(PhoneEventKind.ANSWERED, at, seat=seat.seat)
                return
            at += timedelta(seconds=_LOOKS_AGAIN)
        yield gives_up
        line.end(gives_up)

    def settle(
        self, line: Line, outcome: CallOutcome, at: datetime, *, ticket: str = "", note: str = ""
    ) -> None:
        """What became of it, said by whoever took it or is on duty now."""
        post = (line.seat or self.roster.on_duty(at)[0]).post
        number = queries.calls.number_of(line.name)
        actions.settle(number, outcome, by=self.stage.actor(post, at), now=at, ticket=ticket, note=note)

    def course(self, scene: CallScene, number: int, choices: Choices, *, place: int) -> Course:
        """One call of a scene."""
        at = _arrives(scene, number, choices)
        yield at
        line = self.ring(f"demo-{place}-{number}", _FIRST_CALLER + 20 * place + number, at)
        if scene.course == "ringing":
            return
        if scene.course in ("missed", "missed_back"):
            yield (at := at + timedelta(seconds=choices.between(25, 50)))
            line.end(at)
        else:
            yield from self.answered(line, choices.between(*scene.wait))
            if line.seat is None or scene.course == "talking":
                return
            yield from self._talked(line, scene, choices)
        if scene.course.endswith("_back"):
            yield from self._called_back(line, choices)

    def _talked(self, line: Line, scene: CallScene, choices: Choices) -> Iterator[datetime]:
        talk = choices.between(*scene.talk)
        at = line.arrived_at + timedelta(seconds=scene.wait[1] + talk // 2)
        by = self.stage.actor(line.seat.post, at) if line.seat else None
        if by is not None and (scene.third or scene.service):
            yield at
            number = queries.calls.number_of(line.name)
            if scene.third:
                line.tell(PhoneEventKind.THIRD, at, to=scene.third)
            else:
                actions.transfer(number, Emergency(scene.service), by=by, now=at)
                yield (at := at + timedelta(seconds=talk // 2))
                actions.sit(line.seat.seat if line.seat else "", SeatState.READY, by=by, now=at)
                return
        at += timedelta(seconds=talk // 2)
        yield at
        line.end(at, breaks_off=scene.course == "dropped_back")
        if scene.course in ("dropped_back", "open"):
            return
        yield (at := at + timedelta(seconds=choices.between(10, 45)))
        self.settle(line, CallOutcome.ANSWERED, at, note=choices.choice(self.words["called"]))

    def _called_back(self, line: Line, choices: Choices) -> Iterator[datetime]:
        at = line.arrived_at + timedelta(minutes=choices.between(6, 18))
        post = self.roster.on_duty(at)[0].post
        if choices.happens(40):
            yield at
            number = queries.calls.number_of(line.name)
            actions.call_back_failed(number, by=self.stage.actor(post, at), now=at)
            at += timedelta(minutes=choices.between(10, 25))
        yield at
        self.settle(line, CallOutcome.CALLED_BACK, at, note=choices.choice(self.words["called_back"]))


def _arrives(scene: CallScene, number: int, choices: Choices) -> datetime:
    days = (scene.to_on - scene.from_on).days + 1
    on = scene.from_on + timedelta(days=number * days // scene.count)
    if scene.at:
        return datetime.combine(on, time.fromisoformat(scene.at), SHANGHAI).astimezone(UTC)
    first, last = scene.hours
    seconds = choices.between(120, (last - first) * 3600 - 600)
    return moment(on, first) + timedelta(seconds=seconds)
