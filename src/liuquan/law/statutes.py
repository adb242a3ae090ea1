"""Statutes read from markdown: articles by number, versions by date.

A file is named 行政许可法(2019-04-23).md: the instrument and the date of the version. Its articles begin with
第四十二条 (also 第一百二十条之一) at the head of a paragraph; headings and what stands before the first
article are no part of them. A version is in force from the later of its own date and the day its last
article names (自2021年7月15日起施行); it ends when the next one begins.

Refused with the file's name: another name, another encoding, too large, no articles, an article twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liuquan.law.citations import BadCitation, Citation, from_numeral, to_numeral
from liuquan.law.types import LawError

LARGEST = 4 * 1024 * 1024
_MOST_ARTICLES = 3_000
_NAME = re.compile(r"(?P<name>[^\s/\\:*?\"<>|().\x00-\x1f]{1,80})\((?P<on>\d{4}-\d{2}-\d{2})\)\.md")
_NUMERAL = "[零一二三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"第({_NUMERAL})条(?:之({_NUMERAL}))?(?:[ 　\t]+|$)(.*)", re.DOTALL)
_ITEM = re.compile(rf"[（(]({_NUMERAL})[）)]")
_STARTS = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起\s*施\s*行")
_HEAD_STARTS = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*施行\s*$", re.MULTILINE)
#: Letters that would make a page or a terminal show something else than the text: controls, bidi overrides.
_HOSTILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufffe]")


@dataclass(frozen=True)
class Article:
    """One article's own words, paragraph by paragraph, in one version of its statute."""

    instrument: str
    title: str
    version_on: date
    in_force_on: date
    number: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> str:
        """The whole article."""
        return "\n".join(self.paragraphs)

    def marked(self, citation: Citation) -> tuple[tuple[str, bool], ...]:
        """Each paragraph, and whether it is the 款 and 项 that are cited; all unmarked when none are."""
        if citation.paragraph is None and citation.item is None:
            return tuple((text, False) for text in self.paragraphs)
        found: list[tuple[str, bool]] = []
        paragraph = 0
        for text in self.paragraphs:
            item = _ITEM.match(text)
            paragraph += 0 if item and paragraph else 1
            here = (citation.paragraph or 1) == paragraph
            if citation.item is not None:
                here = here and item is not None and item[1] == to_numeral(citation.item)
            found.append((text, here))
        return tuple(found)


@dataclass(frozen=True)
class Statute:
    """One version of one instrument: its articles by key, "42" or "120-1"."""

    name: str
    title: str
    version_on: date
    in_force_on: date
    articles: Mapping[str, tuple[str, ...]]

    @property
    def file(self) -> str:
        """The name it is kept under."""
        return f"{self.name}({self.version_on}).json"


def read_statute(file: str, content: bytes) -> Statute:
    """The statute in this markdown file. Refuses, with the file's name, whatever is no statute text."""
    match = _NAME.fullmatch(file)
    if match is None:
        raise LawError(f"{file}：文件名应如“行政许可法(2019-04-23).md”")
    try:
        version_on = date.fromisoformat(match["on"])
    except ValueError:
        raise LawError(f"{file}：文件名中的日期 {match['on']} 不存在") from None
    if len(content) > LARGEST:
        raise LawError(f"{file}：超过 {LARGEST // 1024 // 1024} MB，不是一部法律的文本")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LawError(f"{file}：不是 UTF-8 文字，请另存为 UTF-8 后再导入") from None
    hostile = _HOSTILE.search(text)
    if hostile:
        raise LawError(f"{file}：含有不可见的控制字符 U+{ord(hostile[0]):04X}，请清除后再导入")
    head, articles = _split(file, text)
    in_force_on = _in_force(version_on, head, articles)
    return Statute(match["name"], _title(head, match["name"]), version_on, in_force_on, articles)


def _title(head: list[str], name: str) -> str:
    for line in head:
        if line.startswith("# "):
            return line[2:].strip()[:200] or name
    return name


def _split(file: str, text: str) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """What stands before the first article, and the articles."""
    head: list[str] = []
    articles: dict[str, list[str]] = {}
    key = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith(("<!--", "##")):
            continue
        begins = _ARTICLE.fullmatch(line)
        if begins:
            key = _key(file, begins[1], begins[2])
            if key in articles:
                raise LawError(f"{file}：第{begins[1]}条出现了两次")
            if len(articles) >= _MOST_ARTICLES:
                raise LawError(f"{file}：超过 {_MOST_ARTICLES} 条，不是一部法律的文本")
            articles[key] = [begins[3]] if begins[3] else []
        elif key:
            articles[key].append(line)
        else:
            head.append(line)
    if not articles:
        raise LawError(f"{file}：没有找到“第一条”这样的条文")
    return head, {key: tuple(lines) for key, lines in articles.items()}


def _key(file: str, number: str, suffix: str | None) -> str:
    try:
        key = str(from_numeral(number))
        return f"{key}-{from_numeral(suffix)}" if suffix else key
    except BadCitation as error:
        raise LawError(f"{file}：{error}") from None


def _in_force(version_on: date, head: list[str], articles: Mapping[str, tuple[str, ...]]) -> date:
    """The later of the version's date and the day it names; an amended law names that of its first text."""
    tail = "\n".join("".join(lines) for lines in list(articles.values())[-3:])
    found = [version_on]
    for match in (*_STARTS.finditer(tail), *_HEAD_STARTS.finditer("\n".join(head))):
        try:
            found.append(date(*(int(part) for part in match.groups())))
        except ValueError:
            continue  # a day that does not exist says nothing
    return max(found)
