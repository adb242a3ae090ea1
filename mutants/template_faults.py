"""Faults of templates: a value not shown, a branch empty, a component or an included part left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mutants.faults import Fault

_TAG = re.compile(
    r"\{%\s*(?P<tag>\w+).*?%\}|\{\{(?P<value>.*?)\}\}"
    r"|<(?P<open>c-[\w.\-]+)|</(?P<close>c-[\w.\-]+)\s*>",
    re.DOTALL,
)
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_INNER = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_BRANCHES = frozenset({"if", "elif", "else", "endif"})
_SILENT = frozenset({"c-vars", "c-slot"})  #: they show nothing by themselves
_LONGEST = 70


def template_faults(text: str) -> Iterator[Fault]:
    """Every fault of a template, in the order of its lines."""
    found = sorted([*_values_and_branches(text), *_components(text)], key=lambda fault: fault.line)
    yield from found


def _values_and_branches(text: str) -> Iterator[Fault]:
    branches: list[tuple[str, int]] = []  # what opened it, where its content begins
    for hit in _TAG.finditer(_without_comments(text)):
        if hit["value"] is not None:
            yield _fault(text, hit.start(), hit.end(), f"{hit.group()} -> nothing")
        elif hit["tag"] == "include":
            yield _fault(text, hit.start(), hit.end(), f"dropped: {hit.group()}")
        elif hit["tag"] in _BRANCHES:
            if hit["tag"] != "if" and branches:
                opened, begin = branches.pop()
                if text[begin : hit.start()].strip():
                    yield _fault(text, begin, hit.start(), f"branch empty: {opened}")
            if hit["tag"] != "endif":
                branches.append((hit.group(), hit.end()))


def _components(text: str) -> Iterator[Fault]:
    """Each `<c-...>` with what it holds."""
    opened: list[tuple[str, int]] = []
    for hit in _TAG.finditer(_without_comments(text)):
        if hit["open"]:
            end = _end_of_opening(text, hit.end())
            if text[end - 2] == "/":
                yield from _component(text, hit["open"], hit.start(), end)
            else:
                opened.append((hit["open"], hit.start()))
        elif hit["close"]:
            while opened:
                name, begin = opened.pop()
                if name == hit["close"]:
                    yield from _component(text, name, begin, hit.end())
                    break


def _component(text: str, name: str, begin: int, end: int) -> Iterator[Fault]:
    if name not in _SILENT:
        yield _fault(text, begin, end, f"dropped: {text[begin:end]}")


def _end_of_opening(text: str, at: int) -> int:
    """Just behind the `>` of an opening element: one within quotes or within a tag does not count."""
    quote = ""
    while at < len(text):
        tag = _INNER.match(text, at)
        if tag:
            at = tag.end()
            continue
        sign = text[at]
        at += 1
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == ">":
            return at
    return at


def _without_comments(text: str) -> str:
    """The text with blanks in place of comments, so that places stay."""
    return _COMMENT.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group()), text)


def _fault(text: str, begin: int, end: int, what: str) -> Fault:
    first, last = text.count("\n", 0, begin) + 1, text.count("\n", 0, end) + 1
    said = " ".join(what.split())
    said = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
    return Fault(first, said, lambda: text[:begin] + text[end:], first, last)
