"""A case kind for tests whose keys have a clock for each lot, and whose acts give limits and anchors.

Cites: 招标投标法 第二十四条, 第四十七条
"""

from __future__ import annotations

from datetime import date
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import Cancel, Correct, Extend, Mark, Pause, Resume, Start, Stop, WaitFor
from liuquan.casework.events import OF_A_CORRECTION, OF_THE_ENGINE
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    GroundTerm,
    Procedure,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Direction, Extension, Limit, Sense, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event

_OWN = ("ground", "until", "days", "lot", "part", "opens_on", "asked_on")
_PUBLIC = OF_THE_ENGINE | OF_A_CORRECTION | {"item", "channel", *_OWN}


def _told(given: Given) -> dict[str, Any]:
    """What suspensions and extensions need to replay the record; the other effects enter their own."""
    return {name: given.data[name] for name in ("ground", "until", "days") if name in given.data}


def _row(action: str, effects: tuple[Any, ...], *fields: Field, **more: Any) -> Transition:
    event = f"lots.{action}"
    declare(Event(event, action, action, _PUBLIC, frozenset({"staff"})))
    return Transition(
        action=action,
        label=action,
        event=event,
        effects=effects,
        fields=fields,
        **{"sources": ("bidding",), "target": None, "who": (Who.POST,), "public": _told, **more},
    )


_LOT = Field("lot", "标段")
_DAYS = Field("days", "天数", FieldKind.DAYS)

PROCEDURE = Procedure(
    kind="lots", version=1, label="分标段", in_force=date(2026, 1, 1),
    states=(State("bidding", "办理中"), State("closed", "已结束", holder="nobody", closed=True)),
    rows=(
        _row("open_lot", (Start("lot", "lot", on_expiry="lapse", part_field="lot", days_field="days"),),
             _LOT, _DAYS),
        _row("ask", (Start("reply", "reply", part_field="lot", anchor_field="asked_on", earliest=3),),
             _LOT, Field("asked_on", "提出日", FieldKind.DATE)),
        _row("assign", (Start("task", "task", days_field="days", most=20),), _DAYS),
        _row("again", (Stop("lot", "lot"), Start("lot", "lot", part_field="lot", days_field="days")),
             _LOT, _DAYS),
        _row("decide_lot", (Stop("lot", part_field="lot"),), _LOT),
        _row("drop_lot", (Cancel("lot", part_field="lot"),), _LOT),
        _row("extend_lot", (Extend("lot", part_field="lot"),), _LOT, _DAYS),
        _row("announce", (Start("standstill", "standstill", part_field="lot"),), _LOT),
        _row("award", (WaitFor("standstill", "lot"), Stop("standstill", "lot")), _LOT),
        _row("lapse", (Stop("lot", part_field="part"),), who=(Who.SYSTEM,),
             effective="lot", effective_from="due"),
        _row("stop", (Pause(),), Field("ground", "事由"), Field("until", "到", FieldKind.DATE),
             Field("document", "告知文书"), Field("again", "理由", required=False)),
        _row("go_on", (Resume(),), Field("ground", "事由", required=False)),
        _row("correct", (Correct(),), Field("clock", "期限"), Field("to", "日", FieldKind.DATE),
             Field("reason", "理由"), private=None),
        _row("close", (Mark("closed"),), target="closed"),
    ),
    initial="bidding",
    creation=_row(
        "file",
        (Start("notice", "notice", anchor_field="opens_on"),
         Start("task", "task", days_field="days", most=20)),
        Field("opens_on", "开标日", FieldKind.DATE), Field("days", "天数", FieldKind.DAYS),
        sources=(), target="bidding",
    ),
)  # fmt: skip


def terms(body: str) -> Terms:
    """Invented limits; those whose days an act gives hold the most that it may give."""
    longer = Extension(5, Unit.WORKING_DAY, times=2, citations=("某条例 第三条",))
    return Terms(
        "lots",
        "分标段试验",
        body,
        {
            "lot": Limit(
                10, Unit.WORKING_DAY, excludes=("hearing",), extension=longer, on_expiry="lapse", label="评审"
            ),
            "reply": Limit(3, Unit.WORKING_DAY, excludes=("hearing",), label="答复"),
            "task": Limit(5, Unit.WORKING_DAY, excludes=("hearing",), label="办理"),
            "notice": Limit(20, Unit.CALENDAR_DAY, Direction.BEFORE, excludes=(), label="公告"),
            "standstill": Limit(3, Unit.CALENDAR_DAY, sense=Sense.AT_LEAST, excludes=(), label="公示"),
        },
        grounds={"hearing": GroundTerm("听证")},
    )


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
