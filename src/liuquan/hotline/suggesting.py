"""Which class a text may belong to: by a trained model, or by the words that people use for it. Pure.

A person decides. Labels of a model that are no class of ours are not suggested; a label that is a class above
others narrows to those below it that the words name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from liuquan.hotline.types import ClassSuggestion, RequestClass
from liuquan.kernel.shares import percent

MOST: Final = 3
LEAST_SCORE: Final = 100  #: thousandths below which a model suggests nothing
WHOLE: Final = 1000


@dataclass(frozen=True)
class Meant:
    """What is suggested for a text. `model`: the code of the model, empty by words alone."""

    model: str = ""
    classes: tuple[ClassSuggestion, ...] = ()

    @property
    def first(self) -> ClassSuggestion | None:
        return self.classes[0] if self.classes else None


@dataclass(frozen=True)
class Shown:
    """What was suggested while a request was written down, as it is kept with the ticket. `score` in
    thousandths, nothing by words alone; `seen`: on the operator's `screen` or, for a request that nobody
    wrote down for somebody else, on the `ticket`."""

    model: str = ""
    class_code: str = ""
    score: int | None = None
    second_code: str = ""
    body_code: str = ""
    seen: str = "ticket"

    @classmethod
    def of(cls, meant: Meant, *, body_code: str = "", seen: str = "ticket") -> Shown:
        codes = [one.code for one in meant.classes] + ["", ""]
        score = meant.first.score if meant.first else None
        return cls(meant.model, codes[0], score, codes[1], body_code, seen)


def by_words(text: str, classes: Iterable[RequestClass], *, most: int = MOST) -> tuple[ClassSuggestion, ...]:
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
    return tuple(suggestion for _, suggestion in found[:most])


def by_model(
    scored: Sequence[tuple[str, float]], text: str, classes: Sequence[RequestClass]
) -> tuple[ClassSuggestion, ...]:
    """The classes that a model's labels name, by code or by name, the likeliest first, with their scores."""
    every = {one.code: one for one in classes}
    named = {_plain(one.name): one for one in classes} | every
    worded = by_words(text, classes, most=len(every))
    found: dict[str, ClassSuggestion] = {}
    for label, share in scored:
        score = round(share * WHOLE)
        one = every.get(label) or named.get(_plain(label))
        if one is None or score < LEAST_SCORE:
            continue
        reason = f"模型判断 {percent(score, WHOLE)}%"
        if one.is_top:
            below = [each for each in worded if every[each.code].parent == one.code]
            listed = [
                ClassSuggestion(each.code, each.name, one.name, f"{reason}是{one.name}，{each.reason}", score)
                for each in below
            ]
        else:
            above = every[one.parent].name if one.parent in every else ""
            listed = [ClassSuggestion(one.code, one.name, above, reason, score)]
        for each in listed:
            found.setdefault(each.code, each)
    return tuple(found.values())[:MOST]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
