"""The statutory clock against its peers: one date, a million dates, a deadline with its explanation, and
every open deadline of an office counted again.

    .venv/bin/python bench/statutory.py [--quick] [--open N]

numpy is no dependency of ours: where it is not installed its lines are left out and said so. Agreement is
checked before anything is timed and printed beside the ratio. Times are the best of several rounds.
"""

from __future__ import annotations

import argparse
import sys
import time
import timeit
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

FIRST, LAST = date(2010, 1, 4), date(2026, 8, 31)
LIMIT = 20


def main() -> int:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--open", type=int, default=0, help="also count so many open deadlines again")
    asked = parser.parse_args()
    from liuquan.law import national_calendar

    calendar = national_calendar()
    repeats = 3 if asked.quick else 7
    ours = _one(calendar, repeats)
    say(f"due date, 20 working days, pure Python      {ours * 1e6:10.3f} µs   (aim 1)")
    _beside_chinese_calendar(calendar, ours, repeats)
    _beside_numpy(calendar, ours, repeats)
    _duckdb(calendar, repeats)
    _explained(calendar, repeats)
    if asked.open:
        _reprojection(asked.open)
    return 0


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _starts(number: int) -> list[date]:
    span = (LAST - FIRST).days
    return [FIRST + timedelta(days=(at * 7919) % span) for at in range(number)]


def _best(work: Callable[[], object], number: int, repeats: int) -> float:
    return min(timeit.Timer(work).repeat(repeats, number)) / number


def _one(calendar: Any, repeats: int) -> float:
    """Over many starts, so that no cache of one answer helps."""
    starts, due_on = _starts(20_000), calendar.due_on

    def work() -> None:
        for on in starts:
            due_on(on, LIMIT)

    return _best(work, 5, repeats) / len(starts)


def _beside_chinese_calendar(calendar: Any, ours: float, repeats: int) -> None:
    import chinese_calendar

    starts = [on for on in _starts(600) if on.year < 2026]
    worked = [on for on in starts if calendar.is_working(on)]
    same = sum(chinese_calendar.find_workday(LIMIT, on) == calendar.due_on(on, LIMIT) for on in worked)
    free = [on for on in starts if not calendar.is_working(on)]
    apart = sum(chinese_calendar.find_workday(LIMIT, on) != calendar.due_on(on, LIMIT) for on in free)
    theirs = _best(lambda: [chinese_calendar.find_workday(LIMIT, on) for on in starts[:50]], 1, repeats) / 50
    say(
        f"  chinese_calendar.find_workday             {theirs * 1e6:10.1f} µs   ratio {theirs / ours:,.0f} "
        f"(aim 1,000); agrees on {same} of {len(worked)} starts that are worked; from a day off it counts "
        f"one more ({apart} of {len(free)}): 民法典 201 does not count the start"
    )


def _beside_numpy(calendar: Any, ours: float, repeats: int) -> None:
    try:
        import numpy as np
    except ImportError:
        say("  numpy is not installed: its lines are left out (pip install numpy in a throw-away place)")
        return
    days = [FIRST + timedelta(days=at) for at in range((date(2026, 12, 31) - FIRST).days + 1)]
    off = np.array([on for on in days if not calendar.is_working(on)], dtype="datetime64[D]")
    busy = np.busdaycalendar(weekmask="1111111", holidays=off)
    starts = _starts(2_000)
    given = [np.datetime64(on) for on in starts]

    def offset(on: Any) -> Any:
        return np.busday_offset(on, LIMIT, roll="backward", busdaycal=busy)

    same = sum(
        offset(one).astype(date) == calendar.due_on(on, LIMIT) for one, on in zip(given, starts, strict=True)
    )
    theirs = _best(lambda: [offset(one) for one in given], 1, repeats) / len(given)
    say(
        f"  numpy.busday_offset, one at a time        {theirs * 1e6:10.2f} µs   ratio {theirs / ours:,.1f} "
        f"(aim 5); agrees on {same} of {len(starts)}"
    )
    first, ordinals, working = calendar.table()
    order = np.frombuffer(ordinals, dtype=np.int64)
    worked = np.frombuffer(working, dtype=np.int64)
    many = np.array([on.toordinal() for on in _starts(1_000_000)])

    def million() -> Any:
        return worked[order[many - first] + LIMIT - order[0] + (worked[0] == first) - 1]

    sample = million()[:3_000]
    same = sum(
        date.fromordinal(int(due)) == calendar.due_on(date.fromordinal(int(on)), LIMIT)
        for on, due in zip(many[:3_000], sample, strict=True)
    )
    taken = _best(million, 1, repeats)
    say(
        f"a million at once, numpy over our table     {taken * 1e3:10.1f} ms   (aim 20); "
        f"agrees on {same} of 3000"
    )


