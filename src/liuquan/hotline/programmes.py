"""Values of programmes on air and interviews online. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from liuquan.hotline.types import RequestKind


class ProgrammeKind(StrEnum):
    """How a body answers the public together: on air (radio, television, web), or online in writing."""

    BROADCAST = "broadcast"
    INTERVIEW = "interview"

    @property
    def label(self) -> str:
        return {"broadcast": "行风热线节目", "interview": "在线访谈"}[self]


@dataclass(frozen=True)
class ProgrammeGiven:
    """A programme as it is set up. `guest`: who answers for the body, with their office."""

    kind: ProgrammeKind
    title: str
    airs_on: date
    body_code: str
    guest: str
    presenter: str = ""


@dataclass(frozen=True)
class QuestionGiven:
    """A listener's question. `reply`: what the guest answered in the programme; empty where it is open."""

    text: str
    class_code: str
    request_kind: RequestKind = RequestKind.CONSULT
    division: str = ""
    name: str = ""
    phone: str = ""
    reply: str = ""
