"""Two case kinds for tests: an order that goes to several bodies at once, and what each of them has to do.

Nothing in the engine knows them. The order is answered once its parts are, or is called off with all of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import (
    Cancel,
    CloseChildren,
    Correct,
    Extend,
    Issue,
    Mark,
    NeedsChildrenClosed,
    OpenChildren,
    Pause,
    Resume,
    Start,
    Stop,
)
from liuquan.casework.events import OF_A_CORRECTION, OF_CHILDREN, OF_THE_ENGINE
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    GroundTerm,
    NewChild,
    Procedure,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Extension, Limit, Sense, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event

BODY = "11990100MB9901024C"
#: bodies by the letter that stands for each in "A5 B3"; `C` has the order
BODIES = {"A": "11990100MB99010327", "B": "11990100MB99010402", "C": BODY, "D": "11990100MB9901059Y"}
CITY = "r990000.r990100"
_TOLD = ("ground", "until", "days", "why", "from_on", "lot")
_PUBLIC = OF_THE_ENGINE | OF_A_CORRECTION | OF_CHILDREN | {"item", "channel", *_TOLD}


def _told(given: Given) -> dict[str, Any]:
    """What is needed to replay the record."""
    return {name: given.data[name] for name in _TOLD if name in given.data}


def _row(kind: str, action: str, sources: tuple[str, ...], target: str | None, **more: Any) -> Transition:
    event = f"{kind}.{action}"
    declare(Event(event, action, action, _PUBLIC, frozenset({"staff"})))
    return Transition(
        action=action,
        label=action,
        sources=sources,
        target=target,
        event=event,
        **{"who": (Who.POST,), "public": _told, **more},
    )


def terms(kind: str, days: int, *, body: str = BODY) -> Terms:
    """So many calendar days to answer, five for what comes up later, ninety that must pass first."""
    extension = Extension(30, Unit.CALENDAR_DAY, times=9, notice="to_applicant", citations=("某办法 第三条",))
    answer = Limit(days, Unit.CALENDAR_DAY, extension=extension, excludes=("hearing",), label="答复期限")
    rest = Limit(90, Unit.CALENDAR_DAY, sense=Sense.AT_LEAST, extension=extension, label="冷静期")
    more = Limit(5, Unit.CALENDAR_DAY, extension=extension, label="核实期限")
    limits = {"answer": answer, "rest": rest, "more": more}
    return Terms(kind, "诉求", body, limits, grounds={"hearing": GroundTerm("听证")})


def parts(given: Given) -> list[NewChild]:
    """One part for each body that is named (`BODIES`), with the days it is given: "A5 B3"."""
    return [
        NewChild(
            terms("part", int(one[1:]), body=BODIES[one[0]]),
            "1",
            CITY,
            bodies={BODY: "supervising", BODIES[one[0]]: "lead"},
            matter=f"请{one[0]}办理",
            parties=given.snapshot.parties,
        )
        for one in str(given.data.get("to", "")).split()
    ]


_TO = Field("to", "分给谁、几天", required=False)
_DAYS = Field("days", "天数", FieldKind.DAYS)
_WHY = Field("why", "理由", required=False)
_PAUSE = (Field("ground", "事由"), Field("until", "到", required=False), Field("document", "告知文书"))
_EXTEND = (Extend("answer"), Issue("extension"))

PART = Procedure(
    kind="part", version=1, label="分件", in_force=date(2026, 1, 1),
    number_pattern="{on:%Y%m%d}P{serial:05d}",
    states=(
        State("doing", "办理中"), State("asked", "待补充", holder="party"),
        State("answered", "已答复", holder="nobody", closed=True),
        State("called_off", "已撤销", holder="nobody", closed=True),
    ),
    rows=(
        _row("part", "ask", ("doing",), "asked"),
        _row("part", "answer", ("doing",), "answered", effects=(Stop("answer"), Mark("closed"))),
        _row("part", "extend", ("doing",), None, effects=_EXTEND, fields=(_DAYS,)),
        _row("part", "stop", ("doing",), None, effects=(Pause(),), fields=_PAUSE),
        _row("part", "go_on", ("doing",), None, effects=(Resume(),),
             fields=(Field("ground", "事由", required=False),)),
        _row("part", "call_off", ("doing", "asked"), "called_off", who=(Who.SYSTEM,),
             effects=(Mark("closed"),)),
    ),
    initial="doing",
    creation=_row("part", "begin", (), "doing", who=(Who.SYSTEM,), fields=(_WHY,),
                  effects=(Start("answer", "answer"), Start("rest", "rest"))),
)  # fmt: skip

ORDER = Procedure(
    kind="order", version=1, label="总件", in_force=date(2026, 1, 1),
    number_pattern="{on:%Y%m%d}O{serial:05d}",
    states=(
        State("open", "办理中"), State("answered", "已答复", holder="nobody", closed=True),
        State("called_off", "已撤销", holder="nobody", closed=True),
    ),
    rows=(
        _row("order", "divide", ("open",), None, effects=(OpenChildren("part", parts, "answer"),),
             fields=(_TO,)),
        _row("order", "count_anew", ("open",), None, fields=(_TO,),
             effects=(Stop("answer"), Start("fresh", "answer"), OpenChildren("part", parts, "fresh"))),
        _row("order", "meet", ("open",), None, effects=(Stop("answer"),)),
        _row("order", "meet_and_divide", ("open",), None, fields=(_TO,),
             effects=(Stop("answer"), OpenChildren("part", parts, "answer"))),
        _row("order", "extend", ("open",), None, effects=_EXTEND, fields=(_DAYS,)),
        _row("order", "answer", ("open",), "answered",
             effects=(NeedsChildrenClosed(), Stop("answer"), Mark("closed"))),
        _row("order", "call_off", ("open",), "called_off",
             effects=(CloseChildren("call_off"), Mark("closed"))),
    ),
    initial="open", creation=_row("order", "file", (), "open", effects=(Start("answer", "answer"),)),
)  # fmt: skip

_LOT = Field("lot", "分项")
_FROM = Field("from_on", "起算日", FieldKind.DATE)
_CORRECTED = (Field("clock", "期限"), Field("to", "日", FieldKind.DATE), Field("reason", "理由"))
#: what may be done later, by rows of their own: clocks that start, days that are put right
LATER = (
    _row("part", "check", ("doing",), None, effects=(Start("more", "more", days_field="days", most=30),),
         fields=(_DAYS,)),
    _row("part", "check_from", ("doing",), None, effects=(Start("more", "more", anchor_field="from_on"),),
         fields=(_FROM,)),
    _row("part", "look_into", ("doing",), None, who=(Who.POST, Who.PARTY, Who.SYSTEM),
         effects=(Start("more", "more"),)),
    _row("part", "check_twice", ("doing",), None, fields=(_DAYS,),
         effects=(Start("more", "more"), Start("again", "more", days_field="days", most=30))),
    _row("part", "meet", ("doing",), None, effects=(Stop("answer"),)),
    _row("part", "open_lot", ("doing",), None, fields=(_LOT, _DAYS),
         effects=(Start("lot", "more", part_field="lot", days_field="days", most=30),)),
    _row("part", "lot_longer", ("doing",), None, fields=(_LOT, _DAYS),
         effects=(Extend("lot", part_field="lot"), Issue("extension"))),
    _row("part", "rest_longer", ("doing",), None, effects=(Extend("rest"), Issue("extension")),
         fields=(_DAYS,)),
    _row("part", "rest_again", ("doing",), None, effects=(Cancel("rest"), Start("rest", "rest"))),
    _row("part", "correct", ("doing",), None, effects=(Correct(),), fields=_CORRECTED),
)  # fmt: skip
CORRECT = _row("order", "correct", ("open",), None, effects=(Correct(),), fields=_CORRECTED)


def registered() -> None:
    """Register both kinds; registering them twice is the same."""
    registry.register(PART)
    registry.register(ORDER)


def registered_with_more() -> None:
    """Register both kinds with the rows for what may be done later."""
    registry.register(replace(PART, rows=(*PART.rows, *LATER)))
    registry.register(replace(ORDER, rows=(*ORDER.rows, CORRECT)))
