"""The statutory clock: when a limit ends, which days it counted, and why the others do not count.

Decides due dates for limits in working days, calendar days, months, years, hours, minutes and seconds; counts
around suspended time; rolls an end that falls on a rest day; says when the warning lamp comes on; and
explains each day. Pure Python: it knows no database and never reads the time. The calendar and the limits
come in as values (see `liuquan.law`), dates are days in Asia/Shanghai, moments are aware.

- A period does not count the day it starts from, hours run from the moment (民法典 第二百条, 第二百零一条).
- Months and years end on the corresponding day, else on the month's last day (民法典 第二百零二条).
- An end on a statutory rest day moves to the first day after it (民法典 第二百零三条), unless a law or the
  parties say otherwise (民法典 第二百零四条).
- Licensing limits are working days (行政许可法 第八十二条); hearing, tender, auction, inspection, testing,
  quarantine, appraisal and expert review are left out of them (行政许可法 第四十五条).

- Where the law leaves a choice (end of business, filings after hours, a last day counted back that is a rest
  day), a place sets it: `CountingRules`.

Verbs: `deadline`, `recount`, `explain`, `explanation_text`, `remaining`, `time_left`, `is_late`,
`is_too_early`, `refuse_too_early`, `warn_on`, `warn_at`, `filing`, `check_extension`, `check_suspension`,
`overruns`, `supersede`, `what_if`, `read_notice`, `read_sentence`.
"""

from liuquan.clock.calendar import Calendar
from liuquan.clock.changes import (
    AddExtension,
    AddSuspension,
    MoveAnchor,
    NewCalendar,
    Overrun,
    Shift,
    Supersession,
    check_extension,
    check_suspension,
    overruns,
    supersede,
    what_if,
)
from liuquan.clock.deadlines import deadline, recount
from liuquan.clock.intervals import add_months
from liuquan.clock.lamps import (
    is_late,
    is_too_early,
    refuse_too_early,
    remaining,
    warn_at,
    warn_on,
    warn_ordinal,
)
from liuquan.clock.moments import (
    SHANGHAI,
    chinese_date,
    date_in_table,
    day_end,
    day_start,
    shanghai_day,
    short_date,
    weekday_date,
)
from liuquan.clock.notices import HolidayNotice, read_notice, read_sentence
from liuquan.clock.office_hours import Filing, OfficeHours, Season, filing, next_open
from liuquan.clock.results import Deadline, explain
from liuquan.clock.settings import AfterHours, BackRule, CountingRules, DayEnd
from liuquan.clock.time_left import TimeLeft, time_left
from liuquan.clock.types import (
    ClockError,
    CountedDay,
    Day,
    DayKind,
    Direction,
    EndRule,
    Extension,
    Limit,
    Resumption,
    Sense,
    Suspension,
    Unit,
    UnsupportedUnit,
    Verification,
    doubt_of,
)
from liuquan.clock.wording import explanation_text

__all__ = [
    "SHANGHAI",
    "AddExtension",
    "AddSuspension",
    "AfterHours",
    "BackRule",
    "Calendar",
    "ClockError",
    "CountedDay",
    "CountingRules",
    "Day",
    "DayEnd",
    "DayKind",
    "Deadline",
    "Direction",
    "EndRule",
    "Extension",
    "Filing",
    "Limit",
    "MoveAnchor",
    "NewCalendar",
    "HolidayNotice",
    "OfficeHours",
    "Overrun",
    "Resumption",
    "Season",
    "Sense",
    "Shift",
    "Supersession",
    "Suspension",
    "TimeLeft",
    "Unit",
    "UnsupportedUnit",
    "Verification",
    "add_months",
    "check_extension",
    "check_suspension",
    "chinese_date",
    "date_in_table",
    "day_end",
    "day_start",
    "deadline",
    "explain",
    "doubt_of",
    "explanation_text",
    "filing",
    "is_late",
    "is_too_early",
    "next_open",
    "overruns",
    "read_notice",
    "read_sentence",
    "recount",
    "refuse_too_early",
    "remaining",
    "shanghai_day",
    "short_date",
    "supersede",
    "time_left",
    "warn_at",
    "warn_on",
    "warn_ordinal",
    "weekday_date",
    "what_if",
]
