"""One way to run pytest over a copy of the tree: which files, which of their tests, which databases."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

_PLAIN = ("-q", "-p", "no:cacheprovider", "-p", "no:playwright", "-p", "no:xdist", "--durations=0")
#: libraries are loaded before pytest, which finds nothing of theirs to rewrite
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
_TABLES = "liuquan.testing.databases"
#: kind of a kept database → the module that names it
_NAMED_BY = {
    "template": _TABLES,
    "city_template": "liuquan.testing.city",
    "cases_template": "liuquan.testing.cases",
}


@dataclass(frozen=True)
class TestRun:
    """Which tests of a copy are meant. Paths in `files` count from the copy."""

    __test__ = False

    copy: Path
    module: str
    files: Sequence[str]
    requirement: str = ""
    answer: Path = Path()
    databases: dict[str, str] = field(default_factory=dict)
    libraries: Sequence[str] = ()

    def arguments(self, files: Sequence[str] = ()) -> list[str]:
        """What pytest is called with."""
        return [
            *_PLAIN,
            *_LOADED,
            "--rootdir",
            str(self.copy),
            *(str(self.copy / one) for one in files or self.files),
        ]

    def write(self, path: Path) -> Path:
        """Hand it to another process."""
        path.write_text(json.dumps(asdict(self), default=str), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> TestRun:
        """As another process wrote it."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**told, "copy": Path(told["copy"]), "answer": Path(told["answer"])})


def be_steady() -> None:
    """Generated examples are always the same and may take their time: a verdict must not hang on chance."""
    with contextlib.suppress(ImportError):
        from hypothesis import settings

        settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
        settings.load_profile("mutants")


def choose(items: Sequence[pytest.Item], requirement: str) -> list[pytest.Item]:
    """The tests that show the requirement, or all; never those that need a browser."""
    chosen = [item for item in items if item.get_closest_marker("browser") is None]
    if requirement:
        chosen = [item for item in chosen if requirement in _shown_by(item)]
    return chosen


def _shown_by(item: pytest.Item) -> set[str]:
    return {str(one) for marker in item.iter_markers("requirement") for one in marker.args}


def databases_named() -> dict[str, str]:
    """Which kept databases the tests use: kind → fingerprint."""
    tables: Any = sys.modules.get(_TABLES)
    return dict(tables.KEPT) if tables is not None else {}


def keep_databases(named: dict[str, str]) -> None:
    """Use the kept databases under these names whatever the code now says: a fault in what would make them
    neither spoils them nor has them made again."""
    for kind, mark in named.items():
        module: Any = sys.modules.get(_NAMED_BY[kind])
        if module is not None:
            module.fingerprint = lambda *_, mark=mark: mark
