"""The modules of the tree, lowest layer first, and the folders of tests beside and across them."""

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from liuquan.kernel.home import CHECKOUT
from liuquan.layers import modules

PACKAGE = CHECKOUT / "src" / "liuquan"
ACROSS = CHECKOUT / "tests"


@cache
def layers() -> tuple[str, ...]:
    """Every module of the layers that is there, lowest first."""
    return tuple(module.name for module in modules() if not module.is_planned)[::-1]


def beside(name: str, chosen: Iterable[str] = ()) -> dict[str, Path]:
    """Module → this file in its folder of tests, for all modules (or the chosen) that have one."""
    wanted = set(chosen) or set(layers())
    paths = {module: PACKAGE / module / "tests" / name for module in layers() if module in wanted}
    return {module: path for module, path in paths.items() if path.is_file()}


def folders_of(module: str) -> list[Path]:
    """Where the tests of a module are, or of a part of `tests/` with this name; empty for an unknown name."""
    both = (PACKAGE / module / "tests", ACROSS / module)
    return [folder for folder in both if module.isidentifier() and folder.is_dir()]


def closest(word: str) -> str:
    """The name of tests nearest to a word that is none."""
    parts = {path.name for path in ACROSS.iterdir() if path.is_dir() and folders_of(path.name)}
    names = sorted({*parts, *(module for module in layers() if folders_of(module))})
    found = difflib.get_close_matches(word, names, n=1, cutoff=0)
    return found[0] if found else names[0]
