"""The kind of case 协办单, as pages and supervision take it."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework.types import Snapshot
from liuquan.clock import weekday_date
from liuquan.hotline.assist.procedure import ANSWER, PROCEDURE, AssistTerms
from liuquan.kinds.types import CaseKind, Stage, Turn


def _next_step(snapshot: Snapshot, _now: datetime) -> str:
    clock = snapshot.deadline(ANSWER)
    return f"{snapshot.body_name}最迟{weekday_date(clock.due_on)}回复主办单位。" if clock else "已经办结。"


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [("工单", snapshot.own(AssistTerms).ticket)]


ASSIST = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("提请", moment="received"),
        Stage("协办", ("asked", "working"), ("replied", "given_back", "called_off"), moment="closed"),
    ),
    turns={
        "asked": Turn("签收，或者退回。", "协办单位"),
        "working": Turn("办理并回复主办单位。", "协办单位"),
    },
    next_step=_next_step,
    facts=_facts,
    applicant="诉求人",
    matter="请协办的事",
    texts={"reason": "理由", "reply": "回复内容"},
    is_ordinary=False,
)
