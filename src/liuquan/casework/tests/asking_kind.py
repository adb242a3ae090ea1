"""A case kind for tests whose one act asks for a value of every sort, some only after another's answer."""

from __future__ import annotations

from datetime import date

from liuquan.casework import registry
from liuquan.casework.effects import Mark
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.types import (
    Asking,
    Field,
    FieldKind,
    Operator,
    Option,
    Procedure,
    ShownIf,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.journal.events import declare
from liuquan.journal.types import Event

BODY = "11990100MB9901024C"
WAYS = {"post": "邮寄", "window": "当面", "phone": "电话"}
COPIES = {"plan": "图纸", "deed": "合同", "photo": "照片"}

declare(
    Event("asking.begun", "开始", "已开始", OF_THE_ENGINE | {"item", "channel"}, frozenset({"staff"})),
    Event("asking.told", "告知", "已告知", OF_THE_ENGINE, frozenset({"staff"})),
)


def copies(asking: Asking) -> list[Option]:
    """The copies that may come with it, the first selected."""
    return [Option(key, label, "复印件", chosen=key == "plan") for key, label in COPIES.items()]


TELL = Transition(
    action="tell", label="告知", sources=("open",), target="done", who=(Who.POST,), event="asking.told",
    fields=(
        Field("way", "方式", FieldKind.CHOICE, choices=WAYS),
        Field("address", "地址", shown_if=ShownIf("way", Operator.IS, "post")),
        Field(
            "call", "通话记录", FieldKind.LONG, shown_if=ShownIf("way", Operator.ONE_OF, ("phone", "window"))
        ),
        Field("receipt", "回执", shown_if=ShownIf("way", Operator.IS_NOT, "phone"), required=False),
        Field("street", "门牌", shown_if=ShownIf("address"), required=False),
        Field("copies", "附件", FieldKind.FILES, options=copies, required=False),
        Field("topics", "内容", FieldKind.MANY, choices=COPIES, required=False),
        Field("on", "日期", FieldKind.DATE, dates="past", required=False),
        Field("until", "答复前", FieldKind.DATE, dates="future", required=False),
        Field("days", "天数", FieldKind.DAYS, most=lambda _: 9, required=False),
        Field("urgent", "加急", FieldKind.YES, required=False),
        Field("why", "加急的理由", shown_if=ShownIf("urgent")),
        Field("by", "经办人", FieldKind.PERSON, options=lambda _: [], required=False),
        Field("town", "乡镇", options=lambda _: [Option("东乡", "东乡")], required=False),
        Field("again", "重新告知", asked_if=lambda asking: bool(asking.snapshot.suspensions)),
    ),
    effects=(Mark("closed"),),
)  # fmt: skip

PROCEDURE = Procedure(
    kind="asking", version=1, label="告知", in_force=date(2026, 1, 1),
    states=(State("open", "待告知"), State("done", "已告知", holder="nobody", closed=True)),
    rows=(TELL,), initial="open",
    creation=Transition(
        action="begin", label="开始", sources=(), target="open", who=(Who.POST,), event="asking.begun"
    ),
)  # fmt: skip


def terms() -> Terms:
    """No clock runs."""
    return Terms("asking", "告知", BODY, {})


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
