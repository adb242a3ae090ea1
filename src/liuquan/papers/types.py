"""What may be known of a paper, and where it is verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class IssuedPaper:
    """A paper as anyone may verify it, without names; `sha256` is of its bytes, in hexadecimal. `record` is
    the entry that issued it. `case` is only for holders of the slip and must not be shown. `result`: the
    outcome it tells, in a word; `remedy`: what may be done against it, in a sentence; empty where none."""

    title: str
    number: str
    case: str
    record: UUID
    body: str
    item: str
    issued_at: datetime
    sha256: str
    result: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Issued:
    """The numbers of the papers of an act, and why some are still missing."""

    numbers: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class VerifyPlace:
    """Where a paper is checked: the address to type, the code beside the QR, the entry that issues it."""

    public_url: str
    code: str
    record: UUID

    @property
    def site(self) -> str:
        """The address as printed, where the code is then typed."""
        return f"{self.public_url}/verify"

    @property
    def qr(self) -> str:
        """The content of the QR: the address with the code, and the number of the entry. With that number the
        holder of the paper can find its leaf in the published log without asking the office."""
        return f"{self.site}/{self.code}?e={self.record.hex}"
