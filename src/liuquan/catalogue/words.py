"""Turn a question in plain words into the bigrams and phrases that the search looks up.

`bigrams` cuts any text the same way for the index and for the question, so that Chinese words of two
characters are found without a dictionary. `understand` drops words that only say "I am asking" and adds the
official names for what people call something else. Traditional characters are read as simplified ones, in the
index and in the question. `near_forms` are what a question with one wrong character may have meant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from liuquan.kernel.spelling import NOT_TEXT, SHORTEST_SOUND, folded, initials, plain, syllables

DATA = Path(__file__).parent / "data" / "plain_words.toml"
MAX_QUESTION = 100

#: A name of this many characters may hold one wrong one; a longer one is found by its other pairs.
SHORTEST_MISTYPED, LONGEST_MISTYPED = 3, 16
#: Fewer letters are neither pinyin nor initials: any three stand in some name.
SHORTEST_LETTERS = 4
GLUED = frozenset("想哪能挂开办领")
INSIDE_WORD, ACROSS_WORDS, WEAK_WORD, OTHER_NAME = 1.0, 0.3, 0.25, 0.9


@dataclass(frozen=True)
class Vocabulary:
    """The plain words file: words to leave out, of little weight, for later life, other names, and words that
    say only what a matter begins with."""

    stop: frozenset[str]
    weak: frozenset[str]
    later: tuple[str, ...]
    means: tuple[tuple[str, tuple[str, ...]], ...]
    general: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """A question as understood: weighted bigrams, its words, the bare phrase, the lists' names for it.

    `own` are the bigrams that were asked in so many words, without those of the lists' names;
    `asked` is all that was asked, without punctuation; `general` what such a matter begins with, or empty.
    """

    grams: tuple[str, ...]
    weights: tuple[float, ...]
    words: tuple[str, ...]
    phrase: str
    initials: str
    unmeant: tuple[str, ...]
    official: tuple[tuple[str, ...], ...] = ()
    own: tuple[str, ...] = ()
    asked: str = ""
    general: str = ""

    def __bool__(self) -> bool:
        return bool(self.grams or self.phrase)


@cache
def vocabulary() -> Vocabulary:
    """The words of the data file, read once."""
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    means = [(said, tuple(one["official"])) for one in tables["means"] for said in one["said"]]
    return Vocabulary(
        stop=frozenset(tables["stop"]),
        weak=frozenset(tables["weak"]),
        later=tuple(tables["later"]),
        means=tuple(means),
        general=tuple((said, one["first"]) for one in tables["general"] for said in one["said"]),
    )


def pieces(text: str) -> list[str]:
    """The runs of letters, digits and Han between punctuation."""
    return [piece for piece in NOT_TEXT.split(folded(text)) if piece]


def bigrams(*texts: str) -> list[str]:
    """All pairs of neighbouring characters, once each, not across punctuation; a lone one stays alone."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in pieces(text):
            for at in range(max(len(piece) - 1, 1)):
                found.setdefault(piece[at : at + 2])
    return list(found)


