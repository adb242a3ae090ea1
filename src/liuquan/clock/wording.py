"""The explanation of a deadline as short Chinese text, for papers and screens.

Cites: 行政许可法 第四十五条
"""

from collections.abc import Iterable
from itertools import groupby

from liuquan.clock.calendar import WEEKEND, Calendar
from liuquan.clock.moments import SHANGHAI, chinese_date, short_date
from liuquan.clock.results import Deadline, explain
from liuquan.clock.types import CountedDay, Direction, Unit


def explanation_text(found: Deadline, calendar: Calendar | None = None) -> str:
    """What the limit is, from when to when it runs, which days were left out and why, and the articles.

    Weekends are given as one number, holidays and suspensions with their days and their document.
    """
    days = found.days if calendar is None else explain(found, calendar)
    limit = found.limit
    name = limit.label or "期限"
    basis = f"（{'、'.join(found.citations)}）" if found.citations else ""
    if not found.amount:
        return f"{name}：即时，{chinese_date(found.due_on)}届满{basis}。"
    length = f"{found.amount}{limit.unit.label}"
    if limit.unit is Unit.WORKING_HOUR:
        parts = [f"{name}：{length}，自起算时刻按办公时间计算，{_moment(found)}届满{basis}"]
        return "；".join([*parts, *found.notes]) + "。"
    if limit.unit.is_momentary:
        parts = [f"{name}：{length}，自起算时刻连续计算{basis}"]
        return "；".join([*parts, *found.notes]) + "。"
    way = "往前倒算" if limit.direction is Direction.BEFORE else "起算"
    parts = [f"{name}：{length}，自{chinese_date(found.start_on)}{way}，起算日不计入"]
    left_out = _left_out(day for day in days if not _is_told_elsewhere(day, found))
    if left_out:
        parts.append(f"其间不计入{left_out}")
    parts.append(f"{chinese_date(found.due_on)}届满{basis}")
    return "；".join([*parts, *found.notes]) + "。"


def _moment(found: Deadline) -> str:
    at = found.due_at.astimezone(SHANGHAI)
    return f"{chinese_date(at.date())}{at:%H:%M}"


def _is_told_elsewhere(day: CountedDay, found: Deadline) -> bool:
    """Whether the day is the start, or belongs to the moved end, which a note already tells."""
    low, high = sorted((found.nominal_on, found.due_on))
    return day.on == found.start_on or (low != high and low <= day.on <= high)


def _left_out(days: Iterable[CountedDay]) -> str:
    """The days not counted, in spans of one reason; a weekend inside a span does not break it."""
    weekdays = list(days)
    weekends = sum(day.reason == WEEKEND for day in weekdays if day.ordinal is None)
    parts: list[str] = []
    kept = (day for day in weekdays if day.ordinal is not None or day.reason != WEEKEND)
    for is_counted, run in groupby(kept, key=lambda day: day.ordinal is not None):
        if is_counted:
            continue
        for (reason, source), same in groupby(run, key=lambda day: (day.reason, day.source)):
            found = list(same)
            span = short_date(found[0].on)
            if len(found) > 1:
                span += f"至{short_date(found[-1].on)}"
            parts.append(f"{span}（{'，'.join(filter(None, (reason, source)))}）")
    if weekends:
        parts.append(f"周末公休{weekends}日")
    return "、".join(parts)
