"""Which class a text may belong to, by the words that people use for it. Pure.

A person decides; a trained model may stand in the place of `by_words` with the same arguments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from liuquan.hotline.types import ClassSuggestion, RequestClass

MOST: Final = 3


def by_words(text: str, classes: Iterable[RequestClass]) -> tuple[ClassSuggestion, ...]:
    """The classes of the second level whose name or words stand in the text, the one with most first."""
    plain = _plain(text)
    every = {one.code: one for one in classes}
    found: list[tuple[int, ClassSuggestion]] = []
    for one in every.values():
        said = [word for word in (one.name, *one.words) if word and _plain(word) in plain]
        if one.is_top or not said:
            continue
        above = every[one.parent].name if one.parent in every else ""
        reason = "说到" + "、".join(f"“{word}”" for word in said)
        found.append((sum(map(len, said)), ClassSuggestion(one.code, one.name, above, reason)))
    found.sort(key=lambda pair: (-pair[0], pair[1].code))
    return tuple(suggestion for _, suggestion in found[:MOST])


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
