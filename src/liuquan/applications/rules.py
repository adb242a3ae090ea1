"""Guards of the application procedure, and what its acts enter in the record. Pure.

Cites: 行政许可法 第三十一条, 第三十二条, 第三十八条
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from liuquan.applications.terms import ApplicationTerms
from liuquan.casework.types import Given, ListedMaterial, Running, Snapshot
from liuquan.clock import shanghai_day
from liuquan.identifiers import CREDENTIAL_LABELS, RESIDENT, IdentifierError, parse_credential
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.organisation.types import read_fen

_KEYS = UUID("6c716c71-0000-5000-8000-6c69757175a6")  #: the name space of submission keys
RESULT_LABELS = {"agree": "同意", "agree_with_conditions": "有条件同意", "disagree": "不同意"}
#: why a promise was broken, in words fit for the public
CAUSE_LABELS = {
    "consulting": "等候其他机关的意见，超出预计",
    "checking": "现场核查或者审查所需时间超出预计",
    "volume": "同一时期办件集中，人手不足",
    "handover": "承办人员变动，交接延误",
    "system": "信息系统故障",
    "fault": "本单位工作疏漏，正在整改",
}
OUTSIDE = "outside"  #: of the bodies that may be chosen: none of them, its name is written
#: what a decision makes of the conditions that an examiner proposed
TAKEN_LABELS = {"take": "采纳，写进决定书", "leave": "不采纳"}
OTHER = "other"  #: of those who may receive a result: no party of the case
#: who received a result: a party, by its role, or somebody else
RECEIVER_LABELS = {"applicant": "申请人", "agent": "代办人", OTHER: "其他人"}
WAY_LABELS = {"pick_up": "窗口领取", "post": "邮寄送达", "electronic": "电子送达"}


def own_key(key: UUID | None, applicant: str, item_code: str) -> UUID | None:
    """The key of one submission, bound to the applicant and the item: another person who sends the same key
    does not get this applicant's case."""
    return uuid5(_KEYS, f"{applicant}\n{item_code}\n{key}") if key else None


def missing_required(case: Snapshot, received: Iterable[str]) -> list[ListedMaterial]:
    """Required materials that are missing, in the order of the list. A deferrable one may follow later."""
    there = set(received)
    return [one for one in case.materials if one.necessity == "required" and one.key not in there]


def ticked(given: Given) -> set[str]:
    """Materials on file or ticked at the window with this act."""
    return (set(given.facts.get("received", ())) | set(given.data.get("materials") or ())) & _known(given)


def _known(given: Given) -> set[str]:
    """The keys of the item's list of materials as it bound this case on the day of receipt."""
    return {one.key for one in given.snapshot.materials}


def there_is_a_basis(given: Given) -> None:
    """Refuse to accept anything without a legal basis: 法无授权不可为. If no law provides for the matter, the
    answer is that it needs no licence. Cites: 行政许可法 第四条, 第三十二条."""
    if not given.snapshot.own(ApplicationTerms).bases:
        raise WrongState(
            "本件的事项没有设定依据，不得受理，请办理“不予受理：不需要许可”。", citation="行政许可法 第四条"
        )


def nothing_required_is_missing(given: Given) -> None:
    """Accept only complete applications; one notice names everything that is missing. Cites: 行政许可法
    第三十二条."""
    missing = missing_required(given.snapshot, ticked(given))
    if missing:
        names = "、".join(one.name for one in missing)
        raise BadInput(
            f"还缺少必要材料：{names}。请收齐后受理，或者办理“一次性告知补正”。",
            citation="行政许可法 第三十二条第一款第四项",
            fields={"materials": f"还缺：{names}"},
        )


