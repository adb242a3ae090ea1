"""A case kind whose terms keep values of every sort, for tests of what a kind keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import Mark, Start
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.types import OwnTerms, Procedure, State, Terms, Transition, Who
from liuquan.clock import Limit, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event


@dataclass(frozen=True)
class Lot:
    """A part of the whole, by its number."""

    number: int
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeaseTerms(OwnTerms):
    """What a lease is about."""

    holder: str
    ends_on: date
    lots: tuple[Lot, ...] = ()
    renewed_on: date | None = None
    is_public: bool = False


def _row(action: str, sources: tuple[str, ...], target: str, **more: Any) -> Transition:
    event = f"lease.{action}"
    public = OF_THE_ENGINE | {"item", "channel"}
    declare(Event(event, action, action, public, frozenset({"staff"})))
    return Transition(action, action, sources, target, (Who.POST,), event, **more)


PROCEDURE = Procedure(
    kind="lease", version=1, label="租约试验", in_force=date(2026, 1, 1),
    states=(State("filed", "已收"), State("ended", "已结", holder="nobody", closed=True)),
    rows=(_row("end", ("filed",), "ended", effects=(Mark("closed"),)),),
    initial="filed",
    creation=_row("file", (), "filed", effects=(Start("answer", "answer", anchor="ends_on"),)),
    own_terms=LeaseTerms,
)  # fmt: skip


def terms(body: str, **extra: Any) -> Terms:
    """Three working days from the end of the lease; `extra` as it is stored."""
    limits = {"answer": Limit(3, Unit.WORKING_DAY, label="答复期限")}
    return Terms("lease", "租约", body, limits, extra={"holder": "某公司", "ends_on": "2026-03-20", **extra})


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
