"""Citations of law as values: which instrument, which article, paragraph and item.

Written 行政许可法 第四十二条第二款 or, for an instrument without articles, by its name or number alone
(国办发〔2017〕97号). Article numbers are Chinese numerals, as in the law's own text; anything else is
refused, because a citation that cannot be looked up is no citation.
"""

import re
from dataclasses import dataclass

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_SIZES = {name: size for size, name in _PLACES}
_NUMERAL = "[零一二三四五六七八九十百千]+"
_PATTERN = re.compile(
    rf"(?P<instrument>\S.*?)(?: 第(?P<article>{_NUMERAL})条(?:之(?P<suffix>{_NUMERAL}))?"
    rf"(?:第(?P<paragraph>{_NUMERAL})款)?(?:第(?P<item>{_NUMERAL})项)?)?"
)
_LOOKS_LIKE_ARTICLE = re.compile(r"第.*[条款项]|[0-9]\s*条|\s")


class BadCitation(ValueError):
    """A citation that is not well formed; the message names it."""


@dataclass(frozen=True, order=True)
class Citation:
    """One place in the law. `article` is `None` for an instrument cited whole; `suffix` is 之一 as 1."""

    instrument: str
    article: int | None = None
    suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None

    def __str__(self) -> str:
        if self.article is None:
            return self.instrument
        text = f"{self.instrument} 第{to_numeral(self.article)}条"
        text += f"之{to_numeral(self.suffix)}" if self.suffix else ""
        text += f"第{to_numeral(self.paragraph)}款" if self.paragraph else ""
        return text + (f"第{to_numeral(self.item)}项" if self.item else "")


def parse_citation(text: str) -> Citation:
    """The citation in this text. Refuses Arabic article numbers, stray spaces and leftovers."""
    match = _PATTERN.fullmatch(text)
    if match is None or _LOOKS_LIKE_ARTICLE.search(match["instrument"]):
        raise BadCitation(f"引用格式不对：{text!r}，应如“行政许可法 第四十二条第一款”")
    parts = (match[name] for name in ("article", "suffix", "paragraph", "item"))
    try:
        return Citation(match["instrument"], *(from_numeral(part) if part else None for part in parts))
    except BadCitation as error:
        raise BadCitation(f"引用格式不对：{text!r}，{error}") from None


def citation_in(text: str) -> Citation | None:
    """The citation from a looser form, such as 《中华人民共和国行政许可法》第四十二条; `None` if there is
    none."""
    plain = text.strip().replace("《", "").replace("》", "").removeprefix("中华人民共和国")
    plain = re.sub(rf"\s*(第{_NUMERAL}条[^\s]*)$", r" \1", plain)
    try:
        return parse_citation(plain)
    except BadCitation:
        return None


def to_numeral(number: int) -> str:
    """42 as 四十二, 110 as 一百一十, 203 as 二百零三. From 1 to 9999."""
    if not 1 <= number <= 9999:
        raise BadCitation(f"条文序号超出范围：{number}")
    text, rest, gap = "", number, False
    for place, name in _PLACES:
        digit, rest = divmod(rest, place)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
        gap = bool(text) and not digit
    if rest:
        text += ("零" if gap else "") + _DIGITS[rest]
    return text.removeprefix("一") if text.startswith("一十") else text


def from_numeral(text: str) -> int:
    """四十二 as 42. Refuses a numeral that is not written the usual way."""
    number = digit = 0
    for letter in text:
        place = _SIZES.get(letter)
        if place is None:
            digit = _DIGITS.index(letter)
        else:
            number, digit = number + (digit or 1) * place, 0
    number += digit
    if number == 0 or to_numeral(number) != text:
        raise BadCitation(f"数字写法不对：{text}")
    return number
