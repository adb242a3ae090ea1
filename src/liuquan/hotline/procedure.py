"""The procedure of a ticket: who registers, dispatches, signs, returns, answers, calls back, in which state.

Time runs from the dispatch. While a return or a dispute is decided and while the centre calls back, the time
is the centre's (`holder="receiver"`), though the unit still has the ticket; an accepted return ends the
unit's clock and the next unit gets its own.

Cites: 国办发〔2020〕53号, 国办函〔2025〕66号
"""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.casework.effects import (
    Cancel,
    CloseChildren,
    Extend,
    Mark,
    MoveBody,
    NeedsChildrenClosed,
    OpenChildren,
    Start,
    Stop,
)
from liuquan.casework.types import Field, FieldKind, Operator, Procedure, ShownIf, State, Transition, Who
from liuquan.hotline import checks, legal_ways, options
from liuquan.hotline.actions.own_rows import own_rows
from liuquan.hotline.assist.children import assists
from liuquan.hotline.assist.procedure import KIND as ASSIST
from liuquan.hotline.party_rows import FILES, PARTY_ROWS
from liuquan.hotline.queries import facts
from liuquan.hotline.terms import (
    AGAIN,
    CALLBACK,
    COORDINATION,
    DISPATCH,
    HANDLING_CLOCK,
    LABELS,
    REVIEW,
    SIGN,
    TicketTerms,
)
from liuquan.hotline.told_rows import TOLD_ROWS
from liuquan.hotline.types import HANDLING, KIND, RequestKind
from liuquan.hotline.unit_rows import UNIT_ROWS

REGISTERED, DISPATCHED, HANDLING_NOW = "registered", "dispatched", "handling"
RETURNED, DISPUTED, ANSWERED = "returned", "disputed", "answered"
CLOSED, TOLD, MERGED, WITHDRAWN = "closed", "told", "merged", "withdrawn"

STATES = (
    State(REGISTERED, "已登记，待派单"),
    State(DISPATCHED, "已派单，待签收"),
    State(HANDLING_NOW, "办理中"),
    State(RETURNED, "退单待审", holder="receiver"),
    State(DISPUTED, "职责争议协调中", holder="receiver"),
    State(ANSWERED, "已答复，待回访", holder="receiver"),
    State(CLOSED, "已办结", holder="nobody", closed=True),
    State(TOLD, "已告知法定途径", holder="nobody", closed=True),
    State(MERGED, "已并单", holder="nobody", closed=True),
    State(WITHDRAWN, "已撤回", holder="nobody", closed=True),
)
_WITH_UNIT = (DISPATCHED, HANDLING_NOW)
_WITH_CENTRE = (REGISTERED, RETURNED, DISPUTED)

_REASON = Field("reason", "理由", FieldKind.LONG, help="写明事实和依据")
_NOTE = Field("note", "说明", FieldKind.LONG, required=False)
_BODY = Field("body", "承办单位", FieldKind.CHOICE, options=options.bodies, help="派单目录规定的单位排在前面")
_LIMIT = Field("limit", "办理时限", FieldKind.CHOICE, options=options.limits, choices=HANDLING)
_WHY_THIS = Field(
    "note", "为什么派给它", FieldKind.LONG, required=False, help="派给目录以外的单位时要写，至少十个字"
)
_MEETING = Field("meeting", "联席会议纪要编号", required=False, help="由联席会议确定由谁主办的填写")
#: asked for where a second look at the reply speaks against it (`kind.TICKET.second_looks`)
_WHY_DESPITE = Field(
    "why_despite",
    "仍要发送，理由",
    FieldKind.LONG,
    required=False,
    help="和答复一起存，回访的人看得到，诉求人看不到",
)
_KINDS = {one.value: one.label for one in RequestKind}

_TIMED = Start(HANDLING_CLOCK, HANDLING_CLOCK, limit_field="limit")
_HANDED = (Start(SIGN, SIGN), _TIMED)
_RETRACTED = (Cancel(SIGN), Cancel(HANDLING_CLOCK), CloseChildren("call_off"))


def _row(
    action: str, label: str, sources: tuple[str, ...], target: str | None, *who: Who, event: str, **more: Any
) -> Transition:
    return Transition(action, label, sources, target, who, f"{KIND}.{event}", **more)