def notice_names_everything_missing(given: Given) -> None:
    """A one-time notice lists everything that is missing, and only materials of the item's list.

    Cites: 行政许可法 第三十一条, 第三十二条第一款第四项
    """
    named, known = set(given.data.get("items") or ()), _known(given)
    if stray := named - known:
        raise BadInput(
            "只能要求补正事项材料清单以内的材料，请重新勾选。",
            citation="行政许可法 第三十一条",
            fields={"items": f"清单中没有：{'、'.join(sorted(stray))}"},
        )
    there = set(given.facts.get("received", ())) & known
    left_out = [one.name for one in missing_required(given.snapshot, there) if one.key not in named]
    if left_out:
        raise BadInput(
            f"补正内容必须一次告知全部，还漏了：{'、'.join(left_out)}。请一并勾选。",
            citation="行政许可法 第三十二条第一款第四项",
            fields={"items": f"还漏了：{'、'.join(left_out)}"},
        )


def materials_are_the_items(given: Given) -> None:
    """Refuse materials outside the item's list: nothing outside it may be asked for.

    Cites: 行政许可法 第三十一条
    """
    if stray := set(given.data.get("materials") or ()) - _known(given):
        raise BadInput(
            "提交的材料不在本事项的材料清单内，请按清单重新选择。",
            citation="行政许可法 第三十一条",
            fields={"materials": f"清单中没有：{'、'.join(sorted(stray))}"},
        )


def supplement_brings_something(given: Given) -> None:
    """A supplement is a receipt of materials: an empty one starts no clock."""
    if not set(given.data.get("materials") or ()) & _known(given):
        raise BadInput(
            "没有收到任何补正材料，请上传或勾选已提交的材料后再提交。",
            fields={"materials": "请至少提交一项补正材料。"},
        )


def no_special_procedure_is_open(given: Given) -> None:
    """A decision waits for the hearing, the test or the experts it was suspended for. Cites: 行政许可法
    第四十五条, 第四十八条."""
    if given.snapshot.open_suspensions:
        raise WrongState(
            "本件的特别程序还没有结束，请先登记“结束特别程序”，再作决定。", citation="行政许可法 第四十五条"
        )


def there_is_a_review(given: Given) -> None:
    """Refuse to send back a case decided on the spot: it has no step to go back to."""
    if not given.snapshot.terms.steps:
        raise WrongState("本件当场决定，没有审查环节，不能退回；请直接作出决定。")


def promise_is_broken(given: Given) -> None:
    """Only a broken promise can be explained. Cites: 优化营商环境条例 第三十六条."""
    over = any(
        d.key == "promised"
        and not d.provisional
        and d.state in (Running.RUNNING, Running.MET)
        and d.due_at <= (d.met_at or given.now)
        for d in given.snapshot.deadlines
    )
    if not over:
        raise WrongState("本件没有超过承诺时限，不需要公开说明。", citation="优化营商环境条例 第三十六条")


def lateness_values(given: Given) -> dict[str, Any]:
    """Why the promise was broken, from a closed list: free text is never public."""
    cause = str(given.data["cause"])
    return {"cause": cause, "cause_label": CAUSE_LABELS[cause]}


def reason_is_said(given: Given) -> None:
    """A decision, and every refusal, says its reason in more than a word. Cites: 行政许可法 第三十八条."""
    if len(str(given.data.get("reason", "")).strip()) < 4:
        raise BadInput(
            "请写明理由（至少四个字）,说明事实和依据，让申请人看得明白。",
            citation="行政许可法 第三十八条",
            fields={"reason": "请写明理由。"},
        )


def standard_is_the_items(given: Given) -> None:
    """A decision cites one of the item's published decision standards. Cites: 行政许可法 第三十条."""
    standards = given.snapshot.own(ApplicationTerms).decision_standards
    if standards and given.data.get("standard") not in standards:
        raise BadInput(
            "请从本事项公布的审查标准中选择所依据的一条。",
            fields={"standard": "请选择依据的标准。"},
        )


def what_is_unmet_is_published(given: Given) -> None:
    """A refusal holds the application against published standards only, and says what was found about those
    that it does not meet. Cites: 行政许可法 第三十八条第二款"""
    standards = set(given.snapshot.own(ApplicationTerms).decision_standards)
    unmet = set(given.data.get("unmet") or ())
    if unmet - standards:
        raise BadInput("请从本事项公布的审查标准中选择不符合的条件。", fields={"unmet": "请选择公布的标准。"})
    if set(given.data.get("found") or ()) - unmet:
        raise BadInput("只能写明选中的条件查明了什么，请重新填写。", fields={"found": "请先选中对应的条件。"})


