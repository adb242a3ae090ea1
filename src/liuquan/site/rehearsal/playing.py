"""Plays a script: the acts of all applications in the order of their moments, and the days between them."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from liuquan.applications import actions as applications
from liuquan.casework import actions as casework
from liuquan.casework.queries import NOTICES
from liuquan.clock import SHANGHAI
from liuquan.journal.queries import ENTRIES
from liuquan.kernel import jobs, sql
from liuquan.site import wiring
from liuquan.site.packs import Pack
from liuquan.site.rehearsal import oversight
from liuquan.site.rehearsal.application_playback import Case, Playback, begins_on, play_application
from liuquan.site.rehearsal.demo_city import DemoCity
from liuquan.site.rehearsal.script import Script
from liuquan.site.rehearsal.seeded_choices import SeededChoices
from liuquan.supervision import actions as supervision

TICKS = (time(0, 1), time(10, 30), time(12, 0), time(17, 30))
DISPOSAL = time(10, 30)

#: System acts whose papers nobody has issued yet.
_WITHOUT_PAPERS = f"""
SELECT e.subject, e.number FROM {ENTRIES} e
WHERE e.event = 'application.deemed_accepted'
    AND NOT EXISTS (SELECT 1 FROM {NOTICES} n WHERE n.entry = e.number) ORDER BY e.id
"""


@dataclass(frozen=True)
class Played:
    """What was played: applications, their acts, and up to which moment."""

    applications: int
    acts: int
    until: datetime


def play(
    pack: Pack, script: Script, *, until: datetime, ends_on: date, on_day: Callable[[date], None]
) -> Played:
    """Play the script up to a moment. `ends_on` is the demo's day that the scenes are placed by; `on_day` is
    told each day that is over. Acts after the moment are left out: what was under way stays under way."""
    city = DemoCity(pack, script, ends_on)
    cases = list(_cases(city))
    queue: list[tuple[datetime, int, Playback]] = []
    for case in cases:
        begun = play_application(case)
        heapq.heappush(queue, (next(begun), case.serial, begun))
    ticks = _ticks(script.begins_on)
    tick = next(ticks)
    while True:
        at = min(tick, queue[0][0]) if queue else tick
        if at >= until:
            break
        if at == tick:
            _pass_tick(city, tick, on_day)
            tick = next(ticks)
            continue
        _, serial, going = heapq.heappop(queue)
        following = next(going, None)
        if following is not None:
            heapq.heappush(queue, (max(following, at), serial, going))
    _let_the_law_act(until)
    casework.fold_counts()
    # The worker finds nothing to do that has been done here.
    jobs.take_back(*{name for names in wiring.REACTIONS.values() for name in names})
    return Played(sum(bool(case.number) for case in cases), city.acts, until)


def pass_days(*, after: datetime, until: datetime) -> None:
    """Let the days between two moments pass without acts: legal effects of silence, breaches and supervision
    findings occur on their own days."""
    for tick in _ticks(after.astimezone(SHANGHAI).date()):
        if tick >= until:
            break
        if tick > after:
            _let_the_law_act(tick)
    _let_the_law_act(until)


def _cases(city: DemoCity) -> Iterator[Case]:
    serial = 0
    for place, scene in enumerate(city.script.scenes):
        for number in range(scene.count):
            choices = SeededChoices(city.script.seed, place, number)
            item = city.item(scene.item)
            yield Case(city, scene, item, serial, choices, begins_on(city, scene, number))
            serial += 1


def _ticks(first: date) -> Iterator[datetime]:
    on = first
    while True:
        for moment in TICKS:
            yield datetime.combine(on, moment, SHANGHAI).astimezone(UTC)
        on += timedelta(days=1)


def _pass_tick(city: DemoCity, tick: datetime, on_day: Callable[[date], None]) -> None:
    local = tick.astimezone(SHANGHAI)
    _let_the_law_act(tick)
    if local.time() == DISPOSAL and city.calendar.is_working(local.date()):
        oversight.dispose(city, tick)
    if local.time() == TICKS[-1]:
        on_day(local.date())


def _let_the_law_act(now: datetime) -> None:
    if casework.sweep(now=now):
        for row in sql.run(_WITHOUT_PAPERS):
            applications.issue_papers(row["subject"], entry=uuid.UUID(str(row["number"])), now=now)
    supervision.watch(now=now)
