"""The kind of case 差评整改, as pages and supervision take it."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework.types import Snapshot
from liuquan.clock import weekday_date
from liuquan.kinds.types import CaseKind, Stage, Turn
from liuquan.reviews import events, pack
from liuquan.reviews.player import PLAYER
from liuquan.reviews.procedure import PROCEDURE
from liuquan.reviews.terms import RectificationTerms

_SAYS = {
    "groundless": "{body}核实完了，接下来向您反馈。",
    "rectified": "{body}已经整改，接下来向您反馈。",
    "told": "已经反馈。",
}


def _next_step(snapshot: Snapshot, _now: datetime) -> str:
    clock = next((one for one in snapshot.deadlines if one.is_open), None)
    if clock is not None:
        verb = "核实" if snapshot.state == "opened" else "整改"
        return f"{snapshot.body_name}最迟{weekday_date(clock.due_on)}{verb}完。"
    return _SAYS.get(snapshot.state, "").format(body=snapshot.body_name)


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    own = snapshot.own(RectificationTerms)
    return [("评价的案件", own.about), ("评价的服务", own.service), ("等级", own.grade)]


RECTIFICATION = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("差评", moment="received"),
        Stage("核实", ("opened",)),
        Stage("整改", ("verified",), moment="decided"),
        Stage("反馈", ("groundless", "rectified"), ("told",), moment="closed"),
    ),
    turns={
        "opened": Turn("核实是否属实。", "办理单位"),
        "verified": Turn("整改并写明措施。", "办理单位"),
        "groundless": Turn("向评价人说明。", "办理单位"),
        "rectified": Turn("向评价人反馈。", "办理单位"),
    },
    next_step=_next_step,
    facts=_facts,
    applicant="评价人",
    matter="评价的内容",
    texts={"finding": "核实情况", "measures": "整改措施", "reply": "反馈的内容", "words": "评价的内容"},
    outcomes={"groundless": "核实不属实", "rectified": "已整改"},
    reasons=("finding", "measures"),
    tones={events.RECTIFIED.name: "green", events.VERIFIED.name: "yellow"},
    reactions={events.GIVEN.name: ("reviews.follow",)},
    portal_urls="liuquan.reviews.urls_portal",
    pack_section=pack.SECTION,
    player=PLAYER,
    is_ordinary=False,
)
