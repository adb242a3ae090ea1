"""What searches, checks, imports and loads answer."""

from __future__ import annotations

from dataclasses import dataclass

from .codes import CaseType, ItemType, Severity, VersionState
from .terms import AlsoTerm, LimitTerm


@dataclass(frozen=True)
class ItemHit:
    """One line of a search result."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    item_type: ItemType
    item_type_label: str
    case_type: CaseType
    state: VersionState
    promised_text: str
    score: float
    matched: str = ""
    also: tuple[AlsoTerm, ...] = ()


@dataclass(frozen=True)
class ElsewhereView:
    """A matter that another body does: 身份证, who does it, how to reach them."""

    matter: str
    body: str
    reach: str


@dataclass(frozen=True)
class SearchResult:
    """Hits, best first; `words` is what was understood.

    `is_near`: nothing is called so; the hits sound the same or differ in one character, or (`is_general`) are
    what any such matter begins with. `elsewhere`: what other bodies do of what was asked.
    """

    hits: tuple[ItemHit, ...]
    words: tuple[str, ...]
    is_near: bool = False
    is_general: bool = False
    elsewhere: tuple[ElsewhereView, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hits)


@dataclass(frozen=True)
class Lack:
    """One thing missing or wrong in a version: in `field`, in its row `key`, in the column `part`."""

    field: str
    sentence: str
    severity: Severity = Severity.REFUSES
    key: str = ""
    citation: str = ""
    part: str = ""


@dataclass(frozen=True)
class ItemLacks:
    """One item and what it still lacks before it may be published."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    version_no: int
    lacks: tuple[Lack, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing refuses its publication."""
        return not any(lack.severity is Severity.REFUSES for lack in self.lacks)


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not imported: its number as a spreadsheet shows it (the header is row 1), and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `created + updated + unchanged + len(rejected)` is always `rows`."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What loading a pack's items did."""

    created: int
    updated: int
    unchanged: int
    published: int


@dataclass(frozen=True)
class LawChange:
    """A published version whose statutory limit has become longer than the law in force allows."""

    item_code: str
    item_name: str
    body_code: str
    version_no: int
    stored: LimitTerm
    law: LimitTerm
    sentence: str


@dataclass(frozen=True)
class ItemSummary:
    """One published item, for lists."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    item_type: ItemType
    item_type_label: str
    case_type: CaseType
    promised_text: str
    statutory_text: str
    fee: bool
    version_no: int
