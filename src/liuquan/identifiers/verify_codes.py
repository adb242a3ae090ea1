"""Verify codes: what is printed beside the QR of a paper, with which anyone finds the paper's place in the
record.

Twelve characters of the readable alphabet: eleven drawn (54 bits), one check character. Two more than the
query code of a case has, so that the two on one slip are not taken for each other. Shown in groups:
``K7XQ-4MWP-9CDE``. It tells no name, but it is not to be found by trying either: the bytes come from a secret
key.
"""

from __future__ import annotations

from typing import Final

from liuquan.identifiers import readable

VERIFY_CODE_LENGTH: Final = 12
VERIFY_CODE_BYTES: Final = 16
"""How many bytes a code is made of: so many more than needed that every code is as likely."""


def verify_code_from(secret: bytes) -> str:
    """The code for 16 bytes that nobody can guess. Refuses another length."""
    if len(secret) != VERIFY_CODE_BYTES:
        raise ValueError(f"a verify code is made of {VERIFY_CODE_BYTES} bytes")
    return readable.drawn_from(secret, VERIFY_CODE_LENGTH)


def parse_verify_code(text: str) -> str:
    """The code as stored, from what a person typed or a QR held. Refuses a wrong length, character or check:
    one changed character is always noticed."""
    return readable.parsed(text, name="核验码", paper="文书", length=VERIFY_CODE_LENGTH)


def show_verify_code(code: str) -> str:
    """The code in groups of four, for print."""
    return readable.grouped(code)
