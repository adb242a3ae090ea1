"""The procedure of a rectification: verified by whoever is responsible, put right or explained, and told.

Who reviewed is kept from the body, which learns only what was said. Cites: 国办发〔2019〕51号
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from liuquan.casework.effects import Mark, Start, Stop
from liuquan.casework.types import Field, FieldKind, Given, Procedure, State, Transition, Who
from liuquan.kernel.refusals import BadInput
from liuquan.reviews import events
from liuquan.reviews.terms import LABELS, RECTIFY, VERIFY, RectificationTerms
from liuquan.reviews.types import KIND

LEAST: Final = 10  #: characters of what others judge or are told


def _is_said(name: str) -> Callable[[Given], None]:
    """Refuses (422) a text of a few words."""

    def check(given: Given) -> None:
        if len(str(given.data.get(name) or "").strip()) < LEAST:
            sentence = f"请写清楚，至少{LEAST}个字。"
            raise BadInput(sentence, fields={name: sentence})

    return check


def _text(name: str) -> Callable[[Given], dict[str, Any]]:
    return lambda given: {name: str(given.data[name]).strip()}


def _about(given: Given) -> dict[str, Any]:
    return {"about": given.snapshot.own(RectificationTerms).about}


_FINDING = Field("finding", "核实情况", FieldKind.LONG, help="写明找谁、看什么核实的，事实是什么")
_MEASURES = Field("measures", "整改措施", FieldKind.LONG, help="写明改了什么，以后怎么避免")
_REPLY = Field("reply", "反馈的内容", FieldKind.LONG, help="评价人会看到；确有误解的，说明依据")

PROCEDURE = Procedure(
    kind=KIND,
    version=1,
    label="差评整改",
    in_force=date(2026, 1, 1),
    states=(
        State("opened", "待核实"),
        State("verified", "整改中"),
        State("groundless", "核实不属实，待反馈"),
        State("rectified", "已整改，待反馈"),
        State("told", "已反馈", holder="nobody", closed=True),
    ),
    rows=(
        Transition(
            "verify",
            "核实属实",
            ("opened",),
            "verified",
            (Who.POST,),
            events.VERIFIED.name,
            fields=(_FINDING,),
            guards=(_is_said("finding"),),
            duty=True,
            todo="核实差评",
            effects=(Stop(VERIFY), Start(RECTIFY, RECTIFY)),
            private=_text("finding"),
        ),
        Transition(
            "find_groundless",
            "核实不属实",
            ("opened",),
            "groundless",
            (Who.POST,),
            events.GROUNDLESS.name,
            fields=(_FINDING,),
            guards=(_is_said("finding"),),
            effects=(Stop(VERIFY), Mark("decided", "groundless")),
            private=_text("finding"),
        ),
        Transition(
            "rectify",
            "整改完成",
            ("verified",),
            "rectified",
            (Who.POST,),
            events.RECTIFIED.name,
            fields=(_MEASURES,),
            guards=(_is_said("measures"),),
            duty=True,
            effects=(Stop(RECTIFY), Mark("decided", "rectified")),
            private=_text("measures"),
        ),
        Transition(
            "tell",
            "反馈评价人",
            ("groundless", "rectified"),
            "told",
            (Who.POST,),
            events.TOLD.name,
            fields=(_REPLY,),
            guards=(_is_said("reply"),),
            duty=True,
            effects=(Mark("closed"),),
            private=_text("reply"),
        ),
    ),
    initial="opened",
    creation=Transition(
        "open",
        "差评核实",
        (),
        "opened",
        (Who.SYSTEM,),
        events.OPENED.name,
        effects=(Start(VERIFY, VERIFY),),
        public=_about,
    ),
    number_pattern="PJ{on:%Y%m%d}{serial:05d}",
    own_terms=RectificationTerms,
    clock_labels=LABELS,
    keeps_parties_from=lambda _case, _body: True,
)
