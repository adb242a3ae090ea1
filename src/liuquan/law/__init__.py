"""The law as dated data: limits, grounds, citations and the national calendar, read from TOML.

Answers which limit was in force on a day, with unit, anchor, what it leaves out, how it may be extended, what
follows from silence, where it is written and how well that was checked (`V` read in the law's text, `V2` in a
secondary text, `M` from memory). Values of a place or of another instrument carry a `profile` label and are
not law. Logic lives in `liuquan.clock`; here are only values and their checks.

Serves 行政许可法 (all limits of its procedure, 第三十二条 to 第五十七条, 第八十二条) and
全国年节及纪念日放假办法 with its yearly notices.

Verbs: `load_law`, `check_law`, `parse_citation`, `load_calendar`, `calendar_from`, `national_calendar`,
`check_calendar`.
"""

from liuquan.law.calendars import (
    CalendarYear,
    Notice,
    NoticeDay,
    calendar_from,
    load_calendar,
    national_calendar,
)
from liuquan.law.checks import check_calendar, check_law
from liuquan.law.citations import BadCitation, Citation, parse_citation
from liuquan.law.loader import load_law
from liuquan.law.types import DatedValue, Ground, LawBook, LawError, LimitEntry

__all__ = [
    "BadCitation",
    "CalendarYear",
    "Citation",
    "DatedValue",
    "Ground",
    "LawBook",
    "LawError",
    "LimitEntry",
    "Notice",
    "NoticeDay",
    "calendar_from",
    "check_calendar",
    "check_law",
    "load_calendar",
    "load_law",
    "national_calendar",
    "parse_citation",
]
