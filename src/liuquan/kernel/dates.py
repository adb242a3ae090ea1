"""Dates as people write them: 2026-09-28, 2026年9月28日, 2026.9.28, 2026/9/28, 20260928, full-width too.

The one parser of what is typed on a page. Refused with what to do next: a date without its year or with half
of it, a day that does not exist, anything else. Programs write ISO 8601 only, which the API reads itself.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import Final

from liuquan.kernel.refusals import BadInput

_BETWEEN: Final = r"(?:\s*[年月./\-]\s*|\s+)"
_WHOLE: Final = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})\s*[日号]?")
_RUN_TOGETHER: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR: Final = re.compile(rf"\d{{1,3}}{_BETWEEN}\d{{1,2}}{_BETWEEN}\d{{1,2}}\s*[日号]?")
_NO_YEAR: Final = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}})\s*[日号]?")
EXAMPLE: Final = "2026-03-20"


def read(text: str) -> date:
    """The day that was typed, in Asia/Shanghai. Raises `ValueError` with the sentence for who typed it."""
    typed = unicodedata.normalize("NFKC", text).strip()
    found = _WHOLE.fullmatch(typed) or _RUN_TOGETHER.fullmatch(typed)
    if found is None:
        raise ValueError(_why_not(typed))
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_no_such_day(year, month, day)) from None


def asked(text: str, field: str, label: str = "") -> date:
    """The day that was typed in this field. Refuses (422), naming the field."""
    try:
        return read(text)
    except ValueError as why:
        sentence = f"{label}：{why}" if label else str(why)
        raise BadInput(sentence, fields={field: sentence}) from None


def as_iso(text: str) -> str:
    """What was typed, by ISO 8601; as it is where it cannot be read, for who judges it to refuse."""
    try:
        return read(text).isoformat()
    except ValueError:
        return text


def without_year(text: str) -> str:
    """The sentence for a date without its year; empty for anything else."""
    found = _NO_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"日期少了年份，请写上年份，例如 2026年{int(found[1])}月{int(found[2])}日。" if found else ""


def _no_such_day(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"一年只有1月到12月，没有{month}月，请核对。"
    if year == 0:
        return f"年份请写四位，例如 {EXAMPLE}。"
    return f"{year}年{month}月没有{day}日，最后一天是{monthrange(year, month)[1]}日，请核对。"


def _why_not(typed: str) -> str:
    if lacking := without_year(typed):
        return lacking
    if _SHORT_YEAR.fullmatch(typed):
        return f"年份请写四位，例如 {EXAMPLE}。"
    return f"看不懂日期“{typed[:30]}”，日期应当写成 {EXAMPLE} 或者 2026年3月20日。"
