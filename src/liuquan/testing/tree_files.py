"""The files of the checkout that the house rules look at."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.house_rules import Source

PACKAGE = CHECKOUT / "src" / "liuquan"
BESIDE = ("bench", "tests", "verifier")


def sources(suffix: str) -> list[Source]:
    """All files of this suffix, of the package and of the folders beside it, in the order of their paths."""
    found = [Source(where, path.read_text(encoding="utf-8")) for where, path in _paths(suffix)]
    return sorted(found, key=lambda source: source.path)


def _paths(suffix: str) -> Iterator[tuple[PurePosixPath, Path]]:
    for path in PACKAGE.rglob(f"*{suffix}"):
        yield PurePosixPath(path.relative_to(PACKAGE)), path
    for folder in BESIDE:
        for path in (CHECKOUT / folder).rglob(f"*{suffix}"):
            yield PurePosixPath(path.relative_to(CHECKOUT)), path
