"""The kind of case 办件: everything that pages, papers, supervision and the demo need to know of it."""

from __future__ import annotations

from pathlib import Path

from liuquan.applications import api, events
from liuquan.applications.papers import PAPERS
from liuquan.applications.player import PLAYER
from liuquan.applications.procedure import PROCEDURE
from liuquan.applications.promises import RECORD_DEFAULT
from liuquan.applications.queries import asked, next_step
from liuquan.applications.rules import RESULT_LABELS
from liuquan.applications.slip_panel import asked_values
from liuquan.applications.terms import ApplicationTerms
from liuquan.casework.types import Snapshot
from liuquan.kinds.types import CaseKind, Panel, Place, Stage, Turn

_STOPPED = {"withdrawn": "已撤回", "not_accepted": "不予受理"}

STAGES = (
    Stage("提交", moment="received", notes=_STOPPED, staff_label="收件"),
    Stage(
        "受理",
        ("received", "supplementing"),
        moment="accepted",
        notes={"supplementing": "等您补正", **_STOPPED},
    ),
    Stage("审查", ("examining",), is_route=True, notes=_STOPPED),
    Stage("决定", ("deciding",), moment="decided", notes=_STOPPED),
    Stage("送达", ("granted", "refused"), ("closed",), moment="closed"),
)

TURNS = {
    "received": Turn("核对材料，受理或者一次性告知补正。", "窗口"),
    "supplementing": Turn("按告知书补齐材料，所用时间不计入办理期限。", "申请人"),
    "examining": Turn("办理在手的环节。"),
    "deciding": Turn("作出准予或者不予的决定。"),
    "granted": Turn("送达决定和证照。", "窗口"),
    "refused": Turn("送达决定和证照。", "窗口"),
}


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    own = snapshot.own(ApplicationTerms)
    return [("依据", "、".join(own.bases)), ("收费", own.fee_text)]


APPLICATION = CaseKind(
    procedure=PROCEDURE,
    stages=STAGES,
    turns=TURNS,
    next_step=next_step,
    papers=PAPERS,
    panels=(Panel((Place.SLIP,), "applications/portal/_asked.html", asked_values),),
    facts=_facts,
    applicant="申请人",
    matter="申请内容",
    asked=asked,
    holder_pages={"receive_supplement": "track_supplement"},
    texts={
        "reason": "理由",
        "opinion": "意见",
        "remarks": "具体要求",
        "corrections": "更正内容",
        "standard": "标准",
        "refer_to": "应当受理的机关",
        "document": "告知文书说明",
        "request": "申请人的书面请求",
        "again": "再次启动的理由",
        "evidence": "书面证据",
        "note": "内部说明",
    },
    materials_in={
        events.SUBMITTED.name: "materials",
        events.ACCEPTED.name: "materials",
        events.ACCEPTED_CORRECTED.name: "materials",
        events.SUPPLEMENT_RECEIVED.name: "items",
    },
    results=RESULT_LABELS,
    intake_page="desk-intake",
    seal="行政审批专用章",
    tones={
        events.GRANTED.name: "green",
        events.ACCEPTED.name: "green",
        events.ACCEPTED_CORRECTED.name: "green",
        events.SPECIAL_STARTED.name: "yellow",
        events.SUPPLEMENT_NOTIFIED.name: "yellow",
    },
    roles={"window_clerk": "综合窗口人员", "examiner": "审查人员", "approver": "核准人员"},
    acts={RECORD_DEFAULT: "登记服务违诺"},
    reactions={decided.name: ("applications.publicise",) for decided in (events.GRANTED, events.REFUSED)},
    supervision_rules=Path(__file__).parent / "supervision_rules",
    player=PLAYER,
    desk_urls="liuquan.applications.urls_desk",
    portal_urls="liuquan.applications.urls_portal",
    routers=(api.public, api.staff),
)
