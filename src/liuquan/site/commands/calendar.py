"""`calendar read-notice` and `load`: a new holiday notice from its own words to every open deadline.

Progress goes to standard error and only to a terminal.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from liuquan.casework import reprojection
from liuquan.casework.reprojection import Reprojection
from liuquan.clock import ClockError, DayKind, HolidayNotice, read_notice
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM
from liuquan.site.clocks import loading
from liuquan.site.commands import Answer, Command

_WORDS = {DayKind.OFF: "放假", DayKind.WORKING: "上班"}


def read(asked: Namespace) -> Answer:
    """The days a notice names, or the words that cannot be read. Nothing is stored."""
    try:
        text = sys.stdin.read() if str(asked.file) == "-" else asked.file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"打不开“{asked.file}”：{error.strerror}，请核对路径。", code="no_file") from error
    except UnicodeDecodeError as error:
        raise BadInput("文件不是 UTF-8 编码，请另存为 UTF-8。", code="encoding") from error
    try:
        found = read_notice(text, asked.year)
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
        "year": found.year, "title": found.title, "number": found.number,
        "issued": found.issued_on.isoformat() if found.issued_on else None, "whole_year": found.whole_year,
        "days": [
            {"date": day.on.isoformat(), "is_off": day.kind is DayKind.OFF, "name": day.reason}
            for day in found.days
        ],
    }  # fmt: skip


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
    now = moments.now()
    told: list[str] = []
    data: dict[str, Any] = {"dry_run": asked.dry_run, "notices": []}
    for order in loading.read_file(asked.file, region=asked.region):
        found = loading.effect(order)
        changed = 0
        if not asked.dry_run:
            changed = loading.load(order, by=SYSTEM, now=now).changed
        total = reprojection.open_count(since=found.since) if found.since and not order.region else 0
        with tqdm(
            total=total, unit="条", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
        ) as bar:
            if asked.dry_run:
                report = loading.preview(found, bar.update)
            else:
                report = loading.reproject(found, now=now, progress=bar.update)
        told += _told(order, found, report, asked.dry_run)
        data["notices"].append(_reported(order, found, report, changed))
    return Answer("\n".join(told), data)


def _told(order: loading.Order, found: loading.Effect, report: Reprojection, dry: bool) -> list[str]:
    would = "将" if dry else "已"
    told = [f"{order.source}：{len(order.days)} 日。"]
    if found.since is None:
        return [*told, "  与现行日历一致，没有变化。"]
    told.append(
        f"  自 {found.since} 起变动；查看未结期限 {report.examined} 条，{would}重新推算 {report.changed} 条"
        f"（{report.cases} 件），其中移动 {report.moved} 条，由暂定转为确定 {report.firm} 条。"
    )
    told += [f"  {days:+d} 日：{many} 条" for days, many in sorted(report.by_days.items())]
    return told


def _reported(
    order: loading.Order, found: loading.Effect, report: Reprojection, changed: int
) -> dict[str, Any]:
    return {
        "title": order.title, "number": order.number, "region": order.region, "days": len(order.days),
        "days_changed": changed, "since": found.since.isoformat() if found.since else None,
        "deadlines_examined": report.examined, "deadlines_changed": report.changed,
        "deadlines_moved": report.moved, "became_firm": report.firm, "cases": report.cases,
        "moved_by_days": {str(days): many for days, many in sorted(report.by_days.items())},
    }  # fmt: skip


def _read(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="通知原文，- 为标准输入 / the notice's words, - for stdin")
    parser.add_argument("--year", type=int, help="通知没有写明时的年份 / the year, where the text names none")
    parser.add_argument("--toml", action="store_true", help="写成日历文件 / as a calendar file")


def _load(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="2027.toml 或者通知原文 / a calendar file or a notice")
    parser.add_argument("--dry-run", action="store_true", help="只看影响，不写入 / only say what would move")
    parser.add_argument("--region", default="", help="地方放假的行政区划代码 / a place's own days")


COMMANDS = [
    Command("calendar read-notice", "读放假通知 / read a holiday notice", read, _read, needs_database=False),
    Command("calendar load", "载入放假通知并重新推算期限 / load a notice", load, _load),
]