def _duckdb(calendar: Any, repeats: int) -> None:
    import duckdb

    connection = duckdb.connect()
    first, ordinals, _ = calendar.table()
    days = [date.fromordinal(first + at) for at in range(len(ordinals))]
    connection.execute(
        'CREATE TABLE workday AS SELECT unnest($on)::DATE AS "on", unnest($n)::INTEGER AS ordinal',
        {"on": days, "n": list(ordinals)},
    )
    connection.execute(
        'CREATE TABLE worked AS SELECT min("on") AS due, ordinal FROM workday GROUP BY ordinal'
    )
    connection.execute(
        f"CREATE TABLE given AS SELECT DATE '{FIRST}' + ((i * 7919) % {(LAST - FIRST).days})::INTEGER"
        " AS start_on FROM range(1000000) t(i)"
    )
    join = (
        'SELECT w.due FROM given g JOIN workday d ON d."on" = g.start_on'
        f" JOIN worked w ON w.ordinal = d.ordinal + {LIMIT}"
    )
    pairs = connection.execute(join.replace("w.due", "g.start_on, w.due") + " LIMIT 3000").fetchall()
    same = sum(due == calendar.due_on(on, LIMIT) for on, due in pairs)
    taken = _best(lambda: connection.execute(f"SELECT max(due) FROM ({join})").fetchall(), 1, repeats)
    say(
        f"a million at once, DuckDB join              {taken * 1e3:10.1f} ms   (aim 20); "
        f"agrees on {same} of 3000"
    )


def _explained(calendar: Any, repeats: int) -> None:
    from liuquan.clock import Limit, Suspension, Unit, deadline

    spans = ((2, 25, 27), (3, 2, 6), (3, 10, 12), (3, 17, 20), (3, 25, 27))
    away = [Suspension(date(2026, m, a), date(2026, m, b), f"ground{a}") for m, a, b in spans]
    limit = Limit(LIMIT, Unit.WORKING_DAY)

    def work() -> int:
        return len(deadline(limit, date(2026, 2, 10), calendar, suspensions=away).days)

    taken = _best(work, 500, repeats)
    say(
        f"five suspensions with the explanation       {taken * 1e6:10.1f} µs   (aim 100); "
        f"{work()} days explained"
    )


def _reprojection(number: int) -> None:
    """Open deadlines of an office counted again: a fifth end after the first changed day, as after a notice
    for the next year; then all of them move, the worst case. Each case that changes gets its entry."""
    import office
    import psycopg
    from sweeping import _lay

    with office.temporary_home():
        office.set_up()
        from liuquan.casework import reprojection
        from liuquan.kernel.home import current_home
        from liuquan.kernel.postgres import serving

        with serving(current_home()) as server:
            office.furnish()
            with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
                owner.execute("SET session_replication_role = replica")
                _lay(owner, "soon", number * 4 // 5, "statutory", days=1, effect="")
                _lay(owner, "later", number // 5, "statutory", days=14, effect="")
                owner.execute("ANALYZE casework_case, casework_deadline")
            late, early = date(2026, 3, 12), date(2026, 3, 5)
            _counted_again(number, "dry run, a fifth reaches", lambda: reprojection.preview(
                _closed(late), since=late))  # fmt: skip
            _counted_again(number, "a fifth moves", lambda: reprojection.reproject(
                _closed(late), now=office.NOW, reason="通知公布", since=late))  # fmt: skip
            _counted_again(number, "all move", lambda: reprojection.reproject(
                _closed(late, early), now=office.NOW, reason="通知公布", since=early))  # fmt: skip
            from django.db import connections

            connections.close_all()


def _closed(*days: date) -> Any:
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


def _counted_again(number: int, name: str, work: Callable[[], Any]) -> None:
    begin = time.perf_counter()
    report = work()
    taken = time.perf_counter() - begin
    say(
        f"{number:,} open deadlines, {name}: {taken:.1f} s, {report.changed:,} changed; a million in "
        f"{taken / number * 1e6:.0f} s (aim 60)"
    )


if __name__ == "__main__":
    sys.exit(main())
