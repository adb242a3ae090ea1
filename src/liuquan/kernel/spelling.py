"""How a name may be typed: in traditional or full-width characters, in pinyin, by the initials of the pinyin.

Used wherever a list is searched by a name, so that the same letters find the same name on every page.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

NOT_TEXT = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
#: From this many characters on, others that sound the same are taken for a slip.
SHORTEST_SOUND = 3
#: Fewer letters are the initials of too much to mean one word.
SHORTEST_INITIALS = 3


def folded(text: str) -> str:
    """Full-width and traditional characters as the usual ones, letters in lower case."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", text).lower()))


@cache
def _to_simplified() -> OpenCC:
    from opencc import OpenCC  # its tables are read once, and not by commands that never search

    return OpenCC("t2s")


def plain(text: str) -> str:
    """Text as compared: folded, everything but letters, digits and Han left out."""
    return NOT_TEXT.sub("", folded(text))


def initials(name: str) -> str:
    """First letters of the pinyin, as clerks type them: 食品经营许可 is spjyxk."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a fifth of a second to load

    return "".join(lazy_pinyin(plain(name), style=Style.FIRST_LETTER, errors="default"))


def syllables(name: str) -> str:
    """The pinyin without tones, a blank before and after every syllable: " shi pin "."""
    from pypinyin import lazy_pinyin  # as above

    return f" {' '.join(lazy_pinyin(plain(name), errors='default'))} "


def is_said(word: str, asked: str) -> bool:
    """Whether a question, `plain`, names this word: in its characters, by pinyin or initials, or (from three
    characters on) by characters that sound the same."""
    bare, letters, sounds = _spelled(word)
    if bare in asked:
        return bool(bare)
    if asked.isascii():
        return len(asked) >= SHORTEST_INITIALS and asked in (sounds.replace(" ", ""), letters)
    return len(bare) >= SHORTEST_SOUND and sounds in syllables(asked)


def is_found(asked: str, *names: str) -> bool:
    """Whether each word of `asked` stands in one of the names: in characters, as its pinyin or initials from
    the beginning of a syllable, or (from three characters on) by the same sound. No words: every name."""
    spelled = [_spelled(name) for name in names]
    return all(any(_holds(word, one) for one in spelled) for piece in asked.split() if (word := plain(piece)))


def _holds(word: str, spelled: tuple[str, str, str]) -> bool:
    bare, letters, sounds = spelled
    if word in bare:
        return True
    if word.isascii():
        if not word.isalpha() or len(word) < 2:
            return False
        return word in letters or any(
            sounds[at + 1 :].replace(" ", "").startswith(word) for at, one in enumerate(sounds) if one == " "
        )
    return len(word) >= SHORTEST_SOUND and syllables(word) in sounds


@lru_cache(maxsize=4096)
def _spelled(name: str) -> tuple[str, str, str]:
    return plain(name), initials(name), syllables(name)
