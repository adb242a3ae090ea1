"""The files that decide what a piece of code makes: all that it imports, and the data beside that.

Named by modules that were imported, never by paths: what does not exist cannot be named.
"""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import grimp

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.modules import PACKAGE

#: files beside the code that it reads; pages and their looks make nothing
DATA = (".toml", ".tsv", ".typ", ".sql", ".csv")


def behind(*modules: ModuleType) -> list[Path]:
    """The Python files of these modules and of all they import, and the data of every module so reached."""
    reached: set[str] = set()
    waiting = [module.__name__ for module in modules]
    while waiting:
        name = waiting.pop()
        if name in reached or not name.startswith("liuquan."):
            continue
        reached.add(name)
        waiting.append(name.rpartition(".")[0])  # a package's own file runs as well
        waiting += _imported_by(name)
    code = [path for name in reached if (path := _file(name)) is not None]
    places = {PACKAGE / name.split(".")[1] for name in reached}
    return sorted([*code, *(path for place in places for path in _data(place))])


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """A short name for these files, their places and contents, and some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom, without the tests."""
    return grimp.build_graph("liuquan", cache_dir=None)


def _imported_by(name: str) -> Iterable[str]:
    known = graph()
    if name in known.modules:
        return known.find_modules_directly_imported_by(name)
    path = _file(name)  # the graph leaves folders of tests out
    if path is None:
        return ()
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    named = [(node.module or "", alias.name) for node in nodes for alias in node.names if not node.level]
    return [f"{module}.{one}" if f"{module}.{one}" in known.modules else module for module, one in named]


def _file(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"there is no {name}, whose code should count")
    return Path(spec.origin) if spec.origin else None


def _data(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.suffix in DATA and "tests" not in path.parts]
