"""A new holiday notice: read, previewed, loaded; then every open deadline of the office is counted again.

Wires `organisation`, which keeps the days, to `casework`, which keeps the deadlines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from liuquan import law
from liuquan.casework.actions import reprojection
from liuquan.casework.actions.reprojection import Reprojection
from liuquan.clock import Calendar, ClockError, Day, DayKind, read_notice
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import actions
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, CalendarReport

Progress = Callable[[int], object]
LONGEST_CLOSURE = timedelta(days=30)  #: between the first and the last day


@dataclass(frozen=True)
class CalendarChange:
    """A notice ready to be loaded: its words, its days, the range it announces (`None`: only these days)."""

    title: str
    number: str
    issued_on: date | None
    days: tuple[law.NoticeDay, ...]
    announced: tuple[date, date] | None
    region: str = ""

    @property
    def source(self) -> str:
        """The notice's name as printed on papers."""
        return f"{self.title}（{self.number}）" if self.number else self.title


@dataclass(frozen=True)
class CalendarEffect:
    """The effect of the change: the new calendars, and the first day that differs (`None`: no difference)."""

    change: CalendarChange
    calendars: Callable[[str], Calendar]
    since: date | None


def read_text(
    text: str, *, year: int | None = None, region: str = "", standing: Calendar | None = None
) -> CalendarChange:
    """A change from the notice's own words, against the days that stand now; refuses (422) what cannot be
    read to the end."""
    try:
        found = read_notice(text, year, standing or organisation.calendar(region))
    except ClockError as error:
        raise BadInput(f"{error}。", fields={"text": f"{error}。"}) from error
    if not found.title:
        raise BadInput("没有读到通知的标题，请连同标题一起粘贴。", fields={"text": "缺少标题。"})
    days = tuple(law.NoticeDay(day.on, day.kind, day.reason) for day in found.days)
    year_range = (date(found.year, 1, 1), date(found.year, 12, 31)) if found.whole_year else None
    return CalendarChange(found.title, found.number, found.issued_on, days, year_range, region)


def read_file(
    path: Path, *, region: str = "", standing: Calendar | None = None
) -> tuple[CalendarChange, ...]:
    """Orders from a file: `2027.toml` in the form of the law's calendar files, or a notice as plain text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"打不开“{path}”：{error.strerror}，请核对路径。", code="no_file") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"“{path}”不是 UTF-8 编码，请另存为 UTF-8。", code="encoding") from error
    if path.suffix.lower() != ".toml":
        return (read_text(text, region=region, standing=standing),)
    if not path.stem.isdigit() or len(path.stem) != 4:
        raise BadInput("放假安排的 TOML 文件须以年份命名，例如 2027.toml。", code="name")
    try:
        (year,) = law.load_calendar(path.parent, [int(path.stem)])
    except (law.LawError, KeyError, ValueError) as error:
        raise BadInput(f"{error}，请核对文件。", code="toml") from error
    whole = (date(year.year, 1, 1), date(year.year, 12, 31))
    return tuple(
        CalendarChange(
            one.title, one.number, one.issued_on, one.days, None if place or region else whole, region
        )
        for place, one in enumerate(year.notices)
    )


def calendar_with(path: Path) -> Calendar:
    """The national calendar with the days of a file in place of its own: those of the year, where the file
    announces it whole, else of the days that it names. The file is read as `read_file` reads it."""
    ours = law.national_calendar()
    changes = read_file(path, standing=ours)
    announced = [change.announced for change in changes if change.announced]
    days = {
        day.on: day
        for day in ours.exceptions()
        if not any(first <= day.on <= last for first, last in announced)
    }
    for change in changes:
        days |= {day.on: Day(day.on, day.kind, day.name, change.source) for day in change.days}
    return Calendar.from_days(
        days.values(), announced=(*ours.announced, *announced), statutory=law.statutory_days()
    )


def closure(
    *, place: str, worked: bool, first: date, last: date, name: str, title: str, number: str, issued_on: date
) -> CalendarChange:
    """A change about a place's or body's own days: off, or `worked` again (also to take a change back).

    Refuses (422) no place, no reason, no document, an end before the start, more than a month at once.
    Cites: 全国年节及纪念日放假办法 第四条
    """
    wrong = {
        "place": "请选择地方或者机关；全国的安排请粘贴通知原文。" if not place else "",
        "name": "请写明节日或者停止办公的事由。" if not name.strip() else "",
        "title": "请写明所依据的决定或者公告，没有依据的日子不能不计入期限。" if not title.strip() else "",
        "last": "最后一日早于第一日，请核对日期。" if last < first else "",
    }
    if last - first > LONGEST_CLOSURE:
        wrong["last"] = f"一次最多登记{LONGEST_CLOSURE.days + 1}日，请核对日期或者分次登记。"
    if found := {field: sentence for field, sentence in wrong.items() if sentence}:
        raise BadInput(next(iter(found.values())), fields=found)
    kind = DayKind.WORKING if worked else DayKind.OFF
    span = range(first.toordinal(), last.toordinal() + 1)
    days = tuple(law.NoticeDay(date.fromordinal(at), kind, name.strip()) for at in span)
    return CalendarChange(title.strip(), number.strip(), issued_on, days, None, place)


def effect(change: CalendarChange) -> CalendarEffect:
    """What loading it would change; nothing is written. Refuses an unknown place (422)."""
    if change.region and not organisation.is_place(change.region):
        raise BadInput(
            f"没有代码为“{change.region}”的行政区划或者机关，请核对代码。", fields={"region": "代码不存在。"}
        )
    days = [Day(day.on, day.kind, day.name, change.source) for day in change.days]
    with_it = organisation.calendars_with(days, announced=change.announced, region=change.region)
    before, after = organisation.calendar(change.region), with_it(change.region)
    ranges = [(day.on, day.on) for day in change.days] + ([change.announced] if change.announced else [])
    first = min((low for low, _ in ranges), default=None)
    last = max((high for _, high in ranges), default=None)
    if first is None or last is None:
        return CalendarEffect(change, with_it, None)
    numbers = range(first.toordinal(), last.toordinal() + 1)
    changed = (on for on in map(date.fromordinal, numbers) if before.kind(on) is not after.kind(on))
    return CalendarEffect(change, with_it, next(changed, None))


def preview(found: CalendarEffect, progress: Progress | None = None) -> Reprojection:
    """How many open deadlines would move; the days of a place move only those that count by them."""
    if found.since is None:
        return Reprojection()
    return reprojection.preview(found.calendars, since=found.since, progress=progress)


def load(change: CalendarChange, *, by: Actor, now: datetime) -> CalendarReport:
    """Store the notice; the caller has the deadlines counted again (`reproject`, or the job)."""
    if change.issued_on is None:
        raise BadInput("没有读到通知的发布日期，请连同落款日期一起提供。", fields={"text": "缺少日期。"})
    if not organisation.holiday_notices():
        actions.load_calendar(by=by, now=now)  # else the years of the law's own files would be gone
    return actions.load_holiday_notice(
        title=change.title,
        number=change.number,
        issued_on=change.issued_on,
        days=change.days,
        announced=change.announced,
        region=change.region,
        by=by,
        now=now,
    )


def reproject(found: CalendarEffect, *, now: datetime, progress: Progress | None = None) -> Reprojection:
    """Count every open deadline again, once, after the load."""
    if found.since is None:
        return Reprojection()
    reason = f"《{found.change.title}》公布"
    return reprojection.reproject(
        organisation.calendars(), now=now, reason=reason, since=found.since, progress=progress
    )
