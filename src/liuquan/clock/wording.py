"""The explanation of a deadline as short Chinese text, for papers and screens.

Its figures add up: the days from start to end are those counted and those left out, and each day left out is
named once, under its own reason.

Cites: 行政许可法 第四十五条
"""

from collections.abc import Iterable, Sequence
from datetime import date

from liuquan.clock.calendar import MADE_UP, WEEKEND, Calendar
from liuquan.clock.moments import SHANGHAI, chinese_date, short_date
from liuquan.clock.results import Deadline, explain
from liuquan.clock.types import CountedDay, Direction, Unit


def explanation_text(found: Deadline, calendar: Calendar | None = None) -> str:
    """What the limit is, from when to when it runs, how many days counted, which were left out and why, and
    the articles.

    Weekends are given as one number, everything else left out with its days and its document; weekend days
    that are worked are named among the days counted.
    """
    days = found.days if calendar is None else explain(found, calendar)
    limit = found.limit
    name = limit.label or "期限"
    basis = f"（{'、'.join(found.basis)}）" if found.basis else ""
    if not found.amount:
        return f"{name}：即时，{chinese_date(found.due_on)}届满{basis}。"
    length = _length(found)
    if limit.unit.is_momentary:
        way = "按办公时间" if limit.unit is Unit.WORKING_HOUR else "连续"
        parts = [f"{name}：{length}，自起算时刻{way}计算，{_moment(found)}届满{basis}"]
        return "；".join([*parts, *found.notes]) + "。"
    way = "往前倒算" if limit.direction is Direction.BEFORE else "起算"
    parts = [f"{name}：{length}，自{chinese_date(found.start_on)}{way}，起算日不计入"]
    parts += _sum(days, found)
    parts.append(f"{chinese_date(found.due_on)}届满{basis}")
    return "；".join([*parts, *found.notes]) + "。"


def _length(found: Deadline) -> str:
    """The limit's length; an extended one with its parts, 30个工作日（20+10，含延长）."""
    length = f"{found.amount}{found.limit.unit.label}"
    if not found.extensions:
        return length
    return f"{length}（{'+'.join(str(one) for one in (found.limit.amount, *_added(found)))}，含延长）"


def _added(found: Deadline) -> Iterable[int]:
    return (extension.amount for extension in found.extensions)


def _moment(found: Deadline) -> str:
    at = found.due_at.astimezone(SHANGHAI)
    return f"{chinese_date(at.date())}{at:%H:%M}" + (f":{at:%S}" if at.second else "")


def _sum(days: Sequence[CountedDay], found: Deadline) -> list[str]:
    """The sum of the days up to the day the count is full; nothing where every day counts. Where a rest day
    moved the end, a note tells of the days after."""
    low, high = sorted((found.start_on, found.nominal_on))
    within = [day for day in days if low <= day.on <= high and day.on != found.start_on]
    left_out = [day for day in within if day.ordinal is None]
    if not left_out:
        return []
    until = (
        f"{'此前' if found.limit.direction is Direction.BEFORE else '其后'}至{short_date(found.nominal_on)}"
    )
    counted = f"计入{len(within) - len(left_out)}日{_worked(within)}"
    return [f"{until}共{len(within)}日，{counted}，不计入{len(left_out)}日：{'、'.join(_reasons(left_out))}"]


def _worked(days: Iterable[CountedDay]) -> str:
    """The weekend days among those counted that a notice made working days."""
    named = [short_date(day.on) for day in days if day.ordinal and day.reason.endswith(MADE_UP)]
    return f"（其中{'、'.join(named)}{MADE_UP}）" if named else ""


def _reasons(left_out: Iterable[CountedDay]) -> list[str]:
    """How many days each reason took, when, and by which paper; weekends last."""
    by_reason: dict[tuple[str, str], list[date]] = {}
    for day in left_out:
        by_reason.setdefault((day.reason, day.source), []).append(day.on)
    weekends = by_reason.pop((WEEKEND, ""), [])
    told = []
    for (reason, source), taken in by_reason.items():
        first, last = min(taken), max(taken)
        span = short_date(first) if first == last else f"{short_date(first)}至{short_date(last)}"
        what, _, why = reason.partition("，")
        told.append(f"{what}{len(taken)}日（{'，'.join(filter(None, (span, why, source)))}）")
    return [*told, *([f"{WEEKEND}{len(weekends)}日"] if weekends else [])]
