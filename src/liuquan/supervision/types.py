"""Values of supervision: rules, hits, findings as they are shown, figures of the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from liuquan.kernel import shares
from liuquan.supervision import evidence


class Severity(StrEnum):
    """Yellow is a reminder; red must be explained and settled."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        return {"yellow": "黄牌", "red": "红牌"}[self]


class Standing(StrEnum):
    """Whether a finding is lifted when its rule no longer selects it, or stays until somebody decides."""

    PASSING = "passing"
    LASTING = "lasting"


class FindingState(StrEnum):
    """The state of a finding."""

    OPEN = "open"
    ASKED = "asked"
    EXPLAINED = "explained"
    CORRECTING = "correcting"
    CLOSED = "closed"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        return {
            "open": "待处理",
            "asked": "已要求说明",
            "explained": "已说明，待认定",
            "correcting": "责令改正中",
            "closed": "已认定",
            "lifted": "已自动解除",
        }[self]


#: states in which somebody still has something to do
PENDING = (FindingState.OPEN, FindingState.ASKED, FindingState.EXPLAINED, FindingState.CORRECTING)


class Ruling(StrEnum):
    """What a supervising post found."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    EXCUSED = "excused"

    @property
    def label(self) -> str:
        return {"founded": "情况属实", "unfounded": "不属实，误报", "excused": "属实，依法免责"}[self]


#: grounds on which a true finding is excused
EXCUSES: Mapping[str, str] = {
    "force_majeure": "不可抗力",
    "system_failure": "信息系统故障",
    "applicant": "当事人的原因",
    "other_body": "其他机关的原因",
}


def verdict_label(ruling: Ruling, ground: str) -> str:
    """A verdict in words, with the ground that excuses."""
    return ruling.label + (f"（{EXCUSES[ground]}）" if ground else "")


#: what a unit may be asked to say
POINTS: Mapping[str, str] = {
    "cause": "延误或者违规的原因",
    "post": "责任环节和岗位",
    "remedy": "整改措施和完成日期",
    "public": "是否已向申请人公开说明",
}


@dataclass(frozen=True)
class Rule:
    """One rule file: what it says, on what law, and its SQL with the parameters `:now` and `:subjects`.

    `kinds`: the kinds of subject it judges, or `*` alone for every kind of case not set apart.
    `from_on`, `to_on`: it applies to conditions that came true on days in [from_on, to_on). The versions of a
    rule never share a day.
    """

    id: str
    version: int
    name: str
    sentence: str
    severity: Severity
    standing: Standing
    kinds: tuple[str, ...]
    scope: str
    basis: tuple[str, ...]
    owes: str
    from_on: date
    to_on: date | None
    sql: str
    ended: str = ""


@dataclass(frozen=True)
class Hit:
    """What a rule selects: the subject, which clock or event of it, who answers, since when, and the
    evidence."""

    rule: str
    subject_kind: str
    subject_number: str
    key: str
    body_code: str
    since_at: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunReport:
    """What a run did. `ran` is false if another worker was already running. `subjects`: how many were
    checked, `None` for all."""

    ran: bool
    subjects: int | None = 0
    raised: int = 0
    lifted: int = 0


@dataclass(frozen=True)
class FindingLine:
    """One finding in a list."""

    number: str
    rule_name: str
    sentence: str
    severity: Severity
    state: FindingState
    subject_kind: str
    subject_number: str
    subject_name: str
    body_code: str
    body_name: str
    since_at: datetime
    found_at: datetime
    due_on: date | None  #: the last day for what the unit owes now: its answer, the report of its correction
    overdue: bool = False  #: that day has passed

    @property
    def pending(self) -> bool:
        return self.state in PENDING

    @property
    def colour(self) -> str:
        """The lamp: the finding's colour while something is to be done, grey afterwards."""
        return self.severity.value if self.pending else "grey"


@dataclass(frozen=True)
class ExplanationView:
    """A request for an explanation, without the text, which only an action can open."""

    asked_at: datetime
    answer_due_on: date
    points: tuple[str, ...]
    answered_at: datetime | None
    late: bool


@dataclass(frozen=True)
class VerdictView:
    """What was found of a finding, and when, without the note."""

    ruling: Ruling
    ground: str
    at: datetime | None


@dataclass(frozen=True)
class FindingDetail:
    """A finding with all its details: line, rule, evidence, request and answer, verdict."""

    line: FindingLine
    rule: Rule
    key: str
    division_path: str
    evidence: Mapping[str, Any]
    disposal: str  #: number of the case in which the unit is heard; empty before it is asked
    days_asked: int  #: working days that the unit had to answer; 0 before it is asked
    is_case: bool  #: the subject is a case: it has an item, a state and a page of its own
    item_code: str
    explanations: tuple[ExplanationView, ...]
    verdict: VerdictView | None
    offers: frozenset[str]  #: acts this reader may take now: ask, explain, close, correct, report, open

    @property
    def evidence_words(self) -> list[tuple[str, str]]:
        """The evidence as people read it: (what it is, the value)."""
        return list(evidence.words(self.evidence))


@dataclass(frozen=True)
class FindingFilter:
    """The filter of a list of findings; empty means any. `state` may be `pending` or `unanswered`; `text`:
    a part of the number of the case or of the finding."""

    text: str = ""
    body: str = ""
    severity: str = ""
    state: str = ""
    rule: str = ""
    since_on: date | None = None  #: closed or found on or after this day


@dataclass(frozen=True)
class Figures:
    """The figures of the board. `on_time_share`: percent, `None` when nothing was decided yet."""

    red: int
    yellow: int
    asked: int
    unanswered: int
    explained: int
    closed: int
    cases_open: int
    decided: int
    late: int
    month_on: date

    @property
    def on_time_share(self) -> str | None:
        return shares.percent(self.decided - self.late, self.decided)


@dataclass(frozen=True)
class BodyLine:
    """One body of the board."""

    code: str
    name: str
    red: int
    yellow: int
    asked: int
    cases_open: int
    decided: int
    late: int

    @property
    def on_time_share(self) -> str | None:
        return shares.percent(self.decided - self.late, self.decided)


@dataclass(frozen=True)
class TrendDay:
    """How many findings were made on a day."""

    on: date
    red: int
    yellow: int


@dataclass(frozen=True)
class CaseLine:
    """One case in a list of the board; no names."""

    number: str
    item_name: str
    body_name: str
    received_at: datetime
    decided_at: datetime | None
    promised_on: date | None
    colour: str


@dataclass(frozen=True)
class OpenedText:
    """What a unit said, or a verdict's note, once opened."""

    label: str
    at: datetime
    text: str
