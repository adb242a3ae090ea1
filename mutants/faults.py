"""What a fault is, and all faults of a module: of its Python, its templates and its SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: folders whose files decide nothing that a test of the running system could notice
LEFT_OUT = frozenset({"tests", "migrations", "__pycache__"})


@dataclass(frozen=True)
class Fault:
    """One change of a text.

    `first` and `last` are the lines of the statement it stands in: when one of them runs, the fault may show.
    `at_import` says that it already works when the file is loaded.
    """

    line: int
    what: str
    make: Callable[[], str] = field(compare=False, repr=False)
    first: int = 0
    last: int = 0
    at_import: bool = False


@dataclass(frozen=True)
class Mutant:
    """A fault in a file, named from the package's folder on: `catalogue/queries/guides.py`."""

    file: str
    fault: Fault

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it the same mutant in another run."""
        return self.file, self.fault.line, self.fault.what


def mutants_of(package: Path, module: str, only: str = "") -> Iterator[Mutant]:
    """Every mutant of a module below the package's folder; `only` is a pattern for its files."""
    from mutants.python_faults import python_faults
    from mutants.sql_faults import sql_faults
    from mutants.template_faults import template_faults

    for path in files_of(package / module, only):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(package).as_posix()
        if path.suffix == ".py":
            words = {*path.parent.parts, *path.stem.split("_")}
            found = python_faults(text, tables="models" in words, page="views" in words)
        else:
            found = template_faults(text) if path.suffix == ".html" else sql_faults(text)
        yield from (Mutant(name, fault) for fault in found)


def files_of(folder: Path, only: str = "") -> list[Path]:
    """The module's files that may hold faults."""
    found = []
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        if path.suffix not in {".py", ".html", ".sql"} or LEFT_OUT & set(within.parts):
            continue
        if not only or within.match(only):
            found.append(path)
    return found
