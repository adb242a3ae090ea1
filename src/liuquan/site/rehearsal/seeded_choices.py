"""Random-looking choices that come out the same on every machine and in every version of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededChoices:
    """A sequence of numbers that depends on its name alone."""

    def __init__(self, *name: object) -> None:
        self._name = ":".join(map(str, name))
        self._drawn = 0

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._name}:{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8]) % end

    def between(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def happens(self, percent: int) -> bool:
        """Whether an event of this probability, in percent, happens."""
        return self.below(100) < percent

    def choice(self, among: Sequence[T]) -> T:
        """One of several."""
        return among[self.below(len(among))]
