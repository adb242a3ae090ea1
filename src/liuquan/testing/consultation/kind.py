"""The kind 咨询: everything that pages, papers, the API, supervision and the case log need to know of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from liuquan.casework import queries as casework
from liuquan.casework.types import Material, Snapshot
from liuquan.clock import weekday_date
from liuquan.kinds.types import CaseKind, Stage, Turn
from liuquan.testing.consultation.papers import PAPERS
from liuquan.testing.consultation.procedure import ADDED, ANSWERED, PROCEDURE


def _next_step(snapshot: Snapshot, _now: datetime) -> str:
    clock = snapshot.deadline("answer")
    if clock is None:
        return "已经答复，请看下面的咨询答复书。"
    return f"{snapshot.body_name}最迟{weekday_date(clock.due_on)}答复您，答复前可以补充说明。"


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [("答复要求", snapshot.terms.limit("answer").text)]


def _asked(snapshot: Snapshot) -> list[Material]:
    """A picture helps, while there is none and nobody has answered."""
    if snapshot.closed_at:
        return []
    return [one for one in casework.materials(snapshot) if one.key == "page" and not one.received]


CONSULTATION = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("提出", moment="received"),
        Stage("答复", ("asked",), ("answered",), moment="closed"),
    ),
    turns={"asked": Turn("答复咨询。", "承办岗位")},
    next_step=_next_step,
    papers=PAPERS,
    facts=_facts,
    asked=_asked,
    applicant="咨询人",
    matter="咨询内容",
    texts={"more": "补充说明", "answer": "答复内容", "reason": "另找单位"},
    materials_in={ADDED.name: "files", ANSWERED.name: "files"},
    seal="政策咨询专用章",
    tones={ANSWERED.name: "green"},
    supervision_rules=Path(__file__).parent / "rules",
)
