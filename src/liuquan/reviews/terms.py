"""What binds a rectification: how soon a bad review is verified and put right, by the place's rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liuquan.casework.types import Counting, OwnTerms, Terms
from liuquan.clock import Limit, Unit
from liuquan.reviews.types import LocalLimit

VERIFY, RECTIFY = "verify", "rectify"
LABELS: Final = {VERIFY: "核实时限", RECTIFY: "整改时限"}


@dataclass(frozen=True, kw_only=True)
class RectificationTerms(OwnTerms):
    """`about`: the number of the case that was reviewed; `service`: what was reviewed; `grade`: in words."""

    about: str
    service: str
    grade: str


def rectification_terms(
    lines: Iterable[LocalLimit],
    own: RectificationTerms,
    *,
    subject_code: str,
    subject_name: str,
    body_code: str,
    counting: Counting,
) -> Terms:
    """The terms of the rectification of one bad review. `subject_code`, `subject_name`: of the reviewed
    case."""
    limits = {
        line.key: Limit(
            line.amount, Unit(line.unit), label=LABELS[line.key], profile=line.place, source=line.key
        )
        for line in lines
    }
    return Terms(
        subject_code=subject_code,
        subject_name=subject_name,
        body_code=body_code,
        limits=limits,
        counting=counting,
        extra=own.to_stored(),
    )
