"""The holidays that the law itself fixes: days off also in a year whose notice is not published.

Some stand in the civil calendar, some in the lunar one, one is a solar term. What the yearly notice adds
(make-up days, the day given for a holiday that falls on a weekend) is not known before it.

Cites: 全国年节及纪念日放假办法 第二条
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from borax.calendars.lunardate import LunarDate, TermUtils  # type: ignore[import-untyped]

from liuquan.law.loader import DATA, read_toml, refuse_unknown
from liuquan.law.types import LawError

_FILE = DATA / "calendar" / "statutory.toml"
#: How far ahead the days are given: past the longest limit of the law book from any announced year.
LAST_YEAR = 2040


@cache
def statutory_days() -> Mapping[date, tuple[str, str]]:
    """Each day off by law up to `LAST_YEAR`, in order, with its holiday's name and the article. Two holidays
    on one day are both named. Nothing before the first year of the first version that we keep."""
    tables = read_toml(_FILE)
    refuse_unknown(tables, {"cites", "versions"}, _FILE.name)
    versions = sorted(tables["versions"], key=lambda version: int(version["from"]))
    names: dict[date, list[str]] = {}
    for at, version in enumerate(versions):
        refuse_unknown(version, {"from", "verification", "holidays"}, _FILE.name)
        until = int(versions[at + 1]["from"]) if at + 1 < len(versions) else LAST_YEAR + 1
        for year in range(int(version["from"]), until):
            for holiday in version["holidays"]:
                for on in _days(holiday, year):
                    names.setdefault(on, []).append(str(holiday["name"]))
    return {on: ("、".join(names[on]), str(tables["cites"])) for on in sorted(names)}


def _days(holiday: Mapping[str, Any], year: int) -> Iterator[date]:
    refuse_unknown(dict(holiday), {"name", "days", "lunar_days", "solar_term"}, _FILE.name)
    for text in holiday.get("days", ()):
        month, day = _numbers(text)
        yield date(year, month, day)
    for text in holiday.get("lunar_days", ()):
        yield _lunar(year, *_numbers(text))
    if term := holiday.get("solar_term"):
        on = TermUtils.day_start_from_term(year, term)
        yield date(on.year, on.month, on.day)


def _numbers(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    if not (month.isdigit() and day.isdigit()):
        raise LawError(f"{_FILE.name}：“{text}”不是月和日，应写作 05-01")
    return int(month), int(day)


def _lunar(year: int, month: int, day: int) -> date:
    """The civil day of a lunar one; the last of the twelfth month is the day before this year's first."""
    if (month, day) == (12, 30):
        return _lunar(year, 1, 1) - timedelta(days=1)
    on = LunarDate(year, month, day, 0).to_solar_date()
    return date(on.year, on.month, on.day)
