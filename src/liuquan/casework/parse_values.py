"""Parse the values given with an act as days and whole numbers, or refuse with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.kernel import dates
from liuquan.kernel.refusals import BadInput


def day(value: Any, name: str, label: str) -> date:
    """A day in Asia/Shanghai. Refuses (422) anything else, naming the field."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        lacking = dates.without_year(value) if isinstance(value, str) else ""
        sentence = f"{label}：{lacking}" if lacking else f"“{label}”应当写成 2026-03-20 这样的日期。"
        raise BadInput(sentence, fields={name: sentence}) from None


def whole_number(value: Any, name: str, label: str) -> int:
    """A whole number. Refuses (422) anything else, naming the field."""
    try:
        return int(str(value))
    except ValueError:
        sentence = f"“{label}”应当是整数。"
        raise BadInput(sentence, fields={name: sentence}) from None
