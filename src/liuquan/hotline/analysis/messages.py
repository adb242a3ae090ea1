"""Messages out of a spreadsheet: columns found by their headings, empty rows left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from liuquan.kernel.refusals import BadInput

NUMBER, WRITER, SUBJECT, BODY = "留言编号", "留言用户", "留言主题", "留言详情"
WRITTEN, REPLY, REPLIED = "留言时间", "答复意见", "答复时间"
MOST_BYTES = 200_000_000
_DAY = re.compile(r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """One message. `written_on` and `replied_on` are days in Asia/Shanghai, or nothing."""

    number: str
    subject: str
    body: str
    writer: str = ""
    written_on: date | None = None
    reply: str = ""
    replied_on: date | None = None

    @property
    def text(self) -> str:
        """Subject and body."""
        return f"{self.subject}\n{self.body}".strip()


def read_sheet(path: Path, needed: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The rows of the first sheet that has any, by heading. Refuses what is no spreadsheet, one without rows
    and one that lacks a column."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(
                f"“{path.name}”超过{MOST_BYTES // 1_000_000}兆字节，请分成几个文件。", code="too_large"
            )
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except OSError as error:
        raise BadInput(
            f"打不开“{path}”：{error.strerror or '读不到'}，请核对路径。", code="no_file"
        ) from error
    except CalamineError as error:
        raise BadInput(f"“{path.name}”不是 xlsx 表格，请用表格软件另存为 xlsx。", code="not_xlsx") from error
    filled = [[row for row in sheet if any(_said(cell) for cell in row)] for sheet in sheets]
    rows = next((sheet for sheet in filled if sheet), [])
    headings = [_said(cell) for cell in rows[0]] if rows else []
    if missing := [name for name in needed if name not in headings]:
        there = "、".join(name for name in headings if name) or "空表"
        raise BadInput(f"没有“{missing[0]}”一列，表里有：{there}。请核对列名。", code="no_column")
    if len(rows) < 2:
        raise BadInput(f"“{path.name}”没有数据行，请核对文件。", code="no_rows")
    return [dict(zip(headings, row, strict=False)) for row in rows[1:]]


def read_messages(path: Path, *, text: Sequence[str] = (), needed: Sequence[str] = ()) -> list[Message]:
    """The messages of a file, with the columns `text` in place of subject and body where some are named."""
    rows = read_sheet(path, (NUMBER, *text, *needed))
    _check_text(rows[0], text)
    return [message_of(row, text) for row in rows]


def read_labelled(path: Path, label: str, *, text: Sequence[str] = ()) -> tuple[list[Message], list[str]]:
    """The messages of a file and the class of each, which may be empty. Numbers are not needed."""
    rows = read_sheet(path, (label, *text))
    _check_text(rows[0], text)
    return [message_of(row, text) for row in rows], [number_of(row.get(label)) for row in rows]


def message_of(row: Row, text: Sequence[str] = ()) -> Message:
    """One row as a message."""
    subject, body = (row.get(SUBJECT), row.get(BODY)) if _is_usual(text) else ("", _joined(row, text))
    return Message(
        number=number_of(row.get(NUMBER)),
        subject=_said(subject),
        body=_said(body),
        writer=_said(row.get(WRITER)),
        written_on=day_of(row.get(WRITTEN)),
        reply=_said(row.get(REPLY)),
        replied_on=day_of(row.get(REPLIED)),
    )


def number_of(value: object) -> str:
    """A number as people write it: 24, not 24.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _said(value)


def day_of(value: object) -> date | None:
    """The day of a cell, with or without a time of day; nothing where there is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not (found := _DAY.match(_said(value))):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _check_text(row: Row, text: Sequence[str]) -> None:
    if not text and SUBJECT not in row and BODY not in row:
        raise BadInput(f"没有“{SUBJECT}”或者“{BODY}”一列，请用 --text 指明正文在哪一列。", code="no_column")


def _is_usual(text: Sequence[str]) -> bool:
    return not text or set(text) <= {SUBJECT, BODY}


def _joined(row: Row, text: Sequence[str]) -> str:
    return "\n".join(_said(row.get(name)) for name in text)


def _said(value: object) -> str:
    return "" if value is None else str(value).strip()
