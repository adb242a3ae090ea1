"""Figures a day as bars: one row of bars for each series, drawn on the server. Pure.

Each row has its own name and scale, so nothing is told by colour alone; the table beside it has every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from liuquan.clock import short_date

WIDTH, ROW, LEFT, TOP = 360, 92, 6, 26
_BAR_GAP = 0.25


def daily_bars(days: Sequence[date], series: Sequence[tuple[str, Sequence[int]]], *, title: str) -> str:
    """An SVG with one row of bars a series; every series has one number a day."""
    height = TOP + ROW * len(series) + 22
    said = "；".join(
        f"{name}共{sum(values)}件，最多一天{max(values, default=0)}件" for name, values in series
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="days-title days-desc" font-family="inherit" font-size="14">',
        f'<title id="days-title">{escape(title)}</title><desc id="days-desc">{escape(said)}</desc>',
    ]
    for at, (name, values) in enumerate(series):
        parts += _row(name, values, TOP + at * ROW)
    if days:
        bottom = height - 6
        first, last = short_date(days[0]), short_date(days[-1])
        parts.append(f'<text x="{LEFT}" y="{bottom}" fill="#4a5560">{first}</text>')
        parts.append(f'<text x="{WIDTH - LEFT}" y="{bottom}" text-anchor="end" fill="#4a5560">{last}</text>')
    return "".join([*parts, "</svg>"])


def _row(name: str, values: Sequence[int], top: float) -> list[str]:
    most = max(values, default=0)
    base = top + ROW - 26
    width = (WIDTH - 2 * LEFT) / max(len(values), 1)
    parts = [
        f'<text x="{LEFT}" y="{top - 8}" fill="#1b1f24" font-weight="700">{escape(name)}'
        f'<tspan fill="#4a5560" font-weight="400">　共{sum(values)}件，最多一天{most}件</tspan></text>',
        f'<line x1="{LEFT}" x2="{WIDTH - LEFT}" y1="{base}" y2="{base}" stroke="#75808b"/>',
    ]
    for at, value in enumerate(values):
        if value:
            tall = value / most * (ROW - 34)
            parts.append(
                f'<rect x="{LEFT + width * (at + _BAR_GAP / 2):.1f}" y="{base - tall:.1f}" '
                f'width="{width * (1 - _BAR_GAP):.1f}" height="{tall:.1f}" fill="#1a6b38"/>'
            )
    return parts
