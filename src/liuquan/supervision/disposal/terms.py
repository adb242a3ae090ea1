"""What binds a disposal: who answers, on what, within how many working days. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liuquan.casework.types import OwnTerms, Terms
from liuquan.clock import Limit, Unit

KIND: Final = "disposal"
ANSWER: Final = "answer"
CORRECTION: Final = "correction"
DEFAULT_DAYS: Final = 3
MOST_DAYS: Final = 15
CORRECTION_DAYS: Final = 10


@dataclass(frozen=True, kw_only=True)
class DisposalTerms(OwnTerms):
    """The finding that a disposal is about, by its number; `about`: the number of what was found wrong, such
    as a case, where that has one."""

    finding: str
    about: str = ""


def act(action: str) -> str:
    """The name of an act of this kind, as mandates have it."""
    return f"{KIND}.{action}"


def terms(
    finding: str, *, about: str, name: str, item_code: str, body_code: str, body_name: str, days: int
) -> Terms:
    """The terms of the disposal of a finding, by its number. `about`, `name`: the finding's subject;
    `item_code`: of its item, by which mandates name it, empty for what is no case; `days`: working days to
    answer."""
    return Terms(
        subject_code=item_code,
        subject_name=name,
        body_code=body_code,
        limits={
            ANSWER: Limit(days, Unit.WORKING_DAY, label="答复期限"),
            CORRECTION: Limit(CORRECTION_DAYS, Unit.WORKING_DAY, label="改正期限"),
        },
        extra=DisposalTerms(finding=finding, about=about, body_name=body_name).to_stored(),
    )
