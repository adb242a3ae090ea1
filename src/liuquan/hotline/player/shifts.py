"""The line is manned day and night: who is on the roster, sits down, hands over and takes over.

`[ticket.roster]` from_on, days: what is planned; `[[ticket.shift]]` post, seat, hours, days (1 Monday to 7),
rests: the shifts of every week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from liuquan.clock import SHANGHAI
from liuquan.hotline import actions, queries
from liuquan.hotline.types import SeatState
from liuquan.kernel.moments import today
from liuquan.kinds.types import Course, DemoStage

_PLANNED_AT: Final = time(16, 40)  #: of the day before the roster begins


@dataclass(frozen=True)
class Shift:
    """A shift of every week. `hours`: from and to which hour; `days`: ISO weekdays; `rests`: when there
    is a short rest, "HH:MM", of a quarter of an hour."""

    post: str
    seat: str
    hours: tuple[int, int]
    days: tuple[int, ...]
    rests: str = ""


@dataclass(frozen=True)
class Roster:
    """Who is on duty when, from a day on, so many days."""

    from_on: date = date.max
    days: int = 0
    shifts: tuple[Shift, ...] = ()

    def spans(self) -> Iterable[tuple[Shift, datetime, datetime]]:
        """Every shift with its first and last moment, in their order."""
        for number in range(self.days):
            on = self.from_on + timedelta(days=number)
            shifts = [one for one in self.shifts if on.isoweekday() in one.days]
            for one in sorted(shifts, key=lambda shift: shift.hours):
                yield one, moment(on, one.hours[0]), moment(on, one.hours[1])

    def on_duty(self, at: datetime) -> list[Shift]:
        """Who is on duty at this moment."""
        return [one for one, begins, ends in self.spans() if begins < at < ends]


def moment(on: date, hour: int) -> datetime:
    """An hour of a day, up to 24."""
    return (datetime.combine(on, time(), SHANGHAI) + timedelta(hours=hour)).astimezone(UTC)


def read_roster(roster: Mapping[str, Any], shifts: Iterable[Mapping[str, Any]]) -> Roster:
    """The roster of the script; none where it gives none."""
    if not roster:
        return Roster()
    rows = (
        Shift(**{**row, "hours": (row["hours"][0], row["hours"][1]), "days": tuple(row["days"])})
        for row in shifts
    )
    return Roster(roster["from_on"], roster["days"], tuple(rows))


def courses(stage: DemoStage, roster: Roster, words: Mapping[str, Sequence[str]]) -> list[Course]:
    """The planning, then every shift from sitting down to the hand-over."""
    if not roster.days:
        return []
    return [
        _plan(stage, roster),
        *(_sat(stage, one, begins, ends, words) for one, begins, ends in roster.spans()),
    ]


def _plan(stage: DemoStage, roster: Roster) -> Course:
    at = moment(roster.from_on, 0) - timedelta(hours=24) + timedelta(hours=_PLANNED_AT.hour)
    yield at
    by = stage.authorised("ticket.dispatch", body_code=queries.centre(), subject_code="", at=at, place=-1)
    for one, begins, ends in roster.spans():
        staff = stage.actor(one.post, at).staff_id or 0
        actions.plan_shift(staff, starts_at=begins, ends_at=ends, by=by, now=at)


def _sat(
    stage: DemoStage, one: Shift, begins: datetime, ends: datetime, words: Mapping[str, Sequence[str]]
) -> Course:
    yield (at := begins + timedelta(seconds=40))
    by, choices = stage.actor(one.post, at), stage.choices("shift", one.post, begins.isoformat())
    actions.sit(one.seat, SeatState.READY, by=by, now=at)
    waiting = [row for row in queries.calls.hand_overs(limit=1) if row.taken_at is None]
    for row in waiting:
        actions.take_over(row.number, by=by, now=at)
    if one.rests:
        yield (at := datetime.combine(today(begins), time.fromisoformat(one.rests), SHANGHAI).astimezone(UTC))
        actions.sit(one.seat, SeatState.REST, by=by, now=at)
        yield (at := at + timedelta(minutes=15))
        actions.sit(one.seat, SeatState.READY, by=by, now=at)
    yield (at := ends - timedelta(seconds=choices.between(60, 200)))
    actions.hand_over(choices.choice(words["hand_over"]), by=by, now=at)
    actions.sit(one.seat, SeatState.AWAY, by=by, now=at)
