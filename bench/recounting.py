"""Every open deadline of an office counted again after a notice: a fifth reaches the new days, then all move.

    .venv/bin/python bench/recounting.py [--open 1000000]

The peer is a bare UPDATE that moves as many due dates and enters nothing; ours reads each case's own terms,
counts, moves and enters each case in the journal.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import office
import processor
import psycopg
from figures import Figure
from sweeping import lay

LATE, EARLY = date(2026, 3, 12), date(2026, 3, 5)
SECONDS_A_MILLION = 60


def measure(server: Any, number: int) -> list[Figure]:
    """On a database whose cases may go: they are removed first."""
    from liuquan.casework.actions import reprojection

    with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
        lay_deadlines(owner, number)
        bare = _bare(owner, number)
        postmaster = processor.parent(owner.info.backend_pid)

    def again(reason: str, *closed: date) -> Callable[[], Any]:
        return lambda: reprojection.reproject(
            closing(*closed), now=office.NOW, reason=reason, since=min(closed)
        )

    parts = {
        "dry run, all would move": lambda: reprojection.preview(closing(LATE, EARLY), since=EARLY),
        "a fifth moves": again("一次通知", LATE),
        "all move": again("又一次通知", LATE, EARLY),
        "run again, nothing moves": again("又一次通知", LATE, EARLY),
    }
    return [_figure(name, work, number, bare, postmaster) for name, work in parts.items()]


def lay_deadlines(owner: psycopg.Connection[Any], number: int) -> None:
    """In place of all cases so many with an open deadline; a fifth of them ends late."""
    owner.execute("SET session_replication_role = replica")  # history is laid, not lived
    owner.execute("TRUNCATE casework_case CASCADE")
    lay(owner, "soon", number * 4 // 5, "statutory", days=1, effect="")
    lay(owner, "later", number // 5, "statutory", days=14, effect="")
    owner.execute("ANALYZE casework_case, casework_deadline")


def _figure(name: str, work: Callable[[], Any], number: int, bare: float, server: int) -> Figure:
    begin, busy = time.perf_counter(), processor.spent(server)
    report = work()
    taken, busy = time.perf_counter() - begin, processor.spent(server) - busy
    million, busy = taken / number * 1e6, busy / number * 1e6
    return Figure(
        f"{number:,} open deadlines counted again, {name}: {taken:.1f} s, {report.changed:,} changed\n"
        f"  a million in {million:.0f} s, {busy:.0f} s of processor time",
        "deadlines/s",
        number / taken,
        "a bare UPDATE of as many due dates",
        bare,
        wish=f"a million in at most {SECONDS_A_MILLION} s",
    )


def _bare(owner: psycopg.Connection[Any], number: int) -> float:
    begin = time.perf_counter()
    with owner.transaction(force_rollback=True):
        owner.execute("UPDATE casework_deadline SET due_on = due_on + 1, due_at = due_at + interval '1 day'")
    return number / (time.perf_counter() - begin)


def closing(*days: date) -> Callable[[str], Any]:
    """Our calendar with these days closed too, for every body."""
    from liuquan.clock import Calendar
    from liuquan.law import national_calendar

    ours = national_calendar()
    named: dict[bool, dict[date, tuple[str, str]]] = {True: {}, False: {}}
    for day in ours.exceptions():
        named[ours.is_working(day.on)][day.on] = (day.reason, day.source)
    closed = named[False] | dict.fromkeys(days, ("停止办公", "公告"))
    closed_too = Calendar(holidays=closed, make_up=named[True], announced=ours.announced)
    return lambda _: closed_too


def main() -> int:
    """Measure in an office of its own and say it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--open", type=int, default=100_000, help="how many open deadlines")
    asked = parser.parse_args()
    with office.opened() as server:
        office.furnish()
        for figure in measure(server, asked.open):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
