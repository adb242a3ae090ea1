"""A text as numbers: runs of one to three characters, and words from the list of each class.

The same code counts when a model is made and when it is used. A text longer than `LONGEST` is cut there, so
that nobody's essay holds up a counter.
"""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

LONGEST = 4_000
LENGTHS = (1, 2, 3)

Words = Mapping[str, Sequence[str]]


def tidy(text: str) -> str:
    """Full-width as half-width, lower case, blanks as one blank, cut to `LONGEST`."""
    return " ".join(unicodedata.normalize("NFKC", text[: 2 * LONGEST]).lower().split())[:LONGEST]


def halves(subject: str, body: str) -> tuple[str, str]:
    """Subject and body. Without a subject the body's first line is it; without a body the subject is both."""
    subject, body = subject.strip(), body.strip()
    if not subject:
        subject, _, body = body.partition("\n")
    return subject, body.strip() or subject


def grams(text: str) -> list[str]:
    """Every run of one to three characters, as often as it stands there."""
    plain = tidy(text)
    return [plain[at : at + long] for long in LENGTHS for at in range(len(plain) - long + 1)]


def weighed(text: str, places: Mapping[str, int], idf: Any) -> tuple[list[int], list[float]]:
    """The known runs of a text: where each stands, and 1 + log(count) times its rarity, of length one."""
    known = Counter(place for gram in grams(text) if (place := places.get(gram)) is not None)
    values = [(1 + math.log(count)) * idf[place] for place, count in known.items()]
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return list(known), [value / length for value in values]


@cache
def listed(name: str) -> dict[str, tuple[str, ...]]:
    """Words by heading, from `data/NAME.toml`: of classes (`words`), of places (`places`)."""
    text = (files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return {heading: tuple(words.split()) for heading, words in tomllib.loads(text).items()}


class WordList:
    """Counts the listed words of a text, class by class. A long word says more than a short one; a word of
    several classes is shared among them."""

    def __init__(self, words: Words) -> None:
        shared = Counter(word for of_class in words.values() for word in set(of_class))
        self.words = {name: tuple(of_class) for name, of_class in words.items()}
        self._classes: dict[str, list[tuple[int, float]]] = {}
        for place, of_class in enumerate(words.values()):
            for word in of_class:
                share = min(len(word), 4) / 2 / shared[word]
                self._classes.setdefault(word, []).append((place, share))

    def features(self, subject: str, body: str) -> list[float]:
        """For each class how much of the subject's listed words is its own, then the same of the body."""
        return [*self._shares(tidy(subject), once=True), *self._shares(tidy(body), once=False)]

    def _shares(self, plain: str, *, once: bool) -> list[float]:
        totals = [0.0] * len(self.words)
        for word, classes in self._classes.items():
            if word not in plain:
                continue
            often = 1.0 if once else math.log1p(plain.count(word))
            for place, share in classes:
                totals[place] += often * share
        whole = 1 + sum(totals)
        return [total / whole for total in totals]
