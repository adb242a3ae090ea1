"""What binds a case from its day of receipt: limits, route, grounds, and how its days are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, cast

from liuquan.casework.types.own_terms import Own, OwnTerms, TermsError, day
from liuquan.clock import AfterHours, CountingRules, DayEnd, Limit, OfficeHours, Resumption


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
    on_expiry: str = ""  #: the row that says what silence on this step means, where a law does


@dataclass(frozen=True)
class GroundTerm:
    """A legal ground for pausing the clocks of a case: its wording, whether the time needed must be announced
    in writing, and whether the clocks then resume or start again."""

    label: str
    notice_required: bool = True
    resumes: Resumption = Resumption.CONTINUE
    citations: tuple[str, ...] = ()


DEFAULT_SOURCE = CountingRules().source


@lru_cache(maxsize=256)
def _office_hours(text: str) -> OfficeHours:
    return OfficeHours.parse(text)


@dataclass(frozen=True)
class Counting:
    """How the days of a case are counted: whose calendar (`region`, a division code; empty: the country), the
    body's office hours ("09:00-12:00,13:30-17:00"; empty: none recorded), and what the place has chosen where
    the law leaves a choice, with its `source`.

    Cites: 民法典 第二百零三条, 全国年节及纪念日放假办法 第四条
    """

    region: str = ""
    hours: str = ""
    ends: DayEnd = DayEnd.MIDNIGHT
    after_hours: AfterHours = AfterHours.AT_ONCE
    source: str = ""

    @property
    def office_hours(self) -> OfficeHours | None:
        """The office hours in the form `clock` takes."""
        return _office_hours(self.hours) if self.hours else None

    @property
    def rules(self) -> CountingRules:
        """The place's choices in the form `clock` takes. No office hours: no close of business."""
        source = self.source or DEFAULT_SOURCE
        if not self.hours:
            return CountingRules(source=source)
        return CountingRules(ends=self.ends, after_hours=self.after_hours, source=source)


@dataclass(frozen=True)
class Terms:
    """What applied to this case on the day of receipt; written once and never changed.

    `limits` by key: acceptance, statutory, promised, delivery, publicity … `extra` is what the kind keeps, as
    it is stored: read it by `own` alone.
    """

    subject_code: str
    subject_name: str
    body_code: str
    limits: Mapping[str, Limit]
    steps: tuple[Step, ...] = ()
    deciding_post: str = ""
    #: closed list of the legal grounds on which the clocks may be paused
    grounds: Mapping[str, GroundTerm] = field(default_factory=dict)
    #: share of the promised limit after which the lamp is yellow, as text ("0.9"); a pack value
    warn_share: str = "0.9"
    counting: Counting = field(default_factory=Counting)
    #: the clocks that stay the duty of the body that received the case, whichever body handles it
    receiver_clocks: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def amount_label(self) -> str:
        """The name of the amount that a decision fixes, such as 奖励金额; empty if it fixes none."""
        return str(self.extra.get("amount_label") or "")

    @property
    def body_name(self) -> str:
        """The name of the body on the day of receipt; its code where the kind keeps none."""
        return str(self.extra.get("body_name") or "") or self.body_code

    def own(self, kind: type[Own]) -> Own:
        """What the kind keeps, as it declares it; read once for terms that many cases share. Refuses
        (`TermsError`) what cannot be read."""
        found = self._read.get(kind)
        if found is None:
            found = self._read[kind] = kind.from_stored(self.extra)
        return cast(Own, found)

    @cached_property
    def _read(self) -> dict[type[OwnTerms], OwnTerms]:
        return {}

    def own_day(self, name: str) -> date:
        """A date that the kind keeps, as the day a licence ends. Refuses (`TermsError`) if there is none."""
        if self.extra.get(name) is None:
            raise TermsError(f"no {name} is stored")
        return day(self.extra[name], name)

    @property
    def last_steps(self) -> tuple[Step, ...]:
        """The steps that nothing follows: where a case goes when it is sent back to the examiners."""
        followed = {key for step in self.steps for key in step.after}
        return tuple(step for step in self.steps if step.key not in followed)

    def ground_label(self, name: str) -> str:
        """The wording of a ground."""
        return self.grounds[name].label if name in self.grounds else name

    def limit(self, limit_key: str) -> Limit:
        """The frozen limit behind a clock: one of the terms, or a step's own (`step:<key>`)."""
        if not limit_key.startswith("step:"):
            return self.limits[limit_key]
        step = next(s for s in self.steps if s.key == limit_key.removeprefix("step:"))
        if step.limit is None:
            raise LookupError(f"step {step.key} has no limit")
        return step.limit
