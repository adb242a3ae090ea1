"""The operators on Python: what may become of one node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutants.sql_faults import is_sql, sql_faults

if TYPE_CHECKING:
    from mutants.python_faults import Place

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_OTHER = {"min": "max", "max": "min", "any": "all", "all": "any"}
_LONGEST = 70  #: characters of a piece of code in a report


@dataclass(frozen=True)
class Change:
    """One field of one node gets another value."""

    what: str
    holder: ast.AST
    field: str
    value: Any
    line: int = 0


def changes(place: Place, *, page: bool) -> Iterator[Change]:
    """Every fault that may be made at this place."""
    yield from _signs(place)
    yield from _decisions(place)
    yield from _left_out(place)
    yield from _emptied(place, page=page)
    yield from _in_sql(place)


def _signs(place: Place) -> Iterator[Change]:
    match place.node:
        case ast.Compare(ops=ops) as node:
            for at, one in enumerate(ops):
                other = _COMPARED[type(one)]
                row = [*ops[:at], other(), *ops[at + 1 :]]
                yield Change(f"{type(one).__name__} -> {other.__name__}: {short(node)}", node, "ops", row)
        case ast.BinOp(op=op) as node if type(op) in _RECKONED and not _is_text(node):
            to = _RECKONED[type(op)]
            yield Change(f"{type(op).__name__} -> {to.__name__}: {short(node)}", node, "op", to())
        case ast.Constant(value=bool() as value) as node:
            yield Change(f"{value} -> {not value}{_of(place)}", node, "value", not value)
        case ast.Constant(value=int() as value) as node:
            yield Change(f"{value} -> {value + 1}{_of(place)}", node, "value", value + 1)
        case ast.Call(func=ast.Name(id=name)) as node if name in _OTHER:
            yield Change(f"{name} -> {_OTHER[name]}: {short(node)}", node, "func", ast.Name(_OTHER[name]))


def _decisions(place: Place) -> Iterator[Change]:
    match place.node:
        case ast.BoolOp(op=ast.And()) as node:
            yield Change(f"and -> or: {short(node)}", node, "op", ast.Or())
        case ast.BoolOp(op=ast.Or()) as node:
            yield Change(f"or -> and: {short(node)}", node, "op", ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand) as node:
            yield Change(f"not dropped: {short(node)}", *place.with_node(operand))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) as node:
            turned = ast.UnaryOp(ast.Not(), test)
            yield Change(f"condition turned round: {short(test)}", node, "test", turned)
        case ast.comprehension(ifs=ifs) as node:
            for at, one in enumerate(ifs):
                yield Change(f"condition dropped: if {short(one)}", node, "ifs", [*ifs[:at], *ifs[at + 1 :]])
        case ast.Continue():
            yield Change("continue -> break", *place.with_node(ast.Break()))
        case ast.Break():
            yield Change("break -> continue", *place.with_node(ast.Continue()))


def _left_out(place: Place) -> Iterator[Change]:
    match place.node:
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()) as node:
            yield Change(f"dropped: {short(node)}", *place.with_node(ast.Pass()))
        case ast.keyword(arg=str() as name, value=ast.Tuple() | ast.List() | ast.Set() as row):
            yield from _elements(row, f"{name}=")
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if place.is_of_file:
            yield from _elements(_row_of(value), f"{name} = ")
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if place.is_of_file:
            yield from _elements(_row_of(value), f"{name} = ")
        case ast.List(elts=elements) | ast.Tuple(elts=elements) as row:
            if place.inside and any(isinstance(one, ast.Starred) for one in elements):
                yield from _elements(row, "", of=ast.Starred)


def _elements(row: ast.AST | None, of_what: str, of: type[ast.AST] = ast.AST) -> Iterator[Change]:
    if not isinstance(row, ast.Tuple | ast.List | ast.Set):
        return
    for at, one in enumerate(row.elts):
        if isinstance(one, of) and (len(row.elts) > 1 or not isinstance(row, ast.Set)):
            kept = [*row.elts[:at], *row.elts[at + 1 :]]
            yield Change(f"{of_what}element dropped: {short(one)}", row, "elts", kept, one.lineno)


def _row_of(value: ast.AST | None) -> ast.AST | None:
    """The literal itself, also within `frozenset(...)`."""
    match value:
        case ast.Call(func=ast.Name(id="frozenset" | "set" | "tuple"), args=[row]):
            return row
    return value


def _emptied(place: Place, *, page: bool) -> Iterator[Change]:
    """A value that is handed on, to an object or to a page, is empty."""
    match place.node:
        case ast.keyword(arg=str() as name, value=value) as node if _builds(place.holder) and _is_full(value):
            yield Change(f'{name}={short(value)} -> ""', node, "value", ast.Constant(""), value.lineno)
        case ast.Dict(keys=keys, values=values) as node if page:
            for at, (key, value) in enumerate(zip(keys, values, strict=True)):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_full(value):
                    row = [*values[:at], ast.Constant(""), *values[at + 1 :]]
                    what = f'"{key.value}": {short(value)} -> ""'
                    yield Change(what, node, "values", row, value.lineno)


def _builds(call: ast.AST) -> bool:
    """Whether a call makes an object: its name begins with a capital, or it is `replace`."""
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name[:1].isupper() or name == "replace"


def _is_full(value: ast.AST) -> bool:
    """Whether emptying it is a fault that no other operator makes."""
    match value:
        case ast.Constant(value=str() as text):
            return bool(text)
        case ast.Constant() | ast.Tuple() | ast.List() | ast.Set() | ast.Compare() | ast.Lambda():
            return False
        case ast.UnaryOp(op=ast.Not()) | ast.BoolOp() | ast.Dict(keys=[]):
            return False
    return True


def _in_sql(place: Place) -> Iterator[Change]:
    match place.node:
        case ast.Constant(value=str() as text) as node if is_sql(text):
            for fault in sql_faults(text):
                yield Change(fault.what, node, "value", fault.make(), place.line + fault.line - 1)


def _is_text(node: ast.BinOp) -> bool:
    """Whether a sum is plainly of texts or rows, where another sign could not even run."""
    sides = (node.left, node.right)
    return any(isinstance(one, ast.JoinedStr | ast.List | ast.Tuple) for one in sides) or any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) for one in sides
    )


def _of(place: Place) -> str:
    """In which expression a bare value stands."""
    if isinstance(place.holder, ast.expr | ast.keyword) and not isinstance(place.holder, ast.JoinedStr):
        return f": {short(place.holder)}"
    return ""


def short(node: ast.AST) -> str:
    """A piece of code in one line of bearable length."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
