"""Mobile numbers of mainland China: eleven digits, the first 1, the second 3–9; +86 in front is taken off."""

from __future__ import annotations

from liuquan.identifiers.text import IdentifierError, first_foreign, plain


def parse_mobile(text: str) -> str:
    """Read a mobile number. Refuses: empty, a character that is no digit, wrong length, a wrong beginning."""
    number = plain(text).replace("(", "").replace(")", "")
    if number.startswith("+86"):
        number = number[3:]
    elif number.startswith("0086"):
        number = number[4:]
    elif len(number) == 13 and number.startswith("86"):
        number = number[2:]
    if not number:
        raise IdentifierError("empty", "没有填写手机号码，请填写11位号码。")
    place = first_foreign(number, "0123456789")
    if place is not None:
        raise IdentifierError("character", f"手机号码第{place}位应为数字，请核对。", position=place)
    if len(number) != 11:
        raise IdentifierError("length", f"手机号码应为11位，现在是{len(number)}位，请核对。")
    if number[0] != "1" or number[1] not in "3456789":
        raise IdentifierError("pattern", "手机号码应以13至19开头，请核对前两位。", position=1)
    return number
