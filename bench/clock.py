"""Deadlines a second: a licence's twenty working days from every day of the announced years."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from figures import Figure, median

FIRST, DAYS, LIMIT = date(2024, 1, 1), 700, 20


def measure(repetitions: int, number: int) -> Figure:
    """Ours with ordinals and the explanation's facts, beside a loop that walks day by day."""
    from liuquan.clock import Limit, Unit, deadline
    from liuquan.law import national_calendar

    calendar, limit = national_calendar(), Limit(LIMIT, Unit.WORKING_DAY)
    starts = starts_of(number)

    def walked(on: date) -> date:
        left = LIMIT
        while left:
            on += timedelta(days=1)
            left -= calendar.is_working(on)
        return on

    if any(deadline(limit, on, calendar).due_on != walked(on) for on in starts[:DAYS]):
        raise RuntimeError("the two do not agree on a date")
    ours, peers = [], []
    for _ in range(repetitions):
        ours.append(_rate(lambda on: deadline(limit, on, calendar), starts))
        peers.append(_rate(walked, starts))
    return Figure(
        "deadlines: 20 working days with their facts",
        "deadlines/s",
        median(ours),
        "a loop that walks the same calendar day by day",
        median(peers),
        ours,
        peers,
    )


def starts_of(number: int) -> list[date]:
    """So many days from which a limit runs, over the announced years again and again."""
    return [FIRST + timedelta(days=n % DAYS) for n in range(number)]


def _rate(count: Callable[[date], object], starts: Sequence[date]) -> float:
    begin = time.perf_counter()
    for on in starts:
        count(on)
    return len(starts) / (time.perf_counter() - begin)
