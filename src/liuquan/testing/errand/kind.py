"""The kind 交办 as the register takes it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from liuquan.casework.types import Snapshot
from liuquan.clock import weekday_date
from liuquan.kinds.types import CaseKind, Stage, Turn
from liuquan.testing.errand.procedure import PROCEDURE
from liuquan.testing.errand.terms import ErrandTerms

URGENCY = {"normal": "普通", "urgent": "紧急"}


def _next_step(snapshot: Snapshot, _now: datetime) -> str:
    clock = snapshot.deadline("answer")
    if clock is None:
        return "已经办结。"
    return f"{snapshot.body_name}最迟{weekday_date(clock.due_on)}回报。"


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [("紧急程度", URGENCY[snapshot.own(ErrandTerms).urgency])]


ERRAND = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("登记", moment="received"),
        Stage("承办", ("taken", "working", "asking"), ("reported", "called_off"), moment="closed"),
    ),
    turns={
        "taken": Turn("交给岗位承办。", "承办单位"),
        "working": Turn("承办。", "承办岗位"),
        "asking": Turn("补充说明。", "交办人"),
    },
    next_step=_next_step,
    facts=_facts,
    applicant="交办人",
    matter="交办内容",
    texts={"more": "补充说明", "reason": "理由"},
    materials_in={"errand.say": "files"},
    results={"solved": "已解决"},
    supervision_rules=Path(__file__).parent / "rules",
)
