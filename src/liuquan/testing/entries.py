"""What the entries of a case say, for tests."""

from __future__ import annotations

from typing import Any

from liuquan.casework import structure
from liuquan.journal import queries as journal


def last_said(number: str) -> dict[str, Any]:
    """What the last entry of a case says beside the structure of its act."""
    public = journal.entries_of(number)[-1].public
    return {name: said for name, said in public.items() if name != structure.KEY}
