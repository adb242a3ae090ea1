"""One figure: how much of ours, how much of the peer's, and the ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Figure", "median"]


@dataclass(frozen=True)
class Figure:
    """What was measured. Rates are medians over interleaved repetitions; more is better."""

    what: str
    unit: str
    ours: float
    peer: str
    peers: float
    all_ours: Sequence[float] = ()
    all_peers: Sequence[float] = ()
    aim: float | None = None

    @property
    def ratio(self) -> float:
        """Ours to the peer's."""
        return self.ours / self.peers

    def __str__(self) -> str:
        aim = f" (aim: at least {self.aim})" if self.aim is not None else ""
        spread = f"  [{min(self.all_ours):,.0f}–{max(self.all_ours):,.0f}]" if self.all_ours else ""
        return (
            f"{self.what}\n"
            f"  ours   {self.ours:>12,.1f} {self.unit}{spread}\n"
            f"  peer   {self.peers:>12,.1f} {self.unit}  {self.peer}\n"
            f"  ratio  {self.ratio:>12.2f}{aim}\n"
        )
