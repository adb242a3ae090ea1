"""Reads a list of service items from a delimited text file. Pure: bytes in, rows and complaints out.

Good rows are accepted; bad rows are reported with the number a spreadsheet shows (the header is row 1) and
one sentence with the reason. Nothing is lost or invented. A file that cannot be read as a list is refused as
a whole. What comes from a spreadsheet may be hostile: formulas, control characters, giant cells, an unclosed
quotation mark that swallows the rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from liuquan.kernel.refusals import BadInput, TooLarge

from .text_files import decode, lines_of
from .types import ItemType, RejectedRow

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 2_000
MAX_NAME = 200
MAX_LINES_OF_A_ROW = 20

#: Column → the names it may have in the header.
COLUMNS = {
    "department": ("department", "部门", "实施主体", "实施主体名称", "部门名称"),
    "main_item": ("main_item", "主项", "主项名称"),
    "name": ("name", "事项名称", "名称"),
    "area_code": ("area_code", "行政区划代码", "区划代码"),
    "item_code": ("item_code", "实施编码", "事项编码"),
    "task_type": ("task_type", "事项类型代码", "事项类型编码"),
    "dept_code": ("dept_code", "部门代码", "实施主体编码", "实施主体代码"),
    "task_type_name_guess": ("task_type_name_guess", "事项类型", "事项类型名称"),
    "link": ("link", "网址", "链接", "办事指南地址"),
}
REQUIRED = ("department", "name", "area_code", "item_code", "task_type")
LABELS = {
    "department": "部门",
    "main_item": "主项",
    "name": "事项名称",
    "area_code": "区划代码",
    "item_code": "事项编码",
    "task_type": "事项类型代码",
    "dept_code": "部门代码",
    "task_type_name_guess": "事项类型",
    "link": "网址",
}


@dataclass(frozen=True)
class ListedItem:
    """One good row, as it stands in the file, without white space around the cells."""

    row: int
    department: str
    name: str
    area_code: str
    item_code: str
    item_type: ItemType
    main_item: str = ""
    dept_code: str = ""
    link: str = ""


@dataclass(frozen=True)
class ItemListFile:
    """What a file holds: `rows` is the number of rows with any text; notes say what was assumed."""

    rows: int
    items: tuple[ListedItem, ...]
    rejected: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


def read_item_list(content: bytes) -> ItemListFile:
    """The rows of the file. Refuses, as a whole: nothing in it, too large, not text, no header, no rows."""
    if len(content) > MAX_BYTES:
        size, most = len(content) // 1024 // 1024, MAX_BYTES // 1024 // 1024
        raise TooLarge(f"文件有{size}兆，超过{most}兆，请拆成几个文件再导入。")
    text, notes = decode(content)
    lines = lines_of(text)
    header, separator, first = _header(lines)
    items: list[ListedItem] = []
    rejected: list[RejectedRow] = []
    seen: dict[str, int] = {}
    rows = 0
    for row, cells, problem in _records(lines, first, separator, len(header)):
        rows += 1
        if rows > MAX_ROWS:
            raise TooLarge(f"文件超过{MAX_ROWS}行，请拆成几个文件再导入；本次没有导入任何一行。")
        reason = problem or _row_reason(header, cells)
        values = dict(zip(header, cells, strict=False))
        if not reason:
            reason = _repeat_reason(values["item_code"], row, seen)
        if reason:
            rejected.append(RejectedRow(row, reason))
        else:
            items.append(_listed_item(row, values))
    if not rows:
        raise BadInput("文件只有表头，没有任何一行事项，请核对是否选错了文件。", code="no_rows")
    return ItemListFile(rows, tuple(items), tuple(rejected), tuple(notes))


def _header(lines: list[str]) -> tuple[list[str], str, int]:
    """The columns by our names, the separator, and the index of the first line after the header."""
    at = next((at for at, line in enumerate(lines) if line.strip()), None)
    if at is None:
        raise BadInput("文件是空的，没有可以导入的内容，请核对是否选错了文件。", code="empty_file")
    line = lines[at]
    separator = max(",\t;", key=lambda sign: line.count(sign))
    cells = next(csv.reader([line], delimiter=separator), [])
    known = {name: column for column, names in COLUMNS.items() for name in names}
    header = [known.get(cell.strip().lower(), f"?{cell.strip()}") for cell in cells]
    if missing := [column for column in REQUIRED if column not in header]:
        names = "、".join(f"{column}（{LABELS[column]}）" for column in missing)
        raise BadInput(
            f"第{at + 1}行应当是表头，但缺少列：{names}。请补上表头，或者核对是否选错了文件。",
            code="header_missing",
            details={"row": at + 1, "missing": missing},
        )
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise BadInput(
            f"第{at + 1}行表头里“{'、'.join(twice)}”出现了两次，请删去一列。", code="header_repeated"
        )
    return header, separator, at + 1


def _records(
    lines: list[str], first: int, separator: str, width: int
) -> Iterator[tuple[int, list[str], str]]:
    """Each record with its row number, and what is wrong with its form.

    An unclosed quotation mark would swallow the rows that follow. So if a record does not end within a few
    lines or has the wrong number of cells, only its first line is rejected and reading continues after it.
    """
    at = row = first
    while at < len(lines):
        row += 1
        cells, used, problem = _one_record(lines, at, separator, width)
        at += used
        if problem or any(cell.strip() for cell in cells):
            yield row, [cell.strip(" \t\r\n\u3000\u200b\ufeff") for cell in cells], problem


def _one_record(lines: list[str], at: int, separator: str, width: int) -> tuple[list[str], int, str]:
    alone = _parse(lines[at : at + 1], separator)
    if alone is not None:
        return alone, 1, ""
    for used in range(2, MAX_LINES_OF_A_ROW + 1):
        if at + used > len(lines):
            break
        together = _parse(lines[at : at + used], separator)
        if together is not None and len(together) == width:
            return together, used, ""
    if len(lines[at]) > MAX_CELL * width:
        return [], 1, f"这一行有{len(lines[at])}个字符，远超正常长度，没有读入。"
    return [], 1, "引号没有成对，分不清单元格，请检查这一行的引号。"


def _parse(lines: list[str], separator: str) -> list[str] | None:
    """The cells of one record, or None when a quotation mark stays open or stands in a wrong place."""
    try:
        records = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else [] if not records else None


def _row_reason(header: list[str], cells: list[str]) -> str:
    """Why this row cannot be imported; empty if it can."""
    if len(cells) != len(header):
        differ = len(cells) - len(header)
        told = f"多了{differ}列" if differ > 0 else f"少了{-differ}列"
        return f"有{len(cells)}列，表头是{len(header)}列，{told}，可能整行错位。"
    values = dict(zip(header, cells, strict=True))
    if reason := _hostile(values):
        return reason
    wrong = [reason for column, reason in _column_reasons(values)]
    if len([column for column, _ in _column_reasons(values) if column in _SHIFT_SIGNS]) >= 2:
        return "几列的内容都对不上表头，疑似整行错位：" + "；".join(wrong)
    return "；".join(wrong)


_SHIFT_SIGNS = frozenset({"area_code", "item_code", "task_type", "dept_code", "link"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._-]{2,62}[0-9A-Za-z])")


def _hostile(values: dict[str, str]) -> str:
    for column, cell in values.items():
        label = LABELS.get(column, column.removeprefix("?"))
        if len(cell) > MAX_CELL:
            return f"“{label}”有{len(cell)}个字符，超过{MAX_CELL}个，不像正常内容。"
        if "\x00" in cell:
            return f"“{label}”含有空字符（NUL），文件可能已经损坏。"
        if "\ufffd" in cell:
            return f"“{label}”含有无法识别的字符，请用 UTF-8 或者 GBK 重新保存这一行。"
        if _CONTROL.search(cell):
            return f"“{label}”含有控制字符，请重新录入这一格。"
        if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and len(cell) > 1):
            return f"“{label}”以“{cell[0]}”开头，像是表格公式，请改为普通文字。"
        if re.search(r"<\s*[/!a-zA-Z]", cell):
            return f"“{label}”含有网页代码，请改为普通文字。"
    return ""


def _column_reasons(values: dict[str, str]) -> list[tuple[str, str]]:
    """The faults of each column, in the standard order of columns."""
    found = [(column, f"没有填写{LABELS[column]}") for column in REQUIRED if not values[column]]
    name, area, code = values["name"], values["area_code"], values["item_code"]
    if len(name) > MAX_NAME:
        found.append(("name", f"事项名称有{len(name)}个字，超过{MAX_NAME}个"))
    if name and not re.search(r"[\u3400-\u9fffA-Za-z]", name):
        found.append(("name", f"事项名称“{_short(name)}”没有文字"))
    if area and not re.fullmatch(r"\d{6}|\d{9}|\d{12}", area):
        found.append(("area_code", f"区划代码“{_short(area)}”不是6、9或12位数字"))
    if code and not _CODE.fullmatch(code):
        found.append(("item_code", f"事项编码“{_short(code)}”不是4至64位的字母、数字和 - . _"))
    kind = values["task_type"]
    if kind and _item_type(kind) is None:
        found.append(("task_type", f"事项类型代码“{_short(kind)}”不在国家标准的代码表里"))
    dept = values.get("dept_code", "")
    if dept and not re.fullmatch(r"[0-9A-Za-z-]{1,64}", dept):
        found.append(("dept_code", f"部门代码“{_short(dept)}”不是字母和数字"))
    link = values.get("link", "")
    if link and not re.match(r"https?://", link):
        found.append(("link", f"网址“{_short(link)}”不是 http 开头的地址"))
    if len(values["department"]) > 100:
        found.append(("department", "部门名称超过100个字"))
    return [*found, *_guess_reason(kind, values.get("task_type_name_guess", ""))]


def _guess_reason(kind: str, guess: str) -> list[tuple[str, str]]:
    """The type's name, where it is given, must be that of the type's code."""
    item_type = _item_type(kind)
    if guess and item_type is not None and guess != item_type.label:
        return [("task_type_name_guess", f"事项类型代码是{item_type.label}，名称却写“{_short(guess)}”")]
    return []


def _item_type(code: str) -> ItemType | None:
    """The type of a code, with or without its leading zero. Cites: GB/T 39046—2020 A.1"""
    try:
        return ItemType(code.zfill(2))
    except ValueError:
        return None


def _repeat_reason(code: str, row: int, seen: dict[str, int]) -> str:
    first = seen.setdefault(code, row)
    return "" if first == row else f"事项编码“{code}”与第{first}行重复，没有读入；以第{first}行为准。"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def _listed_item(row: int, values: dict[str, str]) -> ListedItem:
    item_type = _item_type(values["task_type"])
    if item_type is None:
        raise AssertionError("the row was checked before")
    return ListedItem(
        row=row,
        department=values["department"],
        name=values["name"],
        area_code=values["area_code"],
        item_code=values["item_code"],
        item_type=item_type,
        main_item=values.get("main_item", ""),
        dept_code=values.get("dept_code", ""),
        link=values.get("link", ""),
    )
