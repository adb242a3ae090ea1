"""From stored notices to calendars: the country's days, and on top of them the days of a place.

Pure. A closure ordered by a city holds in its counties: days of a region reach every division inside it, and
the nearer one prevails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from liuquan.clock import Calendar, Day
from liuquan.identifiers import parse_division_code

COUNTRY = ""


@dataclass(frozen=True)
class Notices:
    """All stored days and announced ranges, by region (``""`` is the country)."""

    days: dict[str, tuple[Day, ...]] = field(default_factory=dict)
    announced: dict[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        """The country and every place with days of its own."""
        return (COUNTRY, *sorted((self.days.keys() | self.announced.keys()) - {COUNTRY}))


def reaching(notices: Notices, region: str) -> tuple[str, ...]:
    """The regions whose days hold in this one, the country first, the nearest last."""
    if not region:
        return (COUNTRY,)
    here = parse_division_code(region)
    places = [parse_division_code(code) for code in notices.regions if code]
    above = sorted((place for place in places if here.lies_in(place)), key=lambda place: place.level)
    return (COUNTRY, *(place.code for place in above))


def calendar_of(notices: Notices, region: str) -> Calendar:
    """The calendar of a region (``""``: the country)."""
    days: dict[date, Day] = {}
    announced: list[tuple[date, date]] = []
    for code in reaching(notices, region):
        days |= {day.on: day for day in notices.days.get(code, ())}
        announced += notices.announced.get(code, ())
    return Calendar.from_days(days.values(), announced=announced, region=region or "全国")
