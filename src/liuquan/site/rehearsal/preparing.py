"""Preparing the demo: a fresh city with weeks of history, or the one of the last run, at its moment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from tqdm import tqdm

from liuquan.clock import SHANGHAI
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.home import Home
from liuquan.kernel.moments import today
from liuquan.kernel.postgres import Server
from liuquan.kernel.refusals import WrongState
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM
from liuquan.site.packs import Pack, load_pack
from liuquan.site.rehearsal import memory
from liuquan.site.rehearsal.memory import Memory
from liuquan.site.rehearsal.playing import pass_days, play
from liuquan.site.rehearsal.script import Script

OPENS = time(9, 0)


@dataclass(frozen=True)
class Prepared:
    """The demo as it stands: its moment, whether it was made now, how many cases were played."""

    now: datetime
    made: bool
    cases: int


def prepare(
    home: Home,
    server: Server,
    pack: Pack,
    script: Script,
    *,
    asked: date | None,
    fresh: bool,
    migrate: Callable[[], object],
    say: Callable[[str], None],
) -> Prepared:
    """Bring the demo to its moment. One that was interrupted, or `fresh`, starts over.

    Refuses a home with other data, a day before the history begins, and, going on, a day before what has been
    played.
    """
    known = memory.recall(home)
    if known is None:
        memory.refuse_other_data(home, server)
    if known is not None and (fresh or not known.ready or known.pack != pack.settings.name):
        say("从头开始。" if fresh else "上一次的准备没有做完，从头开始。")
        memory.clear(home, server)
        known = None
    day = asked or (known.day if known else pack.settings.demo_day)
    if known is None:
        return _make(home, pack, script, day, migrate, say)
    migrate()
    return _go_on(home, known, day, asked)


def _make(
    home: Home,
    pack: Pack,
    script: Script,
    day: date,
    migrate: Callable[[], object],
    say: Callable[[str], None],
) -> Prepared:
    if day < script.begins_on:
        raise WrongState(
            f"演示从{script.begins_on}开始，请把 --today 设在这一天以后。", code="before_the_demo"
        )
    memory.keep(home, Memory(False, pack.settings.name, day.isoformat()))
    say(f"准备“{pack.settings.label}” ……")
    migrate()
    founded = _at_nine(script.begins_on) - timedelta(hours=1)
    organisation.load_calendar(by=SYSTEM, now=founded)
    load_pack(pack.folder, by=SYSTEM, now=founded)
    staff = tuple(replace(one, password=script.password) for one in pack.organisation.staff)
    organisation.load_organisation(replace(pack.organisation, staff=staff), by=SYSTEM, now=founded)
    # After a crash the demo starts over anyway, so commits need not wait for the disk until the end.
    sql.run("SET synchronous_commit TO off")
    last = min(day, pack.settings.demo_day)
    days = (last - script.begins_on).days
    with tqdm(total=days, desc="演示历史", unit="天", file=sys.stderr, leave=False, disable=None) as bar:
        played = play(
            pack,
            script,
            until=_at_nine(last),
            ends_on=pack.settings.demo_day,
            on_day=lambda _on: bar.update(),
        )
    if day > last:
        pass_days(after=played.until, until=_at_nine(day))
    sql.run("SET synchronous_commit TO on")
    sql.run("SELECT pg_current_xact_id()")  # its commit takes all before it to the disk
    memory.keep(home, Memory(True, pack.settings.name, day.isoformat(), played.cases))
    return Prepared(_moment(day), True, played.cases)


def _go_on(home: Home, known: Memory, day: date, asked: date | None) -> Prepared:
    latest = journal.latest_effective_at()
    played = max(known.day, today(latest)) if latest else known.day
    if asked is not None and asked < played:
        raise WrongState(
            f"演示已经到了{played}，不能回到{asked}：请把 --today 设在这一天以后，或者用 --fresh 从头开始。",
            code="demo_is_past",
        )
    if latest is not None and _at_nine(day) > latest:
        pass_days(after=latest, until=_at_nine(day))
    memory.keep(home, replace(known, today=day.isoformat()))
    return Prepared(_moment(day), False, known.cases)


def _moment(day: date) -> datetime:
    """Nine o'clock of the demo's day, or right after the last entry where that is later."""
    latest = journal.latest_effective_at()
    return max(_at_nine(day), latest + timedelta(seconds=1)) if latest else _at_nine(day)


def _at_nine(on: date) -> datetime:
    return datetime.combine(on, OPENS, SHANGHAI).astimezone(UTC)
