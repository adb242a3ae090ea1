"""Copies of the tree in which faults are made: the tree itself is only read."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

#: what no test reads: history, environments, caches, homes
_LEFT = (".git", ".venv*", ".liuquan", "__pycache__", ".*_cache", ".hypothesis", "node_modules")


@contextlib.contextmanager
def folder_of_copies() -> Iterator[Path]:
    """A folder for the copies, removed in the end."""
    with tempfile.TemporaryDirectory(prefix="liuquan-mutants-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)  # the database server runs as another user
        yield folder


def copy_of(tree: Path, place: Path) -> Path:
    """A copy of the tree without what no test reads."""
    shutil.copytree(tree, place, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT))
    return place


def twin_of(copy: Path, place: Path) -> Path:
    """A copy of a copy, with what Python compiled there: times are kept, so that still counts."""
    shutil.copytree(copy, place, symlinks=True)
    return place
