"""Who is a party of a case, and who was one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from liuquan.casework.types import PartyView, Snapshot


def present(views: Iterable[PartyView]) -> dict[str, str]:
    """The roles of those who have not left, by party number."""
    return {one.number: one.role for one in views if one.to_at is None}


def with_parties(case: Snapshot, views: tuple[PartyView, ...]) -> Snapshot:
    """The case with these who are or were its parties."""
    return replace(case, parties_ever=views, parties=present(views))


def at_receipt(views: Iterable[PartyView], received_at: datetime) -> tuple[PartyView, ...]:
    """Those who have been parties since the receipt, as they were then. Somebody who joined at that very
    moment counts among them."""
    first: dict[str, PartyView] = {}
    for one in views:
        if one.from_at == received_at:
            first.setdefault(one.number, replace(one, to_at=None))
    return tuple(first.values())


def after(
    views: tuple[PartyView, ...], joined: Iterable[PartyView], left: Iterable[PartyView]
) -> tuple[PartyView, ...]:
    """The parties after an act; `left`: as they are afterwards. Nobody joins who is there (`at_receipt`)."""
    gone = {one.number: one for one in left}
    there = present(views)
    kept = tuple(gone.get(one.number, one) if one.to_at is None else one for one in views)
    return kept + tuple(one for one in joined if one.number not in there)


def known_at(views: Iterable[PartyView], at: datetime) -> tuple[PartyView, ...]:
    """Those who had joined by this moment; who left later was still there."""
    return tuple(
        replace(one, to_at=None) if one.to_at is not None and one.to_at > at else one
        for one in views
        if one.from_at <= at
    )
