"""Draft codes: what a person notes down to go on later with what was begun.

Twelve characters of the readable alphabet: eleven drawn (54 bits), one check character. It is on no paper.
"""

from __future__ import annotations

from typing import Final

from liuquan.identifiers import readable

DRAFT_CODE_LENGTH: Final = 12
DRAFT_CODE_BYTES: Final = 16
"""How many bytes a code is made of: so many more than needed that every code is as likely."""


def draft_code_from(secret: bytes) -> str:
    """The code for 16 bytes that nobody can guess. Refuses another length."""
    if len(secret) != DRAFT_CODE_BYTES:
        raise ValueError(f"a draft code is made of {DRAFT_CODE_BYTES} bytes")
    return readable.drawn_from(secret, DRAFT_CODE_LENGTH)


def parse_draft_code(text: str) -> str:
    """The code as stored, from what a person typed. Refuses a wrong length, character or check: this says
    nothing about whether there is such a draft."""
    return readable.parsed(text, name="草稿码", paper="记下的草稿码", length=DRAFT_CODE_LENGTH)


def show_draft_code(code: str) -> str:
    """The code in groups of four, for people."""
    return readable.grouped(code)
