"""Case kinds of the tests, for what must hold for any vertical.

Here a licence with every clock: acceptance, promise, law, two steps of two bodies, delivery. It has nothing
of applications. `consultation` is the tiny kind of casework's own tests.
"""

from __future__ import annotations

from datetime import date, datetime

from liuquan.casework import actions, registry
from liuquan.casework.events import OF_THE_ENGINE
from liuquan.casework.tests import consultation
from liuquan.casework.types import (
    Field,
    GroundTerm,
    NewCase,
    Outcome,
    Procedure,
    Start,
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

__all__ = ["PROCEDURE", "act", "consultation", "officer", "receive", "terms", "watcher"]
BODY, OTHER = "11990100MB9901024C", "11990100MB99010327"
CITY = "990000000000.990100000000"
ACTS = ("receive", "accept", "complete_step", "stop", "go_on", "decide", "deliver", "explain_finding")


def _event(name: str, label: str) -> Event:
    public = OF_THE_ENGINE | {"item", "channel", "step", "step_name"}
    return Event(f"test_licence.{name}", label, label, public, frozenset({"staff"}))


declare(*(_event(act, act) for act in ACTS if act != "explain_finding"))


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
        _row("accept", ("received",), "examining", stops=("acceptance",), marks=("accepted",),
             opens_route=True,
             starts=(Start("statutory", "statutory"), Start("promised", "promised")),
             target_when_done="deciding"),
        _row("complete_step", ("examining",), None, who=(Who.ASSIGNEE,), completes_step=True,
             target_when_done="deciding"),
        _row("stop", ("examining",), None, pauses=True, fields=(Field("until", "到"),)),
        _row("go_on", ("examining",), None, resumes=True),
        _row("decide", ("deciding",), "granted", stops=("statutory", "promised"), marks=("decided",),
             starts=(Start("delivery", "delivery"),)),
        _row("deliver", ("granted",), "closed", stops=("delivery",), marks=("closed",)),
    ),
    initial="received",
    creation=_row("receive", (), "received", starts=(Start("acceptance", "acceptance"),)),
)  # fmt: skip


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
    """The acts as mandates name them."""
    of_supervision = {"explain_finding", "ask_explanation", "close_finding", "view"}
    kinds = {act: "supervision" if act in of_supervision else "test_licence" for act in acts}
    return frozenset(act if "." in act else f"{kinds[act]}.{act}" for act in acts)


def officer(body: str = BODY, *, post: str = "P-1", acts: tuple[str, ...] = ACTS) -> Actor:
    """A post of the body, mandated for everything (or less)."""
    return Actor(
        kind="staff", staff_id=7, post_code=post, post_name="综合岗", body_code=body,
        mandates=(MandateTerm(_named(acts), ("*",), body),),
    )  # fmt: skip


def watcher(
    *,
    role: str = "supervisor",
    path: str = CITY,
    acts: tuple[str, ...] = ("ask_explanation", "close_finding"),
) -> Actor:
    """A supervising post over the city."""
    return Actor(
        kind="staff", staff_id=9, post_code="JC-1", post_name="电子监察岗", body_code="ZWFW",
        roles=frozenset({role}),
        mandates=(MandateTerm(_named(acts), ("*",), supervising=True, division_path=path),),
    )  # fmt: skip


def receive(now: datetime) -> str:
    """A case of this kind, received now; its number."""
    registry.register(PROCEDURE)
    number = actions.next_number(kind="test_licence", now=now)
    new = NewCase(
        kind="test_licence", number=number, terms=terms(), subject_version="1", division_path=CITY,
        parties={}, bodies={BODY: "lead", OTHER: "cooperating"},
    )  # fmt: skip
    return actions.create(new, by=officer(), now=now).number


def act(number: str, action: str, now: datetime, *, body: str = BODY, **data: object) -> Outcome:
    """Carry out an act as the body's officer."""
    return actions.perform(number, action, by=officer(body), now=now, data=data)
