"""The data of a pack or an import, existing codes it may refer to, and complaints about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class DivisionData:
    """One division: national code of 12 digits, level 1–5, code of the division above (none for the root).

    ``reconsidered_by`` and ``court``: who hears a reconsideration and a suit against a body of this division;
    empty: as in the division above.
    """

    code: str
    name: str
    level: int
    parent: str = ""
    reconsidered_by: str = ""
    court: str = ""


@dataclass(frozen=True, slots=True)
class BodyData:
    """One public body; ``code`` is its USCC.

    ``key``: a short latin word for post codes and numbers; when empty, the organisation code stands in.
    """

    code: str
    name: str
    division: str
    from_on: date
    key: str = ""
    short_name: str = ""
    nature: str = "行政机关"
    phone: str = ""
    address: str = ""
    hours: str = ""
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitData:
    """A unit inside a body; ``division``: its place, if different from its body's."""

    code: str
    name: str
    body: str
    division: str = ""


@dataclass(frozen=True, slots=True)
class PostData:
    """A post with its duty sheet (HALL-02)."""

    code: str
    name: str
    body: str
    unit: str
    roles: tuple[str, ...]
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    standards: tuple[str, ...]
    limits: tuple[str, ...]
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class StaffData:
    """A member of staff; ``login`` empty: cannot sign in. ``password`` only in a demo."""

    number: str
    name: str
    login: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HoldingData:
    """Somebody (staff number) holds a post (code)."""

    staff: str
    post: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class MandateData:
    """Posts may take actions on items of a body, by a document (CASE-11). See ``MandateTerm``."""

    posts: tuple[str, ...]
    actions: tuple[str, ...]
    items: tuple[str, ...]
    granted_by: str
    from_on: date
    body: str = ""
    supervising: bool = False
    division: str = ""
    up_to: str = ""
    up_to_fen: int | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class CoverData:
    """A/B posts: holders of ``cover_post`` stand in for ``post`` (HALL-03).

    ``kind``: ``pair`` names who B is and gives no power by itself; ``absence`` says that A is out from the
    first day up to, not including, ``to_on``, and B acts.
    """

    post: str
    cover_post: str
    from_on: date
    reason: str = ""
    kind: Literal["pair", "absence"] = "pair"
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class SealData:
    """A seal in the register: whose, its name, the post that keeps it."""

    code: str
    body: str
    name: str
    custodian_post: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class PromiseData:
    """What a body promises in quality of its work, attitude and time, by a document (GUIDE-05)."""

    body: str
    quality: str
    attitude: str
    time: str
    announced_by: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationData:
    """All that one source says about the organisation; rows of other sources are left alone."""

    source: str
    divisions: tuple[DivisionData, ...] = ()
    bodies: tuple[BodyData, ...] = ()
    units: tuple[UnitData, ...] = ()
    posts: tuple[PostData, ...] = ()
    staff: tuple[StaffData, ...] = ()
    holdings: tuple[HoldingData, ...] = ()
    mandates: tuple[MandateData, ...] = ()
    covers: tuple[CoverData, ...] = ()
    seals: tuple[SealData, ...] = ()
    promises: tuple[PromiseData, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that exist already and may be referred to. Unit → body, post → body."""

    divisions: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    units: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    staff: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one row: the table's name in the pack, its index there, the field, the sentence."""

    table: str
    index: int
    field: str
    sentence: str
