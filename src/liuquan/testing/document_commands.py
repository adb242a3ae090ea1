"""Commands in documents: each parses with the real command line. None is run.

A command is a line of a block, or inline code, whose program is `./run`, `liuquan`, `liuquan-verify` or the
environment's Python with one of our scripts. Inline code that begins with the words of a command
(`log witness add KEY`) is one too; there the words alone only mention it, and need no arguments.

How a document writes usage: `[--quick]` may be left out, `FILE|-` is either, `…` and words in CAPITALS or in
Chinese stand for a value.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import runpy
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.documents import Document

PROGRAMS = ("./run", "liuquan", "liuquan-verify", ".venv/bin/python")
_BEFORE = re.compile(r"\$|\$[A-Z]+|env|sudo|[A-Z_]+=.*")
_SERVICE = re.compile(r"^Exec\w+=(?=/)")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"[^\x00-\x7f]|^[A-Z][A-Z0-9_,-]*(?:\.[a-z]+)?$|^…$")
_HANDED_ON = re.compile(r"^(\w[\w |-]*)\) exec \.venv/bin/python ?(.*?) ?\"\$@\"", re.MULTILINE)
_IN_THE_SCRIPT = re.compile(r"^(\w[\w |-]*)\) run_\w+", re.MULTILINE)


def wrong_commands(document: Document) -> Iterator[str]:
    """Every printed command that the command line would not accept, with its line."""
    for line, text in _printed(document):
        for words in _variants(text):
            wrong = _judge(words, may_mention=not _program(text))
            if wrong:
                yield f"{line}: {text}: {wrong}"
                break


def commands_of(document: Document) -> list[str]:
    """Every printed command, without the comment behind it, in order."""
    return [" ".join(_program(text) or text.split()) for _, text in _printed(document)]


def _printed(document: Document) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for block in document.blocks:
        text = "\n".join(block.lines).replace("\\\n", " ")
        for at, line in enumerate(text.split("\n")):
            found += [(block.line + at, one.strip()) for one in line.split(" | ") if _program(one)]
    for span in document.spans:
        if _program(span.text) or _command_words(span.text):
            found.append((span.line, span.text))
    return sorted(found, key=lambda one: one[0])


def _program(line: str) -> list[str]:
    """The words from the program on; none where the line is no command of ours."""
    line = _SERVICE.sub("", line.strip())
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        words = line.split()
    while words and _BEFORE.fullmatch(words[0]):
        words = words[1:]
    if words and words[0].startswith("/") and words[0].endswith("/run"):
        words[0] = "./run"
    return words if len(words) > 1 and words[0] in PROGRAMS else []


def _command_words(text: str) -> list[str]:
    """`keys rotate log`: the words of a command without its program, two of them at least."""
    words = text.split()
    nouns = _children(_liuquan())
    if len(words) < 2 or words[0] not in nouns or not re.match(r"[\w…<\[/.-]", words[1]):
        return []
    return ["liuquan", *words]


def _variants(text: str) -> list[list[str]]:
    """The command without and with all that may be left out, each alternative once."""
    short, long = text, text
    while _OPTIONAL.search(short):
        short = _OPTIONAL.sub("", short)
    while _OPTIONAL.search(long):
        long = _OPTIONAL.sub(r"\1", long)
    found = []
    for form in dict.fromkeys((short, long)):
        words = _program(form) or _command_words(form)
        most = max((word.count("|") for word in words), default=0)
        for at in range(most + 1):
            found.append([word.split("|")[min(at, word.count("|"))] for word in words])
    return found


def _judge(words: Sequence[str], *, may_mention: bool) -> str:
    program, rest = words[0], [word for word in words[1:] if word not in {"...", "…"}]
    if program == "./run":
        return _judge_run(rest)
    if program == "liuquan":
        return _parse(_liuquan(), rest, may_mention=may_mention)
    if program == "liuquan-verify":
        return _parse(_verifier(tuple(rest)), rest[1:] if rest[:1] == ["draw"] else rest)
    return _judge_python(rest)


def _judge_run(words: Sequence[str]) -> str:
    handed_on, in_the_script = _front_door()
    if words[:1] in ([], ["help"], ["-h"], ["--help"]):
        return ""
    first, rest = words[0], list(words[1:])
    if first in handed_on:
        before = shlex.split(handed_on[first])
        if before[:2] == ["-m", "liuquan.site.command"]:
            return _parse(_liuquan(), [*before[2:], *rest])
        return _judge_python([*before, *rest])
    if first in in_the_script:
        text = (CHECKOUT / "run").read_text("utf-8")
        unknown = [word for word in rest if word.startswith("-") and word not in text]
        unknown += [
            word for word in rest if "/" in word and not (CHECKOUT / word.partition("::")[0]).exists()
        ]
        return f"`./run {first}` does not know {unknown[0]}." if unknown else ""
    return f"there is no `./run {first}`."


@cache
def _front_door() -> tuple[dict[str, str], frozenset[str]]:
    """What `run` hands on, with the words it puts before, and what it does itself."""
    text = (CHECKOUT / "run").read_text("utf-8")
    handed_on = {
        name.strip(): before for names, before in _HANDED_ON.findall(text) for name in names.split("|")
    }
    own = {name.strip() for names in _IN_THE_SCRIPT.findall(text) for name in names.split("|")}
    return handed_on, frozenset(own)


def _judge_python(words: Sequence[str]) -> str:
    if not words:
        return ""
    if words[0] == "-m":
        return _judge_module(words[1:])
    if words[0].startswith("-"):
        return ""
    path = CHECKOUT / words[0]
    script = path / "__main__.py" if path.is_dir() else path
    if not script.is_file():
        return "there is no such script."
    return _parse(_script(script), words[1:])


def _judge_module(words: Sequence[str]) -> str:
    if not words:
        return "say which module."
    ours = CHECKOUT / words[0] / "__main__.py"
    if ours.is_file():
        return _parse(_script(ours, CHECKOUT), words[1:])
    return "" if find_spec(words[0]) else "there is no such module."


@cache
def _liuquan() -> argparse.ArgumentParser:
    from liuquan.site.command import _parser
    from liuquan.site.commands import all_commands

    return _lenient(_parser(all_commands()))


@cache
def _verifier(words: tuple[str, ...]) -> argparse.ArgumentParser:
    sys.path.insert(0, str(CHECKOUT / "verifier"))
    try:
        from liuquan_verify.command import main
    finally:
        sys.path.pop(0)
    return _captured(lambda: main(list(words)))


@cache
def _script(script: Path, imports_from: Path | None = None) -> argparse.ArgumentParser:
    """The parser of a script of ours: started, and stopped at the moment it would read its words."""
    before = set(sys.modules)
    sys.path.insert(0, str(imports_from or script.parent))
    try:
        return _captured(lambda: runpy.run_path(str(script), run_name="__main__"))
    finally:
        sys.path.pop(0)
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(script.parent)):
                del sys.modules[name]


class _Reached(Exception):
    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def _captured(start: Callable[[], object]) -> argparse.ArgumentParser:
    def stop(parser: argparse.ArgumentParser, *_: Any, **__: Any) -> NoReturn:
        raise _Reached(parser)

    try:
        with mock.patch.object(argparse.ArgumentParser, "parse_args", stop):
            start()
    except _Reached as reached:
        return _lenient(reached.parser)
    raise AssertionError("it read no words: it must make its parser before it does anything")


def _lenient(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The same parser; a placeholder passes where a number, a date or one of a list is wanted."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                _lenient(child)
        elif action.type is not None or action.choices is not None:
            action.type = _or_placeholder(action.type, action.choices)
            action.choices = None
    return parser


def _or_placeholder(kind: Any, choices: Any) -> Callable[[str], object]:
    def read(word: str) -> object:
        if _PLACEHOLDER.search(word):
            return word
        value = kind(word) if kind is not None else word
        if choices is not None and value not in choices:
            raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(map(str, choices))}")
        return value

    return read


def _children(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _parse(parser: argparse.ArgumentParser, words: Sequence[str], *, may_mention: bool = False) -> str:
    if may_mention and _is_mention(parser, words):
        return ""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parser.parse_args(list(words))
    except SystemExit as left:
        if left.code:
            return said.getvalue().strip().rpartition("\n")[2]
    return ""


def _is_mention(parser: argparse.ArgumentParser, words: Sequence[str]) -> bool:
    for word in words:
        children = _children(parser)
        if word not in children:
            return False
        parser = children[word]
    return not _children(parser)
