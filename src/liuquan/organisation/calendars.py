"""From stored notices to calendars: the country's days, and on top of them the days of a place.

Pure. A closure ordered by a city also applies in its counties: days of a region apply to every division
inside it, and those of the lower division prevail. A body's own days, kept under its organisation code,
prevail over all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from liuquan import law
from liuquan.clock import Calendar, Day
from liuquan.identifiers import parse_division_code

COUNTRY = ""
_BODY = 18  #: characters of a unified social credit code
_OWN = slice(8, 17)  #: the organisation code in it, which no other body has; a division code has 12 digits


@dataclass(frozen=True)
class Notices:
    """All stored days and announced ranges, by region (``""`` is the country)."""

    days: dict[str, tuple[Day, ...]] = field(default_factory=dict)
    announced: dict[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        """The country and every place with days of its own."""
        return (COUNTRY, *sorted((self.days.keys() | self.announced.keys()) - {COUNTRY}))


def kept_under(place: str) -> str:
    """Under which code the days of a place are kept: a body's (by its unified code) under "B" and its
    organisation code, those of a division under its own."""
    return f"B{place[_OWN]}" if len(place) == _BODY else place


def is_body(place: str) -> bool:
    """Whether this is the code of a body and not of a division."""
    return len(place) == _BODY or place.startswith("B")


def reaching(notices: Notices, region: str, home: str = "") -> tuple[str, ...]:
    """The regions whose days apply in this one, the country first, the most specific last. A body's own days
    prevail over those of its division (`home`)."""
    if not region:
        return (COUNTRY,)
    if is_body(region):
        own = kept_under(region)
        return (*reaching(notices, home), *([own] if own in notices.regions else []))
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
    return Calendar.from_days(
        days.values(), announced=announced, statutory=law.statutory_days(), region=region or "全国"
    )
