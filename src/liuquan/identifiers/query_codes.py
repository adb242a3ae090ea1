"""Query codes: the secret on an acceptance slip that opens a case's progress together with its number.

Ten characters of an alphabet of 31 that a person reads and hears without mistakes (no 0/O, 1/I/L): nine drawn
(44 bits), one check character, so that a slip of the finger is told apart from a guess. Shown in groups:
``K7XQ-4MWP-9C``. The random bytes come from the caller.
"""

from __future__ import annotations

from typing import Final

from liuquan.identifiers.text import IdentifierError, first_foreign, plain

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 characters, a prime: every swap changes the check
_BASE: Final = len(_ALPHABET)
QUERY_CODE_LENGTH: Final = 10
QUERY_CODE_BYTES: Final = 16
"""How many random bytes a code is made of: so many more than needed that every code is as likely."""


def query_code_from(random: bytes) -> str:
    """The code for 16 random bytes (``secrets.token_bytes(QUERY_CODE_BYTES)``). Refuses another length."""
    if len(random) != QUERY_CODE_BYTES:
        raise ValueError(f"a query code is made of {QUERY_CODE_BYTES} random bytes")
    number = int.from_bytes(random)
    drawn = ""
    for _ in range(QUERY_CODE_LENGTH - 1):
        number, place = divmod(number, _BASE)
        drawn += _ALPHABET[place]
    return drawn + _check(drawn)


def parse_query_code(text: str) -> str:
    """The code as stored, from what a person typed. Refuses a wrong length, character or check.

    Says only that the code was mistyped; whether it opens a case is for the caller, with few tries.
    """
    code = plain(text)
    if not code:
        raise IdentifierError("empty", "没有填写查询码，请填写受理单上的10位查询码。")
    if len(code) != QUERY_CODE_LENGTH:
        raise IdentifierError("length", f"查询码应为{QUERY_CODE_LENGTH}位，现在是{len(code)}位，请核对。")
    place = first_foreign(code, _ALPHABET)
    if place is not None:
        raise IdentifierError(
            "character", f"查询码第{place}位有误：查询码不含数字0、1和字母I、L、O，请核对。", position=place
        )
    if code[-1] != _check(code[:-1]):
        raise IdentifierError("check", "查询码有误，请对照受理单逐位核对。")
    return code


def show_query_code(code: str) -> str:
    """The code in groups of four, for a slip."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _check(drawn: str) -> str:
    total = sum(weight * _ALPHABET.index(c) for weight, c in enumerate(drawn, 2))
    return _ALPHABET[total % _BASE]
