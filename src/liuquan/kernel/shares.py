"""Shares in percent, rounded once, the same wherever they are shown."""

from __future__ import annotations


def percent(part: int, whole: int) -> str | None:
    """`part` of `whole` in percent with at most one decimal, halves up: 7 of 8 is `87.5`, 3 of 3 is `100`.

    Nothing of an empty whole. What is not all is never shown as 100, what is not nothing never as 0: one late
    case among thousands stays to be seen.
    """
    if not whole:
        return None
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(999, max(1, tenths))
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def percent_cut_off(part: int, whole: int) -> str | None:
    """`part` of `whole` in percent with one decimal, cut off and not rounded: for a share that is measured by
    a mark, so that what is below the mark never reads as if it had reached it. Nothing of an empty whole."""
    if not whole:
        return None
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10}"
