"""The geometry of a chart of shares by month, drawn by the server as SVG. Pure: values in, rectangles out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liuquan.hotline.figures import Value

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 200, 44, 24, 18


@dataclass(frozen=True)
class Bar:
    """One month: its rectangle in the units of the view box, and its value in words."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: str
    words: str


@dataclass(frozen=True)
class Chart:
    """Everything the template draws. `rows`: the lines of the grid with what they stand for."""

    bars: tuple[Bar, ...]
    rows: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def bar_chart(months: Sequence[tuple[str, Value]]) -> Chart:
    """A bar a month; the scale is 0 to 100 percent."""
    base = HEIGHT - BOTTOM
    per_percent = (base - TOP) / 100
    slot = (WIDTH - LEFT) / max(1, len(months))
    bars = []
    for n, (label, value) in enumerate(months):
        share = float(value.percent) if value.percent is not None else 0.0
        tall = round(share * per_percent, 1)
        shown = f"{value.percent}%" if value.percent is not None else "—"
        bars.append(
            Bar(
                x=round(LEFT + n * slot + slot * 0.25, 1),
                y=round(base - tall, 1),
                width=round(slot * 0.5, 1),
                height=tall,
                middle=round(LEFT + (n + 0.5) * slot, 1),
                label=label,
                value=shown,
                words=f"{label}：{shown}（{value.part}/{value.whole}）",
            )
        )
    rows = tuple((round(base - at * per_percent, 1), f"{at}%") for at in (0, 50, 100))
    return Chart(tuple(bars), rows)


SPARK_WIDTH, SPARK_HEIGHT = 120, 28


@dataclass(frozen=True)
class Spark:
    """A row of bars, one a day: x, y, width, height, and whether it is one of the days looked at."""

    bars: tuple[tuple[float, float, float, float, bool], ...]
    words: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def spark(counts: Sequence[int], *, last: int) -> Spark:
    """The counts of days, oldest first; the `last` of them are looked at. The scale is 0 to the most."""
    most, slot = max([*counts, 1]), SPARK_WIDTH / max(len(counts), 1)
    bars = []
    for n, count in enumerate(counts):
        tall = round(count / most * (SPARK_HEIGHT - 2), 1)
        y = round(SPARK_HEIGHT - tall, 1)
        bars.append((round(n * slot, 1), y, round(slot * 0.8, 1), tall, n >= len(counts) - last))
    listed = "、".join(map(str, counts[-last:]))
    return Spark(tuple(bars), f"最近{last}天每天的件数：{listed}")
