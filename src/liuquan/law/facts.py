"""Where each fact of the list of legal facts is implemented: data, code, a future module, or why not at all.

`facts.toml` names for every fact the ids of the law book that encode it (`law`), the files that carry it out
(`code`), the module that will (`later`), or the reason why software does not hold it (`why`). Which facts are
tested is read from the markers of the tests where a checkout is at hand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from liuquan.law.loader import DATA, FACTS, read_toml, refuse_unknown
from liuquan.law.types import LawBook, LawError

_ID = re.compile(r"[A-Z]-\d\d")
_KEYS = {"says", "law", "code", "later", "why"}
_MARKER = re.compile(r"""\bfact\(\s*["']([A-Z]-\d\d)["']\s*\)""")
_ROW = re.compile(r"^\"?([A-Z]-\d\d)/", re.MULTILINE)


@dataclass(frozen=True)
class Fact:
    """One fact: what it says in a few words and where it is held."""

    id: str
    says: str
    law: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    later: str = ""
    why: str = ""

    @property
    def encoded(self) -> bool:
        """Whether data or code holds it today."""
        return bool(self.law or self.code)


@dataclass(frozen=True)
class FactReport:
    """The state of the facts: encoded, tested, waiting for a module, outside software."""

    facts: Mapping[str, Fact]
    tested: frozenset[str] = field(default_factory=frozenset)
    from_checkout: bool = False

    @property
    def encoded(self) -> tuple[Fact, ...]:
        """Facts held by data or code."""
        return tuple(fact for fact in self.facts.values() if fact.encoded)

    @property
    def untested(self) -> tuple[Fact, ...]:
        """Encoded facts without a test that is marked with them."""
        return tuple(fact for fact in self.encoded if fact.id not in self.tested)

    @property
    def waiting(self) -> tuple[Fact, ...]:
        """Facts that a module to come will hold."""
        return tuple(fact for fact in self.facts.values() if not fact.encoded and fact.later)

    @property
    def outside(self) -> tuple[Fact, ...]:
        """Facts that software does not hold, each with its reason."""
        return tuple(fact for fact in self.facts.values() if not fact.encoded and not fact.later)


def load_facts(folder: Path | None = None) -> Mapping[str, Fact]:
    """The facts by id, in the order of the file. Refuses unknown keys and ids of another form."""
    return _load_facts((folder or DATA) / FACTS)


@cache
def _load_facts(path: Path) -> Mapping[str, Fact]:
    return {id: _fact(id, table, path.name) for id, table in read_toml(path).items()}


def _fact(id: str, table: Any, file: str) -> Fact:
    where = f"{file}：{id}"
    if not _ID.fullmatch(id) or not isinstance(table, Mapping):
        raise LawError(f"{where}：事实编号应如 L-04，其后是一张表")
    refuse_unknown(table, _KEYS, where)
    if not table.get("says"):
        raise LawError(f"{where}：缺少 says")
    lists = {key: tuple(table.get(key, ())) for key in ("law", "code")}
    return Fact(id, table["says"], **lists, later=table.get("later", ""), why=table.get("why", ""))


def check_facts(facts: Mapping[str, Fact], book: LawBook, *, package: Path | None = None) -> list[str]:
    """Complaints: a gap in the numbers, a fact held nowhere, an unknown name, an entry whose fact omits it.

    Every entry of the law book with a fact must be named by that same fact.
    """
    return [*_complaints(facts, book, package or DATA.parents[1]), *_unnamed(facts, book)]


def _complaints(facts: Mapping[str, Fact], book: LawBook, package: Path) -> Iterator[str]:
    last: dict[str, int] = {}
    for fact in facts.values():
        where = f"{FACTS}：{fact.id}"
        family, number = fact.id[0], int(fact.id[2:])
        if number != last.get(family, 0) + 1:
            yield f"{where}：编号不连续"
        last[family] = number
        if not (fact.encoded or fact.later or fact.why):
            yield f"{where}：没有写明在哪里，也没有写明原因"
        if fact.encoded and fact.why:
            yield f"{where}：既已写成软件，又写了不写的原因"
        if len(set(fact.law)) != len(fact.law):
            yield f"{where}：law 有重复"
        yield from (f"{where}：法规数据中没有 {id}" for id in fact.law if not _known(id, book))
        yield from (f"{where}：没有文件 {path}" for path in fact.code if not (package / path).is_file())


def _known(id: str, book: LawBook) -> bool:
    """A limit, a figure, the closed lists of a law (`grounds:LAW`, `effects:LAW`), or the `calendar`."""
    kind, _, law = id.partition(":")
    if kind == "grounds" and law:
        return bool(book.grounds(law))
    if kind == "effects" and law:
        return any(effect.law == law for effect in book.all_effects.values())
    return id == "calendar" or id in book.entries or id in book.all_figures


def _unnamed(facts: Mapping[str, Fact], book: LawBook) -> Iterator[str]:
    held = [(entry.id, entry.terms.fact, entry.file) for entry in book.limits()]
    held += [(figure.id, figure.fact, figure.file) for figure in book.figures()]
    for id, fact, file in held:
        if fact and fact not in facts:
            yield f"{file}：{id}：没有事实 {fact}"
        elif fact and id not in facts[fact].law:
            yield f"{FACTS}：{fact}：没有列出 {id}"


def facts_under_test(*folders: Path) -> frozenset[str]:
    """The facts that a test below these folders is marked with: in Python, or by the id of a table's row."""
    found: set[str] = set()
    for folder in folders:
        for path in folder.rglob("*.py"):
            if path.name.startswith("test_"):
                found.update(_MARKER.findall(path.read_text(encoding="utf-8")))
        for path in folder.rglob("*.csv"):
            if path.parent.name == "law":
                found.update(_ROW.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)
