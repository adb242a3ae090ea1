"""The signature of a text: texts that say nearly the same share some of its bands, and no word can be read
from it.

A MinHash over pairs of characters, hashed with the site's key, cut into bands; two texts that share a third
of their pairs have a band in common more often than not, unrelated ones almost never."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

from liuquan.kernel.secrecy import blind_index

BANDS: Final = 24
ROWS: Final = 2  #: values a band
_PURPOSE: Final = "hotline.bands"
_LARGEST: Final = (1 << 61) - 1  #: a prime: the hashes are a·x + b modulo it
_COEFFICIENTS: Final = tuple(
    (
        int.from_bytes(hashlib.sha256(f"a{at}".encode()).digest()[:7], "big") | 1,
        int.from_bytes(hashlib.sha256(f"b{at}".encode()).digest()[:7], "big"),
    )
    for at in range(BANDS * ROWS)
)


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters that carry meaning, in one form of width and case."""
    plain = [c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum()]
    return {a + b for a, b in zip(plain, plain[1:], strict=False)}


def bands(text: str) -> list[str]:
    """The bands of a text, sixteen hexadecimal digits each; none of a text without a pair."""
    found = pairs(text)
    if not found:
        return []
    key = blind_index("bands", purpose=_PURPOSE)
    hashed = [
        int.from_bytes(hashlib.blake2b(pair.encode(), key=key, digest_size=7).digest(), "big")
        for pair in found
    ]
    least = [min((a * one + b) % _LARGEST for one in hashed) for a, b in _COEFFICIENTS]
    return [_band(at, least[at * ROWS : (at + 1) * ROWS]) for at in range(BANDS)]


def _band(at: int, values: list[int]) -> str:
    return hashlib.blake2b(f"{at}:{values}".encode(), digest_size=8).hexdigest()
