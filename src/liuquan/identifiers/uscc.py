"""Unified social credit codes (GB 32100—2015): 18 characters that name one organisation.

Place 1 the registering authority, 2 the kind, 3–8 the region, 9–17 the organisation code (GB 11714), 18 the
check character, weights 3^(i-1) modulo 31 over an alphabet without I, O, S, V, Z. Places 1 and 2 may be
letters (Y is "other"), which the library does not allow: only its arithmetic is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stdnum.cn import uscc

from liuquan.identifiers.text import IdentifierError, first_foreign, plain

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOKS_LIKE: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}


@dataclass(frozen=True, slots=True)
class Uscc:
    """A valid code and its parts. ``authority`` 1 编制, 5 民政, 9 市场监管, Y 其他 …"""

    number: str

    @property
    def authority(self) -> str:
        return self.number[0]

    @property
    def region(self) -> str:
        return self.number[2:8]

    @property
    def organisation_code(self) -> str:
        return self.number[8:17]


def uscc_check(first_seventeen: str) -> str:
    """The check character for the first 17."""
    return uscc.calc_check_digit(first_seventeen)


_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check(first_eight: str) -> str:
    """The check character of an organisation code (GB 11714): 11 less the weighted sum modulo 11; ten is X,
    eleven is 0."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first_eight, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def parse_organisation_code(text: str) -> str:
    """Read an organisation code, with or without its hyphen: nine characters.

    Refuses: empty, wrong length, other characters than digits and capital letters, a wrong check character.
    """
    number = plain(text)
    if len(number) != 9:
        raise IdentifierError("length", f"组织机构代码应为9位，现在是{len(number)}位，请核对。")
    place = first_foreign(number[:8], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if place is not None:
        raise IdentifierError("character", f"组织机构代码第{place}位应为数字或者大写字母。", position=place)
    if number[8] != organisation_check(number[:8]):
        raise IdentifierError("check", "组织机构代码有一位不对，请核对前8位。", position=9)
    return number


def parse_uscc(text: str) -> Uscc:
    """Read a unified social credit code.

    Refuses: empty, wrong length, a character outside the alphabet (naming the look-alike), a region that is
    not six digits, a wrong check character.
    """
    number = plain(text)
    if not number:
        raise IdentifierError("empty", "没有填写统一社会信用代码，请填写18位代码。")
    if len(number) == 15:
        raise IdentifierError(
            "length", "填写的是15位，像是旧的注册号，请填写营业执照上18位的统一社会信用代码。"
        )
    if len(number) != 18:
        raise IdentifierError(
            "length", f"统一社会信用代码应为18位，现在是{len(number)}位，请核对有无漏填或多填。"
        )
    _check_characters(number)
    if number[17] != uscc_check(number[:17]):
        raise IdentifierError("check", "统一社会信用代码有一位不对，请从头到尾逐位核对。", position=18)
    return Uscc(number)


def _check_characters(number: str) -> None:
    place = first_foreign(number, _ALPHABET)
    if place is not None:
        wrong = number[place - 1]
        if wrong in _LOOKS_LIKE:
            sentence = (
                f"统一社会信用代码不使用字母I、O、S、V、Z，请核对第{place}位是否应为“{_LOOKS_LIKE[wrong]}”。"
            )
        else:
            sentence = f"统一社会信用代码第{place}位应为数字或者大写字母，请核对。"
        raise IdentifierError("character", sentence, position=place)
    place = first_foreign(number[2:8], "0123456789")
    if place is not None:
        raise IdentifierError(
            "character",
            f"统一社会信用代码第3至8位是行政区划，应为数字，请核对第{place + 2}位。",
            position=place + 2,
        )
