"""The procedure of 交办: who takes an errand in, gives it, hands it on, divides it and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from liuquan.casework import registry
from liuquan.casework.effects import (
    AddParty,
    Assign,
    Cancel,
    CloseChildren,
    CompleteStep,
    EndParty,
    Mark,
    MoveBody,
    NeedsChildrenClosed,
    OpenChildren,
    Reassign,
    Start,
    Stop,
    TakeBack,
)
from liuquan.casework.events import OF_A_MOVE, OF_A_PARTY, OF_AN_ASSIGNMENT, OF_CHILDREN, OF_THE_ENGINE
from liuquan.casework.queries import other_bodies, posts_for_work
from liuquan.casework.types import (
    Asking,
    Data,
    Facts,
    Field,
    FieldKind,
    Given,
    NewChild,
    Option,
    Procedure,
    Snapshot,
    State,
    Transition,
    Who,
)
from liuquan.clock import shanghai_day
from liuquan.journal.events import declare
from liuquan.journal.types import Entry, Event
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import queries as organisation
from liuquan.testing.errand.terms import FILES, ErrandTerms, terms

EARLIEST = 5  #: days before today from which a lot may count
_OWN = frozenset({"item", "channel", "lot", "days", "from_on", "files", "result"})
_PUBLIC = OF_THE_ENGINE | OF_A_PARTY | OF_A_MOVE | OF_AN_ASSIGNMENT | OF_CHILDREN | _OWN
_PRIVATE = frozenset({"staff", "reason", "more"})
_OPEN = ("taken", "working")


def _row(action: str, label: str, sources: tuple[str, ...], target: str | None, **more: Any) -> Transition:
    event = f"errand.{action}"
    declare(Event(event, label, label, _PUBLIC, _PRIVATE))
    return Transition(action, label, sources, target, **{"who": (Who.POST,), "event": event, **more})


def _texts(*names: str) -> Callable[[Given], dict[str, Any]]:
    """The free texts of an act, which only its handlers read."""
    return lambda given: {name: str(given.data[name]).strip() for name in names if given.data.get(name)}


def _said(given: Given) -> dict[str, Any]:
    """Whose word it was: what the rule of sight asks for."""
    return {"party": given.by.party_number, "files": list(given.data.get("files") or ())}


def _result(given: Given) -> dict[str, Any]:
    return {"result": str(given.data.get("result", ""))}


def _offered(_asking: Asking) -> list[Option]:
    return [Option(key, name) for key, name in FILES.items()]


def may_see(_case: Snapshot, party: str, entry: Entry) -> bool:
    """A party sees what is nobody's, and what is its own."""
    return entry.public.get("party") in (None, party)


def facts(_case: Snapshot, action: str, _data: Data, now: datetime) -> Facts:
    """What bodies are called today, for an act that divides an errand among them."""
    if action != "divide":
        return {}
    return {"names": {body.code: body.name for body in organisation.bodies(on=shanghai_day(now))}}


def children(given: Given) -> list[NewChild]:
    """One for each line, "body days"; the office that divides the errand looks on. Refuses (422) a line that
    says no body and no days."""
    case, names, found = given.snapshot, given.facts.get("names", {}), []
    for line in str(given.data.get("to") or "").splitlines():
        body, _, days = line.strip().partition(" ")
        if not body or not days.strip().isdecimal():
            sentence = "每行写一个单位的代码和天数，中间空一格。"
            raise BadInput(sentence, fields={"to": sentence})
        own = terms(
            body, days=int(days), body_name=names.get(body, body), urgency=case.own(ErrandTerms).urgency
        )
        bodies = {body: "lead"} | ({} if body == case.body_code else {case.body_code: "supervising"})
        found.append(NewChild(own, "1", case.supervising_path, bodies, case.parties))
    return found


_PARTY = Field("party", "当事人")
_POST = Field("post", "岗位", FieldKind.CHOICE, options=posts_for_work)
_BODY = Field("body", "承办单位", FieldKind.CHOICE, options=other_bodies)
_DAYS = Field("days", "天数", FieldKind.DAYS)
_LOT = Field("lot", "分项")
_RESULT = Field("result", "结果", required=False)
_REASON = Field("reason", "理由", FieldKind.LONG)
_REPORTED = (Stop("answer"), Mark("closed"))

