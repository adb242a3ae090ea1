"""What changed in the law between two days, as this system applies it: begun, changed, ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from liuquan.clock import Limit
from liuquan.law.types import Entry, Figure, LawBook, LawError


@dataclass(frozen=True)
class Difference:
    """One limit or figure that is not the same on both days; `None` on the day it is not in force."""

    id: str
    label: str
    before: Limit | Figure | None
    after: Limit | Figure | None

    @property
    def kind(self) -> str:
        """新增, 变更 or 终止."""
        if self.before is None:
            return "新增"
        return "终止" if self.after is None else "变更"


def differences(book: LawBook, first: date, second: date) -> tuple[Difference, ...]:
    """Every limit and figure in force on only one of the two days, or with another value on each."""
    return tuple(_differences(book, first, second))


def _differences(book: LawBook, first: date, second: date) -> Iterator[Difference]:
    entries: list[Entry] = [*book.limits(), *book.figures()]
    for entry in entries:
        before, after = _on(entry, first), _on(entry, second)
        if before != after:
            found = after or before
            yield Difference(entry.id, found.label if found else "", before, after)


def _on(entry: Entry, day: date) -> Limit | Figure | None:
    try:
        return entry.on(day)
    except LawError:
        return None
