"""A case kind for tests whose cases move between bodies, and whose work is given to posts chosen at run time:
an order that one office takes in and others carry out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from liuquan.casework import actions, registry
from liuquan.casework.effects import (
    Assign,
    Cancel,
    CompleteStep,
    Mark,
    MoveBody,
    OpenRoute,
    Reassign,
    Start,
    TakeBack,
)
from liuquan.casework.events import OF_A_MOVE, OF_AN_ASSIGNMENT, OF_THE_ENGINE
from liuquan.casework.queries import other_bodies, posts_for_work
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    NewCase,
    Procedure,
    State,
    Step,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Limit, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event
from liuquan.organisation.types import Actor, MandateTerm

#: the market office takes orders in; building and land get them, health cooperates
OFFICE, BUILDING, LAND = "11990100MB9901024C", "11990100MB99010327", "11990100MB99010402"
HEALTH, WINDOW = "11990100MB9901059Y", "11990100MB9901016H"
BODIES = (OFFICE, BUILDING, LAND, HEALTH)
#: a post of each body, and what pages call the office
POSTS = {OFFICE: "SCJG-SC1", BUILDING: "ZJJ-SC1", LAND: "ZRZY-SC1", HEALTH: "WJW-SC1"}
SECOND = {OFFICE: "SCJG-SC2", BUILDING: "ZJJ-SC2", LAND: "ZRZY-SC2", HEALTH: "WJW-SC2"}
NAME, LAND_NAME = "云溪市市场监督管理局", "云溪市自然资源和规划局"

_PUBLIC = OF_THE_ENGINE | OF_A_MOVE | OF_AN_ASSIGNMENT | {"item", "channel", "result"}
BODY = Field("body", "承办单位", FieldKind.CHOICE, options=other_bodies, required=False)
POST = Field("post", "岗位", FieldKind.CHOICE, options=posts_for_work, required=False)
RESULT = Field("result", "意见", required=False)
_OPEN = ("open", "working")


def _told(given: Given) -> dict[str, Any]:
    return {"result": given.data["result"]} if "result" in given.data else {}


def _row(action: str, sources: tuple[str, ...], target: str | None, **more: Any) -> Transition:
    event = f"order.{action}"
    declare(Event(event, action, action, _PUBLIC, frozenset({"staff"})))
    return Transition(
        action=action,
        label=action,
        sources=sources,
        target=target,
        event=event,
        **{"who": (Who.POST,), "public": _told, **more},
    )


HANDLE = Assign("handle", "承办")
PROCEDURE = Procedure(
    kind="order", version=1, label="工单", in_force=date(2026, 1, 1),
    states=(
        State("open", "待派单"), State("working", "办理中"), State("asking", "待补充", holder="party"),
        State("closed", "已办结", holder="nobody", closed=True),
    ),
    rows=(
        _row("dispatch", _OPEN, "working", effects=(MoveBody(), HANDLE), fields=(BODY, POST)),
        _row("dispatch_check", _OPEN, None, effects=(MoveBody(), Assign("check", "核对")),
             fields=(BODY, POST)),
        _row("hand_on", _OPEN, None, effects=(MoveBody(),), fields=(BODY,), duty=True),
        _row("hand_on_afresh", _OPEN, None, effects=(MoveBody(), Cancel("answer")), fields=(BODY,)),
        _row("give", _OPEN, None, effects=(HANDLE,), fields=(POST,)),
        _row("ask_for_help", _OPEN, None, effects=(Assign("assist", "协办"),), fields=(POST,)),
        _row("check", _OPEN, None, effects=(OpenRoute(),)),
        _row("redirect", _OPEN, None, effects=(Reassign(),), fields=(POST,)),
        _row("pass_on", _OPEN, None, who=(Who.ASSIGNEE,), effects=(Reassign(),), fields=(POST,)),
        _row("take_back", _OPEN, None, effects=(TakeBack(),)),
        _row("send_back", ("working",), "open", who=(Who.ASSIGNEE,), fields=(BODY, RESULT), duty=True,
             effects=(CompleteStep(), MoveBody())),
        _row("again", _OPEN, None, who=(Who.ASSIGNEE,), effects=(CompleteStep(), HANDLE),
             fields=(POST, RESULT)),
        _row("finish", _OPEN, None, who=(Who.ASSIGNEE,), effects=(CompleteStep(),), fields=(RESULT,),
             duty=True),
        _row("ask", _OPEN, "asking"),
        _row("told", ("asking",), "open"),
        _row("close", _OPEN, "closed", effects=(Mark("closed"),)),
    ),
    initial="open", creation=_row("take_in", (), "open", effects=(Start("answer", "answer"),)),
)  # fmt: skip
ACTS = frozenset(f"order.{row.action}" for row in (PROCEDURE.creation, *PROCEDURE.rows))


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE


def terms() -> Terms:
    """Ten working days for the order; a check of three by the office, one of two by health."""
    check = Limit(3, Unit.WORKING_DAY, label="核对时限")
    return Terms(
        "order",
        "便民服务",
        OFFICE,
        {"answer": Limit(10, Unit.WORKING_DAY, label="办理时限")},
        steps=(
            Step("check", "核对", SECOND[OFFICE], OFFICE, limit=check),
            Step("consult", "会商", SECOND[HEALTH], HEALTH, limit=replace(check, amount=2)),
        ),
        extra={"body_name": NAME},
    )


def officer(body: str = OFFICE, post: str = "") -> Actor:
    """A post of this body, mandated for everything that its body may do."""
    return Actor(
        kind="staff",
        staff_id=BODIES.index(body) + 1,
        post_code=post or POSTS[body],
        post_name="岗",
        body_code=body,
        mandates=(MandateTerm(ACTS, ("*",), body),),
    )


def taken_in(now: datetime) -> str:
    """An order of the office, in which health cooperates and the window looks on; its number."""
    number = actions.next_number(kind="order", now=now)
    bodies = {OFFICE: "lead", HEALTH: "cooperating", WINDOW: "window"}
    new = NewCase("order", number, terms(), "1", "r990000.r990100", parties={}, bodies=bodies)
    return actions.create(new, by=officer(), now=now).number
