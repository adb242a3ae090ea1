"""Query codes: the secret on an acceptance slip that opens a case's progress together with its number.

Ten characters of an alphabet of 31 that a person reads and hears without mistakes (no 0/O, 1/I/L): nine drawn
(44 bits), one check character, so that a slip of the finger is told apart from a guess. Shown in groups:
``K7XQ-4MWP-9C``. The random bytes come from the caller.
"""

from __future__ import annotations

from typing import Final

from liuquan.identifiers import readable

QUERY_CODE_LENGTH: Final = 10
QUERY_CODE_BYTES: Final = 16
"""How many random bytes a code is made of: so many more than needed that every code is as likely."""


def query_code_from(random: bytes) -> str:
    """The code for 16 random bytes (``secrets.token_bytes(QUERY_CODE_BYTES)``). Refuses another length."""
    if len(random) != QUERY_CODE_BYTES:
        raise ValueError(f"a query code is made of {QUERY_CODE_BYTES} random bytes")
    return readable.drawn_from(random, QUERY_CODE_LENGTH)


def parse_query_code(text: str) -> str:
    """The code as stored, from what a person typed. Refuses a wrong length, character or check.

    Says only that the code was mistyped; whether it opens a case is for the caller, with few tries.
    """
    return readable.parsed(text, name="查询码", paper="受理单", length=QUERY_CODE_LENGTH)


def show_query_code(code: str) -> str:
    """The code in groups of four, for a slip."""
    return readable.grouped(code)
