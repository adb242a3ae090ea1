"""National division codes of twelve digits: province 2, city 2, county 2, town 3, village 3.

Standards: GB/T 2260 and GB/T 10114. The level follows from the trailing zeros; a town in a city without
counties skips level 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liuquan.identifiers.text import IdentifierError, is_digits, plain

_ENDS: Final = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A code of 12 digits; ``level`` 1 province, 2 city, 3 county, 4 town, 5 village."""

    code: str
    level: int

    @property
    def short(self) -> str:
        """The part that means something: 99, 9901, 990121, 990121100, 990121100201."""
        return self.code[: _ENDS[self.level - 1]]

    def lies_in(self, other: DivisionCode) -> bool:
        """Whether this division is the other one or lies inside it, by the digits."""
        return self.code.startswith(other.short)


def parse_division_code(text: str) -> DivisionCode:
    """Read a division code; 2, 4, 6 or 9 digits are filled up with zeros. Refuses any other length, and
    characters that are no digits."""
    number = plain(text)
    if not number:
        raise IdentifierError("empty", "没有填写行政区划代码，请填写12位数字。")
    if not is_digits(number):
        raise IdentifierError("character", "行政区划代码应全部为数字，请核对。")
    if len(number) not in _ENDS:
        raise IdentifierError("length", f"行政区划代码应为12位，现在是{len(number)}位，请核对。")
    code = number.ljust(12, "0")
    if code.startswith("00"):
        raise IdentifierError("region", "行政区划代码前两位不能为00，请核对。", position=1)
    level = next(level for level, end in enumerate(_ENDS, 1) if not code[end:].strip("0"))
    return DivisionCode(code, level)
