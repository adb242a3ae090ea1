"""The statutory clock against its peers: one date, a million dates, a deadline with its explanation.

    .venv/bin/python bench/statutory.py [--quick]

Agreement is checked before anything is timed and printed beside the ratio. Times are the best of several
rounds: what else the machine does only adds to them.
"""

from __future__ import annotations

import argparse
import sys
import timeit
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from figures import Figure

FIRST, LAST = date(2010, 1, 4), date(2026, 8, 31)
LIMIT = 20
MILLION = 1_000_000


def measure(*, quick: bool = False) -> list[Figure]:
    """The figures of the clock, each beside its peer. Raises when they do not agree on a date."""
    from liuquan.law import national_calendar

    calendar, repeats = national_calendar(), 3 if quick else 7
    ours = _one(calendar, repeats)
    busy = _numpy_calendar(calendar)
    return [
        _beside_chinese_calendar(calendar, ours, repeats),
        _beside_numpy(calendar, busy, ours, repeats),
        *_million(calendar, busy, repeats),
        _explained(calendar, repeats),
    ]


def _starts(number: int) -> list[date]:
    span = (LAST - FIRST).days
    return [FIRST + timedelta(days=(at * 7919) % span) for at in range(number)]


def _best(work: Callable[[], object], number: int, repeats: int) -> float:
    return min(timeit.Timer(work).repeat(repeats, number)) / number


def _agree(same: int, of: int) -> str:
    if same != of:
        raise RuntimeError(f"they agree on {same} of {of} dates only")
    return f"agrees on all {of:,}"


def _one(calendar: Any, repeats: int) -> float:
    """Over many starts, so that no cache of one answer helps."""
    starts, due_on = _starts(20_000), calendar.due_on

    def work() -> None:
        for on in starts:
            due_on(on, LIMIT)

    return _best(work, 5, repeats) / len(starts)


def _beside_chinese_calendar(calendar: Any, ours: float, repeats: int) -> Figure:
    import chinese_calendar

    starts = [on for on in _starts(600) if on.year < 2026]
    worked = [on for on in starts if calendar.is_working(on)]
    same = sum(chinese_calendar.find_workday(LIMIT, on) == calendar.due_on(on, LIMIT) for on in worked)
    free = [on for on in starts if not calendar.is_working(on)]
    apart = sum(chinese_calendar.find_workday(LIMIT, on) != calendar.due_on(on, LIMIT) for on in free)
    theirs = _best(lambda: [chinese_calendar.find_workday(LIMIT, on) for on in starts[:50]], 1, repeats) / 50
    return Figure(
        f"due date, 20 working days, pure Python: {ours * 1e6:.2f} µs\n"
        f"  {_agree(same, len(worked))} worked starts; from a day off the peer counts one more\n"
        f"  ({apart} of {len(free)}): 民法典 201 does not count the start",
        "dates/s",
        1 / ours,
        "chinese_calendar.find_workday",
        1 / theirs,
        aim=1000,
        wish="at most 1 µs",
    )


def _numpy_calendar(calendar: Any) -> Any:
    import numpy as np

    days = [FIRST + timedelta(days=at) for at in range((date(2026, 12, 31) - FIRST).days + 1)]
    off = np.array([on for on in days if not calendar.is_working(on)], dtype="datetime64[D]")
    return np.busdaycalendar(weekmask="1111111", holidays=off)


def _beside_numpy(calendar: Any, busy: Any, ours: float, repeats: int) -> Figure:
    import numpy as np

    starts = _starts(2_000)
    given = [np.datetime64(on) for on in starts]

    def offset(on: Any) -> Any:
        return np.busday_offset(on, LIMIT, roll="backward", busdaycal=busy)

    same = sum(
        offset(one).astype(date) == calendar.due_on(on, LIMIT) for one, on in zip(given, starts, strict=True)
    )
    theirs = _best(lambda: [offset(one) for one in given], 1, repeats) / len(given)
    return Figure(
        f"the same; {_agree(same, len(starts))}",
        "dates/s",
        1 / ours,
        "numpy.busday_offset, one at a time, holidays and make-up days given",
        1 / theirs,
        aim=5,
    )


