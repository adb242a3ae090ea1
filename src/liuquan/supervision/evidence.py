"""The evidence that a rule selected, in words: its columns as people call them, units, moments. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from liuquan.clock import SHANGHAI, Unit

#: columns of rules, by the word for people; `amount` is shown with its `unit`
WORDS: Final = {
    "label": "期限或者情形",
    "amount": "期限长短",
    "anchor_at": "起算时间",
    "due_on": "最后一日",
    "known_size": "已见证的条数",
    "offered_size": "被拒绝的检查点的条数",
}
#: columns by which programs find the clock or the fault, which `label` names for people
INNER: Final = ("clock_key", "step", "unit", "fault")


def words(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the rule selected, column by column; a column that has no word is under 其他."""
    for name, value in evidence.items():
        if name not in INNER:
            yield WORDS.get(name, "其他"), _value(name, value, evidence)


def _value(name: str, value: Any, evidence: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return "—"
    if name == "amount" and evidence.get("unit"):
        return f"{value}{Unit(evidence['unit']).label}"
    if name.endswith("_at"):
        return f"{datetime.fromisoformat(str(value)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if name.endswith("_on"):
        return date.fromisoformat(str(value)).isoformat()
    return str(value)