def _published_standard(given: Given) -> str:
    """The standard as the item publishes it; nothing if the deciding officer worded it."""
    said = str(given.data.get("standard", ""))
    return said if said in given.snapshot.own(ApplicationTerms).decision_standards else ""


def decision_values(given: Given) -> dict[str, Any]:
    """The standard, if the item publishes it (free text is never in the public record), and the amount
    decided on, in fen, if the item has one, so that the mandate of the decision can be checked."""
    standard = _published_standard(given)
    values: dict[str, Any] = {"standard": standard} if standard else {}
    fen = read_fen(given.data.get("amount")) if given.snapshot.terms.amount_label else None
    return values | ({"amount_fen": fen} if fen else {})


def decision_texts(given: Given) -> dict[str, Any]:
    """The reason, and a standard in the officer's own words if the item publishes none."""
    names = ("reason",) if _published_standard(given) else ("reason", "standard")
    return dict(given_values(*names)(given))


def refusal_values(given: Given) -> dict[str, Any]:
    """The same, and all the published standards that the application does not meet."""
    unmet = list(given.data.get("unmet") or ())
    return decision_values(given) | ({"unmet": unmet} if unmet else {})


def refusal_texts(given: Given) -> dict[str, Any]:
    """The same as of any decision, what was found about each of them, and why the review is not followed."""
    said = {one: text for one, text in (given.data.get("found") or {}).items() if text}
    against = dict(given_values("why_against")(given))
    return decision_texts(given) | ({"found": said} if said else {}) | against


def grant_texts(given: Given) -> dict[str, Any]:
    """The same, the conditions that the decision lays down, or why it lays down none that an examiner
    proposed, and why an examiner who was against is not followed."""
    return decision_texts(given) | dict(given_values("conditions", "why_without", "why_against")(given))


def referral_values(given: Given) -> dict[str, Any]:
    """The body to apply to, by its registered name; the name of any other body is only on the paper."""
    return {"refer_to": given.facts.get("refer_to") or "决定书写明的机关"}


def referral_texts(given: Given) -> dict[str, Any]:
    """The reason, and the name of a body that is not registered in the organisation: chosen as outside the
    list, or written by a program."""
    if given.facts.get("refer_to"):
        return dict(given_values("reason")(given))
    said = dict(given_values("reason", "refer_to")(given))
    outside = given.data.get("outside_body") if said.get("refer_to") == OUTSIDE else None
    return said | ({"refer_to": outside} if outside else {})


def body_outside_is_named(given: Given) -> None:
    """Who is sent to a body outside the list is told which. Cites: 行政许可法 第三十二条第一款第二项"""
    if given.data.get("refer_to") == OUTSIDE and not given.data.get("outside_body"):
        raise BadInput(
            "请写明应当受理的机关的名称，申请人才知道去哪里申请。",
            citation="行政许可法 第三十二条第一款第二项",
            fields={"outside_body": "请写明机关的名称。"},
        )


def accepted_values(given: Given) -> dict[str, Any]:
    """Which materials came with the acceptance, and which deferrable ones are still to come."""
    there = ticked(given)
    later = [
        one.key for one in given.snapshot.materials if one.necessity == "deferrable" and one.key not in there
    ]
    came = sorted(given.data.get("materials") or ())
    return ({"missing_deferred": later} if later else {}) | ({"materials": came} if came else {})


def notice_values(given: Given) -> dict[str, Any]:
    """Which materials were named; `again` marks a later notice that asks for something new (CASE-04).

    New means: named in no earlier notice, or handed in after it had been asked for. Repeating a request for
    what is still missing is not new. Cites: 行政许可法 第三十二条第一款第四项
    """
    items = sorted(set(given.data.get("items") or ()))
    earlier = given.facts.get("noticed", ())
    owed = {key for old in earlier for key in old} - set(given.facts.get("received_since", ()))
    again = bool(earlier) and bool(set(items) - owed)
    return {"count": len(items), "items": items} | ({"again": True} if again else {})