def sort_key(name: str) -> str:
    """The order of Chinese names: pinyin syllable by syllable; compare with the C collation."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a fifth of a second to load

    return " ".join(lazy_pinyin(plain(name), style=Style.TONE3, errors="default"))[:1200]


def pinyin_pattern(typed: str) -> str:
    """A pattern for `syllables` beginning with these letters, typed without blanks; short words: empty."""
    letters = typed if _are_letters(typed) else ""
    return " " + " ?".join(letters) if letters else ""


def sound(phrase: str) -> str:
    """The syllables of a phrase of at least three Han characters, to find what sounds the same; else empty:
    卖房 is not 买房."""
    return syllables(phrase) if len(phrase) >= SHORTEST_SOUND and not phrase.isascii() else ""


@cache
def _sounds_of_said() -> dict[str, str]:
    """The other names of the data file by their initials, their pinyin and their syllables."""
    found: dict[str, str] = {}
    for said, _ in vocabulary().means:
        spoken = syllables(said)
        short = [initials(said)] if len(said) >= SHORTEST_LETTERS else []
        for key in (spoken, spoken.replace(" ", ""), *short):
            found.setdefault(key, said)
    return found


def said_by_sound(phrase: str) -> str:
    """The other name that letters or characters spell, or empty: yyzz is 营业执照, 残及证 is 残疾证."""
    return _sounds_of_said().get(phrase if phrase.isascii() else sound(phrase), "")


def near_forms(phrase: str) -> tuple[str, ...]:
    """LIKE patterns for what this phrase may have meant if one character is wrong, missing or too many.

    Of three characters none may be another: 开药店 is not 开饭店. What sounds the same is found by its sound.
    """
    length = len(phrase)
    if phrase.isascii() or not SHORTEST_MISTYPED <= length <= LONGEST_MISTYPED:
        return ()
    wrong = range(length if length > SHORTEST_MISTYPED else 0)
    forms = [phrase[:at] + "_" + phrase[at + 1 :] for at in wrong]
    forms += [phrase[:at] + "_" + phrase[at:] for at in range(1, length)]
    if length > SHORTEST_MISTYPED:
        forms += [phrase[:at] + phrase[at + 1 :] for at in range(length)]
    return tuple(f"%{form}%" for form in forms)


def understand(text: str) -> Question:
    """What a question in plain words is about. Never refuses: nothing understood gives an empty question."""
    text = text[:MAX_QUESTION]
    known = vocabulary()
    tokens = [(token, _weight(token, known)) for piece in pieces(text) for token in _tokens(piece)]
    weights: dict[str, float] = {}
    _weigh_tokens(tokens, weights)
    own = tuple(weights)
    phrase = plain(text)
    said = (said_by_sound(phrase) or phrase) if phrase.isascii() else phrase
    content = "".join(token for token, weight in tokens if weight)
    official = tuple(tuple(_tokens(name)) for name in _official((said, content), known))
    for name in official:
        _weigh_tokens([(token, OTHER_NAME * _weight(token, known)) for token in name], weights)
    words = tuple(token for token, weight in tokens if weight > WEAK_WORD)
    return Question(
        grams=tuple(weights),
        weights=tuple(weights.values()),
        words=words or tuple(token for token, weight in tokens if weight),
        phrase=content or phrase,
        initials=phrase if _are_letters(phrase) else "",
        unmeant=tuple(word for word in known.later if word not in phrase),
        official=official,
        own=own,
        asked=phrase,
        general=next((first for said, first in known.general if said in phrase or said in content), ""),
    )


def _tokens(piece: str) -> Iterable[str]:
    """The words of a run. The segmenter glues 想开, 哪办, 能领 together: they are verbs, not a thing."""
    import rjieba  # its dictionary takes a tenth of a second to load: not for commands that never search

    for token in rjieba.cut(piece):
        if len(token) == 2 and token[0] in GLUED:
            yield from token
        else:
            yield token


def _weight(token: str, known: Vocabulary) -> float:
    if token in known.stop:
        return 0.0
    if token in known.weak or len(token) == 1:
        return WEAK_WORD
    return INSIDE_WORD


def _weigh_tokens(tokens: list[tuple[str, float]], weights: dict[str, float]) -> None:
    for token, weight in tokens:
        if weight and len(token) > 1:
            for gram in bigrams(token):
                weights[gram] = max(weights.get(gram, 0.0), weight)
    for (left, left_weight), (right, right_weight) in zip(tokens, tokens[1:], strict=False):
        if left_weight or right_weight:
            gram = left[-1] + right[0]
            across = ACROSS_WORDS * max(left_weight, right_weight)
            weights[gram] = max(weights.get(gram, 0.0), across)
    if not weights:
        for token, _ in tokens:
            weights.update(dict.fromkeys(bigrams(token), WEAK_WORD))


def _are_letters(phrase: str) -> bool:
    return len(phrase) >= SHORTEST_LETTERS and phrase.isascii() and phrase.isalpha()


def _official(spoken: tuple[str, str], known: Vocabulary) -> list[str]:
    """The lists' names for what the question names, with or without the asking words: 开个饭馆 is 开饭馆."""
    return [name for said, names in known.means if any(said in one for one in spoken) for name in names]