PROCEDURE = Procedure(
    kind="errand", version=1, label="交办", in_force=date(2026, 1, 1),
    states=(
        State("taken", "待交办"), State("working", "承办中"), State("asking", "待补充", holder="party"),
        State("reported", "已回报", holder="nobody", closed=True),
        State("called_off", "已撤销", holder="nobody", closed=True),
    ),
    rows=(
        _row("give", "交给岗位", ("taken",), "working", fields=(_POST, _DAYS), duty=True,
             effects=(Assign("handle", "承办"), Start("task", "task", days_field="days"))),
        _row("redirect", "改派", ("working",), None, fields=(_POST,), effects=(Reassign(),)),
        _row("take_back", "收回", ("working",), "taken", effects=(TakeBack(), Cancel("task"))),
        _row("finish", "承办完毕", ("working",), "taken", who=(Who.ASSIGNEE,), fields=(_RESULT,),
             effects=(CompleteStep(), Stop("task")), public=_result, duty=True),
        _row("hand_on", "转给其他单位", _OPEN, "taken", fields=(_BODY, _REASON),
             effects=(MoveBody(), Cancel("task")), private=_texts("reason")),
        _row("admit", "当事人加入", _OPEN, None, fields=(_PARTY,), effects=(AddParty("interested_party"),)),
        _row("drop", "当事人退出", _OPEN, None, fields=(_PARTY, _REASON), effects=(EndParty(),),
             private=_texts("reason")),
        _row("leave", "退出", _OPEN, None, who=(Who.PARTY,), parties=("interested_party",),
             effects=(EndParty(),)),
        _row("say", "补充说明", (*_OPEN, "asking"), None, who=(Who.PARTY,),
             parties=("applicant", "interested_party"), public=_said, private=_texts("more"),
             fields=(Field("more", "补充什么", FieldKind.LONG),
                     Field("files", "附件", FieldKind.FILES, options=_offered, required=False))),
        _row("open_lot", "列出分项", _OPEN, None,
             fields=(_LOT, _DAYS, Field("from_on", "起算日", FieldKind.DATE)),
             effects=(Start("lot", "lot", part_field="lot", days_field="days", anchor_field="from_on",
                            earliest=EARLIEST),)),
        _row("decide_lot", "办结分项", _OPEN, None, fields=(_LOT,), effects=(Stop("lot", "lot"),)),
        _row("ask", "要求补充", ("taken",), "asking"),
        _row("told", "补充完毕", ("asking",), "taken"),
        _row("divide", "分解", _OPEN, None, fields=(Field("to", "交给哪些单位、各几天", FieldKind.LONG),),
             effects=(OpenChildren("errand", children, "answer"),)),
        _row("report", "回报", ("taken",), "reported", effects=(NeedsChildrenClosed(), *_REPORTED)),
        _row("call_off", "撤销", (*_OPEN, "asking"), "called_off", fields=(_REASON,),
             effects=(CloseChildren("end"), Mark("closed")), private=_texts("reason")),
        _row("end", "随上级件撤销", (*_OPEN, "asking"), "called_off", who=(Who.SYSTEM,),
             effects=(CloseChildren("end"), Mark("closed"))),
    ),
    initial="taken",
    creation=_row("take_in", "登记", (), "taken", who=(Who.PARTY, Who.POST),
                  effects=(Start("answer", "answer"),)),
    number_pattern="JB{on:%Y%m%d}{serial:05d}",
    clock_labels={"answer": "回报期限", "task": "承办期限", "lot": "分项期限"},
    may_see=may_see,
    own_terms=ErrandTerms,
    gather_facts=facts,
)  # fmt: skip
#: what a post may do with errands, as mandates name it
ACTS = frozenset(
    f"errand.{row.action}"
    for row in (PROCEDURE.creation, *PROCEDURE.rows)
    if {Who.POST, Who.ASSIGNEE} & set(row.who)
)


def registered() -> Procedure:
    """Register the procedure alone, for tests of the engine; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE
