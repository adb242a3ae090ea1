"""The texts that the strings of a Python file make, and what SQL in them does: writes, locks, names tables.

A text is taken as far as the file shows it: strings joined by `+`, `%`, `.join()`, `.format()` or an f-string
become one text, with the constants they name put in; `{}` stands for what is known at run time only.
Docstrings are no texts.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

UNKNOWN = "{}"
_SHORTEST = len("nextval(")

_NAME = r'[\w$".{}]+'
WRITING = re.compile(
    rf"""
      \bINSERT\s+INTO\b
    | \bDELETE\s+FROM\b
    | \bMERGE\s+INTO\b
    | \bDO\s+UPDATE\b
    | \bUPDATE\s+(?:ONLY\s+)?{_NAME}(?:\s+(?:AS\s+)?{_NAME})?\s+SET\b
    | (?:^|[;(])\s*(?:UPDATE|TRUNCATE)\s+{_NAME}
    | \bTRUNCATE\s+(?:TABLE|ONLY)\s+{_NAME}
    | \bCOPY\s+{_NAME}\s*(?:\([^)]*\)\s*)?FROM\b
    | \bFOR\s+(?:(?:NO\s+KEY\s+)?UPDATE|(?:KEY\s+)?SHARE)\b
    | \bLOCK\s+TABLE\b
    | \b(?:nextval|setval|pg_notify|pg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?)\s*\(
    | (?:^|;)\s*NOTIFY\s+{_NAME}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SQL_READS = re.compile(r"\bSELECT\b.*\bFROM\b", re.IGNORECASE | re.DOTALL)
_TABLE = r'(?:"?public"?\.)?"?\w+"?'
#: where a table stands; a list after FROM or USING may name several, each with another name of its own
_PLACES = (
    rf"\b(?:FROM|USING|JOIN|INTO|UPDATE|ONLY|TABLE|TRUNCATE|COPY|REFERENCES)\s+"
    rf"((?:{_TABLE}(?:\s+(?:AS\s+)?\w+)?\s*,\s*(?:LATERAL\s+)?)*{_TABLE})"
)
_PLACE = re.compile(_PLACES)
_PLACE_IN_SQL = re.compile(_PLACES, re.IGNORECASE)
_GUARD = re.compile(r"\bRETURNS\s+trigger\b.*?(\$\w*\$).*?\1", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A text and the line of the file where it begins."""

    line: int
    words: str


def writes(words: str) -> bool:
    """Whether SQL in these words writes, locks, draws a number from a sequence or wakes a listener."""
    return len(words) >= _SHORTEST and WRITING.search(words) is not None


def tables(words: str, owners: Mapping[str, str]) -> Iterator[str]:
    """The known tables that these words name, each once. `owners`: the module of each table.

    A name that begins with its module's (`casework_case`) is found wherever it stands; a plain word (`post`)
    where SQL names tables, unless the words make a part of that name themselves (`WITH post AS (…)`).
    """
    known = {word for word in re.findall(r"\w+", words) if word in owners}
    plain = {word for word in known if not word.startswith(f"{owners[word]}_")}
    pattern = _PLACE_IN_SQL if _SQL_READS.search(words) or writes(words) else _PLACE
    placed = {
        re.sub(r'^"?public"?\.', "", one.strip()).strip('"').split()[0].strip('"')
        for hit in pattern.finditer(words)
        for one in re.sub(r"LATERAL\s+", "", hit.group(1)).split(",")
    }
    made = {word for word in plain if re.search(rf"\b{word}\s+AS\s+(?:\w+\s+)?(?:\w+\s+)?\(", words)}
    yield from sorted((known - plain) | (plain & placed - made))


def without_guards(words: str) -> str:
    """The same without the bodies of trigger functions."""
    return _GUARD.sub("RETURNS trigger", words)


def texts(nodes: Iterable[ast.AST]) -> list[Text]:
    """Every text of a file in its fullest form. `nodes`: all of its tree, parents first."""
    return _File(nodes).found


class _File:
    """The texts of a file, and the names that stand for texts."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self.found: list[Text] = []
        self.named: dict[str, list[ast.expr]] = {}
        self._meanings: dict[str, str | None] = {}
        self._passed: set[ast.AST] = set()  #: words of a text that was found whole, and docstrings
        grown: dict[str, list[ast.expr]] = {}  #: names that get more by `+=`
        places: list[ast.expr] = []
        for node in nodes:
            match node:
                case ast.Expr(value=ast.Constant() as value):
                    self._passed.add(value)
                case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
                    places.append(node)
                case (
                    ast.BinOp(op=ast.Add() | ast.Mod()) | ast.Call(func=ast.Attribute(attr="join" | "format"))
                ):
                    places.append(node)
                case ast.Assign() | ast.AnnAssign():
                    for name, value in _given(node):
                        self.named.setdefault(name, []).append(value)
                case ast.AugAssign(target=ast.Name(id=name), value=value):
                    grown.setdefault(name, self.named.get(name, [])[-1:]).append(value)
        for place in places:
            words = None if place in self._passed else self.text(place)
            if words is not None:
                self.found.append(Text(place.lineno, words))
                self._pass_over_words(place)
        for parts in grown.values():
            self.found.append(Text(parts[0].lineno, "".join(self.text(one) or UNKNOWN for one in parts)))

    def _pass_over_words(self, node: ast.expr) -> None:
        """Pass over the words of a text; what is put into it, but is no part of them, is found apart."""
        words: list[ast.expr] = []
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                words = [left, right] if isinstance(op, ast.Add) else [left]
            case ast.JoinedStr(values=values):
                words = [one.value if isinstance(one, ast.FormattedValue) else one for one in values]
            case ast.Call(func=ast.Attribute(value=by, attr="join"), args=[items]):
                words = [by, *getattr(items, "elts", ())]
            case ast.Call(func=ast.Attribute(value=pattern)):
                words = [pattern]
        for one in words:
            if self.text(one) is not None:
                self._passed.add(one)
                self._pass_over_words(one)

    def text(self, node: ast.expr) -> str | None:
        """What the node says, or nothing where it is no text."""
        if (plain := _plain(node)) is not None:
            return plain
        match node:
            case ast.JoinedStr(values=values):
                return "".join(self.text(one) or UNKNOWN for one in values)
            case ast.FormattedValue(value=value):
                return self.text(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                both = self.text(left), self.text(right)
                return None if both == (None, None) else "".join(one or UNKNOWN for one in both)
            case ast.BinOp(left=left, op=ast.Mod()):
                return self.text(left)
            case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[items]):
                return self._joined(value, items)
            case ast.Call(func=ast.Attribute(value=value, attr="format"), args=args):
                return self._formatted(value, args)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._meant(name)
        return None

    def _joined(self, by: ast.expr, items: ast.expr) -> str | None:
        glue = self.text(by)
        if isinstance(items, ast.Name):
            items = (self.named.get(items.id) or [items])[-1]
        if glue is None or not isinstance(items, ast.List | ast.Tuple | ast.Set):
            return None
        return glue.join(self.text(one) or UNKNOWN for one in items.elts)

    def _formatted(self, pattern: ast.expr, args: list[ast.expr]) -> str | None:
        words = self.text(pattern)
        for one in args:
            words = words and words.replace(UNKNOWN, self.text(one) or "{ }", 1)
        return words

    def _meant(self, name: str) -> str | None:
        """The first text that the file gives to a name."""
        if name not in self._meanings:
            self._meanings[name] = None  # for the time being: a name that is made of itself says nothing
            said = (self.text(one) for one in self.named.get(name, ()))
            self._meanings[name] = next((one for one in said if one is not None), None)
        return self._meanings[name]


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that an assignment gives to a value."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name | ast.Attribute):
                    yield target.id if isinstance(target, ast.Name) else target.attr, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _plain(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as words):
            return words
        case ast.Constant(value=bytes() as raw):
            return raw.decode(errors="replace")
    return None
