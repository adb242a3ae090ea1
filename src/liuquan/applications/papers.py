"""The papers of an application: what each says, as data for the template. Pure.

Every act that the law requires in writing has a row here. A negative decision names the legal remedies. A
paper says what the act said, whenever it is printed: its dates come from the entry of the act and never from
the later state of the case. Only papers of licences cite the licensing law.

Cites: 行政许可法 第三十二条, 第三十八条, 第四十五条
"""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.applications import events
from liuquan.applications.terms import ApplicationTerms
from liuquan.casework.types import Snapshot
from liuquan.clock import Unit, chinese_date
from liuquan.kinds.types import Context, Paper, grouped, remedy_text
from liuquan.organisation.types import yuan


def _own(c: Context) -> ApplicationTerms:
    return c.snapshot.own(ApplicationTerms)


def _is_licence(c: Context) -> bool:
    return _own(c).is_licence


def _opening(c: Context) -> str:
    """How a paper about this case begins."""
    return f"你（单位）申请办理的“{c.item}”（办件编号{c.snapshot.number}）"


def _under(c: Context, article: str) -> str:
    """The words that cite the licensing law, for a licence."""
    return f"依照《行政许可法》{article}，" if _is_licence(c) else ""


def _facts(c: Context, *more: tuple[str, str]) -> list[list[str]]:
    return [
        ["申请人", c.addressee],
        ["申请事项", c.item],
        ["办件编号", c.snapshot.number],
        ["查询码", grouped(c.code)],
        *[list(pair) for pair in more],
    ]


def _reach(c: Context) -> list[str]:
    """Where to come, when, and whom to ring: in every paper that asks for that."""
    return [c.reach] if c.reach else []


def _materials(c: Context, keys: list[str]) -> list[str]:
    names = {one.key: one.name for one in c.snapshot.materials}
    return [f"{i}. {names.get(key, key)}" for i, key in enumerate(keys, 1)]


def _receipt(c: Context) -> dict[str, Any]:
    return _received(c, list(c.received), "申请材料")


def _supplement_receipt(c: Context) -> dict[str, Any]:
    return _received(c, list(c.public.get("items", ())), "补正材料")


#: what a receipt says where the answer was given in the same visit: no day is promised then, for none runs
_ANSWERED = {
    events.SUPPLEMENT_NOTIFIED.name: "需要补正的全部内容已经当场一次告知，见补正材料一次性告知书。",
    events.ACCEPTED.name: "申请已经当场受理，见受理通知书。",
    events.ACCEPTED_CORRECTED.name: "申请已经当场受理，见受理通知书。",
    events.NOT_NEEDED.name: "申请不予受理，理由和救济途径见不予受理决定书。",
    events.NOT_OURS.name: "申请不予受理，理由和救济途径见不予受理决定书。",
}


def _added_receipt(c: Context) -> dict[str, Any]:
    keys = list(c.public.get("items", ()))
    told = (
        "你（单位）补交的上述材料已经收到。补交不改变原来告知的答复日期；还缺的，一次告知全部需要补正的内容。"
    )
    return {
        "facts": _facts(c, ("收到日期", chinese_date(c.acted_on)), ("收到材料", f"{len(keys)}项")),
        "paragraphs": [told],
        "tail": _materials(c, keys),
    }


def _received(c: Context, keys: list[str], what: str) -> dict[str, Any]:
    answered = next((said for event, said in _ANSWERED.items() if event in c.at_once), "")
    return {
        "facts": _facts(c, ("收到日期", chinese_date(c.acted_on)), ("收到材料", f"{len(keys)}项")),
        "paragraphs": [
            f"你（单位）提交的上述{what}已经收到。{answered or _answer_by(c, what)}",
            *([] if answered else [_silence(c, what)]),
        ],
        "tail": _materials(c, keys),
    }


def _answer_by(c: Context, what: str) -> str:
    """By when the office answers; the first time also what it then says."""
    by = c.due("acceptance") or "期限内"
    once = "；材料不齐的，将一次告知全部需要补正的内容" if what == "申请材料" else ""
    return f"我们最迟于{by}告知是否受理{once}。"


def _silence(c: Context, what: str) -> str:
    """What happens if the office does not answer: for licences only, the law treats that as acceptance."""
    if c.snapshot.terms.limits["acceptance"].on_expiry:
        return f"逾期没有告知的，自收到{what}之日起即为受理（《行政许可法》第三十二条）。"
    return "逾期未告知的，可以向本机关查询或者投诉。"


