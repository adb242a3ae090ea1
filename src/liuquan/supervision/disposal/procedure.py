"""The procedure of a disposal: who asks, answers, judges and reports, in which state, and what is entered."""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.casework.effects import Cancel, Mark, Start, Stop
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    Operator,
    Procedure,
    ShownIf,
    State,
    Transition,
    Who,
)
from liuquan.supervision.actions.following import follows
from liuquan.supervision.disposal import checks
from liuquan.supervision.disposal.procedure_v1 import PROCEDURE_V1
from liuquan.supervision.disposal.terms import ANSWER, CORRECTION, CORRECTION_DAYS, KIND, DisposalTerms
from liuquan.supervision.types import EXCUSES, POINTS, Ruling, verdict_label

CITES = ("优化营商环境条例 第三十六条",)


def _points(given: Given) -> dict[str, Any]:
    points = [point for point in POINTS if point in given.data.get("points", ())]
    return {"points": points, "points_label": "、".join(POINTS[point] for point in points)}


def _lateness(given: Given) -> dict[str, Any]:
    clock = given.snapshot.deadline(ANSWER)
    return {"late_label": "（逾期）" if clock is not None and given.now >= clock.due_at else ""}


def _verdict(given: Given) -> dict[str, Any]:
    ruling, ground = Ruling(given.data["ruling"]), str(given.data.get("ground") or "")
    return {"verdict": ruling.value, "verdict_label": verdict_label(ruling, ground), "ground": ground}


def _note(given: Given) -> dict[str, Any]:
    return {"note": str(given.data["note"]).strip()}


def _text(given: Given) -> dict[str, Any]:
    return {"text": str(given.data["text"]).strip()}


_POINTS = Field("points", "要求说明的内容", FieldKind.MANY, choices=POINTS)
_TEXT = Field("text", "说明", FieldKind.LONG, help="写清楚原因、责任环节和整改措施，十个字以上")
_REPORT = Field("text", "改正情况", FieldKind.LONG, help="十个字以上")
_RULING = Field("ruling", "认定结果", FieldKind.CHOICE, choices={one.value: one.label for one in Ruling})
_GROUND = Field(
    "ground",
    "免责事由",
    FieldKind.CHOICE,
    choices=EXCUSES,
    shown_if=ShownIf("ruling", Operator.IS, Ruling.EXCUSED.value),
)
_NOTE = Field("note", "理由", FieldKind.LONG, help="十个字以上")

PROCEDURE = Procedure(
    kind=KIND, version=1, label="监察处置", in_force=date(2026, 1, 1),
    states=(
        State("asked", "已要求说明"), State("explained", "已说明，待认定"), State("correcting", "责令改正中"),
        State("judged", "已认定", holder="nobody", closed=True),
        State("corrected", "已改正", holder="nobody", closed=True),
    ),
    rows=(
        Transition(
            "ask_again", "再次要求说明", ("explained",), "asked", (Who.SUPERVISOR,), "disposal.asked_again",
            CITES, fields=(_POINTS,), guards=(checks.check_points,),
            effects=(Start(ANSWER, ANSWER),), public=_points,
        ),
        Transition(
            "explain", "提交说明", ("asked",), "explained", (Who.POST,), "disposal.explained", CITES,
            fields=(_TEXT,), guards=(checks.check_text,), effects=(Stop(ANSWER),),
            public=_lateness, private=_text, duty=True, power="答复监察",
        ),
        Transition(
            "judge", "作出认定", ("asked", "explained"), "judged", (Who.SUPERVISOR,), "disposal.judged",
            CITES,
            fields=(_RULING, _GROUND, _NOTE),
            guards=(checks.check_ruling, checks.check_note, checks.check_heard),
            effects=(Mark("decided"), Mark("closed")), public=_verdict, private=_note, power="认定监察结果",
        ),
        Transition(
            "order_correction", "认定属实并责令改正", ("asked", "explained"), "correcting", (Who.SUPERVISOR,),
            "disposal.correction_ordered", CITES, fields=(_NOTE,),
            guards=(checks.check_note, checks.check_heard),
            effects=(Cancel(ANSWER), Start(CORRECTION, CORRECTION), Mark("decided")),
             public=lambda _: {"days": CORRECTION_DAYS},
            private=_note, power="责令改正",
        ),
        Transition(
            "report_correction", "报告改正情况", ("correcting",), "corrected", (Who.POST,),
            "disposal.corrected", CITES, fields=(_REPORT,), guards=(checks.check_text,),
            effects=(Stop(CORRECTION), Mark("closed")), private=_text, duty=True,
        ),
    ),
    initial="asked",
    creation=Transition(
        "ask", "要求说明", (), "asked", (Who.SUPERVISOR,), "disposal.asked", CITES, fields=(_POINTS,),
        effects=(Start(ANSWER, ANSWER),), public=_points,
    ),
    number_pattern="CZ{on:%Y%m%d}{serial:05d}",
    with_rows=follows, version_1=PROCEDURE_V1, own_terms=DisposalTerms,
    clock_labels={ANSWER: "答复期限", CORRECTION: "改正期限"},
)  # fmt: skip
