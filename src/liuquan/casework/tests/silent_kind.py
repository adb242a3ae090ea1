"""A case kind for tests in which the law attaches an effect to silence: a licence to be renewed, materials
an applicant does not supplement, an opinion another office does not give. It shows that the engine knows no
such effect by name: each is a limit of the law book and a row of the procedure.

Cites: 行政许可法 第五十条, 政府信息公开条例 第三十条, 第三十四条, 行政复议法 第三十条, 招标投标法 第二十四条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import (
    CompleteStep,
    Extend,
    Issue,
    Mark,
    OpenRoute,
    Pause,
    Resume,
    Start,
    Stop,
    WaitFor,
)
from liuquan.casework.events import OF_A_CORRECTION, OF_THE_ENGINE
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    GroundTerm,
    OwnTerms,
    Procedure,
    State,
    Step,
    StepKind,
    Terms,
    Transition,
    Who,
)
from liuquan.clock import Extension, Limit, Resumption, Unit
from liuquan.journal.events import declare
from liuquan.journal.types import Event
from liuquan.law import load_law

ON = date(2026, 3, 2)


@dataclass(frozen=True, kw_only=True)
class SilentTerms(OwnTerms):
    """The licence that is to be renewed."""

    licence_ends_on: date


_TOLD = ("ground", "until", "result", "days")
_PUBLIC = OF_THE_ENGINE | OF_A_CORRECTION | {"item", "channel", "step", "step_name", *_TOLD}


def _told(given: Given) -> dict[str, Any]:
    """What is needed to replay the record."""
    return {name: given.data[name] for name in _TOLD if name in given.data}


def _row(action: str, sources: tuple[str, ...], target: str | None, **more: Any) -> Transition:
    event = f"silence.{action}"
    declare(Event(event, action, action, _PUBLIC, frozenset({"staff"})))
    return Transition(
        action=action, label=action, sources=sources, target=target, event=event,
        **{"who": (Who.POST,), "public": _told, **more},
    )  # fmt: skip


AGREED = "deem_agreed"
_GROUND = Field("ground", "事由", required=False)
_AGAIN = Field("again", "再次启动的理由", required=False)
_OPEN = ("considering", "waiting", "consulting")

PROCEDURE = Procedure(
    kind="silence", version=1, label="沉默的后果", in_force=date(2026, 1, 1),
    states=(
        State("considering", "审查中"), State("waiting", "待申请人补正", holder="party"),
        State("consulting", "征求意见中"), State("announced", "公示中"),
        State("renewed", "已延续", holder="nobody", closed=True),
        State("given_up", "已放弃", holder="nobody", closed=True),
        State("awarded", "已确定", holder="nobody", closed=True),
    ),
    rows=(
        _row("ask", ("considering",), "waiting",
             effects=(Start("supplement", "supplement", on_expiry="deem_given_up"),)),
        _row("supplement", ("waiting",), "considering", who=(Who.PARTY, Who.POST),
             effects=(Stop("supplement"),)),
        _row("deem_given_up", ("waiting",), "given_up", who=(Who.SYSTEM,),
             effects=(Stop("supplement"), Mark("closed", "given_up")),
             effective="supplement", effective_from="due",  ),
        _row("deem_renewed", _OPEN, "renewed", who=(Who.SYSTEM,),
             effects=(Stop("renewal"), Mark("decided"), Mark("closed", "renewed")), effective="renewal",
             effective_from="due",  ),
        _row("refuse_renewal", ("considering",), "given_up",
             effects=(Stop("renewal"), Mark("decided"), Mark("closed"))),
        _row("deem_accepted", ("considering",), None, who=(Who.SYSTEM,),
             effects=(Stop("review"), Mark("accepted")),
             effective="review", effective_from="due"),
        _row("consult", ("considering",), "consulting",
             effects=(OpenRoute(),), target_when_done="considering"),
        _row("agree", ("consulting",), None, who=(Who.ASSIGNEE,), effects=(CompleteStep(),),
             target_when_done="considering", fields=(Field("result", "意见", required=False),)),
        _row(AGREED, ("consulting",), None, who=(Who.SYSTEM,), effects=(CompleteStep("agree"),),
             effective="step", effective_from="due",  target_when_done="considering"),
        _row("stop", ("considering",), None, effects=(Pause(),),
             fields=(
                 Field("ground", "事由"), Field("until", "到", required=False),
                 Field("document", "告知文书", required=False), _AGAIN,
             )),
        _row("go_on", ("considering",), None, effects=(Resume(),), fields=(_GROUND,)),
        _row("extend", ("considering",), None, effects=(Extend("answer"), Issue("extension")),
             fields=(Field("days", "天数", FieldKind.DAYS),)),
        _row("announce", ("considering",), "announced", effects=(Start("publicity", "publicity"),)),
        _row("award", ("announced",), "awarded",
             effects=(Stop("publicity"), WaitFor("publicity"), Mark("closed"))),
    ),
    initial="considering", own_terms=SilentTerms,
    creation=_row(
        "file", (), "considering", who=(Who.PARTY, Who.POST),
        effects=(
            Start("renewal", "renewal", on_expiry="deem_renewed", anchor="licence_ends_on"),
            Start("review", "review", on_expiry="deem_accepted"), Start("answer", "answer"),
        ),
    ),
)  # fmt: skip

EXTENDABLE = Extension(5, Unit.WORKING_DAY, times=2, notice="to_applicant", citations=("某条例 第三条",))


def terms(body: str, *, licence_ends_on: str = "2026-12-18", limits: tuple[str, ...] = ()) -> Terms:
    """The requested limits of the law book, and an invented one that may be extended twice."""
    law = load_law()
    found = {
        "renewal": law.limit("licensing.renewal_decision", on=ON),
        "supplement": law.limit("reconsideration.supplement", on=ON),
        "review": law.limit("reconsideration.review", on=ON),
        "publicity": law.limit("tendering.candidates_publicity", on=ON),
        "answer": Limit(
            10, Unit.WORKING_DAY, excludes=("hearing", "retrial"), extension=EXTENDABLE, label="答复期限"
        ),
    }  # fmt: skip
    asked = law.limit("disclosure.co_maker", on=ON)
    signed = law.limit("tendering.report_signed", on=ON)
    return Terms(
        "silence", "沉默试验", body, {key: found[key] for key in limits},
        steps=(
            Step("co_maker", "共同制作机关", "P-1", kind=StepKind.OPINION, limit=asked, on_expiry=AGREED),
            Step("expert", "专家签字", "P-2", limit=signed, on_expiry=AGREED),
        ),
        grounds={
            "hearing": GroundTerm("听证"),
            "retrial": GroundTerm("重新鉴定", notice_required=False, resumes=Resumption.RESTART),
        },
        extra=SilentTerms(licence_ends_on=date.fromisoformat(licence_ends_on)).to_stored(),
    )  # fmt: skip


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
