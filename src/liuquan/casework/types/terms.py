"""What binds a case from its day of receipt: limits, route, grounds, and how its days are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from liuquan.clock import Limit


class StepKind(StrEnum):
    """What a step of a route asks for."""

    REVIEW = "review"
    OPINION = "opinion"
    SITE_CHECK = "site_check"
    EXPERT_REVIEW = "expert_review"

    @property
    def label(self) -> str:
        return {
            "review": "审查",
            "opinion": "征求意见",
            "site_check": "现场核查",
            "expert_review": "专家评审",
        }[self]


@dataclass(frozen=True)
class Step:
    """A node of a route. It opens when every step in `after` is done; `limit` counts from that day.

    `officers`: how many must sign (a site check needs two, 行政许可法 第三十四条).
    """

    key: str
    name: str
    post_code: str
    body_code: str = ""
    kind: StepKind = StepKind.REVIEW
    after: tuple[str, ...] = ()
    limit: Limit | None = None
    officers: int = 1
    task: str = ""
    standard: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Terms:
    """What applied to this case on the day of receipt; written once and never changed.

    `limits` by key: acceptance, statutory, promised, delivery, publicity … `extra` belongs to the vertical.
    """

    subject_code: str
    subject_name: str
    body_code: str
    limits: Mapping[str, Limit]
    steps: tuple[Step, ...] = ()
    deciding_post: str = ""
    #: closed list of grounds on which the clocks may stop: name → Chinese label
    grounds: Mapping[str, str] = field(default_factory=dict)
    #: share of the promised limit after which the lamp is yellow, as text ("0.9"); a pack value
    warn_share: str = "0.9"
    extra: Mapping[str, Any] = field(default_factory=dict)
