"""The kind of case 办件: everything that pages, papers, supervision and the demo need to know of it."""

from __future__ import annotations

from pathlib import Path

from liuquan.applications import api, events
from liuquan.applications.papers import PAPERS
from liuquan.applications.player import PLAYER
from liuquan.applications.procedure import FIRST, PROCEDURE
from liuquan.applications.promises import RECORD_DEFAULT
from liuquan.applications.queries import asked, next_step, without_opinion
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
        staff_notes={"supplementing": "等申请人补正"},
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
    "refused": Turn("送达不予决定书。", "窗口"),
}

_TOLD = "办件{number}：{state}。{next_step}"
MESSAGE_TEMPLATES = {
    events.SUBMITTED.name: _TOLD,
    events.ACCEPTED.name: _TOLD,
    events.ACCEPTED_CORRECTED.name: _TOLD,
    events.DEEMED_ACCEPTED.name: _TOLD,
    events.SUPPLEMENT_NOTIFIED.name: _TOLD,
    events.SUPPLEMENT_RECEIVED.name: _TOLD,
    events.MATERIALS_ADDED.name: "办件{number}：补交的材料已经收到。{next_step}",
    events.NOT_NEEDED.name: _TOLD,
    events.NOT_OURS.name: _TOLD,
    events.SPECIAL_STARTED.name: "办件{number}：依法不计入期限的程序开始。{next_step}",
    events.SPECIAL_ENDED.name: "办件{number}：办理期限继续计算。{next_step}",
    events.EXTENDED.name: "办件{number}：办理期限依法延长。{next_step}",
    events.GRANTED.name: _TOLD,
    events.REFUSED.name: _TOLD,
    events.DELIVERED.name: "办件{number}：结果已经送达。{next_step}",
    events.WITHDRAWN.name: _TOLD,
    events.WITHDRAWN_AT_WINDOW.name: _TOLD,
    events.ANCHOR_CORRECTED.name: "办件{number}：起算日更正，期限重新计算。{next_step}",
    events.LATENESS_EXPLAINED.name: "办件{number}：超过了承诺的时间，原因已写在进度页面。{next_step}",
}


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    own = snapshot.own(ApplicationTerms)
    result = [("颁发的证照", own.result_name)] if own.result_name else []
    return [("依据", "、".join(own.bases)), ("收费", own.fee_text), *result]


APPLICATION = CaseKind(
    procedure=PROCEDURE,
    earlier=(FIRST,),
    stages=STAGES,
    turns=TURNS,
    next_step=next_step,
    papers=PAPERS,
    panels=(Panel((Place.SLIP,), "applications/portal/_asked.html", asked_values),),
    facts=_facts,
    applicant="申请人",
    matter="申请内容",
    asked=asked,
    holder_pages={"receive_supplement": "track_supplement", "add_materials": "track_supplement"},
    texts={
        "reason": "理由",
        "opinion": "意见",
        "proposed": "建议附带的条件",
        "requirements": "缺什么、怎么改",
        "remarks": "具体要求",
        "corrections": "更正内容",
        "standard": "标准",
        "found": "不符合的条件和查明的情况",
        "conditions": "附带的条件",
        "why_without": "不采纳条件的理由",
        "refer_to": "应当受理的机关",
        "document": "告知文书说明",
        "request": "申请人的书面请求",
        "again": "再次启动的理由",
        "evidence": "书面证据",
        "note": "内部说明",
        "why_against": "没有照审查意见决定的理由",
        "received_by": "谁领取",
        "receiver": "领取人",
        "authority": "领取人与申请人的关系和凭据",
        "credential_kind": "领取人证件",
        "credential": "领取人证件号码",
        "waybill": "运单号",
        "sent_to": "送达到",
    },
    materials_in={
        events.SUBMITTED.name: "materials",
        events.ACCEPTED.name: "materials",
        events.ACCEPTED_CORRECTED.name: "materials",
        events.SUPPLEMENT_RECEIVED.name: "items",
        events.MATERIALS_ADDED.name: "items",
    },
    results=RESULT_LABELS,
    reasons=("reason", "conditions"),
    told=without_opinion,
    outcomes={
        "granted": "准予",
        "refused": "不予",
        "not_needed": "不予受理",
        "not_ours": "不予受理",
        "withdrawn": "已撤回",
    },
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
    message_templates=MESSAGE_TEMPLATES,
    reactions={
        decided.name: ("applications.publicise", "reviews.invite")
        for decided in (events.GRANTED, events.REFUSED)
    },
    supervision_rules=Path(__file__).parent / "supervision_rules",
    player=PLAYER,
    desk_urls="liuquan.applications.urls_desk",
    portal_urls="liuquan.applications.urls_portal",
    routers=(api.public, api.staff),
)
