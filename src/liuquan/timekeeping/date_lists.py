"""Lists of dates as CSV: one answer a row, in the order given. A row that cannot be answered stays, with its
sentence and line number in `problem`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from liuquan.clock import Calendar, ClockError
from liuquan.kernel.refusals import BadInput
from liuquan.timekeeping.questions import Question, answer, read_day

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


def table(given: Path, out: Path, calendars: Calendars, progress: Progress) -> ListReport:
    """Columns `start,limit` and optionally `law,suspend,region`; adds `due,provisional,problem`. Several
    suspensions in one cell are separated by semicolons."""

    def answered(row: dict[str, str]) -> dict[str, str]:
        suspensions = tuple(filter(None, (one.strip() for one in row.get("suspend", "").split(";"))))
        question = Question(row["start"], row.get("limit", ""), row.get("law", ""), suspensions)
        found = answer(question, calendars(row.get("region", "").strip()))
        due = found.due_at.isoformat() if found.limit.unit.is_momentary else found.due_on.isoformat()
        return {"due": due, "provisional": "true" if found.provisional else "false"}

    return _through(given, out, ("start", "limit"), ("due", "provisional"), answered, progress)


def count(given: Path, out: Path, calendars: Calendars, progress: Progress) -> ListReport:
    """Columns `from,to` and optionally `region`; adds `working_days,calendar_days,problem`: the days after
    `from` up to and including `to`. In a list of moments a date without a time is a problem: its time was
    probably lost."""
    has_time: dict[str, bool] = {}

    def answered(row: dict[str, str]) -> dict[str, str]:
        for column in ("from", "to"):
            timed = ":" in row[column]
            if has_time.setdefault(column, timed) and not timed:
                raise ClockError(
                    f"“{row[column].strip()[:30]}”只有日期没有时间，与前面的行不一致，请补上时间"
                )
        begins, ends = read_day(row["from"]), read_day(row["to"])
        if ends < begins:
            raise ClockError(f"止 {ends} 早于起 {begins}，请核对日期")
        working = calendars(row.get("region", "").strip()).working_days_between(begins, ends)
        return {"working_days": str(working), "calendar_days": str((ends - begins).days)}

    return _through(given, out, ("from", "to"), ("working_days", "calendar_days"), answered, progress)


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
        lines = _text(given).splitlines(keepends=True)
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
