"""A paper that has to follow an act."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import Effect


@dataclass(frozen=True)
class Issue(Effect):
    """The paper of this key is issued after the act; the kind of case has its template."""

    paper: str

    @property
    def papers(self) -> tuple[str, ...]:
        return (self.paper,)
