"""Mutation testing: one small fault at a time in the clock, and whether its tests notice.

    .venv/bin/python bench/mutants.py [--only calendar.py] [--list] [--json FILE] [--again FILE]

Faults are made from the syntax tree: comparisons, arithmetic, whole numbers, truth values, and/or, not,
min/max, any/all, conditions, continue/break. Each is tried on a copy of the source, in a process of its own,
with the package's own tests until the first failure; one that runs longer than a minute counts as noticed.
Nothing in the checkout is touched. Survivors are printed with their line: each shows a missing test or
changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 60  #: seconds a mutant may run

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


@dataclass(frozen=True)
class Mutant:
    """One fault: in which file and line, what became what."""

    file: str
    line: int
    what: str
    source: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Every fault of a file, one at a time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = _annotations(tree)
    for at, node in enumerate(ast.walk(tree)):
        if node in skipped:
            continue
        for what, change in _changes(node):
            fresh = copy.deepcopy(tree)
            twin = next(one for place, one in enumerate(ast.walk(fresh)) if place == at)
            fresh = _Replace(twin, change(twin)).visit(fresh)
            source = ast.unparse(ast.fix_missing_locations(fresh))
            yield Mutant(path.name, getattr(node, "lineno", 0), what, source)


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The new node in the old one's place."""
        return self.new if node is self.old else self.generic_visit(node)


def _annotations(tree: ast.AST) -> set[ast.AST]:
    """Nodes that are no behaviour: annotations, `__all__`, `if TYPE_CHECKING`."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            found.update(ast.walk(part) if part is not None else ())
    return found


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], ast.AST]]]:
    match node:
        case ast.Compare(ops=ops):
            for place, one in enumerate(ops):
                other = _COMPARED[type(one)]
                yield f"{type(one).__name__} -> {other.__name__}", _at(place, other)
        case ast.BinOp(op=op) if type(op) in _RECKONED and not _is_text(node):
            to = _RECKONED[type(op)]
            yield f"{type(op).__name__} -> {to.__name__}", _set("op", to())
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", _set("value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} -> {value + 1}", _set("value", value + 1)
        case ast.BoolOp(op=ast.And()):
            yield "and -> or", _set("op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "or -> and", _set("op", ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not dropped", lambda twin: twin.operand
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition turned round", _turned
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER:
            yield f"{name} -> {_OTHER[name]}", _called(_OTHER[name])
        case ast.Continue():
            yield "continue -> break", lambda _: ast.Break()
        case ast.Break():
            yield "break -> continue", lambda _: ast.Continue()


def _set(field: str, value: object) -> Callable[[Any], ast.AST]:
    def change(twin: ast.AST) -> ast.AST:
        setattr(twin, field, value)
        return twin

    return change


def _at(place: int, other: type[ast.cmpop]) -> Callable[[Any], ast.AST]:
    def change(twin: ast.Compare) -> ast.AST:
        twin.ops[place] = other()
        return twin

    return change


def _called(name: str) -> Callable[[Any], ast.AST]:
    def change(twin: ast.Call) -> ast.AST:
        twin.func = ast.Name(name, ast.Load())
        return twin

    return change


def _turned(twin: Any) -> ast.AST:
    twin.test = ast.UnaryOp(ast.Not(), twin.test)
    return twin


def _is_text(node: ast.BinOp) -> bool:
    """Whether a sum is plainly of texts, where another sign could not even run."""
    sides = (node.left, node.right)
    return any(isinstance(one, (ast.JoinedStr, ast.List, ast.Tuple)) for one in sides) or any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) for one in sides
    )


def noticed(mutant: Mutant, package: str, copies: Path) -> bool:
    """Whether the package's tests fail with this fault. The child is forked with pytest loaded already."""
    place = Path(tempfile.mkdtemp(dir=copies))
    shutil.copytree(ROOT / "src" / "liuquan", place / "liuquan", symlinks=True, ignore=_only(package))
    (place / "liuquan" / package / mutant.file).write_text(mutant.source, encoding="utf-8")
    child = os.fork()
    if child == 0:
        os._exit(_run(place, package))
    began = time.monotonic()
    while time.monotonic() - began < LONGEST:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            shutil.rmtree(place, ignore_errors=True)
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    shutil.rmtree(place, ignore_errors=True)
    return True


