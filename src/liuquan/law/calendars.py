"""The national calendar as dated data: one file per year, each day with the notice that sets it.

A file holds the notices named after its year. A December day set by the next year's notice is in the next
year's file; loading merges the files. A year without a file is not announced.

Cites: 全国年节及纪念日放假办法 第七条
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from liuquan.clock import Calendar, Day, DayKind, Verification
from liuquan.law.loader import DATA, read_toml, refuse_unknown
from liuquan.law.statutory_days import statutory_days
from liuquan.law.types import LawError


@dataclass(frozen=True)
class NoticeDay:
    """One day a notice names: off, or a weekend day worked instead; with the holiday it belongs to."""

    on: date
    kind: DayKind
    name: str


@dataclass(frozen=True)
class Notice:
    """One holiday notice. `number` is empty where it is not known; `verification` says how it was read."""

    title: str
    number: str
    issued_on: date | None
    verification: Verification
    days: tuple[NoticeDay, ...]

    @property
    def citation(self) -> str:
        """The notice's name as printed on papers: its title with its number."""
        return f"{self.title}（{self.number}）" if self.number else self.title


@dataclass(frozen=True)
class CalendarYear:
    """The notices for one year, in the order they were issued."""

    year: int
    notices: tuple[Notice, ...]


def load_calendar(folder: Path | None = None, years: Iterable[int] | None = None) -> tuple[CalendarYear, ...]:
    """The years of this folder (`None`: our own), in order. `years` picks some; absent ones are refused."""
    base = folder or DATA / "calendar"
    found = {int(path.stem): path for path in base.glob("[0-9][0-9][0-9][0-9].toml")}
    wanted = sorted(found if years is None else set(years))
    absent = [year for year in wanted if year not in found]
    if absent:
        is_past = bool(found) and absent[0] < min(found)
        raise LawError(f"{absent[0]} 年的放假安排{'没有收录' if is_past else '尚未公布'}")
    return tuple(_year(year, found[year]) for year in wanted)


def calendar_from(years: Iterable[CalendarYear], region: str = "全国") -> Calendar:
    """One calendar from these years; each year is announced whole, in the others the holidays fixed by law
    are off. Refuses two notices at odds over a day."""
    days: dict[date, Day] = {}
    announced = []
    for year in years:
        announced.append((date(year.year, 1, 1), date(year.year, 12, 31)))
        for notice in year.notices:
            for one in notice.days:
                if one.on in days and days[one.on].kind is not one.kind:
                    raise LawError(f"{one.on}：{notice.citation} 与 {days[one.on].source} 矛盾")
                days[one.on] = Day(one.on, one.kind, one.name, notice.citation)
    return Calendar.from_days(days.values(), announced=announced, statutory=statutory_days(), region=region)


@cache
def national_calendar() -> Calendar:
    """The calendar of our own files, built once."""
    return calendar_from(load_calendar())


def _year(year: int, path: Path) -> CalendarYear:
    tables = read_toml(path)
    refuse_unknown(tables, {"year", "notices"}, path.name)
    if tables.get("year") != year:
        raise LawError(f"{path.name}：文件名与 year 不一致")
    return CalendarYear(year, tuple(_notice(table, path.name) for table in tables.get("notices", ())))


def _notice(table: dict[str, object], file: str) -> Notice:
    refuse_unknown(table, {"title", "number", "issued", "verification", "holidays"}, file)
    title, number, issued = table.get("title"), table.get("number", ""), table.get("issued")
    holidays = table.get("holidays", [])
    if not isinstance(title, str) or not isinstance(number, str) or not isinstance(holidays, list):
        raise LawError(f"{file}：通知缺少标题")
    if not (issued is None or isinstance(issued, date)):
        raise LawError(f"{file}：{title} 的日期不对")
    days: list[NoticeDay] = []
    for holiday in holidays:
        refuse_unknown(holiday, {"name", "off", "work"}, f"{file}：{title}")
        for key, kind in (("off", DayKind.OFF), ("work", DayKind.WORKING)):
            days.extend(NoticeDay(on, kind, holiday["name"]) for on in holiday.get(key, ()))
    return Notice(title, number, issued, Verification(str(table.get("verification", "M"))), tuple(days))
