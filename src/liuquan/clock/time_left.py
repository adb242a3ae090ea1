"""The exact rest of a limit at a moment, in the limit's own unit: what remains after a suspension.

Days are whole. Months and years are given as whole ones plus days; hours and less as whole ones plus seconds.

Cites: 民法典 第二百零一条, 行政许可法 第四十五条
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.intervals import add_days, add_months
from liuquan.clock.lamps import remaining, running_time
from liuquan.clock.momentary import SECONDS
from liuquan.clock.moments import shanghai_day
from liuquan.clock.results import Deadline
from liuquan.clock.types import Direction, Unit


@dataclass(frozen=True)
class TimeLeft:
    """Whole units and the rest: days for months and years, seconds for hours and less, else 0.

    With `late` both say by how much the limit is over.
    """

    amount: int
    rest: int
    unit: Unit
    late: bool = False

    @property
    def text(self) -> str:
        """In words: 还剩1个月零3日, 已超过2个工作日."""
        parts = [f"{self.amount}{self.unit.label}"] if self.amount or not self.rest else []
        if self.rest and self.unit.is_momentary:
            minutes, seconds = divmod(self.rest, 60)
            parts += [f"{minutes}分钟"] if minutes else []
            parts += [f"{seconds}秒"] if seconds else []
        elif self.rest:
            parts.append(f"{self.rest}日")
        return ("已超过" if self.late else "还剩") + "零".join(parts)


def time_left(found: Deadline, at: date | datetime, calendar: Calendar) -> TimeLeft:
    """What is left after this day, or from this moment on. Refuses a bare day for hours and less."""
    unit = found.limit.unit
    if unit.is_momentary:
        left = running_time(found, at, calendar)
        whole, seconds = divmod(abs(left), timedelta(seconds=SECONDS[unit]))
        return TimeLeft(whole, int(seconds.total_seconds()), unit, left < timedelta())
    days = remaining(found, at, calendar)
    if unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY):
        return TimeLeft(abs(days), 0, unit, days < 0)
    on = shanghai_day(at) if isinstance(at, datetime) else at
    if days < 0:
        on = found.due_on
    elif found.limit.direction is Direction.AFTER:
        on = max(on, found.counts_from)
    months, rest = _months(on, abs(days))
    if unit is Unit.YEAR:
        years, over = divmod(months, 12)
        rest += (add_months(on, months) - add_months(on, months - over)).days
        return TimeLeft(years, rest, unit, days < 0)
    return TimeLeft(months, rest, unit, days < 0)


def _months(on: date, days: int) -> tuple[int, int]:
    """The whole months in so many days from this day, and the days over."""
    end = add_days(on, days)
    months = (end.year - on.year) * 12 + end.month - on.month
    if add_months(on, months) > end:
        months -= 1
    return months, (end - add_months(on, months)).days
