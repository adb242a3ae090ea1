"""Names in documents: every path, module, function, class and address in backticks is there.

How a document says that something is no name of ours: `<word>`, `…` or a word in CAPITALS stands for
anything; what lies below `LIUQUAN_HOME/` or `.liuquan/` is made at run time, below `/etc/`, `/opt/`, `/usr/`
or `/var/` by the system; host names end in `.example` or hold `.example.` (RFC 2606).

A path is looked for from the checkout, from `src/liuquan` and from the folder of the document; a bare file
name anywhere, or among those that the program itself writes or serves.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.documents import Document, Span

PACKAGE = CHECKOUT / "src" / "liuquan"
PLACES = ("src", "tests", "bench", "mutants", "verifier", "packs", "docs", ".ci")
LEFT_OUT = frozenset({"__pycache__", "node_modules", "dist", "build"})
READ = frozenset({".py", ".sql", ".toml", ".tsv", ".html", ".js", ".css", ".json", ".csv", ".txt", ""})
ENDINGS = ("py", "md", "sql", "toml", "tsv", "csv", "json", "html", "css", "js")

_PATH = re.compile(r"[\w.*<>…/@-]+")
_STANDS_FOR_ANYTHING = re.compile(r"<[^<>]*>|…|(?<![\w.])[A-Z][A-Z0-9_-]*(?=[./]|$)")
_EXAMPLE = re.compile(r"\.example(?:[./]|$)")
_AT_RUN_TIME = re.compile(r"^(?:LIUQUAN_HOME|\.liuquan|\.venv)(?:/|$)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_CALL = re.compile(r"([A-Za-z_][\w.]*)\(.*\)")
_SNAKE = re.compile(r"_?[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|_[A-Za-z]\w*")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_ASSIGNED = re.compile(r"([A-Z][A-Z0-9_]*_[A-Z0-9_]+)=\S*")
_SITE_ADDRESS = re.compile(r"(?:(?:GET|POST) )?(/\S.*)")
_OF_THE_MACHINE = re.compile(r"/(?:etc|opt|usr|var)/")
_WORD = re.compile(r"[A-Za-z_]\w*")
_QUOTED = re.compile(r'"([a-z_]+)"')
_SQL_FUNCTION = re.compile(r"FUNCTION\s+(?:\w+\.)?(\w+)")
_NEXT_TO_IT = re.compile(r"\s*,\s*")


@dataclass(frozen=True)
class PythonFile:
    """One module: what it binds at the top, and everything that is defined in it at any depth."""

    path: Path
    tree: ast.Module

    @cached_property
    def top(self) -> dict[str, ast.AST]:
        """Top-level name → the statement that binds it."""
        return dict(_bound(self.tree.body))

    @cached_property
    def defined(self) -> frozenset[str]:
        """Functions and classes at any depth, and what is bound at the top."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return frozenset(self.top) | {node.name for node in ast.walk(self.tree) if isinstance(node, kinds)}