def _acceptance(c: Context) -> dict[str, Any]:
    accepted = chinese_date(c.acted_on)
    facts = [("受理日期", accepted)]
    for label, key in (("承诺办结日", "promised"), ("法定办结日", "statutory")):
        if day := c.due(key):
            facts.append((label, day + ("(放假安排公布后可能调整)" if key in c.adjustable else "")))
    facts.append(("收费", _own(c).fee_text))
    how = f"你（单位）的申请依法予以受理。{_counted(c, '受理之日')}"
    if c.event == events.DEEMED_ACCEPTED.name:
        how = (
            "本机关没有在收到材料之日起五个工作日内告知补正，"
            f"{_under(c, '第三十二条第一款第四项')}你（单位）的申请自{accepted}收到材料之日起即为受理，"
            f"{_counted(c, '该日')}"
        )
    ask = "凭办件编号和查询码，或者扫描下方二维码，可以随时免费查询进度和结果。"
    return {"facts": _facts(c, *facts), "paragraphs": [how, ask]}


def _counted(c: Context, from_day: str) -> str:
    """How the periods of this case are counted, in the units of its own limits (民法典 第二百零一条)."""
    limits = [
        c.snapshot.terms.limits[key] for key in ("statutory", "promised") if key in c.snapshot.terms.limits
    ]
    if c.snapshot.terms.limits["promised"].amount == 0:
        return "本事项当场办结。"
    units = {limit.unit for limit in limits if limit.amount}
    how = {Unit.WORKING_DAY: "按工作日计算", Unit.CALENDAR_DAY: "按自然日计算"}
    said = how.get(units.pop(), "依法计算") if len(units) == 1 else "按各自的单位计算"
    return f"办理期限自{from_day}的次日起{said}。"


def _said_date(text: str) -> str:
    return chinese_date(date.fromisoformat(text)) if text else ""


def _supplement(c: Context) -> dict[str, Any]:
    items = list(c.public.get("items", ()))
    remarks = c.said("remarks")
    wanted = c.private.get("requirements") or {}
    names = {one.key: one.name for one in c.snapshot.materials}
    return {
        "paragraphs": [
            f"{_opening(c)}，材料不齐全或者不符合法定形式，需要补正下列全部{len(items)}项内容：",
        ],
        "tail": [
            *[
                f"{line}：{_whole(wanted[names[key]])}" if names.get(key) in wanted else line
                for key, line in zip(items, _materials(c, items), strict=True)
            ],
            *([f"具体要求：{_whole(remarks)}"] if remarks else []),
            "请补齐后到窗口提交，或者凭办件编号和查询码在网上提交。你（单位）补正所用的时间不计入办理期限。",
            *_reach(c),
            f"查询码：{grouped(c.code)}",
        ],
    }


def _not_accepted(c: Context) -> dict[str, Any]:
    reason = _whole(c.said("reason"))
    if c.event == events.NOT_OURS.name:
        paragraphs = [
            f"{_opening(c)}，不属于本机关职权范围，{_under(c, '第三十二条第一款第二项')}决定不予受理。",
            f"请向{c.said('refer_to')}申请。",
            f"理由：{reason}",
        ]
    else:
        needless = "依法不需要取得行政许可" if _is_licence(c) else "依法不需要办理"
        paragraphs = [
            f"{_opening(c)}，{needless}，{_under(c, '第三十二条第一款第一项')}决定不予受理。",
            f"理由：{reason}",
        ]
    return {"paragraphs": [*paragraphs, remedy_text(c.remedies)]}


def _special(c: Context) -> dict[str, Any]:
    return {
        "paragraphs": [
            f"{_opening(c)}，依法需要进行{c.said('ground_label')}，预计到{_said_date(c.said('until'))}结束。"
            f"{_under(c, '第四十五条')}所需时间不计入办理期限。",
            f"说明：{_whole(c.said('document'))}",
        ]
    }


def _extension(c: Context) -> dict[str, Any]:
    return {
        "paragraphs": [
            f"{_opening(c)}，在法定期限内不能作出决定。{_under(c, '第四十二条第一款')}经本机关负责人批准，"
            f"延长{c.said('days')}个工作日，至{c.due('statutory')}。",
            f"理由：{_whole(c.said('reason'))}",
            "本机关承诺的办结时限不因此变动；超过承诺时限的，本机关将公开说明。",
        ]
    }


def _correction(c: Context) -> dict[str, Any]:
    before, after = c.public.get("before", {}), c.public.get("due", {})
    limits = c.snapshot.terms.limits
    moved = [
        f"{limits[key].label or key}：由{_said_date(str(before[key]))}改为{_said_date(str(day))}"
        for key, day in after.items()
        if key in before and key in limits
    ]
    return {
        "paragraphs": [
            f"{_opening(c)}，{c.said('clock_label')}的起算日原记为{_said_date(c.said('anchor_before'))}，"
            f"经核对书面证据，应当为{_said_date(c.said('to'))}，现予更正。期限重新计算的结果列在最后。",
            f"理由：{_whole(c.said('reason'))}",
            f"证据：{_whole(c.said('evidence'))}",
            "你（单位）认为更正有误的，可以向本机关或者政务服务中心提出。",
            *_reach(c),
        ],
        "tail": moved,
    }


