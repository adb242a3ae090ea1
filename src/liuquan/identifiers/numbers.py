"""Numbers of cases, slips and papers, made from a local pattern: ``{body}{on:%Y%m%d}{serial:06d}``.

Slots: ``body`` ``item`` ``division`` ``kind`` (text), ``on`` (a date with its format), ``year`` and
``serial`` (whole numbers, ``:04d`` for the width). The rest stands as
written: ``云审批字〔{year}〕{serial}号``.
Patterns are local data, so only these slots and these formats are taken: nothing else is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Final

from liuquan.identifiers.text import IdentifierError

_TEXT: Final = {"body", "item", "division", "kind"}
_DATES: Final = {"%Y%m%d": r"\d{8}", "%Y": r"\d{4}", "%Y%m": r"\d{6}", "%y%m%d": r"\d{6}", "%y": r"\d{2}"}
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A checked pattern. Refuses at once: an unknown slot, a format that is not allowed, a missing serial."""

    pattern: str

    def __post_init__(self) -> None:
        self._parts()

    def format(self, **values: str | int | date) -> str:
        """The number made of these values. Refuses a missing value and a result over 64 characters."""
        made: list[str] = []
        for literal, slot, spec in self._parts():
            made.append(literal)
            if not slot:
                continue
            if slot not in values:
                raise IdentifierError("pattern", f"编号规则需要“{slot}”，但没有提供。")
            made.append(_show(slot, spec, values[slot]))
        number = "".join(made)
        if len(number) > _LONGEST:
            raise IdentifierError("length", f"按规则生成的编号超过{_LONGEST}位，请缩短编号规则。")
        return number

    def parse(self, number: str) -> dict[str, str]:
        """The parts of a number as text. Refuses a number of another form."""
        expression, seen = "", set[str]()
        for literal, slot, spec in self._parts():
            expression += re.escape(literal)
            if slot:
                expression += f"(?P={slot})" if slot in seen else f"(?P<{slot}>{_expression(slot, spec)})"
                seen.add(slot)
        found = re.fullmatch(expression, number)
        if found is None:
            raise IdentifierError("pattern", "编号的格式不对，请按接收凭证上的编号填写。")
        return found.groupdict()

    def _parts(self) -> list[tuple[str, str, str]]:
        try:
            parts = [
                (text, slot or "", spec or "", turn)
                for text, slot, spec, turn in Formatter().parse(self.pattern)
            ]
        except ValueError as error:
            raise IdentifierError("pattern", "编号规则的花括号不配对，请核对。") from error
        if not any(slot == "serial" for _, slot, _, _ in parts):
            raise IdentifierError("pattern", "编号规则必须有顺序号“{serial}”，否则编号会重复。")
        for _, slot, spec, turn in parts:
            if turn or (slot and not _allowed(slot, spec)):
                raise IdentifierError("pattern", f"编号规则中的“{{{slot}:{spec}}}”不可用，请核对。")
        return [(text, slot, spec) for text, slot, spec, _ in parts]


def format_number(pattern: str, **values: str | int | date) -> str:
    """Make a number from a pattern and its values. See `NumberPattern`."""
    return NumberPattern(pattern).format(**values)


def parse_number(pattern: str, number: str) -> dict[str, str]:
    """Take a number apart by its pattern. See `NumberPattern`."""
    return NumberPattern(pattern).parse(number)


def _allowed(slot: str, spec: str) -> bool:
    if slot in _TEXT:
        return spec == ""
    if slot == "on":
        return spec in _DATES
    return slot in {"serial", "year"} and re.fullmatch(r"(0[1-9]\d?d)?", spec) is not None


def _show(slot: str, spec: str, value: str | int | date) -> str:
    if slot in _TEXT:
        return str(value)
    if slot == "on":
        if not isinstance(value, date):
            raise IdentifierError("pattern", "编号规则的“on”需要一个日期。")
        return value.strftime(spec)
    if not isinstance(value, int) or value < 0:
        raise IdentifierError("pattern", f"编号规则的“{slot}”需要一个非负整数。")
    return format(value, spec)


def _expression(slot: str, spec: str) -> str:
    if slot in _TEXT:
        return r"[0-9A-Za-z._-]+"
    if slot == "on":
        return _DATES[spec]
    if slot == "year":
        return r"\d{4}"
    return rf"\d{{{int(spec[:-1])},}}" if spec else r"\d+"
