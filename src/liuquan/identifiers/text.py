"""What people type, made plain: full-width characters, spaces and dashes of every kind."""

from __future__ import annotations

from typing import Literal

#: What is wrong with an identifier: a stable word for programs.
Fault = Literal["empty", "length", "character", "region", "date", "check", "pattern", "unknown"]


class IdentifierError(ValueError):
    """An identifier that cannot be right. ``sentence`` is for who typed it, ``fault`` for programs.

    The sentence never repeats the value: it may be somebody's identity.
    """

    def __init__(self, fault: Fault, sentence: str, *, position: int | None = None) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.sentence = sentence
        self.position = position


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IGNORED = dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff-‐‑‒–—－_·"))
_PLAIN = {**_FULL_WIDTH, **_IGNORED}


def plain(text: str) -> str:
    """Full-width forms made half-width, separators taken out, letters made capital (ASCII only)."""
    return "".join(c.upper() if c.isascii() else c for c in text.translate(_PLAIN))


def half_width(text: str) -> str:
    """Full-width forms made half-width and white space taken out; dashes and case stay."""
    return "".join(text.translate(_FULL_WIDTH).split())


def is_digits(text: str) -> bool:
    """ASCII digits only, at least one."""
    return text.isascii() and text.isdigit()


def first_foreign(text: str, alphabet: str) -> int | None:
    """Place (from 1) of the first character outside the alphabet."""
    return next((place for place, c in enumerate(text, 1) if c not in alphabet), None)
