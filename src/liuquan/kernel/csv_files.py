"""Lists as files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from liuquan.kernel import moments
from liuquan.kernel.refusals import TooLarge

MOST_LINES = 20_000
#: what a spreadsheet takes for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows with a UTF-8 byte order mark, which spreadsheets need to read Chinese, in a file of this name
    (without `.csv`); moments in Shanghai, nothing empty where there is none, and no text that a spreadsheet
    would calculate."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
    return response


def wants_file(request: HttpRequest) -> bool:
    """Whether `?format=csv` asks for the list as a file."""
    return request.GET.get("format") == "csv"


def file_address(request: HttpRequest) -> str:
    """The address of the same list, narrowed in the same way, as a file of all its pages."""
    query = request.GET.copy()
    query["format"] = "csv"
    query.pop("page", None)
    return f"?{query.urlencode()}"


def check_lines(total: int) -> None:
    """Refuse (413) more lines than a file should have."""
    if total > MOST_LINES:
        raise TooLarge(f"一共{total}条，超过一份文件的{MOST_LINES}条，请按单位筛选以后再下载。")


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(moments.LOCAL):%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