def _only(package: str) -> Callable[[str, list[str]], set[str]]:
    """Of the source, what the package and its tests may use: itself, the law's data and identifiers."""
    kept = {package, "law", "identifiers", "clock"}

    def ignored(folder: str, names: list[str]) -> set[str]:
        if Path(folder) == ROOT / "src" / "liuquan":
            return {name for name in names if name not in kept and not name.endswith(".py")}
        return {"__pycache__"} & set(names)

    return ignored


def _run(place: Path, package: str) -> int:
    import pytest

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(place)
    sys.path.insert(0, str(place))
    sys.dont_write_bytecode = True
    tests = str(place / "liuquan" / package / "tests")
    plain = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:playwright", "-p", "no:django", "-p", "no:xdist"]
    (place / "pytest.ini").write_text("[pytest]\nmarkers =\n    fact(id): x\n    requirement(id): x\n")
    return int(pytest.main([*plain, "-c", str(place / "pytest.ini"), "--import-mode=importlib", tests]))


def main() -> int:
    """Try every fault and say which ones nobody noticed."""
    asked = _asked()
    files = sorted((ROOT / "src" / "liuquan" / asked.package).glob(asked.only or "*.py"))
    found = [one for path in files for one in mutants(path)]
    if asked.again:
        before = {(one["file"], one["line"], one["what"]) for one in json.loads(asked.again.read_text())}
        found = [one for one in found if (one.file, one.line, one.what) in before]
    if asked.list:
        sys.stdout.writelines(f"{one.file}:{one.line} {one.what}\n" for one in found)
        return 0
    _load()
    with tempfile.TemporaryDirectory(prefix="liuquan-mutants-") as folder:
        plain = Mutant(files[0].name, 0, "nothing", files[0].read_text(encoding="utf-8"))
        if noticed(plain, asked.package, Path(folder)):
            sys.stderr.write("the tests fail without any fault\n")
            return 2
        survivors = _tried(found, asked, Path(folder))
    killed = len(found) - len(survivors)
    sys.stdout.write(f"{len(found)} mutants, {killed} noticed ({killed / max(len(found), 1):.1%})\n")
    if asked.json:
        rows = [{k: v for k, v in asdict(one).items() if k != "source"} for one in survivors]
        asked.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _tried(found: list[Mutant], asked: argparse.Namespace, folder: Path) -> list[Mutant]:
    """The faults nobody noticed, each said when it is known."""
    survivors = []
    with ThreadPoolExecutor(asked.jobs) as several:
        told = several.map(lambda one: noticed(one, asked.package, folder), found)
        for at, (one, seen) in enumerate(zip(found, told, strict=True), 1):
            if not seen:
                survivors.append(one)
                sys.stdout.write(f"survived {one.file}:{one.line} {one.what}\n")
                sys.stdout.flush()
            if at % 50 == 0:
                sys.stderr.write(f"{at} of {len(found)}, {len(survivors)} survived\n")
    return survivors


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--package", default="clock", help="the pure package under liuquan to be tried")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--only", default="", help="this file only")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    parser.add_argument("--json", type=Path, help="write the survivors here")
    parser.add_argument("--again", type=Path, help="try only the survivors written there, after new tests")
    return parser.parse_args()


def _load() -> None:
    """Load what every child needs but nothing of ours, so that a child only runs tests."""
    import chinese_calendar  # noqa: F401
    import hypothesis  # noqa: F401
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    for name in [name for name in sys.modules if name.split(".")[0] == "liuquan"]:
        del sys.modules[name]


if __name__ == "__main__":
    sys.exit(main())