class Tree:
    """All that a document may name: files, words of the source, definitions."""

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file and, with a slash at its end, every folder below the checkout."""
        found = {path.name for path in CHECKOUT.iterdir() if path.is_file()}
        for place in PLACES:
            for path in (CHECKOUT / place).rglob("*"):
                inside = path.relative_to(CHECKOUT)
                if not LEFT_OUT & set(inside.parts):
                    found.add(inside.as_posix() + ("/" if path.is_dir() else ""))
        return frozenset(found | {f"{place}/" for place in PLACES})

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The source: what is neither a document nor a test."""
        read = [
            name
            for name in self.files
            if PurePosixPath(name).suffix in READ and not name.endswith("/") and "/tests/" not in name
            if not name.startswith(("tests/", "docs/"))
        ]
        return {name: (CHECKOUT / name).read_text("utf-8", errors="replace") for name in read}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the source."""
        return frozenset(word for text in self._texts.values() for word in _WORD.findall(text))

    @cached_property
    def python(self) -> dict[str, PythonFile]:
        """Every Python file by its path, tests too."""
        return {
            name: PythonFile(CHECKOUT / name, ast.parse((CHECKOUT / name).read_text("utf-8")))
            for name in self.files
            if name.endswith(".py") and "/migrations/" not in name
        }

    @cached_property
    def callables(self) -> frozenset[str]:
        """Every function and class, and every function of the database."""
        found = {name for file in self.python.values() for name in file.defined}
        return frozenset(found.union(*(_SQL_FUNCTION.findall(text) for text in self._texts.values())))

    @cached_property
    def strings(self) -> frozenset[str]:
        """Every text in quotes that is one word: events, names, files that the program writes."""
        return frozenset(
            node.value
            for name, file in self.python.items()
            if "tests" not in PurePosixPath(name).parts
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """Names of files without their ending: a contract is called as its file is (`caselog.v1`)."""
        return frozenset(PurePosixPath(name).stem for name in self.files)

    @cached_property
    def classes(self) -> dict[str, list[ast.ClassDef]]:
        """Every class by its name."""
        found: dict[str, list[ast.ClassDef]] = {}
        for file in self.python.values():
            for node in ast.walk(file.tree):
                if isinstance(node, ast.ClassDef):
                    found.setdefault(node.name, []).append(node)
        return found

    def has_member(self, name: str, members: Sequence[str]) -> bool:
        """Whether a class of that name, or one it is made from, has the member."""
        for node in self.classes.get(name, []):
            if not members or members[0] in dict(_bound(node.body)):
                return True
            bases = [base.attr if isinstance(base, ast.Attribute) else _name(base) for base in node.bases]
            if any(base != name and self.has_member(base, members) for base in bases):
                return True
        return False

    def has_object(self, folder: PurePosixPath, parts: Sequence[str]) -> bool:
        """Whether `a.b.C.d` names something below a folder of modules."""
        here = folder / parts[0]
        if f"{here}/" in self.files:
            if len(parts) == 1 or self.has_object(here, parts[1:]):
                return True
            return self._has_bound(f"{here}/__init__.py", parts[1:])
        return len(parts) > 0 and f"{here}.py" in self.files and self._has_bound(f"{here}.py", parts[1:])

    def _has_bound(self, path: str, names: Sequence[str]) -> bool:
        if not names:
            return True
        file = self.python.get(path)
        node = file.top.get(names[0]) if file else None
        if node is None:
            return False
        return len(names) == 1 or self.has_member(names[0], names[1:])


@cache
def tree() -> Tree:
    """The tree, read once."""
    return Tree()


def wrong_names(document: Document) -> Iterator[str]:
    """Every name in backticks that does not exist, with its line."""
    for span in document.spans:
        for rule in (_is_path, _is_site_address, _is_object, _is_call, _is_dotted, _is_word):
            judged = rule(document, span)
            if judged is not None:
                if judged:
                    yield f"{span.line}: `{span.text}`: {judged}"
                break


# Each rule says None of a span that is not of its kind, "" of a right one, else what is wrong.


def _is_path(document: Document, span: Span) -> str | None:
    text = span.text
    if not _PATH.fullmatch(text) or text.startswith("/") or _EXAMPLE.search(text):
        return None
    if _AT_RUN_TIME.match(text):
        return ""
    bases = (PurePosixPath(), PurePosixPath("src/liuquan"), PurePosixPath(document.path.parent.as_posix()))
    first = text.split("/")[0]
    known = text.endswith("/") or text.rpartition(".")[2] in ENDINGS
    if not known and ("/" not in text or not any(f"{base / first}/" in tree().files for base in bases)):
        return None
    is_ending = text.startswith(".") and "/" not in text  # `.sql`
    return "" if is_ending else _matches(text, bases)


def _matches(text: str, bases: Sequence[PurePosixPath]) -> str:
    files = tree().files
    for pattern in (text, _STANDS_FOR_ANYTHING.sub("*", text)):
        for base in bases:
            path = str(base / pattern)  # without a slash at its end: a file, or a folder named shortly
            wanted = [f"{path}/"] if pattern.endswith("/") else [path, f"{path}/"]
            if "*" in text:  # a pattern may begin anywhere
                wanted += [f"*/{one}" for one in wanted]
            if any(fnmatchcase(name, one) for one in wanted for name in files):
                return ""
        if "/" not in pattern:
            if any(fnmatchcase(PurePosixPath(name).name, pattern) for name in files):
                return ""
            if pattern in tree().strings or "*" in pattern:
                return ""
            if any(route.endswith(f"/{pattern}") for route in _routes()):
                return ""
    return "there is no such file: write its path from the checkout, `src/liuquan` or this folder."


def _is_site_address(document: Document, span: Span) -> str | None:
    match = _SITE_ADDRESS.fullmatch(span.text)
    if match is None or _OF_THE_MACHINE.match(match[1]):
        return None
    address = match[1].partition("?")[0]
    for form in (re.sub(r"\[[^\]]*\]", "", address), re.sub(r"[\[\]]", "", address)):
        if not _answers(re.sub(r"<[^<>]*>|…", "*", form)):
            return "the site has no such address."
    return ""


def _answers(address: str) -> bool:
    if "*" not in address:
        try:
            resolve(address)
        except Resolver404:
            pass
        else:
            return True
    plain = address.lstrip("/")
    return any(fnmatchcase(plain, route) or route.startswith(plain) for route in _routes())


@cache
def _routes() -> tuple[str, ...]:
    def below(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + re.sub(r"<[^<>]*>", "*", str(one.pattern))
            if isinstance(one, URLResolver):
                yield from below(one.url_patterns, route)
            else:
                yield route

    return tuple(below(get_resolver().url_patterns, ""))


def _is_object(document: Document, span: Span) -> str | None:
    """`{"rows", "problems"}`: the keys of an answer are words of the source."""
    if not span.text.startswith("{"):
        return None
    gone = [word for word in _QUOTED.findall(span.text) if word not in tree().words]
    return f"no word of the source: {', '.join(gone)}." if gone else ""


def _is_call(document: Document, span: Span) -> str | None:
    match = _CALL.fullmatch(span.text)
    if match is None:
        return None
    name = match[1]
    if span.previous.endswith(".py") and _NEXT_TO_IT.fullmatch(span.gap):
        return _in_file(document, span.previous, name)
    if "." in name:
        return _judge_dotted(name)
    return "" if name in tree().callables else "no function or class has this name."


def _in_file(document: Document, path: str, name: str) -> str:
    for base in ("", "src/liuquan/", f"{document.path.parent.as_posix()}/"):
        file = tree().python.get(f"{base}{path}")
        if file is not None:
            return "" if name in file.defined else f"`{path}` defines no such name."
    return ""  # that the file is missing is said of the file


def _is_dotted(document: Document, span: Span) -> str | None:
    if (
        not _DOTTED.fullmatch(span.text)
        or _EXAMPLE.search(span.text)
        or _STANDS_FOR_ANYTHING.match(span.text)
    ):
        return None
    return _judge_dotted(span.text)


def _judge_dotted(name: str) -> str:
    parts = name.split(".")
    found = tree()
    if name in found.strings or name in _law_ids() or name in found.stems:
        return ""
    if parts[0] in found.classes:
        return "" if found.has_member(parts[0], parts[1:]) else f"`{parts[0]}` has no such member."
    if parts[0] == "liuquan":
        parts = parts[1:]
    if found.has_object(PurePosixPath("src/liuquan"), parts) or found.has_object(
        PurePosixPath("verifier"), parts
    ):
        return ""
    if (PACKAGE / parts[0]).exists() or find_spec(parts[0]) is None:
        return "no module, class or event has this name: write it from `src/liuquan` on."
    return "" if _is_foreign(parts) else f"`{parts[0]}` has no such name."


def _is_foreign(parts: Sequence[str]) -> bool:
    thing: object = importlib.import_module(parts[0])
    for at, part in enumerate(parts[1:], start=2):
        try:
            thing = getattr(thing, part, None) or importlib.import_module(".".join(parts[:at]))
        except ImportError:
            return False
    return True


@cache
def _law_ids() -> frozenset[str]:
    from liuquan.law import load_law

    law = load_law()
    return frozenset([*(limit.id for limit in law.limits()), *(figure.id for figure in law.figures())])


def _is_word(document: Document, span: Span) -> str | None:
    text = span.text
    if span.previous.endswith(".py") and _NEXT_TO_IT.fullmatch(span.gap) and text.isidentifier():
        return _in_file(document, span.previous, text)
    assigned = _ASSIGNED.fullmatch(text)
    if assigned:
        text = assigned[1]
    if not (_SNAKE.fullmatch(text) or _CAMEL.fullmatch(text)):
        return None
    words = tree().words
    if text in words or (text.startswith("_") and any(word.endswith(text) for word in words)):
        return ""
    return "no word of the source: it was renamed, or it is no name and needs no backticks."


def _bound(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """What statements bind: definitions, assignments, imports; inside `if` and `try` too."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from ((name.id, node) for name in ast.walk(target) if isinstance(name, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((one.asname or one.name.partition(".")[0], node) for one in names)
            case ast.If(body=inner, orelse=other) | ast.Try(body=inner, orelse=other):
                yield from _bound(inner)
                yield from _bound(other)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