def _power(snapshot: Snapshot) -> str:
    """What is granted or refused, as the law calls it (行政许可, 行政确认); 办理 where it has no name."""
    label = snapshot.own(ApplicationTerms).item_type_label
    return label if label.startswith("行政") else "办理"


def _whole(text: str) -> str:
    """A text as a whole sentence, whichever way its writer ended it."""
    return text.strip().rstrip("。；;，,") + "。"


def _grounds(c: Context) -> list[str]:
    """Why it was decided so: the facts, the published standard that they were held against, the law.

    A standard is quoted as it stands; it may itself be a sentence, so none is built around it."""
    return [
        f"理由：{_whole(c.said('reason'))}",
        *([f"审查所依据的标准：{_whole(c.said('standard'))}"] if c.said("standard") else []),
        *([f"依据：{'、'.join(_own(c).bases)}。"] if _own(c).bases else []),
    ]


def _grant(c: Context) -> dict[str, Any]:
    delivery = c.due("delivery")
    by = f"最迟于{delivery}" if delivery else "依法"
    fen = c.public.get("amount_fen")
    return {
        "paragraphs": [
            f"{_opening(c)}，本机关经审查，决定准予{_power(c.snapshot)}。",
            *([f"{c.snapshot.terms.amount_label}：人民币{yuan(int(fen))}。"] if fen else []),
            *([f"附带的条件：{_whole(c.said('conditions'))}"] if c.said("conditions") else []),
            *_grounds(c),
            f"本机关{by}颁发、送达{_own(c).result_name or '办理结果'}。",
        ]
    }


def _refusal(c: Context) -> dict[str, Any]:
    law = "《中华人民共和国行政许可法》第三十八条第二款" if _is_licence(c) else "前述规定"
    by = f"根据{law}，" if _is_licence(c) or _own(c).bases else ""
    return {
        "paragraphs": [
            *_unmet(c),
            f"理由：{_whole(c.said('reason'))}",
            f"{by}本机关决定不予{_power(c.snapshot)}。",
            remedy_text(c.remedies),
            "具备条件后，你（单位）可以依法重新申请。",
        ]
    }


def _unmet(c: Context) -> list[str]:
    """Which conditions are not met, each with what was found, and where they come from. A decision that
    names the standard alone, in whichever words, holds that it is not met."""
    conditions = list(c.public.get("unmet") or ()) or list(filter(None, [c.said("standard")]))
    found = c.private.get("found") or {}
    bases = f"（依据：{'、'.join(_own(c).bases)}）" if _own(c).bases else ""
    told = [
        f"{i}. {_whole(one)}" + (f"经查明：{_whole(found[one])}" if found.get(one) else "")
        for i, one in enumerate(conditions, 1)
    ]
    if not told:
        return [f"{_opening(c)}，经审查，不符合规定的条件{bases}。"]
    return [f"{_opening(c)}，经审查，不符合下列条件{bases}：", *told]


def _withdrawal(c: Context) -> dict[str, Any]:
    return {
        "paragraphs": [
            f"{_opening(c)}，窗口已经于{chinese_date(c.acted_on)}依你（单位）的书面请求办理撤回，本件终止办理。",
            f"书面请求：{_whole(c.said('request'))}",
            f"撤回的原因：{_whole(c.said('reason'))}",
            "你（单位）没有提出过撤回请求的，请凭本告知书向本机关或者政务服务中心投诉。撤回不影响重新申请。",
            *_reach(c),
        ]
    }


PAPERS = (
    Paper("receipt", "申请材料接收凭证", True, _receipt, "收"),
    Paper("acceptance", "受理通知书", True, _acceptance, "受", result="受理"),
    Paper("supplement", "补正材料一次性告知书", False, _supplement, "补"),
    Paper("supplement_receipt", "补正材料接收凭证", True, _supplement_receipt, "补收"),
    Paper("added_receipt", "补交材料接收凭证", True, _added_receipt, "加收"),
    Paper("not_accepted", "不予受理决定书", False, _not_accepted, "不受", result="不予受理", is_adverse=True),
    Paper("special", "特别程序告知书", False, _special, "特"),
    Paper("extension", "延长办理期限告知书", False, _extension, "延"),
    Paper("correction", "更正期限起算日告知书", False, _correction, "更"),
    Paper(
        "grant", "准予决定书", False, _grant, "准", result="准予", called=lambda s: f"准予{_power(s)}决定书"
    ),
    Paper(
        *("refusal", "不予决定书", False, _refusal, "不准"),
        called=lambda s: f"不予{_power(s)}决定书",
        result="不予",
        is_adverse=True,
    ),
    Paper("withdrawal", "撤回申请告知书", False, _withdrawal, "撤", result="已撤回"),
)
