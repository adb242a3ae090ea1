"""Lists of dates as CSV: one answer a row, in the order given. A row that cannot be answered stays, with its
sentence and line number in `problem`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from liuquan.clock import Calendar, ClockError, OfficeHours
from liuquan.kernel.refusals import BadInput
from liuquan.timekeeping.questions import Question, Ways, answer, read_day

_USUAL = Question("")
_YES, _NO = frozenset({"1", "yes", "true", "是"}), frozenset({"0", "no", "false", "否"})

Calendars = Callable[[str], Calendar]
Progress = Callable[[int], object]


@dataclass
class ListReport:
    """The result of a list: rows read, rows with a problem, the first problems as (line, sentence)."""

    rows: int = 0
    problems: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def note(self, line: int, sentence: str) -> str:
        """Count a problem and say it with its line."""
        self.problems += 1
        words = f"第{line}行：{sentence}"
        if len(self.first) < 20:
            self.first.append((line, words))
        return words


def table(
    given: Path, out: Path, calendars: Calendars, progress: Progress, usual: Question = _USUAL
) -> ListReport:
    """Columns `start,limit` and optionally `law,suspend,region,extend,no_roll,before,at_least,close,hours`;
    adds `due,provisional,problem`. Several suspensions in one cell are separated by semicolons; yes is
    written 1, yes, true or 是. `usual` holds for every row whose own cell is empty."""

    def answered(row: dict[str, str]) -> dict[str, str]:
        suspensions = tuple(filter(None, (one.strip() for one in row.get("suspend", "").split(";"))))
        question = replace(
            usual,
            start=row["start"],
            limit=row.get("limit", ""),
            law=row.get("law", ""),
            suspensions=suspensions,
            hours=OfficeHours.parse(row["hours"]) if row.get("hours", "").strip() else usual.hours,
            ways=_ways(row, usual.ways),
        )
        found = answer(question, calendars(row.get("region", "").strip()))
        due = found.due_at.isoformat() if found.limit.unit.is_momentary else found.due_on.isoformat()
        return {"due": due, "provisional": "true" if found.provisional else "false"}

    return _through(given, out, ("start", "limit"), ("due", "provisional"), answered, progress)


def _ways(row: dict[str, str], usual: Ways) -> Ways:
    def yes(column: str, otherwise: bool) -> bool:
        word = row.get(column, "").strip().lower()
        if word and word not in _YES | _NO:
            raise ClockError(f"{column} 一列看不懂“{word[:20]}”，请写“是”或者“否”")
        return word in _YES if word else otherwise

    return Ways(
        extend=row.get("extend", "").strip() or usual.extend,
        no_roll=yes("no_roll", usual.no_roll),
        before=yes("before", usual.before),
        at_least=yes("at_least", usual.at_least),
        close=yes("close", usual.close),
    )


def count(
    given: Path, out: Path, calendars: Calendars, progress: Progress, usual: Question = _USUAL
) -> ListReport:
    """Columns `from,to` and optionally `region`; adds `working_days,calendar_days,provisional,problem`: the
    days after `from` up to and including `to`, negative when `to` comes first. In a list of moments a date
    without a time is answered and noted as a problem too: its time was probably lost."""
    has_time: dict[str, bool] = {}

    def answered(row: dict[str, str]) -> dict[str, str]:
        begins, ends = read_day(row["from"], usual.zone), read_day(row["to"], usual.zone)
        calendar = calendars(row.get("region", "").strip())
        unsure = calendar.first_unannounced_between(*sorted((begins, ends)))
        found = {
            "working_days": str(calendar.working_days_between(begins, ends)),
            "calendar_days": str((ends - begins).days),
            "provisional": "true" if unsure else "false",
        }
        for column in ("from", "to"):
            timed = ":" in row[column]
            if has_time.setdefault(column, timed) and not timed:
                found["problem"] = (
                    f"“{row[column].strip()[:30]}”只有日期没有时间，与前面的行不一致，请补上时间"
                )
        return found

    added = ("working_days", "calendar_days", "provisional")
    return _through(given, out, ("from", "to"), added, answered, progress)


def _through(
    given: Path,
    out: Path,
    needed: tuple[str, ...],
    added: tuple[str, ...],
    answered: Callable[[dict[str, str]], dict[str, str]],
    progress: Progress,
) -> ListReport:
    report = ListReport()
    if out.exists() and out.samefile(given):
        raise BadInput("输出文件不能就是输入文件，请换一个文件名。", code="same_file")
    try:
        lines = StringIO(_text(given), newline="")
        target = out.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"打不开“{error.filename}”：{error.strerror}，请核对路径。", code="no_file") from error
    with target:
        reader = csv.reader(lines, strict=True)
        header = [name.strip() for name in next(reader, [])]
        absent = [name for name in needed if name not in header]
        if absent:
            raise BadInput(f"第1行缺少列 {'、'.join(absent)}，第一行应当写列名 {','.join(needed)}。")
        writer = csv.writer(target)
        writer.writerow([*header, *added, "problem"])
        for line, cells, trouble in _rows(reader):
            report.rows += 1
            progress(1)
            values, problem = dict.fromkeys(added, ""), ""
            if trouble or len(cells) != len(header):
                problem = report.note(line, trouble or f"有 {len(cells)} 列，应当是 {len(header)} 列")
                cells = (cells + [""] * len(header))[: len(header)]
            else:
                try:
                    values |= answered(dict(zip(header, cells, strict=True)))
                    if doubt := values.pop("problem", ""):
                        problem = report.note(line, doubt)
                except ClockError as error:
                    problem = report.note(line, str(error))
            writer.writerow([*cells, *values.values(), problem])
    return report


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str], str]]:
    """Each row with the line it ends on; blank lines are skipped."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, [], f"引号不成对或者格式有误（{error}）"  # type: ignore[attr-defined]
            continue
        if cells:
            yield reader.line_num, cells, ""  # type: ignore[attr-defined]


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"“{path}”既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8。", code="encoding")
