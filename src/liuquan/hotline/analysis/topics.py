"""Hot topics: many messages about one matter at one place.

Each message becomes its words and pairs of neighbouring words, rare ones heavier, those of the subject twice;
two are about one matter when their cosine reaches `LIKE`. The message with most such neighbours is a topic's
middle, its neighbours belong to it, and so on with what is left (star clustering); then the same once more
with the topics themselves, so that a matter told in two ways is one. The same file gives the same topics.
Words that stand in more than `MOST_ROWS` messages join nothing: time grows with the messages, not with their
square. What one person writes many times counts as one voice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, Final

import rjieba

from liuquan.hotline.analysis.grams import listed, tidy
from liuquan.hotline.analysis.messages import Message
from liuquan.hotline.analysis.places import areas_in, named, without_areas

LIKE: Final = 0.3  #: messages
LIKE_TOPICS: Final = 0.22  #: topics, whose middles lie in a cloud of words
#: a word of more messages than this joins nothing (or of more than one in `MOST_SHARE`, if that is more)
MOST_ROWS: Final = 400
MOST_SHARE: Final = 100
_BODY: Final = 300  #: characters of the body that are read
_ROWS_AT_ONCE: Final = 2_000
_SHOWN_WORDS: Final = 5
_WIDE: Final = ("街道", "镇", "乡")
GENERAL: Final = frozenset(listed("places")["general"])

Silent: Callable[[int], object] = lambda _: None  # noqa: E731


@dataclass(frozen=True)
class Topic:
    """One topic. `writers` are different people where the file names them; `messages` are their numbers, the
    middle of the topic first."""

    rank: int
    words: tuple[str, ...]
    place: str
    size: int
    writers: int
    first_on: date | None
    last_on: date | None
    messages: tuple[str, ...]


def hot_topics(
    messages: Sequence[Message], *, top: int = 5, least: int = 2, on_row: Callable[[int], object] = Silent
) -> list[Topic]:
    """The `top` topics of at least `least` messages: first what most people wrote about, of equal ones what
    more messages are about, then the more recent. Where no writer is named, each message is one's own."""
    read = []
    for message in messages:
        read.append(_Read.of(message))
        on_row(1)
    groups = [group for group in _groups(_matrix(read)) if len(group) >= least]
    groups.sort(key=lambda group: _heat([messages[one] for one in group]))
    hottest = groups[:top]
    shown = {word for group in hottest for one in group for word in read[one].single}
    often = Counter(word for one in read for word in one.single & shown)
    return [
        _topic(rank, [messages[one] for one in group], [read[one] for one in group], often, len(read))
        for rank, group in enumerate(hottest, 1)
    ]


def _heat(members: Sequence[Message]) -> tuple[int, int, int, str]:
    last = max((one.written_on for one in members if one.written_on), default=date.min)
    return (-_writers(members), -len(members), -last.toordinal(), members[0].number)


def _writers(members: Sequence[Message]) -> int:
    return len({one.writer or (one.number,) for one in members})


