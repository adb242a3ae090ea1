"""Whose time a case has spent: each day belongs to exactly one holder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def days_by_holder(spans: Iterable[tuple[date, date, str]]) -> dict[str, int]:
    """Calendar days by whose they are, from spans (from, to, holder): the days after `from` up to and
    including `to`. Each day of a case belongs to exactly one holder, so the totals are the elapsed days.

    Refuses spans that leave a gap or overlap.
    """
    totals: dict[str, int] = {}
    last: date | None = None
    for begin, end, holder in spans:
        if (last is not None and begin != last) or end < begin:
            raise ValueError(f"spans must follow one another: {begin} after {last}")
        totals[holder] = totals.get(holder, 0) + (end - begin).days
        last = end
    return totals
