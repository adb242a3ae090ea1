"""From stored notices to calendars: the country's days, and on top of them the days of a place.

Pure. A closure ordered by a city holds in its counties: days of a region reach every division inside it, and
the nearer one prevails. Nearest of all are a body's own days, under its code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from liuquan.clock import Calendar, Day
from liuquan.identifiers import parse_division_code

COUNTRY = ""
BODY_CODE = 18  #: characters of a unified social credit code; a division code has 12


@dataclass(frozen=True)
class Notices:
    """All stored days and announced ranges, by region (``""`` is the country)."""

    days: dict[str, tuple[Day, ...]] = field(default_factory=dict)
    announced: dict[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        """The country and every place with days of its own."""
        return (COUNTRY, *sorted((self.days.keys() | self.announced.keys()) - {COUNTRY}))


def is_body(place: str) -> bool:
    """Whether this is the code of a body and not of a division."""
    return len(place) == BODY_CODE


def reaching(notices: Notices, region: str, home: str = "") -> tuple[str, ...]:
    """The regions whose days hold in this one, the country first, the nearest last. A body's own days are
    nearer than those of its division (`home`)."""
    if not region:
        return (COUNTRY,)
    if is_body(region):
        return (*reaching(notices, home), *([region] if region in notices.regions else []))
    here = parse_division_code(region)
    places = [parse_division_code(code) for code in notices.regions if code and not is_body(code)]
    above = sorted((place for place in places if here.lies_in(place)), key=lambda place: place.level)
    return (COUNTRY, *(place.code for place in above))


def calendar_of(notices: Notices, region: str, home: str = "") -> Calendar:
    """The calendar of a region (``""``: the country), or of a body in its division (`home`)."""
    days: dict[date, Day] = {}
    announced: list[tuple[date, date]] = []
    for code in reaching(notices, region, home):
        days |= {day.on: day for day in notices.days.get(code, ())}
        announced += notices.announced.get(code, ())
    return Calendar.from_days(days.values(), announced=announced, region=region or "全国")
