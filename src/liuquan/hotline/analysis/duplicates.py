"""Has this been said before? By place and words, so that a clerk sees it while taking the call.

Two messages are alike when they share pairs of neighbouring characters; a rare pair counts more than one that
stands in most candidates. Where both places are known and differ, the same words are another matter: a street
lamp here is not the lamp there. A person decides whether it is one matter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liuquan.hotline.analysis.grams import tidy

LEAST: Final = 0.3
_SAME_PLACE, _OTHER_PLACE = 1.15, 0.5
_LONGEST: Final = 600


@dataclass(frozen=True)
class Candidate:
    """An earlier message. `place` may be empty."""

    number: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Similar:
    """An earlier message that may be about the same. `score` is from 0 to 1; `same_place` is nothing where a
    place is not known; `shared` shows some of the runs of characters that both have."""

    number: str
    score: float
    same_place: bool | None
    shared: tuple[str, ...]


def similar(
    text: str, place: str, candidates: Iterable[Candidate], *, at_least: float = LEAST
) -> list[Similar]:
    """The candidates that may be about the same as this text, the most alike first."""
    ours = _pairs(text)
    earlier = [(one, theirs, ours & theirs) for one in candidates if (theirs := _pairs(one.text))]
    often = Counter(pair for _, _, both in earlier for pair in both)
    rare = {pair: math.log(1 + (1 + len(earlier)) / (1 + often[pair])) for pair in ours}
    found = []
    for one, theirs, both in earlier:
        if not both:
            continue
        same = _same_place(place, one.place)
        # Half by all that either says, half by the shorter one, of which the longer may be a fuller telling.
        told = _sum(both, rare) / _sum(ours, rare) if len(ours) <= len(theirs) else len(both) / len(theirs)
        score = (len(both) / len(ours | theirs) + told) / 2
        if same is not None:
            score *= _SAME_PLACE if same else _OTHER_PLACE
        if score >= at_least:
            runs = sorted(both, key=lambda pair: (-rare[pair], pair))[:5]
            found.append(Similar(one.number, round(min(score, 1.0), 3), same, tuple(runs)))
    return sorted(found, key=lambda one: (-one.score, one.number))


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in tidy(text)[:_LONGEST] if sign.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _sum(pairs: Iterable[str], rare: dict[str, float]) -> float:
    return math.fsum(rare[pair] for pair in pairs)


def _same_place(ours: str, theirs: str) -> bool | None:
    ours, theirs = tidy(ours), tidy(theirs)
    if not ours or not theirs:
        return None
    return ours in theirs or theirs in ours
