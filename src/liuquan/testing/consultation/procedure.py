"""The procedure of 咨询: who asks, adds and answers, with what values, and what is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import Issue, Mark, Start, Stop
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.types import (
    Asking,
    Field,
    FieldKind,
    Given,
    ListedMaterial,
    Operator,
    Option,
    OwnTerms,
    Procedure,
    ShownIf,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Limit, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event

ASKED, ADDED, ANSWERED = declare(
    Event(
        "consultation.asked", "提出咨询", "收到咨询：{item}",
        OF_THE_ENGINE | {"item", "channel"}, frozenset({"staff"}),
    ),
    Event(
        "consultation.added", "补充说明", "咨询人补充了说明",
        OF_THE_ENGINE | {"files"}, frozenset({"staff", "more"}),
    ),
    Event(
        "consultation.answered", "答复", "已答复（{way_label}）",
        OF_THE_ENGINE | {"way", "way_label", "meets_on", "files"}, frozenset({"staff", "answer", "reason"}),
    ),
)  # fmt: skip

WAYS = {"written": "书面答复", "meeting": "当面答复"}
#: what may come with a consultation, by whom
FILES = {"page": "图片或者文件", "basis": "答复所依据的文件"}


def _offered(key: str) -> Callable[[Asking], list[Option]]:
    """The query that offers one of the files."""
    return lambda _asking: [Option(key, FILES[key])]


def _files(given: Given) -> dict[str, Any]:
    return {"files": list(given.data.get("files") or ())}


def _public_answer(given: Given) -> dict[str, Any]:
    way = str(given.data["way"])
    meets_on = str(given.data.get("meets_on") or "")
    return {"way": way, "way_label": WAYS[way], "meets_on": meets_on, **_files(given)}


def _texts(*names: str) -> Callable[[Given], dict[str, Any]]:
    """The free texts of an act, which only its handlers read."""
    return lambda given: {name: str(given.data[name]).strip() for name in names if given.data.get(name)}


PROCEDURE = Procedure(
    kind="consultation", version=1, label="咨询", in_force=date(2026, 1, 1),
    states=(State("asked", "待答复"), State("answered", "已答复", holder="nobody", closed=True)),
    rows=(
        Transition(
            "answer", "答复", ("asked",), "answered", (Who.POST,), ANSWERED.name,
            fields=(
                Field("way", "答复方式", FieldKind.CHOICE, choices=WAYS),
                Field(
                    "meets_on", "见面日期", FieldKind.DATE, dates="future",
                    shown_if=ShownIf("way", Operator.IS, "meeting"),
                ),
                Field("answer", "答复内容", FieldKind.LONG),
                Field("refers", "请咨询人另找其他单位", FieldKind.YES, required=False),
                Field("reason", "找哪个单位、为什么", shown_if=ShownIf("refers")),
                Field("files", "附件", FieldKind.FILES, options=_offered("basis"), required=False),
            ),
            effects=(Stop("answer"), Mark("closed"), Issue("answer")), duty=True,
            public=_public_answer, private=_texts("answer", "reason"),
        ),
        Transition(
            "add", "补充说明", ("asked",), None, (Who.PARTY,), ADDED.name,
            fields=(
                Field("more", "补充什么", FieldKind.LONG),
                Field("files", "附件", FieldKind.FILES, options=_offered("page"), required=False),
            ),
            public=_files, private=_texts("more"),
        ),
    ),
    initial="asked",
    creation=Transition(
        "ask", "提出咨询", (), "asked", (Who.PARTY, Who.POST), ASKED.name,
        effects=(Start("answer", "answer"), Issue("slip")),
    ),
    number_pattern="ZX{on:%Y%m%d}{serial:05d}", clock_labels={"answer": "答复期限"},
)  # fmt: skip


def terms(body_code: str, *, body_name: str = "") -> Terms:
    """Five working days to answer."""
    files = tuple(ListedMaterial(key, name, "optional") for key, name in FILES.items())
    return Terms(
        "consultation",
        "政策咨询",
        body_code,
        {"answer": Limit(5, Unit.WORKING_DAY, label="答复期限")},
        extra=OwnTerms(body_name=body_name, materials=files).to_stored(),
    )


def in_writing(answer: str = "可以") -> Mapping[str, str]:
    """The values of a written answer."""
    return {"way": "written", "answer": answer}


def registered() -> Procedure:
    """Register the procedure alone, for tests of the engine; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
