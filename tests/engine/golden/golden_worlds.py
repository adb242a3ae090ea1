"""What the recorded cases are made of: terms of several sorts, people, and the values that each act takes.

Used to record only. What is recorded holds it all, so that a test depends on nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from liuquan.casework.tests import asking_kind, silent_kind
from liuquan.casework.types import Counting, GroundTerm, Procedure, Snapshot, Step, StepKind, Terms
from liuquan.clock import AfterHours, DayEnd, Limit, Unit, shanghai_day
from liuquan.law import load_law
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor, MandateTerm, party_actor
from liuquan.supervision.disposal import terms as disposal
from liuquan.testing import kinds as test_kinds
from liuquan.testing.consultation import procedure as consultation

BODY, OTHER, CITY = test_kinds.BODY, test_kinds.OTHER, test_kinds.CITY
ON = date(2026, 3, 2)
APPLICANT = "00000000-0000-4000-8000-000000000001"
AGENT = "00000000-0000-4000-8000-000000000002"
HOURS = "09:00-12:00,13:30-17:00"
REASON = "事实清楚，条件具备"
EXPLAINED = "当日系统故障，已经补办并改正"
#: office hours, an evening, a Sunday, before a long holiday, and near the end of the announced days
BEGINNINGS = tuple(
    datetime.fromisoformat(at).astimezone(UTC)
    for at in (
        "2026-03-02T10:00:00+08:00",
        "2026-03-06T18:40:00+08:00",
        "2026-04-12T09:05:00+08:00",
        "2026-04-28T16:59:59+08:00",
        "2026-09-24T11:30:00+08:00",
        "2026-11-19T14:00:00+08:00",
        "2026-12-21T00:00:00+08:00",
    )
)

Values = Callable[[Snapshot, Random, datetime], dict[str, Any]]


@dataclass(frozen=True)
class World:
    """One procedure with the terms its cases have and the people who try to act on them."""

    procedure: Procedure
    terms: dict[str, Terms]
    actors: dict[str, Actor]
    values: Values  #: right values for every field of the procedure, and for what the engine itself takes
    ends: frozenset[str] = frozenset()  #: acts that end a case before its time
    path: str = ""


def people(procedure: Procedure) -> dict[str, Actor]:
    """Everybody who may act somewhere, and those who may not."""
    acts = frozenset(f"{procedure.kind}.{row.action}" for row in (procedure.creation, *procedure.rows))

    def post(staff_id: int, code: str, body: str = BODY, *roles: str, **limits: Any) -> Actor:
        mandates = tuple(MandateTerm(acts, ("*",), of, **limits) for of in sorted({body, BODY}))
        return Actor(
            kind="staff",
            staff_id=staff_id,
            post_code=code,
            post_name=code,
            body_code=body,
            roles=frozenset(roles),
            mandates=mandates,
        )

    return {
        "applicant": party_actor(APPLICANT),
        "agent": party_actor(AGENT),
        "stranger": party_actor("00000000-0000-4000-8000-000000000009"),
        "clerk": post(1, "P-0"),
        "examiner": post(2, "P-1"),
        "second_examiner": post(3, "P-2"),
        "other_examiner": post(4, "P-9", OTHER),
        "decider": post(5, "P-8"),
        "decider_who_examined": post(2, "P-8"),
        "decider_who_signed": post(12, "P-8"),
        "decider_up_to_1000": post(8, "P-8", up_to_fen=100_000),
        "head": post(6, "P-7", BODY, "body_head"),
        "unmandated": replace(post(7, "P-1"), mandates=()),
        "elsewhere": replace(post(11, "P-0", OTHER), mandates=(MandateTerm(acts, ("*",), OTHER),)),
        "supervisor": test_kinds.watcher(),
        "supervisor_elsewhere": test_kinds.watcher(path="990000000000.990200000000"),
        "system": SYSTEM,
        "public": PUBLIC,
    }


def worlds() -> list[World]:
    """Every procedure there is."""
    return [_application(), _disposal(), _licence(), _silence(), _consultation(), _asking()]


# -- applications --------------------------------------------------------------------------------------

GROUNDS = {g.name: GroundTerm(g.label, g.notice_required) for g in load_law().grounds("licensing")}


def _step(key: str, post: str, kind: StepKind = StepKind.REVIEW, *after: str, days: int = 3) -> Step:
    return Step(
        key=key,
        name=f"环节{key}",
        post_code=post,
        body_code=OTHER if post == "P-9" else BODY,
        kind=kind,
        after=after,
        officers=2 if kind is StepKind.SITE_CHECK else 1,
        limit=Limit(days, Unit.WORKING_DAY, excludes=tuple(GROUNDS)),
    )


def _item(name: str, family: str, steps: tuple[Step, ...], **more: Any) -> Terms:
    law, licence = load_law(), family == "licensing"
    grounds = GROUNDS if licence else {}
    limits = {
        "acceptance": law.limit(f"{family}.acceptance", on=ON),
        "promised": Limit(10, Unit.WORKING_DAY, label="承诺办结时限", excludes=tuple(grounds)),
        "delivery": law.limit(f"{family}.delivery", on=ON),
        "statutory": Limit(30, Unit.CALENDAR_DAY, label="法定办结时限", excludes=()),
    }
    if licence:
        limits["statutory"] = law.limit("licensing.decision", on=ON)
        limits["publicity"] = law.limit("publicity.double", on=ON)
    needs = [("form", "required"), ("plan", "required"), ("health", "deferrable")]
    extra = {
        "materials": [{"key": key, "name": key, "necessity": necessity} for key, necessity in needs],
        "decision_standards": ["标准一", "标准二"],
        "bases": ["某法 第三条"],
        "body_name": "示例局",
        **more.pop("extra", {}),
    }
    limits |= more.pop("limits", {})
    return Terms(name, name, BODY, limits, steps, "P-8", grounds, extra=extra, **more)


def _items() -> dict[str, Terms]:
    site, expert, opinion = StepKind.SITE_CHECK, StepKind.EXPERT_REVIEW, StepKind.OPINION
    joined = (
        _step("check", "P-1", site),
        _step("experts", "P-2", expert, days=5),
        _step("opinion", "P-9", opinion, "check", days=0),
        _step("review", "P-2", StepKind.REVIEW, "experts", "opinion"),
    )
    by_hours = Counting("", HOURS, DayEnd.CLOSE, AfterHours.NEXT_WORKING_TIME, "某办法")
    hourly = Limit(24, Unit.WORKING_HOUR, label="承诺办结时限", excludes=tuple(GROUNDS))
    sequence = (_step("first", "P-1"), _step("second", "P-2", StepKind.REVIEW, "first", days=2))
    return {
        "licence": _item("licence", "licensing", joined),
        "by_hours": _item("by_hours", "licensing", sequence, counting=by_hours, limits={"promised": hourly}),
        "on_the_spot": _item("on_the_spot", "licensing", ()),
        "reward": _item(
            "reward", "service", sequence[:1], extra={"amount_label": "奖励金额", "decision_standards": []}
        ),
        "without_basis": _item("without_basis", "licensing", sequence[:1], extra={"bases": []}),
    }


def _application() -> World:
    from liuquan.applications.procedure import PROCEDURE

    ends = {"withdraw", "withdraw_at_window", "refuse_not_needed", "refuse_not_ours"}
    return World(PROCEDURE, _items(), people(PROCEDURE), _of_application, frozenset(ends))


def _of_application(case: Snapshot, dice: Random, now: datetime) -> dict[str, Any]:
    keys = [m["key"] for m in case.terms.extra["materials"]]
    standing = [s.ground for s in case.open_suspensions]
    free = [g for g in sorted(case.terms.grounds) if g not in standing]
    step = dice.choice(case.open_assignments) if case.open_assignments else None
    awaited = ["expert_review"] if any(s.kind is StepKind.EXPERT_REVIEW for s in case.terms.steps) else []
    values = {
        "materials": dice.choice([keys, keys, keys[:2], keys[1:]]),
        "items": dice.choice([keys, keys[:2], keys[1:]]),
        "corrections": "改正了日期",
        "remarks": dice.choice(["", "请补齐"]),
        "reason": REASON,
        "standard": dice.choice(case.terms.extra["decision_standards"] or ["自定标准"]),
        "amount": dice.choice(["800", "1000", "3000.50"]) if case.terms.amount_label else "",
        "refer_to": dice.choice(["别处", "示例第二局"]),
        "result": dice.choice(["agree", "agree_with_conditions", "disagree"]),
        "opinion": "符合条件",
        "assignment": step.id if step else None,
        "second_officer": {"P-1": "12", "P-2": "2", "P-9": "7"}.get(step.post_code, "") if step else "",
        "ground": dice.choice(standing or free or ["hearing"]),
        "until": _day(now, dice.choice([0, 1, 4, 4, 15])),
        "document": "告知书",
        "again": dice.choice(["样品损坏须重做", "样品损坏须重做", ""]),
        "days": dice.choice([1, 5, 10]),
        "clock": dice.choice([d.key for d in case.deadlines if d.is_open and not d.step] or ["acceptance"]),
        "to": _day(now, -dice.choice([0, 1, 1, 2, 5])),
        "evidence": "登记簿第三页",
        "cause": dice.choice(["volume", "fault"]),
        "note": "",
        "way": dice.choice(["", "post", "electronic"]),
        "request": "签名的撤回申请书",
    }
    fresh = [g for g in [*awaited, *free] if g in free]
    values["start_special.ground"] = dice.choice(fresh) if fresh else "hearing"
    return values


def _day(now: datetime, days: int) -> str:
    return (shanghai_day(now) + timedelta(days=days)).isoformat()


# -- the others ----------------------------------------------------------------------------------------


def _disposal() -> World:
    from liuquan.supervision.disposal.procedure import PROCEDURE

    def terms(name: str, days: int, item: str = "T-1") -> Terms:
        return disposal.terms(
            name, about="N1", name="某事项", item_code=item, body_code=BODY, body_name="示例局", days=days
        )

    return World(
        PROCEDURE,
        {"three_days": terms("HP1", 3), "fifteen_days": terms("HP2", 15), "of_a_log": terms("HP3", 1, "")},
        people(PROCEDURE),
        _of_disposal,
        path=CITY,
    )


def _of_disposal(_case: Snapshot, dice: Random, _now: datetime) -> dict[str, Any]:
    ruling = dice.choice(["founded", "unfounded", "excused"])
    return {
        "points": dice.choice([["cause"], ["remedy", "post"], ["public", "cause"]]),
        "text": dice.choice([EXPLAINED, f"  {EXPLAINED} "]),
        "ruling": ruling,
        "ground": dice.choice(["force_majeure", "other_body"]) if ruling == "excused" else "",
        "note": EXPLAINED,
    }


def _licence() -> World:
    procedure, usual = test_kinds.PROCEDURE, test_kinds.terms()
    bare = replace(usual, steps=(), grounds={}, limits={"acceptance": usual.limits["acceptance"]})
    split = (replace(usual.steps[0], after=()), replace(usual.steps[1], post_code="P-2", after=()))
    return World(
        procedure,
        {"two_steps": usual, "no_steps": bare, "parallel": replace(usual, steps=split)},
        people(procedure),
        _of_pauses,
    )


def _of_pauses(case: Snapshot, dice: Random, now: datetime) -> dict[str, Any]:
    step = dice.choice(case.open_assignments) if case.open_assignments else None
    standing = [s.ground for s in case.open_suspensions]
    free = [g for g in sorted(case.terms.grounds) if g not in standing]
    return {
        "ground": dice.choice(standing or free or ["hearing"]),
        "stop.ground": dice.choice(free or ["hearing"]),
        "until": _day(now, dice.choice([1, 3, 9])),
        "document": "告知书",
        "again": "情况有变须重做",
        "days": dice.choice([1, 3, 5]),
        "result": dice.choice(["agree", "disagree"]),
        "assignment": step.id if step else None,
    }


def _silence() -> World:
    procedure = silent_kind.PROCEDURE
    every = ("renewal", "supplement", "review", "publicity", "answer")
    terms = {
        "renewal": silent_kind.terms(BODY, limits=("renewal", "answer"), licence_ends_on="2026-12-28"),
        "review": silent_kind.terms(BODY, limits=("review", "supplement", "answer")),
        "publicity": silent_kind.terms(BODY, limits=("publicity", "answer")),
        "every": silent_kind.terms(BODY, limits=every, licence_ends_on="2027-02-10"),
    }
    asked, signed = terms["review"].steps
    experts = replace(signed, kind=StepKind.EXPERT_REVIEW)
    terms["experts"] = replace(terms["review"], steps=(asked, experts))
    return World(procedure, terms, people(procedure), _of_pauses, frozenset({"refuse_renewal"}))


def _consultation() -> World:
    procedure, usual = consultation.PROCEDURE, consultation.terms(BODY)
    by_hours = Counting("", HOURS, DayEnd.CLOSE, AfterHours.NEXT_WORKING_TIME, "某办法")
    hourly = {"answer": Limit(12, Unit.WORKING_HOUR, label="答复期限")}
    return World(
        procedure,
        {
            "usual": usual,
            "by_hours": replace(usual, counting=by_hours, limits=hourly),
            "no_limit": replace(usual, limits={}),
        },
        people(procedure),
        _of_consultation,
    )


def _of_consultation(_case: Snapshot, dice: Random, now: datetime) -> dict[str, Any]:
    way, refers = dice.choice(sorted(consultation.WAYS)), dice.choice([True, False])
    return {
        "way": way,
        "meets_on": _day(now, 2) if way == "meeting" else "",
        "answer": dice.choice(["可以办理", "请到窗口"]),
        "refers": refers,
        "reason": "属其他单位的职责" if refers else "",
        "files": dice.choice([[], sorted(consultation.FILES)[:1]]),
        "more": "补充一张照片",
    }


def _asking() -> World:
    procedure = asking_kind.PROCEDURE
    return World(procedure, {"usual": asking_kind.terms()}, people(procedure), _of_asking)


def _of_asking(_case: Snapshot, dice: Random, now: datetime) -> dict[str, Any]:
    way = dice.choice(["post", "window", "phone"])
    urgent = dice.choice([True, False])
    return {
        "way": way,
        "address": "示例路1号" if way == "post" else "",
        "call": "已说明" if way != "post" else "",
        "receipt": dice.choice(["", "R-1"]) if way != "phone" else "",
        "copies": dice.choice([[], ["plan"]]),
        "topics": dice.choice([[], ["plan", "deed"]]),
        "on": dice.choice(["", _day(now, 0), _day(now, -3)]),
        "until": dice.choice(["", _day(now, 2)]),
        "days": dice.choice(["", 5, "7"]),
        "urgent": urgent,
        "why": "当事人急需" if urgent else "",
        "by": dice.choice(["", "7"]),
        "again": dice.choice(["", "再次"]),
    }
