"""`clock due`, `between`, `table` and `count`: the statutory clock from the command line.

They count by the law's own calendar files and need no database; `--region` and `--loaded` ask the database
for a place's own days and for notices loaded there. Progress goes to standard error and only to a terminal.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tqdm import tqdm

from liuquan import law
from liuquan.clock import (
    SHANGHAI,
    Calendar,
    ClockError,
    Deadline,
    OfficeHours,
    Unit,
    explanation_text,
)
from liuquan.kernel.home import current_home
from liuquan.kernel.postgres import serving
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import queries as organisation
from liuquan.site.commands import Answer, Command
from liuquan.timekeeping import date_lists
from liuquan.timekeeping.calendar_changes import calendar_with
from liuquan.timekeeping.questions import Question, Ways, answer, read_day, read_unit, read_zone

T = TypeVar("T")


def due(asked: Namespace) -> Answer:
    """When a limit ends, with every day counted and why the others are not."""
    question = Question(
        asked.start,
        asked.limit,
        asked.law,
        tuple(asked.suspend),
        _said(lambda: read_day(asked.until)) if asked.until else None,
    )
    question = _in_their_way(asked, question)
    calendar = _said(lambda: _calendars(asked)(asked.region))
    found = _said(lambda: answer(question, calendar))
    return Answer(explanation_text(found, calendar), deadline_data(found, question.zone))


def _in_their_way(asked: Namespace, question: Question) -> Question:
    """The question with the ways of counting that the words of the command say."""
    return replace(
        question,
        hours=_said(lambda: OfficeHours.parse(asked.hours)) if asked.hours else None,
        ways=Ways(asked.extend, asked.no_roll, asked.before, asked.at_least, asked.close),
        zone=_said(lambda: read_zone(asked.zone)),
    )


def deadline_data(found: Deadline, zone: ZoneInfo = SHANGHAI) -> dict[str, Any]:
    """The stable JSON shape of a deadline: see `docs/clock.md`. `zone`: whose midnight ends a day."""
    limit = found.limit
    due_at = found.due_at
    if zone is not SHANGHAI and not limit.unit.is_momentary:
        due_at = due_at.astimezone(SHANGHAI).replace(tzinfo=zone).astimezone(UTC)
    return {
        "start": (found.start_at or found.start_on).isoformat(),
        "limit": {"amount": found.amount, "unit": limit.unit.value, "text": limit.text, "id": limit.source},
        "checked": limit.verification.value if limit.source else None,
        "due": found.due_on.isoformat(),
        "due_at": due_at.isoformat(),
        "provisional": found.provisional,
        "assumed": [on.isoformat() for on in found.assumed_on],
        "days_counted": found.counted,
        "rolled_from": found.rolled_from.isoformat() if found.rolled_from else None,
        "suspended": found.suspended,
        "days": [
            {
                "on": day.on.isoformat(),
                "ordinal": day.ordinal,
                "reason": day.reason,
                "source": day.source,
                "assumed": day.assumed,
            }
            for day in found.days
        ],
        "citations": list(found.citations),
        "basis": list(found.basis),
        "notes": list(found.notes),
        "text": explanation_text(found),
    }


def between(asked: Namespace) -> Answer:
    """How many days lie after A up to and including B."""
    begins, ends = _said(lambda: read_day(asked.a)), _said(lambda: read_day(asked.b))
    unit = _said(lambda: read_unit(asked.unit))
    if unit not in (Unit.WORKING_DAY, Unit.CALENDAR_DAY):
        raise BadInput("只能数工作日（working_day）或者自然日（calendar_day），请改 --unit。")
    calendar = _said(lambda: _calendars(asked)(asked.region))
    working, days = calendar.working_days_between(begins, ends), (ends - begins).days
    counted = working if unit is Unit.WORKING_DAY else days
    low, high = sorted((begins, ends))
    assumed = [on.isoformat() for on in calendar.unannounced_between(low, high)]
    data = {
        "from": begins.isoformat(),
        "to": ends.isoformat(),
        "unit": unit.value,
        "count": counted,
        "working_days": working,
        "calendar_days": days,
        "provisional": bool(assumed),
        "assumed": assumed,
    }
    doubt = "（含尚未公布放假安排的日期，为暂计）" if assumed else ""
    return Answer(f"{begins} 次日至 {ends}（含当日）：{counted}{unit.label}{doubt}。", data)


def table(asked: Namespace) -> Answer:
    """Due dates for a list."""
    return _sheet(asked, date_lists.table, _in_their_way(asked, Question("")))


def count(asked: Namespace) -> Answer:
    """Days between for a list."""
    return _sheet(asked, date_lists.count, Question("", zone=_said(lambda: read_zone(asked.zone))))


def _sheet(asked: Namespace, work: Callable[..., date_lists.ListReport], usual: Question) -> Answer:
    try:
        lines = max(asked.file.read_bytes().count(b"\n") - 1, 0)
    except OSError as error:
        raise BadInput(f"打不开“{asked.file}”：{error.strerror}，请核对路径。", code="no_file") from error
    with tqdm(total=lines, unit="行", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:
        done = work(asked.file, asked.out, _calendars(asked), bar.update, usual)
    told = [f"已写到 {asked.out}：{done.rows} 行，其中 {done.problems} 行有问题。"]
    told += [f"  {sentence}" for _, sentence in done.first]
    if done.problems > len(done.first):
        told.append(f"  …… 其余 {done.problems - len(done.first)} 行见 problem 一列")
    data = {
        "out": str(asked.out),
        "rows": done.rows,
        "answered": done.rows - done.problems,
        "problems": done.problems,
        "first_problems": [{"line": line, "problem": sentence} for line, sentence in done.first],
    }
    return Answer("\n".join(told), data)


def _calendars(asked: Namespace) -> Callable[[str], Calendar]:
    """Calendars by region, each asked for once; only a region, or `--loaded`, needs the database. A calendar
    file goes with neither."""
    if asked.calendar is not None:
        if asked.loaded or asked.region:
            raise BadInput("--calendar 已经指定了日历，请去掉 --loaded 和 --region。", code="calendar")
        given = calendar_with(asked.calendar)

        def of_the_file(region: str) -> Calendar:
            if region:
                raise ClockError("已经用 --calendar 指定了日历，不能再按地区计算")
            return given

        return of_the_file

    @cache
    def found(region: str) -> Calendar:
        if not region and not asked.loaded:
            return law.national_calendar()
        with serving(current_home()):
            if region and region not in {one.code for one in organisation.divisions()}:
                raise ClockError(f"行政区划“{region[:20]}”不存在，请核对地区代码")
            return organisation.calendar(region)

    return found


def _said(question: Callable[[], T]) -> T:
    try:
        return question()
    except ClockError as error:
        raise BadInput(f"{error}。", code="clock") from error


def _where(parser: ArgumentParser) -> None:
    parser.add_argument("--region", default="", help="行政区划代码，按该地的日历 / by a place's own days")
    parser.add_argument("--loaded", action="store_true", help="按数据库中的日历 / by the calendar loaded")
    parser.add_argument(
        "--calendar", type=Path, help="按文件中的日历 / by a calendar file, 2027.toml or notice"
    )


def _ways(parser: ArgumentParser) -> None:
    parser.add_argument("--extend", default="", help="延长的数量，单位与期限相同 / extended by")
    parser.add_argument("--no-roll", action="store_true", help="末日为休息日不顺延 / no roll over rest days")
    parser.add_argument("--before", action="store_true", help="往前倒算 / counted back")
    parser.add_argument("--at-least", action="store_true", help="最短期间 / a shortest time")
    parser.add_argument("--close", action="store_true", help="末日下班时届满 / ends at close of business")
    parser.add_argument("--hours", default="", help="办公时间，如 08:30-12:00,13:30-17:30 / office hours")
    _zone(parser)


def _zone(parser: ArgumentParser) -> None:
    parser.add_argument("--zone", default=SHANGHAI.key, help="时刻所在时区 / time zone of the moments")


def _due(parser: ArgumentParser) -> None:
    parser.add_argument("--start", required=True, help="起算日 / day or moment, 2026-02-10[T09:30]")
    parser.add_argument("--limit", default="", help="期限，如 '20 working_day' / amount and unit")
    parser.add_argument("--law", default="", help="法定期限，如 licensing.decision / a limit of the law")
    parser.add_argument("--suspend", action="append", default=[], help="扣除时间 A..B:事由 / time left out")
    parser.add_argument("--until", default="", help="未结束的扣除假定到哪天 / assumed end of an open one")
    _ways(parser)
    _where(parser)


def _between(parser: ArgumentParser) -> None:
    parser.add_argument("a", help="起（不含）/ from, not counted")
    parser.add_argument("b", help="止（含）/ to, counted")
    parser.add_argument("--unit", default="working_day", help="working_day 或者 calendar_day")
    _where(parser)


def _files(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV 文件（UTF-8 或 GBK）/ a CSV file")
    parser.add_argument("--out", type=Path, required=True, help="写到哪个文件 / where to")
    _where(parser)


def _table(parser: ArgumentParser) -> None:
    _files(parser)
    _ways(parser)


def _count(parser: ArgumentParser) -> None:
    _files(parser)
    _zone(parser)


COMMANDS = [
    Command("clock due", "算期限的最后一日 / when a limit ends", due, _due, needs_database=False),
    Command("clock between", "数两日之间的天数 / days between", between, _between, needs_database=False),
    Command("clock table", "成批算期限（CSV）/ due dates of a list", table, _table, needs_database=False),
    Command("clock count", "成批数天数（CSV）/ days between of a list", count, _count, needs_database=False),
]
