"""Faults of Python, made in the syntax tree.

Comparisons, arithmetic, whole numbers, truth values, and/or/not, conditions, min/max, any/all; a guard, a
row or another element left out; a value not handed on; a refusal or another statement left out. Annotations,
`__all__`, decorators of data classes and the columns of tables are no behaviour and are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from mutants.faults import Fault
from mutants.operators import Change, changes

#: parts of a node that say nothing at run time, or nothing that a fault in them would be small
_SKIPPED = frozenset({"annotation", "returns", "type_params", "decorator_list", "type_comment"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_MAKING = Lock()  #: a fault is made by changing the tree for a moment


@dataclass(frozen=True)
class Place:
    """A node, where it hangs, and the statement of the file that holds it."""

    node: ast.AST
    holder: ast.AST
    field: str
    index: int | None
    top: ast.stmt
    inside: bool  #: in the body of a function, so that it runs when that is called
    line: int
    span: tuple[int, int]

    @property
    def is_of_file(self) -> bool:
        """Whether it is a statement of the file itself, in no class and no function."""
        return isinstance(self.holder, ast.Module)

    def with_node(self, new: ast.AST) -> tuple[ast.AST, str, Any]:
        """The change that puts another node in its place."""
        if self.index is None:
            return self.holder, self.field, new
        row = list(getattr(self.holder, self.field))
        row[self.index] = new
        return self.holder, self.field, row

    def without_node(self) -> tuple[ast.AST, str, Any]:
        """The change that takes the node out of its list."""
        row = list(getattr(self.holder, self.field))
        del row[self.index or 0]
        return self.holder, self.field, row


def python_faults(text: str, *, tables: bool = False, page: bool = False) -> Iterator[Fault]:
    """Every fault of a file, in the order of its lines.

    `tables`: it describes tables, so only what its methods do counts. `page`: the dictionaries in it carry
    values to pages.
    """
    tree = ast.parse(text)
    for place in _places(tree):
        if tables and not place.inside:
            continue
        for change in changes(place, page=page):
            yield _fault(text, place, change)


def _fault(text: str, place: Place, change: Change) -> Fault:
    def make() -> str:
        with _MAKING:
            before = getattr(change.holder, change.field)
            setattr(change.holder, change.field, change.value)
            try:
                changed = ast.unparse(ast.fix_missing_locations(place.top))
            finally:
                setattr(change.holder, change.field, before)
        lines = text.split("\n")
        first = min([place.top.lineno, *(d.lineno for d in getattr(place.top, "decorator_list", ()))])
        return "\n".join([*lines[: first - 1], changed, *lines[place.top.end_lineno or first :]])

    line = change.line or place.line
    return Fault(line, change.what, make, *place.span, at_import=not place.inside)


def _places(tree: ast.Module) -> Iterator[Place]:
    for index, top in enumerate(tree.body):
        if _is_no_behaviour(top):
            continue
        span = _span(top, (top.lineno, top.end_lineno or top.lineno))
        yield Place(top, tree, "body", index, top, False, top.lineno, span)
        yield from _below(top, top, inside=False, line=0, span=span)


def _below(
    node: ast.AST, top: ast.stmt, *, inside: bool, line: int, span: tuple[int, int]
) -> Iterator[Place]:
    """`line` is set within a formatted string, whose parts do not know their own."""
    for field, value in ast.iter_fields(node):
        if field in _SKIPPED:
            continue
        within = inside or (field == "body" and isinstance(node, _FUNCTIONS))
        row = value if isinstance(value, list) else [value]
        for index, child in enumerate(row):
            if not isinstance(child, ast.AST) or _is_no_behaviour(child):
                continue
            at = line or getattr(child, "lineno", 0) or getattr(node, "lineno", 0) or span[0]
            around = _span(child, span)
            place = index if isinstance(value, list) else None
            yield Place(child, node, field, place, top, within, at, around)
            formatted = at if isinstance(child, ast.JoinedStr) else line
            yield from _below(child, top, inside=within, line=formatted, span=around)


def _span(node: ast.AST, around: tuple[int, int]) -> tuple[int, int]:
    """The lines of a statement; of one that holds others its head alone."""
    if not isinstance(node, ast.stmt):
        return around
    last = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    return node.lineno, max(node.lineno, body[0].lineno - 1) if body else last


def _is_no_behaviour(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True  # a docstring
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == "__all__"
        case ast.AnnAssign(value=None) | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.ClassDef(name="Meta"):
            return True
        case ast.Call(func=ast.Name(id="TypeVar" | "cast" | "NewType")):
            return True
    return False
