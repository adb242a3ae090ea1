"""The procedure of an assistance: signed, answered or given back by the unit that was asked.

It ends with the ticket: an answer of the lead unit waits for it, a ticket that moves on calls it off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from liuquan.casework.effects import Mark, Start, Stop
from liuquan.casework.events import OF_CHILDREN, OF_THE_ENGINE
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    OwnTerms,
    Procedure,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Limit, Unit
from liuquan.hotline.checks import reason_is_said, texts
from liuquan.journal.events import declare
from liuquan.journal.types import Event

KIND: Final = "assist"
ANSWER: Final = "assistance"
MOST_DAYS: Final = 30

_PUBLIC = OF_THE_ENGINE | OF_CHILDREN | frozenset({"item", "channel", "done", "done_label"})
_PRIVATE = frozenset({"staff", "reason", "reply"})
DONE: Final = {"done": "已经办完", "part": "办了一部分", "not": "没有办成"}


@dataclass(frozen=True, kw_only=True)
class AssistTerms(OwnTerms):
    """`ticket`: the number of the ticket that it is for."""

    ticket: str


def terms(
    ticket: str, class_code: str, class_name: str, *, body_code: str, body_name: str, days: int
) -> Terms:
    """The terms of an assistance: so many working days to answer."""
    return Terms(
        subject_code=class_code,
        subject_name=class_name,
        body_code=body_code,
        limits={ANSWER: Limit(days, Unit.WORKING_DAY, label="协办时限")},
        extra=AssistTerms(body_name=body_name, ticket=ticket).to_stored(),
    )


def _row(
    action: str, label: str, sources: tuple[str, ...], target: str, *who: Who, **more: Any
) -> Transition:
    event = f"{KIND}.{action}"
    declare(Event(event, label, more.pop("sentence", label), _PUBLIC, _PRIVATE))
    return Transition(action, label, sources, target, who, event, **more)


def _done(given: Given) -> dict[str, Any]:
    said = str(given.data["done"])
    return {"done": said, "done_label": DONE[said]}


_OPEN = ("asked", "working")

PROCEDURE = Procedure(
    kind=KIND,
    version=1,
    label="协办单",
    in_force=date(2026, 1, 1),
    states=(
        State("asked", "待签收"),
        State("working", "协办中"),
        State("replied", "已回复", holder="nobody", closed=True),
        State("given_back", "已退回", holder="nobody", closed=True),
        State("called_off", "已撤销", holder="nobody", closed=True),
    ),
    rows=(
        _row("sign", "签收", ("asked",), "working", Who.POST, duty=True),
        _row(
            "reply",
            "回复主办单位",
            ("working",),
            "replied",
            Who.POST,
            duty=True,
            sentence="回复主办单位：{done_label}",
            fields=(
                Field("done", "办理情况", FieldKind.CHOICE, choices=DONE),
                Field("reply", "回复内容", FieldKind.LONG),
            ),
            effects=(Stop(ANSWER), Mark("closed")),
            public=_done,
            private=texts("reply"),
        ),
        _row(
            "give_back",
            "退回主办单位",
            _OPEN,
            "given_back",
            Who.POST,
            fields=(Field("reason", "理由", FieldKind.LONG, help="写明事实和依据"),),
            guards=(reason_is_said,),
            effects=(Stop(ANSWER), Mark("closed")),
            private=texts("reason"),
        ),
        _row(
            "unit_gone",
            "协办单位已经撤销",
            _OPEN,
            "given_back",
            Who.SYSTEM,
            effects=(Stop(ANSWER), Mark("closed")),
        ),
        _row("call_off", "随工单撤销", _OPEN, "called_off", Who.SYSTEM, effects=(Mark("closed"),)),
    ),
    initial="asked",
    creation=_row("ask", "提请协办", (), "asked", Who.POST, effects=(Start(ANSWER, ANSWER),)),
    number_pattern="RXB{on:%Y%m%d}{serial:06d}",
    own_terms=AssistTerms,
    clock_labels={ANSWER: "协办时限"},
)