@dataclass(frozen=True)
class _Read:
    """The words of one message, the places and the administrative areas it names."""

    words: tuple[str, ...]
    weights: dict[str, float]
    places: tuple[str, ...]
    areas: tuple[str, ...]
    single: frozenset[str]

    @classmethod
    def of(cls, message: Message) -> _Read:
        subject, body = tidy(message.subject), tidy(message.body[: 2 * _BODY])[:_BODY]
        weights: dict[str, float] = {}
        places: list[str] = []
        single: set[str] = set()
        for text, weight in ((subject, 2.0), (body, 1.0)):
            words = rjieba.cut(without_areas(text))
            places += named(words)
            for run in _runs(words):
                weights[run] = max(weights.get(run, 0.0), weight)
            single.update(word for word in words if word in weights and word not in GENERAL)
        areas = areas_in(subject) or areas_in(body)
        return cls(tuple(weights), weights, tuple(dict.fromkeys(places)), tuple(areas), frozenset(single))


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Words of two or more characters, and each with the next."""
    before = ""
    for word in words:
        if len(word) < 2 or not word[0].isalnum():
            before = ""
            continue
        yield word
        if before:
            yield before + word
        before = word


def _matrix(read: Sequence[_Read]) -> Any:
    """Every message as a row of length one; columns are words, of which the rare weigh more."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags
    from sklearn.preprocessing import normalize

    places: dict[str, int] = {}
    columns = [places.setdefault(word, len(places)) for one in read for word in one.words]
    values = [one.weights[word] for one in read for word in one.words]
    ends = np.cumsum([0, *(len(one.words) for one in read)])
    rows = csr_matrix((values, columns, ends), shape=(len(read), max(len(places), 1)), dtype=np.float32)
    often = np.bincount(rows.indices, minlength=rows.shape[1])
    kept = np.flatnonzero((often > 1) & (often <= max(MOST_ROWS, len(read) // MOST_SHARE)))
    if not len(kept):
        return csr_matrix((len(read), 0), dtype=np.float32)
    rarity = np.log(len(read) / often[kept])
    return normalize(rows[:, kept] @ diags(rarity.astype(np.float32))).tocsr()


def _groups(rows: Any) -> list[list[int]]:
    """The messages of each topic, in two rounds: messages around a middle, then topics around a topic."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    first = list(_stars(_neighbours(rows, LIKE))) if rows.shape[1] else []
    if not first:
        return []
    members = [one for group in first for one in group]
    ends = np.cumsum([0, *map(len, first)])
    of_group = csr_matrix(
        (np.ones(len(members), np.float32), members, ends), shape=(len(first), rows.shape[0])
    )
    second = _stars(_neighbours(normalize(of_group @ rows).tocsr(), LIKE_TOPICS), alone=True)
    return [[one for group in together for one in first[group]] for together in second]


def _neighbours(rows: Any, like: float) -> list[Any]:
    """For each row those that are about the same, itself among them."""
    import numpy as np

    across = rows.T.tocsr()
    found: list[Any] = []
    for start in range(0, rows.shape[0], _ROWS_AT_ONCE):
        alike = (rows[start : start + _ROWS_AT_ONCE] @ across).tocsr()
        for at in range(alike.shape[0]):
            part = slice(alike.indptr[at], alike.indptr[at + 1])
            found.append(np.sort(alike.indices[part][alike.data[part] >= like]))
    return found


def _stars(neighbours: Sequence[Any], *, alone: bool = False) -> Iterator[list[int]]:
    """Groups around those with most neighbours; each stands in one at most. `alone` also gives the lonely."""
    taken = bytearray(len(neighbours))
    for middle in sorted(range(len(neighbours)), key=lambda one: (-len(neighbours[one]), one)):
        if taken[middle] or (len(neighbours[middle]) < 2 and not alone):
            continue
        group = [middle, *(int(one) for one in neighbours[middle] if one != middle and not taken[one])]
        for one in group:
            taken[one] = 1
        yield group


def _topic(
    rank: int, members: Sequence[Message], read: Sequence[_Read], often: Counter[str], total: int
) -> Topic:
    days = sorted(one.written_on for one in members if one.written_on)
    place = _place(read)
    return Topic(
        rank=rank,
        words=_words(read, often, total, place),
        place=place,
        size=len(members),
        writers=_writers(members),
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        messages=tuple(one.number for one in members),
    )


def _place(members: Sequence[_Read]) -> str:
    """The administrative area and the place that most members name; of equal ones the longer, which says
    more. An area counts where half of them name it, a place where a quarter does."""
    area = _commonest([one.areas for one in members], 0.5 * len(members))
    place = _commonest([one.places for one in members], 0.25 * len(members))
    return area.upper() + place.upper()


def _commonest(of_members: Sequence[tuple[str, ...]], least: float) -> str:
    counts = Counter(name for names in of_members for name in names)
    # A street office or a town is wider than what lies in it, and is named beside it.
    said = {name: count * (0.6 if name.endswith(_WIDE) else 1) for name, count in counts.items()}
    found, many = max(said.items(), key=lambda one: (one[1], len(one[0]), one[0]), default=("", 0))
    if many < least:
        return ""
    fuller = [name for name, count in counts.items() if found in name and count >= 0.6 * many]
    return max(fuller, key=lambda name: (len(name), name), default="")


def _words(members: Sequence[_Read], often: Counter[str], total: int, place: str) -> tuple[str, ...]:
    """The single words that stand in most members and in few others."""
    counts = Counter(word for one in members for word in one.single)
    ranked = sorted(counts, key=lambda word: (-counts[word] * log(total / often[word]), -len(word), word))
    least = max(2, 0.3 * len(members))
    chosen = [word for word in ranked if counts[word] >= least and word.upper() not in place]
    return tuple(chosen[:_SHOWN_WORDS])