def notice_texts(given: Given) -> dict[str, Any]:
    """What is wanted of each material, by its name, and what else is wanted."""
    said = dict(given.data.get("requirements") or {})
    named = set(given.data.get("items") or ())
    texts = {m.name: said[m.key] for m in given.snapshot.materials if m.key in named and said.get(m.key)}
    return ({"requirements": texts} if texts else {}) | dict(given_values("remarks")(given))


def step_values(given: Given) -> dict[str, Any]:
    """The result of a step in its label; how many officers signed."""
    result = str(given.data["result"])
    values: dict[str, Any] = {"result": result, "result_label": RESULT_LABELS[result]}
    if given.facts.get("second_officer"):
        values["officers"] = 2
    return values


def special_values(given: Given) -> dict[str, Any]:
    """The ground and the time announced in writing; `again` marks a ground that was used before."""
    ground = str(given.data.get("ground", ""))
    values = {
        "ground": ground,
        "ground_label": given.snapshot.terms.ground_label(ground),
        "until": str(given.data.get("until", "")),
    }
    repeated = any(s.ground == ground for s in given.snapshot.suspensions)
    return values | ({"again": True} if repeated else {})


def special_end_values(given: Given) -> dict[str, Any]:
    """The ground that ended: the one named, or the only one."""
    standing = [s.ground for s in given.snapshot.open_suspensions]
    ground = str(given.data.get("ground") or (standing[0] if standing else ""))
    return {"ground": ground, "ground_label": given.snapshot.terms.ground_label(ground)}


def correction_values(given: Given) -> dict[str, Any]:
    """The clock in words; the engine adds the days."""
    key = str(given.data.get("clock", ""))
    limit = given.snapshot.terms.limits.get(key)
    return {"clock_label": limit.label if limit and limit.label else key}


def delivery_values(given: Given) -> dict[str, Any]:
    """How the result reached the applicant."""
    way = str(given.data.get("way") or "pick_up")
    return {"way": way, "way_label": WAY_LABELS[way]}


def credential_is_one(given: Given) -> None:
    """Whoever fetches a result proves who they are by a document whose number can be one. Without the kind of
    document it is a resident's."""
    if number := str(given.data.get("credential") or ""):
        kind = str(given.data.get("credential_kind") or RESIDENT)
        try:
            parse_credential(kind, number, today=shanghai_day(given.now))
        except IdentifierError as wrong:
            raise BadInput(wrong.sentence, fields={"credential": wrong.sentence}) from wrong


def receiver_is_the_one(given: Given) -> None:
    """A result handed out by a number goes to whom it was said to go: the number is the party's own, or who
    fetches it is somebody else, whose authority is written. Cites: 民法典 第一百六十五条"""
    holds = given.facts.get("credential_of")
    who = given.data.get("received_by")
    if holds is not None and who in ("applicant", "agent") and who not in holds:
        label = RECEIVER_LABELS[str(who)]
        raise BadInput(
            f"这个证件号码不是{label}的：请再核对一遍；来领的是别人的，请选“其他人”，写明关系和凭据。",
            citation="民法典 第一百六十五条",
            fields={"credential": f"不是{label}的证件号码。"},
        )


def delivery_texts(given: Given) -> dict[str, Any]:
    """Who received it, by which document, as it was given."""
    names = ("receiver", "authority", "credential", "waybill", "sent_to")
    said = dict(given_values(*names)(given))
    who = RECEIVER_LABELS.get(str(given.data.get("received_by") or ""))
    said |= {"received_by": who} if who else {}
    kind = str(given.data.get("credential_kind") or "")
    return said | ({"credential_kind": CREDENTIAL_LABELS[kind]} if kind else {})


def given_values(*names: str) -> Any:
    """Values of the act copied as they were given, without empty ones."""

    def values(given: Given) -> dict[str, Any]:
        return {name: given.data[name] for name in names if given.data.get(name) not in (None, "", [])}

    return values
