"""The papers of an application: what each says, as data for the template. Pure.

Every act that the law wants in writing has a row here. A negative one carries the remedies.

Cites: 行政许可法 第三十二条, 第三十八条, 第四十五条
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liuquan.casework.types import DeadlineView, Snapshot
from liuquan.clock import chinese_date, shanghai_day


@dataclass(frozen=True)
class Context:
    """What a paper is written from: the case after the act, the act's values, who is addressed."""

    snapshot: Snapshot
    public: Mapping[str, Any]
    private: Mapping[str, str]
    applicant: str
    id_masked: str
    on: date
    code: str
    received: tuple[str, ...] = ()
    remedy_bodies: tuple[str, str] = ("本级人民政府", "有管辖权的人民法院")

    @property
    def item(self) -> str:
        return self.snapshot.terms.subject_name

    @property
    def opening(self) -> str:
        """How a paper about this case begins."""
        return f"你（单位）申请办理的“{self.item}”（办件编号{self.snapshot.number}）"

    def due(self, key: str) -> DeadlineView | None:
        """The clock of this key, open or not."""
        return next((d for d in reversed(self.snapshot.deadlines) if d.key == key), None)


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its title, the body that speaks, its words and facts."""

    kind: str
    title: str
    slip: bool
    write: Callable[[Context], dict[str, Any]]
    #: sign of the paper in its number, as in 受〔2026〕…
    mark: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def _facts(c: Context, *more: tuple[str, str]) -> list[list[str]]:
    return [
        ["申请人", c.applicant],
        ["申请事项", c.item],
        ["办件编号", c.snapshot.number],
        ["查询码", _grouped(c.code)],
        *[list(pair) for pair in more],
    ]


def _materials(c: Context, keys: list[str]) -> list[str]:
    names = {m["key"]: m["name"] for m in c.snapshot.terms.extra["materials"]}
    return [f"{i}. {names.get(key, key)}" for i, key in enumerate(keys, 1)]


def _receipt(c: Context) -> dict[str, Any]:
    acceptance = c.due("acceptance")
    by = chinese_date(acceptance.due_on) if acceptance else "期限内"
    return {
        "facts": _facts(
            c,
            ("收到日期", chinese_date(shanghai_day(c.snapshot.received_at))),
            ("收到材料", f"{len(c.received)}项"),
        ),
        "paragraphs": [
            f"你（单位）提交的上述申请材料已经收到。我们最迟于{by}告知是否受理；材料不齐的，将一次告知全部需要补正的内容。",
            _LATE_NOTICE if c.snapshot.terms.limits["acceptance"].on_expiry else _LATE_SERVICE,
        ],
        "tail": _materials(c, list(c.received)),
    }  # fmt: skip


_LATE_SERVICE = "逾期未告知的，可以向本机关查询或者投诉。"
_LATE_NOTICE = "逾期没有告知的，自收到申请材料之日起即为受理（《行政许可法》第三十二条）。"


def _acceptance(c: Context) -> dict[str, Any]:
    statutory, promised = c.due("statutory"), c.due("promised")
    accepted = shanghai_day(c.snapshot.accepted_at) if c.snapshot.accepted_at else c.on
    facts = [("受理日期", chinese_date(accepted))]
    if promised:
        facts.append(("承诺办结日", _until(promised)))
    if statutory:
        facts.append(("法定办结日", _until(statutory)))
    facts.append(("收费", str(c.snapshot.terms.extra.get("fee_text", "不收费"))))
    paragraphs = ["你（单位）的申请依法予以受理。办理期限自受理之日的次日起按工作日计算。"]
    if c.snapshot.accepted_at and accepted < c.on:
        paragraphs = [
            "本机关没有在收到材料之日起五个工作日内告知补正，依照《行政许可法》第三十二条第一款第四项，"
            f"你（单位）的申请自{chinese_date(accepted)}收到材料之日起即为受理，办理期限自该日起计算。"
        ]
    paragraphs.append("凭办件编号和查询码，或者扫描下方二维码，可以随时免费查询进度和结果。")
    return {"facts": _facts(c, *facts), "paragraphs": paragraphs}


def _said_date(text: str) -> str:
    return chinese_date(date.fromisoformat(text)) if text else ""


def _until(view: DeadlineView) -> str:
    return chinese_date(view.due_on) + ("(放假安排公布后可能调整)" if view.provisional else "")


def _supplement(c: Context) -> dict[str, Any]:
    items = list(c.public.get("items", ()))
    remarks = c.private.get("remarks", "")
    return {
        "paragraphs": [
            f"{c.opening}，材料不齐全或者不符合法定形式，需要补正下列全部{len(items)}项内容：",
        ],
        "tail": [
            *_materials(c, items),
            *([f"具体要求：{remarks}"] if remarks else []),
            "请补齐后到窗口提交，或者凭办件编号和查询码在网上提交。你（单位）补正所用的时间不计入办理期限。",
            f"查询码：{_grouped(c.code)}",
        ],
    }


def _supplement_receipt(c: Context) -> dict[str, Any]:
    acceptance = c.due("acceptance")
    by = chinese_date(acceptance.due_on) if acceptance else "期限内"
    return {
        "facts": _facts(c, ("收到日期", chinese_date(c.on))),
        "paragraphs": [
            f"你（单位）的补正材料已经收到。我们最迟于{by}告知是否受理。",
            _LATE_NOTICE.replace("申请材料", "补正材料"),
        ],
        "tail": _materials(c, list(c.public.get("items", ()))),
    }


def _not_accepted(c: Context) -> dict[str, Any]:
    refer = str(c.public.get("refer_to", ""))
    reason = c.private.get("reason", "")
    if refer:
        paragraphs = [
            f"{c.opening}，不属于本机关职权范围，依照《行政许可法》第三十二条第一款第二项，决定不予受理。",
            f"请向{refer}申请。理由：{reason}",
        ]
    else:
        paragraphs = [
            f"{c.opening}，依法不需要取得行政许可，依照《行政许可法》第三十二条第一款第一项，决定不予受理。",
            f"理由：{reason}",
        ]
    return {"paragraphs": [*paragraphs, _remedies(c)]}


def _special(c: Context) -> dict[str, Any]:
    return {
        "paragraphs": [
            f"{c.opening}，依法需要进行{c.public.get('ground_label', '')}，"
            f"预计到{_said_date(c.public.get('until', ''))}结束。"
            "依照《行政许可法》第四十五条，所需时间不计入办理期限。",
            f"说明：{c.public.get('document', '')}",
        ]
    }


def _extension(c: Context) -> dict[str, Any]:
    statutory = c.due("statutory")
    until = chinese_date(statutory.due_on) if statutory else ""
    return {
        "paragraphs": [
            f"{c.opening}，在法定期限内不能作出决定。依照《行政许可法》第四十二条第一款，经本机关负责人批准，"
            f"延长{c.public.get('days', '')}个工作日，至{until}。",
            f"理由：{c.private.get('reason', '')}",
            "本机关承诺的办结时限不因此变动；超过承诺时限的，本机关将公开说明。",
        ]
    }


def _grant(c: Context) -> dict[str, Any]:
    delivery = c.due("delivery")
    by = f"最迟于{chinese_date(delivery.due_on)}" if delivery else "依法"
    return {
        "paragraphs": [
            f"{c.opening}。经审查，符合“{c.public.get('standard', '')}”的要求，决定准予。",
            f"理由：{c.private.get('reason', '')}",
            "依据：" + "、".join(c.snapshot.terms.extra.get("bases", ())) + "。",
            f"本机关{by}颁发、送达{c.snapshot.terms.extra.get('result_name') or '办理结果'}。",
        ]
    }


def _refusal(c: Context) -> dict[str, Any]:
    return {
        "paragraphs": [
            f"{c.opening}。经审查，不符合“{c.public.get('standard', '')}”的要求，决定不予。",
            f"理由：{c.private.get('reason', '')}",
            "依据：" + "、".join(c.snapshot.terms.extra.get("bases", ())) + "。",
            _remedies(c),
        ]
    }


def _remedies(c: Context) -> str:
    review, court = c.remedy_bodies
    return (
        f"如不服本决定，可以自收到本决定书之日起六十日内向{review}申请行政复议，也可以自收到之日起六个月内"
        f"向{court}提起行政诉讼。"
    )


def _grouped(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


PAPERS: Mapping[str, Paper] = {
    paper.kind: paper
    for paper in (
        Paper("receipt", "申请材料接收凭证", True, _receipt, "收"),
        Paper("acceptance", "受理通知书", True, _acceptance, "受"),
        Paper("supplement", "补正材料一次性告知书", False, _supplement, "补"),
        Paper("supplement_receipt", "补正材料接收凭证", True, _supplement_receipt, "补收"),
        Paper("not_accepted", "不予受理决定书", False, _not_accepted, "不受"),
        Paper("special", "特别程序告知书", False, _special, "特"),
        Paper("extension", "延长办理期限告知书", False, _extension, "延"),
        Paper("grant", "准予决定书", False, _grant, "准"),
        Paper("refusal", "不予决定书", False, _refusal, "不准"),
    )
}
