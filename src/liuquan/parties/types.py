"""Values of the parties. Only `Identity` holds personal data in the clear; its repr does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

PartyKind = Literal["person", "organisation"]
Capacity = Literal["agent", "legal_representative", "guardian"]


@dataclass(frozen=True, slots=True)
class PartyRef:
    """A party as lists and pages may show it: public number and masked forms."""

    number: str
    kind: PartyKind
    label_masked: str
    id_masked: str = ""
    phone_masked: str = ""
    is_erased: bool = False
    is_verified: bool = (
        False  #: a clerk saw the original document; false for parties that only applied online
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a party is, in the clear. Comes from `actions.reveal` only; keep it no longer than the request."""

    number: str
    kind: PartyKind
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A party before and after its document was checked at the window; `fields`: what was changed, in words
    (nothing: it was only verified). Goes into the private part of the entry, nowhere else."""

    before: Identity = field(repr=False)
    after: Identity = field(repr=False)
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """One party acts for another on a day, in a capacity, within a scope."""

    principal: PartyRef
    agent: PartyRef
    capacity: Capacity
    scope: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Found:
    """What a number says about its holder: the kind, the party if registered, or what is wrong with it."""

    kind: PartyKind = "person"
    party: PartyRef | None = None
    error: str = ""

    @property
    def is_new(self) -> bool:
        """A valid number with which nobody is registered."""
        return self.party is None and not self.error


@dataclass(frozen=True, slots=True)
class Searched:
    """Who was found, masked; `way`: by what, in words."""

    way: str
    people: tuple[PartyRef, ...]
