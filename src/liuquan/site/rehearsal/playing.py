"""Plays a script: the acts of all cases in the order of their moments, and the days between them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from liuquan.casework import actions as casework
from liuquan.casework.queries import NOTICES
from liuquan.casework.types import Who
from liuquan.clock import SHANGHAI
from liuquan.journal.queries import ENTRIES
from liuquan.kernel import jobs, sql
from liuquan.kinds import queries as kinds
from liuquan.kinds.actions import reactions
from liuquan.kinds.types import Course
from liuquan.papers import actions as papers_actions
from liuquan.site.packs import Pack
from liuquan.site.rehearsal import oversight
from liuquan.site.rehearsal.demo_city import DemoCity
from liuquan.site.rehearsal.script import Script
from liuquan.supervision import actions as supervision

TICKS = (time(0, 1), time(10, 30), time(12, 0), time(17, 30))
DISPOSAL = time(10, 30)

#: Acts of these events whose papers nobody has issued yet.
_WITHOUT_PAPERS = f"""
SELECT e.subject, e.number::text AS entry FROM {ENTRIES} e
WHERE e.event = ANY(%(events)s)
    AND NOT EXISTS (SELECT 1 FROM {NOTICES} n WHERE n.entry = e.number) ORDER BY e.id
"""


@dataclass(frozen=True)
class Played:
    """What was played: how many cases, how many acts, and up to which moment."""

    cases: int
    acts: int
    until: datetime


def play(
    pack: Pack, script: Script, *, until: datetime, ends_on: date, on_day: Callable[[date], None]
) -> Played:
    """Play the script up to a moment. `ends_on` is the demo's day that the scenes are placed by; `on_day` is
    told each day that is over. Acts after the moment are left out: what was under way stays under way."""
    city = DemoCity(pack, script, ends_on)
    courses = [course for part in script.parts.values() for course in part.courses(city)]
    queue: list[tuple[datetime, int, Course]] = []
    for serial, course in enumerate(courses):
        if (begins := next(course, None)) is not None:
            heapq.heappush(queue, (begins, serial, course))
    ticks = _ticks(script.begins_on)
    tick = next(ticks)
    while True:
        at = min(tick, queue[0][0]) if queue else tick
        if at >= until:
            break
        if at == tick:
            _pass_tick(city, tick, on_day)
            _follow(now=tick)
            tick = next(ticks)
            continue
        _, serial, going = heapq.heappop(queue)
        following = next(going, None)
        _follow(now=at)
        if following is not None:
            heapq.heappush(queue, (max(following, at), serial, going))
    _let_the_law_act(until)
    casework.fold_counts()
    _follow(now=until)
    return Played(len(city.opened), city.acts, until)


def pass_days(*, after: datetime, until: datetime) -> None:
    """Let the days between two moments pass without acts: legal effects of silence, breaches and supervision
    findings occur on their own days."""
    for tick in _ticks(after.astimezone(SHANGHAI).date()):
        if tick >= until:
            break
        if tick > after:
            _let_the_law_act(tick)
    _let_the_law_act(until)


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
        for row in sql.run(_WITHOUT_PAPERS, {"events": _acts_of_law()}):
            papers_actions.issue_papers(row["subject"], entry=UUID(row["entry"]), now=now)
    supervision.watch(now=now)


def _follow(*, now: datetime) -> None:
    """Do what follows from the acts, as far as the kinds' players say; nothing is left to the worker."""
    every = kinds.kinds()
    names = {name for kind in every for found in reactions(kind).values() for name in found}
    work = {name: does for kind in every if kind.player for name, does in kind.player.work.items()}
    for name, given in jobs.take(*names):
        if name in work:
            work[name](given["subject"], given["entry"], now)


def _acts_of_law() -> list[str]:
    """The events that follow from silence alone and call for a paper."""
    return [
        row.event
        for kind in kinds.kinds()
        for row in kind.procedure.rows
        if row.papers and Who.SYSTEM in row.who
    ]
