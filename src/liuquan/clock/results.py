"""The end of one limit as a value, with everything needed to explain it and to count it again."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from liuquan.clock.calendar import Calendar
from liuquan.clock.daybyday import day_by_day
from liuquan.clock.office_hours import OfficeHours
from liuquan.clock.settings import DEFAULT_RULES, CountingRules
from liuquan.clock.types import ClockError, CountedDay, Extension, Limit, Suspension


@dataclass(frozen=True)
class Deadline:
    """The end of one limit, with its reasons.

    `amount` is the limit with its extensions, in the limit's unit; `counted` the days it stands for (working
    days, or calendar days for all other units). `nominal_on` is the day the count is full, `rolled_from` the
    same day when a rest day moved the end away from it. `suspensions` are those that stop this limit, an open
    one closed on the assumed day, and then `suspended` is true: the duty rests and is not late.
    `restarted_on` is the day from which the limit was counted anew after a suspension that ends it so.
    """

    limit: Limit
    start_on: date
    start_at: datetime | None
    due_on: date
    due_at: datetime
    amount: int
    counted: int
    nominal_on: date
    rolled_from: date | None = None
    assumed_on: tuple[date, ...] = ()
    suspended: bool = False
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    notes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    restarted_on: date | None = None
    hours: OfficeHours | None = field(default=None, repr=False)
    rules: CountingRules = field(default=DEFAULT_RULES, repr=False)
    calendar: Calendar | None = field(default=None, repr=False, compare=False)

    @property
    def provisional(self) -> bool:
        """Whether the end rests on days whose notice is not published yet."""
        return bool(self.assumed_on)

    @property
    def basis(self) -> tuple[str, ...]:
        """What the count rests on, as it may be printed: the limit's own basis, then the articles on
        counting, extension and time left out."""
        rest = (cite for cite in self.citations if cite not in self.limit.citations)
        return (*self.limit.basis, *rest)

    @property
    def counts_from(self) -> date:
        """The day after which days count: the start, or the end of the suspension that began it anew."""
        return self.restarted_on or self.start_on

    @cached_property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from start to due in order of date, by the calendar the deadline was counted with."""
        if self.calendar is None:
            raise ClockError("此期限未附日历，请用 explain 并给出日历")
        return explain(self, self.calendar)


def explain(found: Deadline, calendar: Calendar) -> tuple[CountedDay, ...]:
    """Each day from start to due in order of date, with its ordinal or the reason why it is not counted."""
    return day_by_day(
        found.limit,
        start_on=found.start_on,
        due_on=found.due_on,
        counted=found.counted,
        suspensions=found.suspensions,
        calendar=calendar,
        restarted_on=found.restarted_on,
        hours=found.hours,
    )
