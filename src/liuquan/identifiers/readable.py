"""Codes that people read from paper, hear and type: letters without look-alikes, and a check character."""

from __future__ import annotations

from typing import Final

from liuquan.identifiers.text import IdentifierError, first_foreign, plain

#: no 0/O, 1/I/L; 31 characters, a prime: every wrong one and every swap of neighbours changes the check
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BASE: Final = len(ALPHABET)


def drawn_from(random: bytes, length: int) -> str:
    """A code of this length from random bytes; its last character is the check. Give two bytes more than
    the code can hold, so that every code is as likely."""
    number = int.from_bytes(random)
    drawn = ""
    for _ in range(length - 1):
        number, place = divmod(number, _BASE)
        drawn += ALPHABET[place]
    return drawn + _check(drawn)


def parsed(text: str, *, name: str, paper: str, length: int) -> str:
    """The code as stored, from what a person typed. Refuses a wrong length, character or check; `name` and
    `paper` say which code it is and where it is printed."""
    code = plain(text)
    if not code:
        raise IdentifierError("empty", f"没有填写{name}，请填写{paper}上的{length}位{name}。")
    if len(code) != length:
        raise IdentifierError("length", f"{name}应为{length}位，现在是{len(code)}位，请核对。")
    place = first_foreign(code, ALPHABET)
    if place is not None:
        raise IdentifierError(
            "character", f"{name}第{place}位有误：{name}不含数字0、1和字母I、L、O，请核对。", position=place
        )
    if code[-1] != _check(code[:-1]):
        raise IdentifierError("check", f"{name}有误，请对照{paper}逐位核对。")
    return code


def grouped(code: str) -> str:
    """The code in groups of four, for print."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _check(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(c) for weight, c in enumerate(drawn, 2))
    return ALPHABET[total % _BASE]
