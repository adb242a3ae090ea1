"""One figure: how much of ours, how much of the peer's, and the ratio.

Only a ratio passes or fails: both sides were measured in the same run on the same machine. What is wished for
in absolute numbers stands beside the figure and is judged by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

__all__ = ["Figure", "median", "missed"]


@dataclass(frozen=True)
class Figure:
    """What was measured. Rates are medians over interleaved repetitions; more is better.

    `aim` is the ratio that must be reached; `wish` says an absolute aim in words. A figure without a peer
    (`peers` is None) has no ratio and so no verdict.
    """

    what: str
    unit: str
    ours: float
    peer: str = ""
    peers: float | None = None
    all_ours: Sequence[float] = ()
    all_peers: Sequence[float] = ()
    aim: float | None = None
    wish: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the peer's."""
        return None if self.peers is None else self.ours / self.peers

    @property
    def is_missed(self) -> bool:
        """Whether a ratio was aimed at and not reached."""
        return self.aim is not None and (self.ratio is None or self.ratio < self.aim)

    def as_json(self) -> dict[str, Any]:
        """The figure with its ratio and verdict as plain values."""
        return {**vars(self), "ratio": self.ratio, "missed": self.is_missed}

    def __str__(self) -> str:
        spread = f"  [{min(self.all_ours):,.0f}–{max(self.all_ours):,.0f}]" if self.all_ours else ""
        wish = f"  (absolute aim, not judged: {self.wish})" if self.wish else ""
        lines = [self.what, f"  ours   {self.ours:>12,.1f} {self.unit}{spread}{wish}"]
        if self.peers is not None:
            lines.append(f"  peer   {self.peers:>12,.1f} {self.unit}  {self.peer}")
            lines.append(f"  ratio  {self.ratio:>12.2f}{self._verdict()}")
        return "\n".join([*lines, ""])

    def _verdict(self) -> str:
        if self.aim is None:
            return ""
        return f"  (aim: at least {self.aim:.2f}: {'MISSED' if self.is_missed else 'kept'})"


def missed(figures: Iterable[Figure]) -> list[str]:
    """In one line each, the figures whose ratio stays below its aim."""
    return [
        f"{figure.what.splitlines()[0]}, beside {figure.peer}: {figure.ratio:.2f}, aim {figure.aim:.2f}"
        for figure in figures
        if figure.is_missed
    ]
