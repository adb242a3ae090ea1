"""The law as dated data: limits, grounds, citations, texts and the national calendar, read from TOML.

Answers which limit was in force on a day, with unit, anchor, what it leaves out, how it may be extended, what
follows from silence, where it is written and how well that was checked (`V` read in the law's text, `V2` in a
secondary text, `M` from memory: to be confirmed). Values of a place or of another instrument carry a
`profile` label and are not law. Logic lives in `liuquan.clock`; here are only values and their checks.

Serves 行政许可法, 行政处罚法, 行政强制法, 行政复议法, 招标投标法, 政府采购法, 政府信息公开条例, 信访工作条例,
重大行政决策程序暂行条例, 政府督查工作条例 and others in `data/`, and 全国年节及纪念日放假办法 with its yearly
notices. `docs/law.md` says how a value is changed.

Verbs: `load_law`, `check_law`, `differences`, `parse_citation`, `load_facts`, `check_facts`, `import_folder`,
`Texts.article`, `compare_numbers`, `load_calendar`, `calendar_from`, `national_calendar`, `check_calendar`,
`statutory_days`.
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
from liuquan.law.citations import BadCitation, Citation, citation_in, parse_citation
from liuquan.law.differences import Difference, differences
from liuquan.law.facts import Fact, FactReport, check_facts, facts_under_test, load_facts
from liuquan.law.loader import load_law
from liuquan.law.numbers import NumberNotFound, NumberReport, compare_numbers
from liuquan.law.statutes import Article, Statute, read_statute
from liuquan.law.statutory_days import LAST_YEAR as LAST_STATUTORY_YEAR
from liuquan.law.statutory_days import statutory_days
from liuquan.law.texts import ImportReport, Texts, import_folder
from liuquan.law.types import (
    APPROVERS,
    DatedFigure,
    DatedValue,
    Effect,
    Figure,
    FigureEntry,
    Ground,
    LawBook,
    LawError,
    LimitEntry,
    TakesEffect,
    is_named,
)

__all__ = [
    "is_named",
    "APPROVERS",
    "Article",
    "BadCitation",
    "CalendarYear",
    "Citation",
    "DatedFigure",
    "DatedValue",
    "Difference",
    "Effect",
    "Fact",
    "FactReport",
    "Figure",
    "FigureEntry",
    "Ground",
    "ImportReport",
    "LAST_STATUTORY_YEAR",
    "LawBook",
    "LawError",
    "LimitEntry",
    "Notice",
    "NoticeDay",
    "NumberNotFound",
    "NumberReport",
    "Statute",
    "TakesEffect",
    "Texts",
    "calendar_from",
    "check_calendar",
    "check_facts",
    "check_law",
    "citation_in",
    "compare_numbers",
    "differences",
    "import_folder",
    "load_calendar",
    "load_facts",
    "load_law",
    "national_calendar",
    "parse_citation",
    "read_statute",
    "statutory_days",
    "facts_under_test",
]
