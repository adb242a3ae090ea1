"""`calendar read-notice`, `load` and `close`: a new holiday notice from its own words to every open deadline.

Progress goes to standard error and only to a terminal.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tqdm import tqdm

from liuquan import law
from liuquan.casework.actions import reprojection
from liuquan.casework.actions.reprojection import Reprojection
from liuquan.clock import ClockError, DayKind, HolidayNotice, read_notice
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM
from liuquan.site.commands import Answer, Command
from liuquan.timekeeping import calendar_changes
from liuquan.timekeeping.calendar_changes import CalendarChange, CalendarEffect
from liuquan.timekeeping.questions import read_day

_WORDS = {DayKind.OFF: "放假", DayKind.WORKING: "上班"}


def read(asked: Namespace) -> Answer:
    """The days a notice names, or the words that cannot be parsed. Nothing is stored."""
    try:
        text = sys.stdin.read() if str(asked.file) == "-" else asked.file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"打不开“{asked.file}”：{error.strerror}，请核对路径。", code="no_file") from error
    except UnicodeDecodeError as error:
        raise BadInput("文件不是 UTF-8 编码，请另存为 UTF-8。", code="encoding") from error
    try:
        found = read_notice(text, asked.year, law.national_calendar())
    except ClockError as error:
        raise BadInput(f"{error}。", code="notice") from error
    if asked.toml:
        return Answer(_toml(found), _data(found))
    told = [f"{found.year}年 {found.title} {found.number}".strip()]
    told += [
        f"  {day.on} 周{'一二三四五六日'[day.on.weekday()]} {_WORDS[day.kind]} {day.reason}"
        for day in found.days
    ]
    told.append("七个节日齐全，全年都已公布。" if found.whole_year else "没有写齐七个节日，只公布这些日期。")
    return Answer("\n".join(told), _data(found))


def _data(found: HolidayNotice) -> dict[str, Any]:
    return {
        "year": found.year,
        "title": found.title,
        "number": found.number,
        "issued": found.issued_on.isoformat() if found.issued_on else None,
        "whole_year": found.whole_year,
        "days": [
            {"date": day.on.isoformat(), "is_off": day.kind is DayKind.OFF, "name": day.reason}
            for day in found.days
        ],
    }


def _toml(found: HolidayNotice) -> str:
    """The notice in the form of the law's calendar files."""
    lines = [
        f"year = {found.year}",
        "",
        "[[notices]]",
        f'title = "{found.title}"',
        f'number = "{found.number}"',
    ]
    lines += [f"issued = {found.issued_on}"] if found.issued_on else []
    lines.append('verification = "V2"')
    for name in dict.fromkeys(day.reason for day in found.days):
        lines += ["", "[[notices.holidays]]", f'name = "{name}"']
        for key, kind in (("off", DayKind.OFF), ("work", DayKind.WORKING)):
            days = [str(day.on) for day in found.days if day.reason == name and day.kind is kind]
            lines += [f"{key} = [{', '.join(days)}]"] if days else []
    return "\n".join(lines)


def load(asked: Namespace) -> Answer:
    """Load a notice and count every open deadline again; with `--dry-run` only say what would move."""
    return _carried_out(calendar_changes.read_file(asked.file, region=asked.region), asked.dry_run)


def close(asked: Namespace) -> Answer:
    """Enter or withdraw a place's own holiday or a body's closure, and recount the affected deadlines."""
    change = calendar_changes.closure(
        place=asked.place,
        worked=asked.work,
        first=_day(asked.first),
        last=_day(asked.last or asked.first),
        name=asked.name,
        title=asked.title,
        number=asked.number,
        issued_on=_day(asked.issued),
    )
    return _carried_out((change,), asked.dry_run)


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ClockError as error:
        raise BadInput(f"{error}。", code="bad_date") from error


def _carried_out(changes: Iterable[CalendarChange], dry_run: bool) -> Answer:
    now = moments.now()
    told: list[str] = []
    data: dict[str, Any] = {"dry_run": dry_run, "notices": []}
    for change in changes:
        found = calendar_changes.effect(change)
        changed = 0
        if not dry_run:
            changed = calendar_changes.load(change, by=SYSTEM, now=now).changed
        total = reprojection.open_count(since=found.since) if found.since else 0
        with tqdm(
            total=total, unit="条", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
        ) as bar:
            if dry_run:
                report = calendar_changes.preview(found, bar.update)
            else:
                report = calendar_changes.reproject(found, now=now, progress=bar.update)
        told += _told(change, found, report, dry_run)
        data["notices"].append(_reported(change, found, report, changed))
    return Answer("\n".join(told), data)


def _told(
    change: CalendarChange,
    found: CalendarEffect,
    report: Reprojection,
    dry: bool,
) -> list[str]:
    would = "将" if dry else "已"
    told = [f"{change.source}：{len(change.days)} 日。"]
    if found.since is None:
        return [*told, "  与现行日历一致，没有变化。"]
    told.append(
        f"  自 {found.since} 起变动；查看未结期限 {report.examined} 条，{would}重新推算 {report.changed} 条"
        f"（{report.cases} 件），其中移动 {report.moved} 条，由暂定转为确定 {report.firm} 条。"
    )
    told += [f"  {days:+d} 日：{many} 条" for days, many in sorted(report.by_days.items())]
    return told


def _reported(
    change: CalendarChange,
    found: CalendarEffect,
    report: Reprojection,
    changed: int,
) -> dict[str, Any]:
    return {
        "title": change.title,
        "number": change.number,
        "region": change.region,
        "days": len(change.days),
        "days_changed": changed,
        "since": found.since.isoformat() if found.since else None,
        "deadlines_examined": report.examined,
        "deadlines_changed": report.changed,
        "deadlines_moved": report.moved,
        "became_firm": report.firm,
        "cases": report.cases,
        "moved_by_days": {str(days): many for days, many in sorted(report.by_days.items())},
    }


def _read(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="通知原文，- 为标准输入 / the notice's words, - for stdin")
    parser.add_argument("--year", type=int, help="通知没有写明时的年份 / the year, where the text names none")
    parser.add_argument("--toml", action="store_true", help="写成日历文件 / as a calendar file")


def _load(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="2027.toml 或者通知原文 / a calendar file or a notice")
    parser.add_argument("--dry-run", action="store_true", help="只看影响，不写入 / only say what would move")
    parser.add_argument("--region", default="", help="地方的行政区划代码 / a place's own days")


def _close(parser: ArgumentParser) -> None:
    parser.add_argument("place", help="行政区划代码或者机关的统一社会信用代码 / a division or a body")
    parser.add_argument("first", help="第一日 / first day, 2026-07-08")
    parser.add_argument("last", nargs="?", default="", help="最后一日，缺省同第一日 / last day, included")
    parser.add_argument("--name", required=True, help="节日或者事由 / holiday or reason")
    parser.add_argument("--title", required=True, help="所依据的决定或者公告 / the document it rests on")
    parser.add_argument("--number", default="", help="文号 / its number")
    parser.add_argument("--issued", required=True, help="发布日期 / the day it was issued")
    parser.add_argument("--work", action="store_true", help="改为上班（更正用）/ worked again, to correct")
    parser.add_argument("--dry-run", action="store_true", help="只看影响，不写入 / only say what would move")


COMMANDS = [
    Command("calendar read-notice", "读放假通知 / read a holiday notice", read, _read, needs_database=False),
    Command("calendar load", "载入放假通知并重新推算期限 / load a notice", load, _load),
    Command("calendar close", "登记地方放假或者机关停止办公 / a place's or body's own days", close, _close),
]
