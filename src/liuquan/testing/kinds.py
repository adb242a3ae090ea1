"""Case kinds of the tests, for what must hold for any vertical.

Here a licence with every clock: acceptance, promise, law, two steps of two bodies, delivery. It has nothing
of applications. `consultation` is the procedure of the small kind that has everything a kind can have,
`asking_kind` the one whose act asks for values of every sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from liuquan.casework import actions
from liuquan.casework.effects import CompleteStep, Mark, OpenRoute, Pause, Resume, Start, Stop
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.tests import asking_kind, children_kind, parties_kind
from liuquan.casework.types import (
    Field,
    GroundTerm,
    NewCase,
    Outcome,
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
from liuquan.kinds import actions as kinds
from liuquan.kinds.register import KINDS
from liuquan.kinds.types import CaseKind, Stage, Turn
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.consultation import procedure as consultation

__all__ = [
    "KIND",
    "PROCEDURE",
    "act",
    "asking_kind",
    "children_kind",
    "consultation",
    "officer",
    "parties_kind",
    "receive",
    "registered",
    "tender",
    "terms",
    "watcher",
]
BODY, OTHER = "11990100MB9901024C", "11990100MB99010327"
CITY = "990000000000.990100000000"
ACTS = ("receive", "accept", "complete_step", "stop", "go_on", "decide", "deliver")
ANSWERS = ("disposal.explain", "disposal.report_correction")
WATCHES = (
    "disposal.ask",
    "disposal.ask_again",
    "disposal.judge",
    "disposal.order_correction",
    "casework.examine",
)


def _event(name: str, label: str) -> Event:
    public = OF_THE_ENGINE | {"item", "channel", "step", "step_name"}
    return Event(f"test_licence.{name}", label, label, public, frozenset({"staff"}))


declare(*(_event(act, act) for act in ACTS))


def _row(action: str, sources: tuple[str, ...], target: str | None, **more: object) -> Transition:
    defaults: dict[str, object] = {"who": (Who.POST,), "event": f"test_licence.{action}"}
    return Transition(action, action, sources, target, **(defaults | more))  # type: ignore[arg-type]


PROCEDURE = Procedure(
    kind="test_licence", version=1, label="试验许可", in_force=date(2026, 1, 1),
    states=(
        State("received", "已收件"), State("examining", "审查中"), State("deciding", "待决定"),
        State("granted", "已准予"), State("closed", "已办结", holder="nobody", closed=True),
    ),
    rows=(
        _row("accept", ("received",), "examining",
             effects=(
                 Stop("acceptance"), Start("statutory", "statutory"), Start("promised", "promised"),
                 OpenRoute(), Mark("accepted")),

             target_when_done="deciding"),
        _row("complete_step", ("examining",), None, who=(Who.ASSIGNEE,), effects=(CompleteStep(),),
             target_when_done="deciding"),
        _row("stop", ("examining",), None, effects=(Pause(),),
             fields=(
                 Field("ground", "事由", required=False), Field("until", "到"),
                 Field("document", "告知文书", required=False),
             )),
        _row("go_on", ("examining",), None, effects=(Resume(),)),
        _row("decide", ("deciding",), "granted",
             effects=(Stop("statutory"), Stop("promised"), Start("delivery", "delivery"), Mark("decided"))),
        _row("deliver", ("granted",), "closed", effects=(Stop("delivery"), Mark("closed"))),
    ),
    initial="received",
    creation=_row("receive", (), "received", effects=(Start("acceptance", "acceptance"),)),
)  # fmt: skip


KIND = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("收件", ("received",), moment="accepted"),
        Stage("审查", ("examining", "deciding"), moment="decided", is_route=True),
        Stage("送达", ("granted",), ("closed",), moment="closed"),
    ),
    turns={state.key: Turn("办理。") for state in PROCEDURE.states if not state.closed},
    next_step=lambda _snapshot, _now: "正在办理。",
)


def tender(procedure: Procedure = parties_kind.PROCEDURE) -> CaseKind:
    """The kind whose parties change."""
    return CaseKind(
        procedure=procedure,
        stages=(Stage("招标", ("open",), ("closed",), moment="closed"),),
        turns={"open": Turn("招标。")},
        next_step=lambda _snapshot, _now: "正在招标。",
    )


@contextmanager
def registered(kind: CaseKind) -> Iterator[CaseKind]:
    """The register of kinds with this one in it for a while, in place of what is known under its name."""
    before = dict(KINDS)
    KINDS.pop(kind.key, None)
    kinds.register([kind])
    try:
        yield kind
    finally:
        KINDS.clear()
        KINDS.update(before)


def terms(body: str = BODY) -> Terms:
    """Acceptance 5, promise 10, law 20, delivery 10; steps of 3 and 2, the second of another body."""

    def days(amount: int, label: str, excludes: tuple[str, ...] | None = ("hearing",)) -> Limit:
        return Limit(amount, Unit.WORKING_DAY, label=label, excludes=excludes)

    return Terms(
        "T-1", "试验许可核发", body,
        {
            "acceptance": days(5, "受理期限"), "promised": days(10, "承诺办结时限"),
            "statutory": days(20, "法定办结时限"), "delivery": days(10, "送达期限"),
        },
        steps=(
            Step("review", "审查", "P-1", limit=days(3, "审查环节时限")),
            Step("opinion", "征求意见", "P-1", OTHER, after=("review",), limit=days(2, "意见环节时限")),
        ),
        grounds={"hearing": GroundTerm("听证")},
    )  # fmt: skip


def _named(acts: tuple[str, ...]) -> frozenset[str]:
    """The acts as mandates name them; those without a kind are the licence's."""
    return frozenset(act if "." in act else f"test_licence.{act}" for act in acts)


def officer(body: str = BODY, *, post: str = "P-1", acts: tuple[str, ...] = (*ACTS, *ANSWERS)) -> Actor:
    """A post of the body, mandated for everything (or less)."""
    return Actor(
        kind="staff", staff_id=7, post_code=post, post_name="综合岗", body_code=body,
        mandates=(MandateTerm(_named(acts), ("*",), body),),
    )  # fmt: skip


def watcher(
    *,
    role: str = "supervisor",
    path: str = CITY,
    acts: tuple[str, ...] = WATCHES,
) -> Actor:
    """A supervising post over the city."""
    return Actor(
        kind="staff", staff_id=9, post_code="JC-1", post_name="电子监察岗", body_code="ZWFW",
        roles=frozenset({role}),
        mandates=(MandateTerm(_named(acts), ("*",), supervising=True, division_path=path),),
    )  # fmt: skip


def receive(now: datetime, *, item: str = "T-1") -> str:
    """A case of this kind on an item, received now; its number."""
    if KIND.key not in KINDS:
        kinds.register([KIND])
    number = actions.next_number(kind="test_licence", now=now)
    new = NewCase(
        kind="test_licence", number=number, terms=replace(terms(), subject_code=item),
        subject_version="1", division_path=CITY, parties={},
        bodies={BODY: "lead", OTHER: "cooperating"},
    )  # fmt: skip
    return actions.create(new, by=officer(), now=now).number


def act(number: str, action: str, now: datetime, *, body: str = BODY, **data: object) -> Outcome:
    """Carry out an act as the body's officer."""
    return actions.perform(number, action, by=officer(body), now=now, data=data)
