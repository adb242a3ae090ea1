"""Whether the cited articles say the law book's numbers: each dated value against the article's own words.

A number is looked for as laws write it, in Chinese numerals or Arabic digits, with its unit (二十日, 20个
工作日, 三个月, 百分之二, 三分之二, 两名). Finding it proves little; not finding it is worth a look.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from liuquan.clock import Unit
from liuquan.law.citations import parse_citation, to_numeral
from liuquan.law.texts import Texts
from liuquan.law.types import LawBook

_UNIT_WORDS: dict[Unit, tuple[str, ...]] = {
    Unit.SECOND: ("秒",),
    Unit.MINUTE: ("分钟",),
    Unit.HOUR: ("小时",),
    Unit.WORKING_HOUR: ("个工作小时",),
    Unit.WORKING_DAY: ("个工作日", "工作日", "日"),
    Unit.CALENDAR_DAY: ("日", "天", "个自然日"),
    Unit.MONTH: ("个月", "月"),
    Unit.YEAR: ("年",),
}
_FIGURE_WORDS: dict[str, tuple[str, ...]] = {
    "people": ("人", "名"),
    "bidders": ("个", "家", "人"),
    "count": ("个", "件", "页"),
    "days": ("天",),
    "years": ("年",),
    "years_of_age": ("周岁",),
    "yuan": ("元",),
    "share": ("",),
}
_AT_ONCE = ("即时", "当场", "届满前", "视为")
_NUMERAL_LETTERS = "零一二三四五六七八九十百千两0-9"
_LARGEST_NUMERAL = 9999


@dataclass(frozen=True)
class NumberNotFound:
    """A value of the law book that its imported articles do not say."""

    id: str
    from_on: date
    looked_for: str
    citations: tuple[str, ...]


@dataclass(frozen=True)
class NumberReport:
    """The result of the comparison: how many values the texts confirm, how many have no text, and the
    rest."""

    said: int
    without_text: int
    not_found: tuple[NumberNotFound, ...]


def compare_numbers(book: LawBook, texts: Texts) -> NumberReport:
    """Look for each dated value of the book, extensions included, in the articles it cites."""
    said = without = 0
    missing: list[NumberNotFound] = []
    for id, from_on, to_on, citations, looked_for in _values(book):
        articles = [found for cite in citations if (found := _cited_words(texts, cite, to_on)) is not None]
        if not articles:
            without += 1
        elif any(says(words, wording) for words in articles for wording in looked_for):
            said += 1
        else:
            missing.append(NumberNotFound(id, from_on, looked_for[0], citations))
    return NumberReport(said, without, tuple(missing))


_Value = tuple[str, date, date | None, tuple[str, ...], tuple[str, ...]]


def _values(book: LawBook) -> Iterator[_Value]:
    for entry in book.limits():
        for limit in entry.all_terms():
            if limit.valid_from is None:
                continue
            words = wordings(limit.amount, _UNIT_WORDS[limit.unit]) if limit.amount else _AT_ONCE
            yield entry.id, limit.valid_from, limit.valid_to, limit.citations, tuple(words)
            if limit.extension:
                words = wordings(limit.extension.amount, _UNIT_WORDS[limit.extension.unit])
                cites = limit.extension.citations
                yield f"{entry.id} +extension", limit.valid_from, limit.valid_to, cites, tuple(words)
    for figure in book.figures():
        for one in figure.all_terms():
            words = _figure_wordings(one.amount, one.unit)
            yield figure.id, one.valid_from, one.valid_to, one.citations, tuple(words)


def _cited_words(texts: Texts, cite: str, on: date | None) -> str | None:
    """The paragraphs and items that are cited, not their neighbours; the whole article when none is named."""
    citation = parse_citation(cite)
    article = texts.article(citation, on or date.max)
    if article is None:
        return None
    whole = citation.paragraph is None and citation.item is None
    return "\n".join(text for text, here in article.marked(citation) if whole or here)


def wordings(number: int, units: Iterable[str]) -> list[str]:
    """How a law may write this number with one of these units, or as the lower end of a range (一至三年)."""
    written = [to_numeral(number)] if number <= _LARGEST_NUMERAL else []
    written += ["两"] if number == 2 else []
    written.append(str(number))
    return [*(f"{one}{unit}" for unit in units for one in written), *(f"{one}至" for one in written)]


def says(text: str, wording: str) -> bool:
    """Whether the text has these words, not as the tail of a larger number: 十日 is not in 二十日."""
    return re.search(rf"(?<![{_NUMERAL_LETTERS}]){re.escape(wording)}", "".join(text.split())) is not None


def _figure_wordings(amount: Fraction, unit: str) -> list[str]:
    if unit == "share" and amount.denominator != 1:
        percent = amount * 100
        found = [f"{to_numeral(amount.denominator)}分之{to_numeral(amount.numerator)}"]
        if percent.denominator == 1:
            found = [f"百分之{to_numeral(int(percent))}", f"{percent}%", f"{percent}％", *found]
        return found
    number = int(amount)
    found = wordings(number, _FIGURE_WORDS[unit])
    if unit == "yuan" and number % 10_000 == 0:
        found += wordings(number // 10_000, ("万元",))
    return found
