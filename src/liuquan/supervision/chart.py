"""The geometry of the trend chart, drawn by the server as SVG. Pure: days in, rectangles out.

Red bars are solid, yellow ones striped and beside them, so that colour is never alone; the page adds the
numbers as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liuquan.clock import short_date
from liuquan.supervision.types import TrendDay

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 1080, 200, 34, 12, 24, 10


@dataclass(frozen=True)
class Bar:
    """One rectangle, in the units of the view box, with the text of its tooltip."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True)
class Mark:
    """A line of the grid or a date below the axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Everything the template draws."""

    bars: tuple[Bar, ...]
    rows: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def trend_chart(days: Sequence[TrendDay]) -> Chart:
    """The chart of some days; the scale ends at a round number that is at least 4."""
    most = _round_up(max((max(day.red, day.yellow) for day in days), default=0))
    base = HEIGHT - BOTTOM
    per_unit = (base - TOP) / most
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(days))
    bars, dates = [], []
    for n, day in enumerate(days):
        left = LEFT + n * slot
        for kind, value, label, shift in (
            ("red", day.red, "红牌", 0.12),
            ("yellow", day.yellow, "黄牌", 0.5),
        ):
            if value:
                tall = round(value * per_unit, 1)
                words = f"{short_date(day.on)} {label}{value}张"
                bars.append(
                    Bar(round(left + slot * shift, 1), base - tall, round(slot * 0.36, 1), tall, kind, words)
                )
        if n % 5 == (len(days) - 1) % 5:
            dates.append(Mark(round(left + slot / 2, 1), short_date(day.on)))
    rows = tuple(Mark(round(base - value * per_unit, 1), str(value)) for value in (0, most // 2, most))
    return Chart(tuple(bars), rows, tuple(dates))


def _round_up(value: int) -> int:
    step = 2 if value <= 10 else 10 if value <= 100 else 100
    return max(4, -(-value // step) * step)
