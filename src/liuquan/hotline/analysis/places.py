"""Places that a text names: an administrative area, and the estate, road, school or market in it.

Found by the words that places end with; no list of places, so that it serves any city. A guess for grouping,
never an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import rjieba

from liuquan.hotline.analysis.grams import listed

AREA = re.compile(r"[a-z]?\d*[a-z]?\d+(?:市|区|县)|[a-z]\d*(?:市|区|县)|[一-鿿]{2,3}(?:省|市|自治州|区|县)")
_ENDS = listed("places")["ends"]
_LAST_SIGNS = frozenset(word[-1] for word in _ENDS)
_SORTS = frozenset(word for word in _ENDS if len(word) > 1)
_NO_PLACE = frozenset(listed("places")["no_place"])
_BEFORE = frozenset(listed("places")["before"])
_WORD = re.compile(r"^[一-鿿a-z0-9·]+$")
_LONGEST, _MOST_WORDS = 12, 3


def places_in(text: str) -> list[str]:
    """The places named, each once, in their order, without the areas they lie in."""
    return list(dict.fromkeys(named(rjieba.cut(without_areas(text.lower())))))


def areas_in(text: str) -> list[str]:
    """The administrative areas named, each once."""
    return list(dict.fromkeys(AREA.findall(text.lower())))


def without_areas(text: str) -> str:
    """The text with a blank for each area, so that what follows is read as words of its own."""
    return AREA.sub(" ", text)


def named(words: Sequence[str]) -> Iterator[str]:
    """The places among the words of a text."""
    for at, word in enumerate(words):
        if (
            word[-1] not in _LAST_SIGNS
            or not word.endswith(_ENDS)
            or word in _BEFORE
            or not _WORD.match(word)
        ):
            continue
        found = _backwards(words, at)
        if len(found) >= 3 and found not in _NO_PLACE and not AREA.fullmatch(found):
            yield found


def _backwards(words: Sequence[str], at: int) -> str:
    """The place that ends with this word: a word that only says what sort of place it is needs its name, and
    takes the words before it up to one that cannot belong to a name."""
    found, taken = words[at], 1
    whole = found not in _NO_PLACE and found not in _SORTS and len(found) > 2 and found[0] != "之"
    if whole:
        return found
    for word in reversed(words[max(at - _MOST_WORDS, 0) : at]):
        is_part = (
            _WORD.match(word) and word not in _BEFORE and not AREA.search(word) and word[-1] not in "市区县"
        )
        if not is_part or taken > _MOST_WORDS or len(found) + len(word) > _LONGEST:
            break
        found, taken = word + found, taken + 1
        if len(word) > 1:
            break
    return found if taken > 1 else ""