def _million(calendar: Any, busy: Any, repeats: int) -> list[Figure]:
    """Through numpy over our table and through a DuckDB join, beside numpy's own offset of the array."""
    import numpy as np

    first, ordinals, working = calendar.table()
    order = np.frombuffer(ordinals, dtype=np.int64)
    worked = np.frombuffer(working, dtype=np.int64)
    starts = _starts(MILLION)
    many = np.array([on.toordinal() for on in starts])

    def ours() -> Any:
        return worked[order[many - first] + LIMIT - order[0] + (worked[0] == first) - 1]

    days = np.array(starts, dtype="datetime64[D]")
    theirs = _best(lambda: np.busday_offset(days, LIMIT, roll="backward", busdaycal=busy), 1, repeats)
    sample = ours()[:3_000]
    same = sum(
        date.fromordinal(int(due)) == calendar.due_on(on, LIMIT)
        for on, due in zip(starts[:3_000], sample, strict=True)
    )
    by_numpy, by_duckdb = _best(ours, 1, repeats), _by_duckdb(calendar, repeats)
    peer = "numpy.busday_offset over the array"
    return [
        Figure(
            f"a million at once, {name}: {taken * 1e3:.1f} ms; {_agree(agreed, 3_000)}",
            "dates/s",
            MILLION / taken,
            peer,
            MILLION / theirs,
            wish="at most 20 ms",
        )
        for name, taken, agreed in (("numpy over our table", by_numpy, same), ("DuckDB join", *by_duckdb))
    ]


def _by_duckdb(calendar: Any, repeats: int) -> tuple[float, int]:
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
        f" AS start_on FROM range({MILLION}) t(i)"
    )
    join = (
        'SELECT w.due FROM given g JOIN workday d ON d."on" = g.start_on'
        f" JOIN worked w ON w.ordinal = d.ordinal + {LIMIT}"
    )
    pairs = connection.execute(join.replace("w.due", "g.start_on, w.due") + " LIMIT 3000").fetchall()
    same = sum(due == calendar.due_on(on, LIMIT) for on, due in pairs)
    return _best(lambda: connection.execute(f"SELECT max(due) FROM ({join})").fetchall(), 1, repeats), same


def _explained(calendar: Any, repeats: int) -> Figure:
    """Beside a loop that only lists which days of the same stretch are counted."""
    from liuquan.clock import Limit, Suspension, Unit, deadline

    spans = ((2, 25, 27), (3, 2, 6), (3, 10, 12), (3, 17, 20), (3, 25, 27))
    away = [Suspension(date(2026, m, a), date(2026, m, b), f"ground{a}") for m, a, b in spans]
    limit, start = Limit(LIMIT, Unit.WORKING_DAY), date(2026, 2, 10)

    def listed() -> list[tuple[date, int]]:
        on, days = start, []
        while len(days) == 0 or days[-1][1] < LIMIT:
            on += timedelta(days=1)
            counts = calendar.is_working(on) and not any(
                one.from_on < on <= (one.to_on or on) for one in away
            )
            days.append((on, (days[-1][1] if days else 0) + counts))
        return days

    def explained() -> Any:
        return deadline(limit, start, calendar, suspensions=away).days

    if listed()[-1][0] != explained()[-1].on:
        raise RuntimeError("the two do not agree on a date")
    ours, theirs = _best(explained, 500, repeats), _best(listed, 500, repeats)
    return Figure(
        f"five suspensions with {len(explained())} explained days: {ours * 1e6:.0f} µs",
        "deadlines/s",
        1 / ours,
        "a loop that lists the same days without reasons",
        1 / theirs,
        wish="at most 100 µs",
    )


def main() -> int:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    for figure in measure(quick=parser.parse_args().quick):
        sys.stdout.write(f"{figure}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
