"""The procedure of an application, as a table: in which state, what, by whom, leading where, which clocks.

States and rows are law; the route between acceptance and decision is the item's. From this table come the
buttons, the API, the permission matrix, the flow chart and the supervision baseline.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from liuquan.applications import events, options, rules
from liuquan.applications.actions.own_rows import own_rows
from liuquan.applications.procedure_v1 import PROCEDURE_V1
from liuquan.applications.queries import gather_facts
from liuquan.applications.terms import ApplicationTerms
from liuquan.casework.effects import (
    CompleteStep,
    Correct,
    Extend,
    Issue,
    Keep,
    Mark,
    OpenRoute,
    Pause,
    Resume,
    SendBack,
    Start,
    Stop,
)
from liuquan.casework.types import (
    Field,
    FieldKind,
    Operator,
    Procedure,
    ShownIf,
    State,
    Transition,
    Who,
)
from liuquan.identifiers import CREDENTIAL_LABELS

KIND = "application"

RECEIVED, SUPPLEMENTING, EXAMINING, DECIDING = "received", "supplementing", "examining", "deciding"
GRANTED, REFUSED, CLOSED = "granted", "refused", "closed"
NOT_ACCEPTED, WITHDRAWN = "not_accepted", "withdrawn"

STATES = (
    State(RECEIVED, "已收件，待受理"),
    State(SUPPLEMENTING, "待申请人补正", holder="party"),
    State(EXAMINING, "审查中"),
    State(DECIDING, "待决定"),
    State(GRANTED, "已准予，待送达"),
    State(REFUSED, "不予，待送达"),
    State(CLOSED, "已办结", holder="nobody", closed=True),
    State(NOT_ACCEPTED, "不予受理", holder="nobody", closed=True),
    State(WITHDRAWN, "已撤回", holder="nobody", closed=True),
)

_UNDECIDED = (RECEIVED, SUPPLEMENTING, EXAMINING, DECIDING)
_MATERIALS = Field(
    "materials", "已收材料", FieldKind.FILES, required=False, options=options.materials_to_receive
)
_REASON = Field("reason", "理由", FieldKind.LONG, help="写明事实和依据")
_DECIDED_RIGHTLY = (rules.reason_is_said, rules.standard_is_the_items)
_WITH_CLOCKS = (RECEIVED, EXAMINING, DECIDING, GRANTED, REFUSED)
#: asked for if the item has an amount: a reward, a subsidy
_AMOUNT = Field("amount", "金额", FieldKind.AMOUNT, required=False)
#: asked for if an examiner agreed with conditions: they count only as far as the decision takes them over
_CONDITIONS = (
    Field(
        "taken", "审查意见建议附带的条件", FieldKind.CHOICE, required=False, wanted=True,
        choices=rules.TAKEN_LABELS, asked_if=options.has_conditions, help="审查意见里有“有条件同意”，见旁边",
    ),
    Field(
        "conditions", "附带的条件", FieldKind.LONG, required=False, wanted=True,
        asked_if=options.has_conditions, shown_if=ShownIf("taken", Operator.IS, "take"),
        begins_with="proposed", help="照审查意见填好了，可以修改，会印进决定书",
    ),
    Field(
        "why_without", "不采纳的理由", FieldKind.LONG, required=False, wanted=True,
        asked_if=options.has_conditions, shown_if=ShownIf("taken", Operator.IS, "leave"),
        help="存入案卷，不印进决定书",
    ),
)  # fmt: skip
#: asked for if the decision goes against the review
_AGAINST = Field(
    "why_against",
    "审查意见都是同意，为什么不予",
    FieldKind.LONG,
    required=False,
    wanted=True,
    asked_if=options.all_agreed,
    help="存入案卷，不印进决定书",
)
_DESPITE = replace(_AGAINST, label="审查意见有不同意的，为什么准予", asked_if=options.somebody_disagreed)
_STANDARD = Field("standard", "依据的标准", FieldKind.CHOICE, options=options.standards)
_UNMET = (
    Field(
        "unmet", "不符合哪些条件", FieldKind.MANY, required=False, wanted=True, instead_of="standard",
        options=options.unmet_standards, asked_if=options.publishes_standards,
        help="只勾申请没有达到的，每一条都会印进决定书",
    ),
    Field(
        "found", "查明的情况", FieldKind.TEXTS, required=False, wanted=True, of="unmet",
        asked_if=options.publishes_standards, help="勾选的每一条都要写明查明了什么",
    ),
)  # fmt: skip

#: web filings after hours count by the setting of the place; filings at the window are always in time
_ACCEPTANCE = (Start("acceptance", "acceptance", on_expiry="deem_accepted", anchor="filed"),)
_ACCEPTED = (
    *(Stop("acceptance"), Start("statutory", "statutory"), Start("promised", "promised")),
    *(OpenRoute(), Mark("accepted"), Issue("acceptance")),
)

SUBMIT = Transition(
    action="submit", label="提交申请", power="收件",
    sources=(), target=RECEIVED, who=(Who.PARTY, Who.POST),
    event=events.SUBMITTED.name, cites=("行政许可法 第二十九条",), fields=(_MATERIALS,),
    effects=(*_ACCEPTANCE, Issue("receipt")),
    public=lambda given: {"materials": sorted(given.data.get("materials") or ())},
)  # fmt: skip

ROWS = (
    Transition(
        action="accept", label="受理", sources=(RECEIVED,), target=EXAMINING, who=(Who.POST,),
        event=events.ACCEPTED.name, cites=("行政许可法 第三十二条第一款第五项",), fields=(_MATERIALS,),
        needs=(rules.there_is_a_basis,),
        guards=(rules.materials_are_the_items, rules.nothing_required_is_missing),
        effects=_ACCEPTED, target_when_done=DECIDING,
        public=rules.accepted_values, duty=True, todo="核对材料，决定是否受理",
    ),
    Transition(
        action="accept_corrected", label="当场更正后受理", sources=(RECEIVED,), target=EXAMINING,
        who=(Who.POST,), event=events.ACCEPTED_CORRECTED.name, cites=("行政许可法 第三十二条第一款第三项",),
        fields=(
            _MATERIALS,
            Field("corrections", "更正的内容", FieldKind.LONG, help="写明当场更正了什么，由申请人确认"),
        ),
        needs=(rules.there_is_a_basis,),
        guards=(rules.materials_are_the_items, rules.nothing_required_is_missing),
        effects=_ACCEPTED, target_when_done=DECIDING,
        public=rules.accepted_values, private=rules.given_values("corrections"),
    ),
    Transition(
        action="deem_accepted", label="视为受理", sources=(RECEIVED,), target=EXAMINING, who=(Who.SYSTEM,),
        event=events.DEEMED_ACCEPTED.name, cites=("行政许可法 第三十二条第一款第四项",),
        effects=_ACCEPTED, target_when_done=DECIDING,
        effective="acceptance",
    ),
    Transition(
        action="notify_supplement", label="一次性告知补正", sources=(RECEIVED,), target=SUPPLEMENTING,
        who=(Who.POST,), event=events.SUPPLEMENT_NOTIFIED.name, cites=("行政许可法 第三十二条第一款第四项",),
        fields=(
            Field(
                "items", "需要补正的材料", FieldKind.MANY, help="必须一次列全",
                options=options.materials_to_name,
            ),
            Field("remarks", "具体要求", FieldKind.LONG, required=False, help="各项都要做到的，写在这里"),
        ),
        recorded=(
            Field(
                "requirements", "缺什么、怎么改", FieldKind.TEXTS, required=False, of="items", wanted=True,
                help="勾选的每一项都要写，申请人补材料时看得到",
            ),
        ),
        guards=(rules.notice_names_everything_missing,), effects=(Stop("acceptance"), Issue("supplement")),
        public=rules.notice_values, private=rules.notice_texts,
    ),
    Transition(
        action="receive_supplement", label="提交补正材料", power="接收补正",
        sources=(SUPPLEMENTING,), target=RECEIVED,
        who=(Who.PARTY, Who.POST), event=events.SUPPLEMENT_RECEIVED.name,
        cites=("行政许可法 第三十二条第一款第四项",),
        fields=(
            Field("materials", "补正的材料", FieldKind.FILES, options=options.materials_to_receive),
        ),
        guards=(rules.materials_are_the_items, rules.supplement_brings_something),
        effects=(*_ACCEPTANCE, Issue("supplement_receipt")),
        public=lambda given: {"items": sorted(given.data["materials"])},
        duty=True,
    ),
    Transition(
        action="add_materials", label="补交材料", sources=(RECEIVED,), target=None, who=(Who.PARTY,),
        event=events.MATERIALS_ADDED.name, cites=("行政许可法 第三十一条",),
        fields=(
            Field("materials", "补交的材料", FieldKind.FILES, options=options.materials_to_add),
        ),
        guards=(rules.materials_are_the_items,),
        effects=(Issue("added_receipt"),),
        public=lambda given: {"items": sorted(given.data["materials"])},
    ),
    Transition(
        action="refuse_not_needed", label="不予受理：不需要许可", sources=(RECEIVED,), target=NOT_ACCEPTED,
        who=(Who.POST,), event=events.NOT_NEEDED.name, cites=("行政许可法 第三十二条第一款第一项",),
        fields=(_REASON,), guards=(rules.reason_is_said,),
        effects=(Stop("acceptance"), Mark("closed", "not_needed"), Issue("not_accepted")),
        private=rules.given_values("reason"),
        confirm="不予受理后本件即告终结，确定吗？",
    ),
    Transition(
        action="refuse_not_ours", label="不予受理：不属本机关", sources=(RECEIVED,), target=NOT_ACCEPTED,
        who=(Who.POST,), event=events.NOT_OURS.name, cites=("行政许可法 第三十二条第一款第二项",),
        fields=(
            Field("refer_to", "应当受理的机关", FieldKind.CHOICE, options=options.other_bodies), _REASON,
        ),
        recorded=(
            Field(
                "outside_body", "机关的名称", required=False, wanted=True,
                shown_if=ShownIf("refer_to", Operator.IS, rules.OUTSIDE),
                help="写全称，会印进决定书，例如“市公安局出入境管理支队”",
            ),
        ),
        guards=(rules.reason_is_said, rules.body_outside_is_named),
        effects=(Stop("acceptance"), Mark("closed", "not_ours"), Issue("not_accepted")),
        public=rules.referral_values, private=rules.referral_texts,
        confirm="不予受理后本件即告终结，确定吗？",
    ),
    Transition(
        action="complete_step", label="完成环节", power="审查、出具意见",
        sources=(EXAMINING,), target=None, who=(Who.ASSIGNEE,),
        event=events.STEP_COMPLETED.name, cites=("行政许可法 第三十四条",),
        fields=(
            Field("result", "意见", FieldKind.CHOICE, choices=rules.RESULT_LABELS),
            Field("opinion", "意见说明", FieldKind.LONG, help="写明事实、条款和结论"),
            Field(
                "second_officer", "另一名核查人员", FieldKind.PERSON,
                help="本单位今天在岗的人员；决定岗位的人员不能参加核查",
                options=options.colleagues, asked_if=options.needs_second,
            ),
        ),
        recorded=(
            Field(
                "proposed", "建议附带的条件", FieldKind.LONG, required=False, wanted=True,
                shown_if=ShownIf("result", Operator.IS, "agree_with_conditions"),
                help="逐项写明；由作出决定的岗位采纳以后才有效",
            ),
        ),
        effects=(CompleteStep(),), target_when_done=DECIDING,
        public=rules.step_values, private=rules.given_values("opinion", "proposed", "second_officer"),
        duty=True,
    ),
    Transition(
        action="start_special", label="启动特别程序", sources=(EXAMINING, DECIDING), target=None,
        who=(Who.POST,), event=events.SPECIAL_STARTED.name, cites=("行政许可法 第四十五条",),
        fields=(
            Field("ground", "事由", FieldKind.CHOICE, options=options.grounds),
            Field("until", "预计结束日期", FieldKind.DATE, dates="future"),
            Field("document", "告知文书说明", help="所需时间须书面告知申请人"),
            Field(
                "again", "再次启动的理由", required=False, help="同一事由第二次启动时填",
                asked_if=options.was_suspended,
            ),
        ),
        effects=(Pause(), Issue("special")), public=rules.special_values,
        private=rules.given_values("document", "again"),
    ),
    Transition(
        action="end_special", label="结束特别程序", sources=(EXAMINING, DECIDING), target=None,
        who=(Who.POST,), event=events.SPECIAL_ENDED.name, cites=("行政许可法 第四十五条",),
        effects=(Resume(),),
        fields=(
            Field(
                "ground", "结束的事由", FieldKind.CHOICE, options=options.standing_grounds,
                asked_if=options.several_stand,
            ),
        ),
        public=rules.special_end_values, duty=True,
    ),
    Transition(
        action="extend", label="批准延长期限", sources=(EXAMINING, DECIDING), target=None, who=(Who.HEAD,),
        event=events.EXTENDED.name, cites=("行政许可法 第四十二条第一款",),
        fields=(Field("days", "延长的工作日", FieldKind.DAYS, most=options.most_days), _REASON),
        guards=(rules.reason_is_said,),
        effects=(Extend("statutory"), Issue("extension")), public=rules.given_values("days"),
        private=rules.given_values("reason"), confirm="依法只能延长一次，确定吗？",
    ),
    Transition(
        action="correct_anchor", label="更正起算日", sources=_WITH_CLOCKS, target=None, who=(Who.HEAD,),
        event=events.ANCHOR_CORRECTED.name, cites=("行政许可法 第三十二条", "民法典 第二百零一条"),
        fields=(
            Field("clock", "更正哪一项期限的起算日", FieldKind.CHOICE, options=options.clocks),
            Field(
                "to", "正确的起算日", FieldKind.DATE, dates="past", help="以书面证据为准，不能晚于今天"
            ),
            Field("evidence", "书面证据", help="如收件登记簿页码、邮戳、回执编号"), _REASON,
        ),
        guards=(rules.reason_is_said,), effects=(Correct(), Issue("correction")),
        public=rules.correction_values, private=rules.given_values("reason", "evidence"),
        confirm="原期限不再适用，申请人会收到告知书，确定吗？",
    ),
    Transition(
        action="send_back", label="退回重新审查", sources=(DECIDING,), target=EXAMINING, who=(Who.DECIDER,),
        event=events.SENT_BACK.name, cites=("行政许可法 第三十四条",), fields=(_REASON,),
        needs=(rules.there_is_a_review,), guards=(rules.reason_is_said,), effects=(SendBack(),),
        private=rules.given_values("reason"),
    ),
    Transition(
        action="grant", label="准予", sources=(DECIDING,), target=GRANTED, who=(Who.DECIDER,),
        event=events.GRANTED.name, cites=("行政许可法 第三十八条第一款",),
        fields=(_REASON, _STANDARD, _AMOUNT), recorded=(*_CONDITIONS, _DESPITE),
        needs=(rules.no_special_procedure_is_open,), guards=_DECIDED_RIGHTLY,
        effects=(
            Stop("statutory"), Stop("promised"), Start("delivery", "delivery"), Start("publicity",
            "publicity"), Mark("decided", "granted"), Issue("grant"),
        ),
        public=rules.decision_values,
        private=rules.grant_texts, duty=True, todo="作出决定",
        confirm_record="决定作出后不能撤回，决定书立即出具，内容核对好了吗？",
    ),
    Transition(
        action="refuse", label="不予", sources=(DECIDING,), target=REFUSED, who=(Who.DECIDER,),
        event=events.REFUSED.name, cites=("行政许可法 第三十八条第二款",),
        fields=(_REASON, replace(_STANDARD, help="写明申请不符合的是哪一项条件")),
        recorded=(*_UNMET, _AGAINST),
        needs=(rules.no_special_procedure_is_open,),
        guards=(*_DECIDED_RIGHTLY, rules.what_is_unmet_is_published),
        effects=(
            Stop("statutory"), Stop("promised"), Start("publicity", "publicity"), Mark("decided",
            "refused"), Issue("refusal"),
        ),
        public=rules.refusal_values, private=rules.refusal_texts,
        confirm="不予决定将送达申请人并告知救济途径，确定吗？",
    ),
    Transition(
        action="deliver", label="送达", sources=(GRANTED, REFUSED), target=CLOSED, who=(Who.POST,),
        event=events.DELIVERED.name, cites=("行政许可法 第四十四条",),
        fields=(
            Field(
                "way", "送达方式", FieldKind.CHOICE, required=False, choices=rules.WAY_LABELS,
                options=options.delivery_ways,
            ),
        ),
        recorded=(
            Field(
                "received_by", "谁领取", FieldKind.CHOICE, required=False, wanted=True,
                shown_if=ShownIf("way", Operator.ONE_OF, ("pick_up", "post")),
                choices=rules.RECEIVER_LABELS, options=options.receivers,
            ),
            Field(
                "authority", "与申请人的关系和凭据", FieldKind.LONG, required=False, wanted=True,
                shown_if=ShownIf("received_by", Operator.IS, rules.OTHER),
                help="例如：女儿，凭申请人签名的授权委托书，原件存入案卷",
            ),
            Field(
                "receiver", "领取人", required=False, wanted=True,
                shown_if=ShownIf("way", Operator.ONE_OF, ("pick_up", "post")), help="实际领取或者签收的人",
            ),
            Field(
                "credential_kind", "领取人证件", FieldKind.CHOICE, required=False, wanted=True,
                shown_if=ShownIf("way", Operator.IS, "pick_up"), choices=CREDENTIAL_LABELS,
                options=options.credential_kinds,
            ),
            Field(
                "credential", "领取人证件号码", required=False, wanted=True,
                shown_if=ShownIf("way", Operator.IS, "pick_up"), help="核对原件后填写，办理本件的人才看得到",
            ),
            Field(
                "waybill", "运单号", required=False, wanted=True,
                shown_if=ShownIf("way", Operator.IS, "post"),
            ),
            Field(
                "sent_to", "送达到", required=False, wanted=True,
                shown_if=ShownIf("way", Operator.IS, "electronic"), help="手机号码、电子邮箱或者账号",
            ),
        ),
        guards=(rules.credential_is_one, rules.receiver_is_the_one),
        effects=(Stop("delivery"), Keep("publicity"), Mark("closed")),
        public=rules.delivery_values, private=rules.delivery_texts, duty=True,
        confirm_record="登记送达后本件即告办结，不能再改，领取人和号码核对好了吗？",
    ),
    Transition(
        action="publicise", label="公示结果", sources=(GRANTED, REFUSED, CLOSED), target=None,
        who=(Who.SYSTEM,), event=events.PUBLICISED.name, cites=("行政许可法 第四十条",),
        effects=(Stop("publicity"),),
    ),
    Transition(
        action="explain_late", label="公开说明超期", sources=(EXAMINING, DECIDING, GRANTED, REFUSED, CLOSED),
        target=None, who=(Who.POST,), event=events.LATENESS_EXPLAINED.name,
        cites=("优化营商环境条例 第三十六条",),
        fields=(
            Field(
                "cause", "超过承诺时限的原因", FieldKind.CHOICE, choices=rules.CAUSE_LABELS,
                help="将在“承诺兑现”页公开",
            ),
            Field("note", "内部说明", FieldKind.LONG, required=False, help="不公开，供监察和领导查看"),
        ),
        needs=(rules.promise_is_broken,), public=rules.lateness_values, private=rules.given_values("note"),
    ),
    Transition(
        action="withdraw", label="撤回申请", sources=_UNDECIDED,
        target=WITHDRAWN, who=(Who.PARTY,), event=events.WITHDRAWN.name,
        cites=("行政许可法 第二十九条",),
        fields=(Field("reason", "撤回的原因", FieldKind.LONG, required=False),),
        effects=(Mark("closed", "withdrawn"),),
        private=rules.given_values("reason"), confirm="撤回后如需办理须重新申请，确定吗？",
    ),
    Transition(
        action="withdraw_at_window", label="窗口办理撤回", sources=_UNDECIDED, target=WITHDRAWN,
        who=(Who.POST,), event=events.WITHDRAWN_AT_WINDOW.name, cites=("行政许可法 第二十九条",),
        fields=(
            Field("request", "申请人的书面请求", FieldKind.LONG, help="写明何时、由谁签名提出，原件存入案卷"),
            Field("reason", "撤回的原因", FieldKind.LONG, help="照申请人的请求写"),
        ),
        guards=(rules.reason_is_said,), effects=(Mark("closed", "withdrawn"), Issue("withdrawal")),
        private=rules.given_values("request", "reason"),
        confirm="只能依申请人签名的书面请求撤回，申请人会收到告知书，确定吗？",
    ),
)  # fmt: skip

_LATER = {"add_materials"}  #: acts that cases begun under the first version do not know

FIRST = Procedure(
    kind=KIND, version=1, label="办件", in_force=date(2004, 7, 1), states=STATES,
    rows=tuple(row for row in ROWS if row.action not in _LATER),
    initial=RECEIVED, creation=SUBMIT, number_pattern="{body}{on:%Y%m%d}{serial:05d}",
    gather_facts=gather_facts, with_rows=own_rows, version_1=PROCEDURE_V1, own_terms=ApplicationTerms,
    clock_labels={
        "acceptance": "受理期限", "statutory": "法定期限", "promised": "承诺期限", "step": "环节时限",
        "delivery": "送达期限", "publicity": "公示期限",
    },
)  # fmt: skip

PROCEDURE = replace(FIRST, version=2, rows=ROWS)
