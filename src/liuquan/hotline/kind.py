"""The kind of case 热线工单: everything that pages, supervision and the demo need to know of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from liuquan.casework.types import Snapshot
from liuquan.clock import weekday_date
from liuquan.hotline import events, pack
from liuquan.hotline.actions.judging import question_reply
from liuquan.hotline.panels import PANELS
from liuquan.hotline.player import PLAYER
from liuquan.hotline.procedure import PROCEDURE
from liuquan.hotline.queries import tickets
from liuquan.hotline.terms import HANDLING_CLOCK, TicketTerms
from liuquan.hotline.types import Identity, Inlet, RequestKind
from liuquan.journal.types import Entry
from liuquan.kinds.types import CaseKind, SecondLook, Stage, Turn

_STOPPED = {"withdrawn": "已撤回", "merged": "已并单", "told": "已告知途径"}

STAGES = (
    Stage("登记", moment="received", notes=_STOPPED),
    Stage(
        "派单",
        ("registered", "returned", "disputed"),
        notes={"returned": "退单待审", "disputed": "协调中", **_STOPPED},
    ),
    Stage("办理", ("dispatched", "handling")),
    Stage("答复", ("answered",), moment="decided"),
    Stage("办结", (), ("closed",), moment="closed"),
)

TURNS = {
    "registered": Turn("派给承办单位，或者当场答复。", "热线中心"),
    "dispatched": Turn("签收，或者退单。", "承办单位"),
    "handling": Turn("办理并答复诉求人。", "承办单位"),
    "returned": Turn("审核退单，改派或者提请协调。", "热线中心"),
    "disputed": Turn("确定主办单位。", "热线中心"),
    "answered": Turn("回访诉求人。", "热线中心"),
}

_SAYS = {
    "registered": "热线中心正在派单。",
    "returned": "热线中心正在确定由哪个单位办理。",
    "disputed": "热线中心正在协调由哪个单位办理。",
    "answered": "承办单位已经答复，热线中心会回访您；没有解决的，可以再次反映。",
    "closed": "本件已经办结。",
    "told": "请按告知的途径提出。",
    "merged": "与您反映同一件事的工单正在办理，有结果会一并告知您。",
    "withdrawn": "您已撤回，本件不再办理。",
}

#: what the requester is told of an entry: acts between the centre and the units stay theirs
_SHOWN = frozenset(
    event.name
    for event in (
        events.REGISTERED,
        events.TRANSFERRED,
        events.ANSWERED_NOW,
        events.WAY_TOLD,
        events.DISPATCHED,
        events.SIGNED,
        events.REDISPATCHED,
        events.REFILED,
        events.EXTENDED,
        events.ADDED,
        events.ANSWERED,
        events.REDONE,
        events.CALLED_BACK,
        events.CLOSED_UNREACHED,
        events.UNREASONABLE_CONFIRMED,
        events.ASKED_AGAIN,
        events.WITHDRAWN,
        events.MERGED,
        events.JOINED,
        events.TOLD_WITH,
        events.ENDED_WITH,
        events.MOVED_WITH,
        events.PUBLISHED,
        events.UNPUBLISHED,
        events.HANDED_DOWN,
    )
)

REVIEWED = "reviews.invite"  #: the job after which somebody may say how they were served
_TOLD = "热线工单{number}：{state}。{next_step}"


def _next_step(snapshot: Snapshot, _now: datetime) -> str:
    clock = snapshot.deadline(HANDLING_CLOCK)
    if snapshot.state == "merged" and snapshot.outcome == "answered":
        return "与您反映同一件事的工单已经答复；没有解决的，请重新反映。"
    if snapshot.state == "merged" and snapshot.outcome == "ended":
        return "与您反映同一件事的工单没有办理就了结了，原因见下；没有解决的，请重新反映。"
    if snapshot.state in ("dispatched", "handling") and clock is not None:
        return f"由{snapshot.body_name}办理，最迟{weekday_date(clock.due_on)}答复您。"
    return _SAYS.get(snapshot.state, "")


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    own, filed = snapshot.own(TicketTerms), tickets.ticket(snapshot.number)
    return [
        ("诉求类型", (filed.request_kind if filed else RequestKind(own.request_kind)).label),
        ("归类", snapshot.terms.subject_name),
        ("渠道", Inlet(own.inlet).label),
        ("诉求人", Identity(own.identity).label),
    ]


def _is_public(entry: Entry) -> bool:
    return entry.is_shown or entry.event in _SHOWN


TICKET = CaseKind(
    procedure=PROCEDURE,
    stages=STAGES,
    turns=TURNS,
    next_step=_next_step,
    panels=PANELS,
    second_looks={"answer": SecondLook("why_despite", question_reply)},
    facts=_facts,
    is_public=_is_public,
    applicant="诉求人",
    matter="诉求内容",
    texts={
        "reason": "理由",
        "reply": "答复内容",
        "why": "为什么没有解决",
        "why_despite": "系统提示以后仍要发送的理由",
        "more": "补充内容",
        "note": "说明",
        "question": "公开的问题",
        "answer": "公开的答复",
    },
    materials_in={
        events.ADDED.name: "files",
        events.ANSWERED.name: "files",
        events.ASKED_AGAIN.name: "files",
    },
    outcomes={
        "answered": "已答复",
        "again": "正在重新办理",
        "told": "已告知法定途径",
        "transferred": "已转接紧急电话",
        "merged": "已并单",
        "ended": "已随主单了结",
        "withdrawn": "已撤回",
    },
    reasons=("reply", "why"),
    tones={
        events.ANSWERED.name: "green",
        events.RETURNED.name: "yellow",
        events.DISPUTED.name: "yellow",
        events.REDONE.name: "yellow",
        events.UNREACHED.name: "yellow",
    },
    acts={
        "hotline.propose_article": "提出知识条目",
        "hotline.publish_article": "发布和撤下知识条目",
        "hotline.consult": "窗口咨询",
        "hotline.govern": "提出派单目录、分类和时限的改动",
        "hotline.approve": "审核派单目录、分类和时限的改动",
    },
    roles={
        "operator": "热线话务人员",
        "dispatcher": "热线派单质检人员",
        "unit_contact": "承办单位热线联系人",
    },
    message_templates={
        events.REGISTERED.name: _TOLD,
        events.DISPATCHED.name: _TOLD,
        events.REDISPATCHED.name: _TOLD,
        events.HANDED_DOWN.name: _TOLD,
        events.ANSWERED.name: _TOLD,
        events.EXTENDED.name: _TOLD,
        events.MERGED.name: _TOLD,
        events.JOINED.name: _TOLD,
        events.TOLD_WITH.name: "热线工单{number}：与您反映同一件事的工单已经答复，结果见进度页面。",
        events.ENDED_WITH.name: "热线工单{number}：与您反映同一件事的工单已经了结，原因见进度页面。",
        events.WAY_TOLD.name: _TOLD,
    },
    reactions={
        events.ANSWERED.name: ("hotline.tell_merged", REVIEWED),
        events.ANSWERED_NOW.name: ("hotline.tell_merged", REVIEWED),
        events.WAY_TOLD.name: ("hotline.tell_merged", REVIEWED),
        events.TRANSFERRED.name: ("hotline.tell_merged",),
        events.WITHDRAWN.name: ("hotline.tell_merged",),
        # whoever waits with a ticket that is merged waits with the other one from then on
        events.MERGED.name: ("hotline.tell_merged",),
        events.JOINED.name: ("hotline.tell_merged",),
        events.TOLD_WITH.name: (REVIEWED,),
        events.ENDED_WITH.name: (REVIEWED,),
        # the unit that is to do it again may have been dissolved since
        events.REDONE.name: ("hotline.take_back",),
        events.ASKED_AGAIN.name: ("hotline.take_back",),
        # for whoever was merged into a ticket that had been answered already
        events.CALLED_BACK.name: ("hotline.tell_merged",),
        events.CLOSED_UNREACHED.name: ("hotline.tell_merged",),
    },
    intake_page="desk-hotline-new",
    desk_urls="liuquan.hotline.urls_desk",
    board_urls="liuquan.hotline.urls_board",
    portal_urls="liuquan.hotline.urls_portal",
    supervision_rules=Path(__file__).parent / "supervision_rules",
    pack_section=pack.SECTION,
    player=PLAYER,
)
