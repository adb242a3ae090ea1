"""The figures of the hotline as data: what each counts, whose it is, what it leaves out. Pure.

A figure is a share of parts: every row of its source falls into exactly one part, those of the denominator
are counted, the numerator is among them, and the rest is shown beside them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from liuquan.kernel.shares import percent

_FILE = Path(__file__).parent / "data" / "figures.toml"


@dataclass(frozen=True)
class Figure:
    """One figure. `source`: the rows it counts; `body`: whose each row is, in words; `parts`: all that its
    rows fall into, with their names; `is_internal`: it is about our own tools and is not published."""

    id: str
    version: int
    name: str
    source: str
    sentence: str
    body: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    parts: Mapping[str, str]
    is_internal: bool = False

    @property
    def formula(self) -> str:
        """The formula in words."""
        return f"（{self._names(self.numerator)}）÷（{self._names(self.denominator)}）"

    @property
    def beside(self) -> tuple[str, ...]:
        """The parts that do not enter the share."""
        return tuple(part for part in self.parts if part not in self.denominator)

    def _names(self, parts: tuple[str, ...]) -> str:
        return "＋".join(self.parts[part] for part in parts)


@dataclass(frozen=True)
class Value:
    """A figure of a body and a month. `counts`: how many rows in each part."""

    figure: Figure
    counts: Mapping[str, int]

    @property
    def part(self) -> int:
        return sum(self.counts.get(one, 0) for one in self.figure.numerator)

    @property
    def whole(self) -> int:
        return sum(self.counts.get(one, 0) for one in self.figure.denominator)

    @property
    def total(self) -> int:
        """Every row, also those that the share leaves out."""
        return sum(self.counts.values())

    @property
    def percent(self) -> str | None:
        return percent(self.part, self.whole)

    @property
    def listed(self) -> list[tuple[str, str, int, bool]]:
        """Every part: its key, its name, how many, whether it enters the share."""
        return [
            (key, name, self.counts.get(key, 0), key in self.figure.denominator)
            for key, name in self.figure.parts.items()
        ]


@cache
def figures() -> tuple[Figure, ...]:
    """Every figure, in the order of the board. Refuses (`ValueError`) one whose numerator is not in its
    denominator, or that counts a part it does not name."""
    found = []
    for row in tomllib.loads(_FILE.read_text())["figure"]:
        one = Figure(
            **{**row, "numerator": tuple(row["numerator"]), "denominator": tuple(row["denominator"])}
        )
        if not set(one.numerator) <= set(one.denominator) <= set(one.parts):
            raise ValueError(f"{one.id}: a share is of parts that are named")
        found.append(one)
    return tuple(found)


def public_figures() -> tuple[Figure, ...]:
    """Those that are published."""
    return tuple(one for one in figures() if not one.is_internal)


def figure(key: str) -> Figure | None:
    """The figure of this id."""
    return next((one for one in figures() if one.id == key), None)
