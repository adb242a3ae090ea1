"""Resident identity numbers (GB 11643) and the 18-character permits built like them.

Seventeen digits and a check character, ISO 7064 MOD 11-2. The library that checks the digit refuses the
residence permits of Hong Kong, Macao and Taiwan (810000, 820000, 830000) and every region code it does not
know; a person must not be turned away because a county was renamed, so the region is checked to the province.

Cites: 居民身份证法 第三条, 港澳台居民居住证申领发放办法 第七条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from stdnum.cn import ric

from liuquan.identifiers.text import IdentifierError, first_foreign, is_digits, plain

FICTIONAL_PROVINCE: Final = "99"
"""Given to no province: places and people of demonstrations and tests carry it."""

_PROVINCES: Final = frozenset(
    str(code)
    for group in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72))
    for code in range(*group)
)
_PERMITS: Final = {"810000": "hong_kong_permit", "820000": "macao_permit", "830000": "taiwan_permit"}
_OLDEST_YEARS: Final = 130

ResidentKind = Literal[
    "resident", "hong_kong_permit", "macao_permit", "taiwan_permit", "foreign_permanent", "fictional"
]


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A valid number: 18 characters, its kind, the region of first registration, the birth date."""

    number: str
    kind: ResidentKind
    region: str
    born_on: date

    @property
    def is_fictional(self) -> bool:
        """Whether it belongs to nobody: region 99, for demonstrations."""
        return self.kind == "fictional"

    @property
    def masked(self) -> str:
        """First character and the last two, as papers and lists may show it."""
        return f"{self.number[0]}{'*' * 15}{self.number[-2:]}"


def resident_check(first_seventeen: str) -> str:
    """The check character (0–9 or X) for the first 17 digits."""
    return ric.calc_check_digit(first_seventeen + "0")


def parse_resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """Read a resident id; with ``today`` also refuse a birth date in the future or 130 years ago.

    Refuses: empty, 15 digits (given up since 2013), wrong length, a character that is no digit, a region of
    no province, a day that does not exist, a wrong check character: this one last, so that the fault "check"
    says that everything else is as in a resident id.
    """
    number = plain(text)
    _check_characters(number)
    kind = _kind(number)
    born_on = _birth_date(number, today)
    if number[17] != resident_check(number[:17]):
        raise IdentifierError("check", "身份证号有一位不对，请从头到尾逐位核对。", position=18)
    return ResidentId(number, kind, number[:6], born_on)


def _check_characters(number: str) -> None:
    if not number:
        raise IdentifierError("empty", "没有填写身份证号，请填写18位号码。")
    if len(number) == 15 and is_digits(number):
        raise IdentifierError("length", "15位身份证号已停止使用，请填写身份证上的18位号码。")
    if len(number) != 18:
        raise IdentifierError("length", f"身份证号应为18位，现在是{len(number)}位，请核对有无漏填或多填。")
    place = first_foreign(number[:17], "0123456789")
    if place is not None:
        raise IdentifierError("character", f"身份证号第{place}位应为数字，请核对。", position=place)
    if number[17] not in "0123456789X":
        raise IdentifierError("character", "身份证号最后一位应为数字或者字母X，请核对。", position=18)


def _kind(number: str) -> ResidentKind:
    if number[:6] in _PERMITS:
        return _PERMITS[number[:6]]  # type: ignore[return-value]
    if number[:2] in _PROVINCES:
        return "resident"
    if number[:2] == FICTIONAL_PROVINCE:
        return "fictional"
    if number[0] == "9" and number[1:3] in _PROVINCES:
        return "foreign_permanent"
    raise IdentifierError("region", "身份证号前六位不是有效的行政区划代码，请核对第1至6位。", position=1)


def _birth_date(number: str, today: date | None) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentifierError("date", "身份证号第7至14位不是有效的出生日期，请核对。", position=7) from None
    if today is not None and born_on > today:
        raise IdentifierError("date", "身份证号中的出生日期晚于今天，请核对第7至14位。", position=7)
    if today is not None and today.year - born_on.year > _OLDEST_YEARS:
        raise IdentifierError("date", "身份证号中的出生日期过早，请核对第7至14位。", position=7)
    return born_on
