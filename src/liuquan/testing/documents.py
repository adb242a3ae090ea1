"""A markdown document as values: its code spans, blocks, links and headings, each with its line.

`document_names` and `document_commands` check what stands in them against the tree and the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from liuquan.kernel.home import CHECKOUT

_FENCE = re.compile(r"^\s*(```|~~~)")
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"(!?)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_HEADING = re.compile(r"^(#+)\s+(.*?)\s*$")
_ADDRESS = re.compile(r"^[a-z]+:")


@dataclass(frozen=True)
class Span:
    """Inline code: its text, and what stands between it and the span before it on the same line."""

    line: int
    text: str
    gap: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Block:
    """A block of code, fenced or indented: the line it begins at, and its lines."""

    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A link or a picture."""

    line: int
    target: str
    is_picture: bool


@dataclass(frozen=True)
class Document:
    """One file of markdown: its path below the checkout, and its text."""

    path: Path
    text: str

    @cached_property
    def _parts(self) -> tuple[list[tuple[int, str]], list[Block]]:
        """Its lines of prose with their numbers, and its blocks."""
        prose: list[tuple[int, str]] = []
        blocks: list[Block] = []
        inside: list[str] | None = None
        begun, quiet = 0, True  # quiet: the line before is empty, so an indented one begins a block
        for number, line in enumerate(self.text.split("\n"), start=1):
            if _FENCE.match(line):
                if inside is None:
                    inside, begun = [], number + 1
                else:
                    blocks.append(Block(begun, tuple(inside)))
                    inside = None
            elif inside is not None:
                inside.append(line)
            elif line.startswith("    ") and quiet:
                _add_indented(blocks, number, line[4:])
                continue
            else:
                prose.append((number, line))
            quiet = not line.strip()
        return prose, blocks

    @property
    def blocks(self) -> list[Block]:
        """Its blocks of code."""
        return self._parts[1]

    @cached_property
    def spans(self) -> list[Span]:
        """Its inline code."""
        found: list[Span] = []
        for number, line in self._parts[0]:
            end, previous = 0, ""
            for match in _SPAN.finditer(line):
                found.append(Span(number, match[1].strip(), line[end : match.start()], previous))
                end, previous = match.end(), match[1].strip()
        return found

    @cached_property
    def links(self) -> list[Link]:
        """Its links and pictures."""
        return [
            Link(number, match[2], bool(match[1]))
            for number, line in self._parts[0]
            for match in _LINK.finditer(_SPAN.sub("``", line))
        ]

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Its headings: level and words."""
        matches = (_HEADING.match(line) for _, line in self._parts[0])
        return [(len(match[1]), match[2]) for match in matches if match]

    @property
    def open_spans(self) -> list[int]:
        """Lines where a code span begins and does not end: such spans would not be checked."""
        return [number for number, line in self._parts[0] if line.count("`") % 2]


def documents() -> list[Document]:
    """Every document that is written for people."""
    paths = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"), *CHECKOUT.glob("verifier/*.md")]
    return [Document(path.relative_to(CHECKOUT), path.read_text("utf-8")) for path in sorted(paths)]


def broken_links(document: Document) -> Iterator[str]:
    """Links and pictures whose file, or whose heading in the file, is not there."""
    for link in document.links:
        target, _, anchor = unquote(link.target).partition("#")
        if _ADDRESS.match(target):
            continue
        path = CHECKOUT / document.path.parent / target if target else CHECKOUT / document.path
        if not path.exists():
            yield f"{link.line}: ({link.target}): there is no such file."
        elif anchor and path.suffix == ".md":
            there = Document(path, path.read_text("utf-8"))
            if anchor not in {_anchor(words) for _, words in there.headings}:
                yield f"{link.line}: ({link.target}): there is no such heading."


def _anchor(words: str) -> str:
    """The anchor of a heading, as forges make it."""
    return re.sub(r"[^\w\- ]", "", words.replace("`", "").lower()).replace(" ", "-")


def _add_indented(blocks: list[Block], number: int, line: str) -> None:
    """An indented line goes on with the block above it, or begins one."""
    if blocks and blocks[-1].line + len(blocks[-1].lines) == number:
        blocks[-1] = Block(blocks[-1].line, (*blocks[-1].lines, line))
    else:
        blocks.append(Block(number, (line,)))
