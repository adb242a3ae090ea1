"""Whom an act would add to the parties of its case, and whether they are registered."""

from __future__ import annotations

from liuquan.casework.effects import AddParty
from liuquan.casework.effects.add_party import REGISTERED, numbered
from liuquan.casework.types import Data, Facts, Transition
from liuquan.parties import queries as parties


def party_facts(row: Transition | None, data: Data) -> Facts:
    """Which of the named parties are registered and not erased: one query, none for an act that adds nobody.
    The engine asks, so that no procedure can forget it and rules stay pure."""
    named = [numbered(data.get(effect.field)) for effect in row.of(AddParty)] if row else []
    if not any(named):
        return {}
    known = parties.parties(filter(None, named))
    return {REGISTERED: frozenset(number for number, one in known.items() if not one.is_erased)}