_WHO_MAY_HAVE_IT = (
    checks.goes_on_to_another,
    checks.fits_what_is_asked,
    checks.follows_the_catalogue,
    checks.goes_to_none_reported,
)
_RECEIVER, _UNIT, _PARTY = Who.RECEIVER, Who.POST, Who.PARTY

ROWS = (
    _row(
        "transfer",
        "转接紧急电话",
        (REGISTERED,),
        CLOSED,
        _RECEIVER,
        event="transferred",
        fields=(Field("service", "转接到", FieldKind.CHOICE, choices=checks.EMERGENCIES), _NOTE),
        effects=(Stop(DISPATCH), Mark("closed", "transferred")),
        public=checks.labelled("service", checks.EMERGENCIES),
        private=checks.texts("note"),
    ),
    _row(
        "answer_now",
        "当场答复并办结",
        (REGISTERED,),
        CLOSED,
        _RECEIVER,
        event="answered_now",
        fields=(
            Field("reply", "答复内容", FieldKind.LONG),
            Field(
                "article",
                "引用的知识条目",
                FieldKind.CHOICE,
                options=options.articles,
                required=False,
                help="只列出今天可以引用的；答复会写明来源",
            ),
        ),
        guards=(checks.quotes_what_holds,),
        effects=(Stop(DISPATCH), Mark("decided", "answered"), Mark("closed")),
        public=checks.quoted_values,
        private=checks.texts("reply"),
    ),
    _row(
        "tell_way",
        "告知法定途径并办结",
        _WITH_CENTRE,
        TOLD,
        _RECEIVER,
        event="way_told",
        cites=("国办函〔2025〕66号",),
        fields=(
            Field(
                "way",
                "应当通过",
                FieldKind.CHOICE,
                choices={one.key: one.label for one in legal_ways.WAYS.values()},
            ),
            _NOTE,
        ),
        effects=(
            Stop(DISPATCH),
            Stop(REVIEW),
            Stop(COORDINATION),
            CloseChildren("call_off"),
            Mark("closed", "told"),
        ),
        public=checks.way_values,
        private=checks.texts("note"),
        confirm="告知以后本件即告办结，确定吗？",
    ),
    _row(
        "dispatch",
        "派单",
        (REGISTERED,),
        DISPATCHED,
        _RECEIVER,
        event="dispatched",
        duty=True,
        fields=(_BODY, _LIMIT, _WHY_THIS),
        guards=_WHO_MAY_HAVE_IT,
        effects=(Stop(DISPATCH), MoveBody(keeps="following"), *_HANDED),
        public=checks.dispatch_values,
        private=checks.texts("note"),
    ),
    _row(
        "refile",
        "更正归类",
        _WITH_CENTRE,
        None,
        _RECEIVER,
        event="refiled",
        fields=(
            Field("request_kind", "诉求类型", FieldKind.CHOICE, choices=_KINDS),
            Field("class_code", "归类", FieldKind.CHOICE, options=options.classes),
            _REASON,
        ),
        guards=(checks.reason_is_said, checks.files_anew),
        public=checks.filed_values,
        private=checks.texts("reason"),
    ),
    _row(
        "merge",
        "并单",
        (REGISTERED, DISPATCHED, RETURNED),
        MERGED,
        _RECEIVER,
        event="merged",
        fields=(Field("into", "并入工单", help="填写另一件工单的编号"), _NOTE),
        guards=(checks.merges_into_an_open_ticket,),
        effects=(Stop(DISPATCH), *_RETRACTED, Cancel(REVIEW), Mark("closed", "merged")),
        public=lambda given: {"into": str(given.data["into"]).strip()},
        private=checks.texts("note"),
    ),
    _row(
        "sign", "签收", (DISPATCHED,), HANDLING_NOW, _UNIT, event="signed", effects=(Stop(SIGN),), duty=True
    ),
    _row(
        "return_ticket",
        "退单",
        _WITH_UNIT,
        RETURNED,
        _UNIT,
        event="returned",
        fields=(Field("ground", "退单事由", FieldKind.CHOICE, choices=checks.GROUNDS), _REASON),
        guards=(checks.reason_is_said, checks.may_still_return),
        effects=(Stop(SIGN), Start(REVIEW, REVIEW)),
        public=checks.labelled("ground", checks.GROUNDS),
        private=checks.texts("reason"),
    ),
    _row(
        "unit_gone",
        "承办单位已经撤销",
        _WITH_UNIT,
        RETURNED,
        Who.SYSTEM,
        event="unit_gone",
        effects=(Stop(SIGN), Start(REVIEW, REVIEW)),
        public=lambda given: {"body_name": given.snapshot.body_name},
    ),
    _row(
        "refuse_return",
        "退单不成立",
        (RETURNED, DISPUTED),
        HANDLING_NOW,
        _RECEIVER,
        event="return_refused",
        fields=(_REASON, _MEETING),
        guards=(checks.reason_is_said, checks.unit_is_still_there),
        effects=(Stop(REVIEW), Stop(COORDINATION)),
        public=checks.meeting,
        private=checks.texts("reason"),
    ),
    _row(
        "dispute",
        "提请协调",
        (RETURNED,),
        DISPUTED,
        _RECEIVER,
        event="disputed",
        fields=(_REASON,),
        guards=(checks.reason_is_said,),
        effects=(Stop(REVIEW), Start(COORDINATION, COORDINATION)),
        private=checks.texts("reason"),
    ),
    _row(
        "redispatch",
        "改派",
        (RETURNED, DISPUTED),
        DISPATCHED,
        _RECEIVER,
        event="redispatched",
        fields=(
            _BODY,
            _LIMIT,
            _WHY_THIS,
            _MEETING,
        ),
        guards=_WHO_MAY_HAVE_IT,
        duty=True,
        todo="审核退单或者确定主办单位",
        effects=(Stop(REVIEW), Stop(COORDINATION), *_RETRACTED, MoveBody(), *_HANDED),
        public=checks.redispatch_values,
        private=checks.texts("note"),
    ),
    _row(
        "ask_extension",
        "申请延期",
        (HANDLING_NOW,),
        None,
        _UNIT,
        event="extension_asked",
        fields=(Field("days", "延长几个工作日", FieldKind.DAYS), _REASON),
        guards=(checks.reason_is_said, checks.is_extendable_once),
        public=checks.days_asked,
        private=checks.texts("reason"),
    ),
    _row(
        "extend",
        "同意延期",
        (HANDLING_NOW,),
        None,
        _RECEIVER,
        event="extended",
        fields=(Field("days", "延长几个工作日", FieldKind.DAYS), _REASON),
        guards=(checks.reason_is_said,),
        effects=(Extend(HANDLING_CLOCK),),
        public=checks.days_asked,
        private=checks.texts("reason"),
        confirm="只能延长一次，确定吗？",
    ),
    _row(
        "ask_help",
        "提请协办",
        (HANDLING_NOW,),
        None,
        _UNIT,
        _RECEIVER,
        event="help_asked",
        fields=(
            Field("bodies", "请哪些单位协办", FieldKind.MANY, options=options.helpers),
            Field("what", "请它们做什么", FieldKind.LONG),
            Field("days", "几个工作日内回复", FieldKind.DAYS, help="不能晚于本件的办理时限"),
        ),
        guards=(checks.goes_on_to_another, checks.asks_no_grass_roots, checks.goes_to_none_reported),
        effects=(OpenChildren(ASSIST, assists, HANDLING_CLOCK),),
        public=lambda given: {"bodies": sorted(given.data["bodies"]), **checks.days_asked(given)},
        private=checks.texts("what"),
    ),
    _row(
        "remind",
        "催办",
        _WITH_UNIT,
        None,
        _RECEIVER,
        event="reminded",
        fields=(Field("note", "催办意见", FieldKind.LONG),),
        private=checks.texts("note"),
    ),
    _row(
        "supervise",
        "督办",
        _WITH_UNIT,
        None,
        _RECEIVER,
        event="supervised",
        fields=(
            Field("level", "督办方式", FieldKind.CHOICE, choices=checks.LEVELS),
            Field("note", "督办意见", FieldKind.LONG),
        ),
        public=checks.labelled("level", checks.LEVELS),
        private=checks.texts("note"),
    ),
    _row(
        "answer",
        "答复诉求人",
        (HANDLING_NOW,),
        ANSWERED,
        _UNIT,
        event="answered",
        duty=True,
        fields=(
            Field("reply", "答复内容", FieldKind.LONG, help="逐条回应诉求，写明做了什么、依据是什么"),
            Field("fixed", "是否解决", FieldKind.CHOICE, choices=checks.FIXED),
            Field(
                "why", "为什么没有解决", FieldKind.LONG, shown_if=ShownIf("fixed", Operator.IS, "not_fixed")
            ),
            Field("contact", "怎样联系的诉求人", FieldKind.CHOICE, choices=checks.CONTACTS),
            FILES,
        ),
        recorded=(_WHY_DESPITE,),
        guards=(checks.why_not_fixed, checks.says_why_despite),
        effects=(
            NeedsChildrenClosed(),
            Stop(HANDLING_CLOCK),
            Start(CALLBACK, CALLBACK),
            Mark("decided", "answered"),
        ),
        public=checks.answer_values,
        private=checks.texts("reply", "why", "why_despite"),
    ),
    _row(
        "redo",
        "发回重办",
        (ANSWERED,),
        HANDLING_NOW,
        _RECEIVER,
        event="redone",
        fields=(_LIMIT, _REASON),
        guards=(checks.reason_is_said, checks.fits_what_is_asked),
        effects=(Stop(CALLBACK), _TIMED, Mark("decided", AGAIN)),
        public=checks.labelled("limit", HANDLING),
        private=checks.texts("reason"),
    ),
    _row(
        "not_reached",
        "回访没有接通",
        (ANSWERED,),
        None,
        _RECEIVER,
        event="unreached",
        fields=(_NOTE,),
        guards=(checks.by_somebody_else,),
        effects=(Cancel(CALLBACK), Start(CALLBACK, CALLBACK)),
        public=checks.tries,
        private=checks.texts("note"),
    ),
    _row(
        "call_back",
        "回访并办结",
        (ANSWERED,),
        CLOSED,
        _RECEIVER,
        event="called_back",
        duty=True,
        todo="回访",
        fields=(
            Field("satisfied", "诉求人是否满意", FieldKind.CHOICE, choices=checks.SATISFIED),
            Field("confirmed", "问题是否解决", FieldKind.CHOICE, choices=checks.CONFIRMED),
            Field("note", "诉求人怎么说", FieldKind.LONG, required=False),
        ),
        guards=(checks.by_somebody_else, checks.note_for_the_dissatisfied),
        effects=(Stop(CALLBACK), Mark("closed")),
        public=checks.call_values,
        private=checks.texts("note"),
    ),
    _row(
        "close_unreached",
        "多次没有接通，办结",
        (ANSWERED,),
        CLOSED,
        _RECEIVER,
        event="closed_unreached",
        fields=(_NOTE,),
        guards=(checks.enough_calls,),
        effects=(Stop(CALLBACK), Mark("closed")),
        public=lambda given: {"tries": int(given.facts.get("tries", 0))},
        private=checks.texts("note"),
    ),
    _row(
        "propose_unreasonable",
        "提请认定不合理诉求",
        (ANSWERED, CLOSED),
        None,
        _RECEIVER,
        event="unreasonable_proposed",
        fields=(_REASON,),
        guards=(checks.reason_is_said, checks.not_yet_proposed),
        private=checks.texts("reason"),
    ),
    _row(
        "confirm_unreasonable",
        "认定不合理诉求",
        (ANSWERED, CLOSED),
        None,
        _RECEIVER,
        event="unreasonable_confirmed",
        fields=(_REASON,),
        guards=(checks.reason_is_said, checks.judged_by_a_second),
        private=checks.texts("reason"),
        confirm="认定以后不计入满意度，公开可查，确定吗？",
    ),
    *PARTY_ROWS,
    *UNIT_ROWS,
    *TOLD_ROWS,
)

PROCEDURE = Procedure(
    kind=KIND,
    version=1,
    label="热线工单",
    in_force=date(2026, 1, 1),
    states=STATES,
    rows=ROWS,
    initial=REGISTERED,
    creation=_row(
        "register",
        "登记诉求",
        (),
        REGISTERED,
        _PARTY,
        Who.POST,
        event="registered",
        fields=(FILES,),
        effects=(Start(DISPATCH, DISPATCH),),
        public=lambda given: {
            "inlet": given.snapshot.own(TicketTerms).inlet,
            "request_kind": given.snapshot.own(TicketTerms).request_kind,
        },
    ),
    number_pattern="RX{on:%Y%m%d}{serial:06d}",
    gather_facts=facts,
    with_rows=own_rows,
    own_terms=TicketTerms,
    keeps_parties_from=checks.is_confidential_to,
    clock_labels=LABELS,
    strips_photos=True,
)
