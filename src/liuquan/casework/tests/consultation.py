"""A second, tiny case kind, to prove that the engine knows nothing of applications: asked → answered."""

from __future__ import annotations

from datetime import date

from liuquan.casework import registry
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.types import Field, Procedure, Start, State, Terms, Transition, Who
from liuquan.clock import Limit, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event

declare(
    Event(
        "consultation.asked",
        "提出咨询",
        "收到咨询：{item}",
        frozenset({"item", "channel"}) | OF_THE_ENGINE,
        frozenset({"staff"}),
    ),
    Event("consultation.answered", "答复", "已答复", OF_THE_ENGINE, frozenset({"staff", "answer"})),
)

PROCEDURE = Procedure(
    kind="consultation",
    version=1,
    label="咨询",
    in_force=date(2026, 1, 1),
    states=(State("asked", "待答复"), State("answered", "已答复", holder="nobody", closed=True)),
    rows=(
        Transition(
            action="answer",
            label="答复",
            sources=("asked",),
            target="answered",
            who=(Who.POST,),
            event="consultation.answered",
            fields=(Field("answer", "答复内容"),),
            stops=("answer",),
            marks=("closed",),
            duty=True,
            private=lambda given: {"answer": given.data["answer"]},
        ),
    ),
    initial="asked",
    creation=Transition(
        action="ask",
        label="咨询",
        sources=(),
        target="asked",
        who=(Who.PARTY, Who.POST),
        event="consultation.asked",
        starts=(Start("answer", "answer"),),
    ),
)


def terms(body_code: str) -> Terms:
    """Five working days to answer."""
    return Terms(
        "consultation", "政策咨询", body_code, {"answer": Limit(5, Unit.WORKING_DAY, label="答复期限")}
    )


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
