"""What comes in with an act: uploads as they arrived, and materials on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.kernel.uploads import Upload

__all__ = ["Material", "Received", "Upload"]


@dataclass(frozen=True)
class Received:
    """A material on file; `file` is empty for paper that was handed in at the window."""

    key: str
    file: str
    received_at: datetime


@dataclass(frozen=True)
class Material:
    """One line of the checklist of a case: what its terms ask for, and whether it is on file. `erased`: those
    of the files that nobody can open any more."""

    key: str
    name: str
    necessity: str
    accept_standard: str
    received: bool
    files: tuple[str, ...] = ()
    erased: frozenset[str] = frozenset()
