"""The signature of a text: texts that say nearly the same share some of its bands, and no word can be read
from it.

A MinHash over pairs of characters, hashed with the site's key, cut into bands; two texts that share a third
of their pairs have a band in common more often than not, unrelated ones almost never."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from typing import Final

from liuquan.kernel.secrecy import blind_index

BANDS: Final = 24
ROWS: Final = 2  #: values a band
KEPT: Final = 8192  #: pairs whose values are kept in a process, some 2 kB each
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
    return bands_of(least_values(found)) if found else []


def least_values(found: set[str]) -> list[int]:
    """The least value that one of these pairs, of which there is at least one, has under each coefficient."""
    key = blind_index("bands", purpose=_PURPOSE)
    return [min(values) for values in zip(*(_values(pair, key) for pair in found), strict=True)]


def bands_of(least: list[int]) -> list[str]:
    """The bands of a text by its least values."""
    return [_band(at, least[at * ROWS : (at + 1) * ROWS]) for at in range(BANDS)]


@lru_cache(maxsize=KEPT)
def _values(pair: str, key: bytes) -> tuple[int, ...]:
    """What a pair is hashed to under each coefficient; kept, since a text is asked about again with each word
    that is typed."""
    hashed = int.from_bytes(hashlib.blake2b(pair.encode(), key=key, digest_size=7).digest(), "big")
    return tuple((a * hashed + b) % _LARGEST for a, b in _COEFFICIENTS)


def _band(at: int, values: list[int]) -> str:
    return hashlib.blake2b(f"{at}:{values}".encode(), digest_size=8).hexdigest()
