"""Whatever people do in whatever order: days add up, no step is lost, the record is whole, counts are right.

Once purely, with random routes, in memory; once, shorter, through the real actions on PostgreSQL.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import actions as casework_actions
from liuquan.casework import clocks, history, rules, structure, time_by_holder
from liuquan.casework import queries as cases
from liuquan.casework.effects import Start
from liuquan.casework.types import (
    AssignmentView,
    Decision,
    GroundTerm,
    Running,
    Snapshot,
    Step,
    StepKind,
    SuspensionView,
    Terms,
)
from liuquan.clock import Limit, Unit, shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import Refusal
from liuquan.law import load_law, national_calendar
from liuquan.organisation.types import SYSTEM, Actor, MandateTerm, party_actor
from liuquan.testing.cast import EXAMINERS, Cast

RECEIVED_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
BODY, OTHER = "11990100MB9901024C", "11990100MB99010402"
MATERIALS = ("form", "plan", "health")
GROUNDS = {g.name: GroundTerm(g.label, g.notice_required) for g in load_law().grounds("licensing")}
ACTS = tuple(row.action for row in PROCEDURE.rows)
MANDATED = frozenset(f"application.{action}" for action in ACTS)
ENDS = frozenset({"withdraw", "withdraw_at_window", "refuse_not_needed", "refuse_not_ours"})
Moves = list[tuple[date, str | None, str | None]]


class World(Protocol):
    """A case somewhere, and what it left behind."""

    actors: tuple[Actor, ...]

    def case(self) -> Snapshot: ...
    def do(self, action: str, by: Actor, data: dict[str, Any], now: datetime) -> None: ...
    def moves(self) -> Moves:
        """Every entry of an act: day, state before, state after (both None when it stayed)."""
        ...

    def counts(self) -> dict[str, int]: ...


def staff(staff_id: int, post: str, body: str = BODY, *roles: str) -> Actor:
    """A post that may do everything on every item of its body; who may really, the procedure says."""
    mandate = MandateTerm(MANDATED, ("*",), BODY)
    own = MandateTerm(MANDATED, ("*",), body)
    return Actor(
        kind="staff",
        staff_id=staff_id,
        post_code=post,
        post_name=post,
        body_code=body,
        roles=frozenset(roles),
        mandates=(mandate, own),
    )


@dataclass
class Memory:
    """The engine's decisions applied to a value: no database, no vertical's rows."""

    snapshot: Snapshot
    actors: tuple[Actor, ...]
    done: Moves = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    received: set[str] = field(default_factory=set)
    noticed: list[list[str]] = field(default_factory=list)
    serial: int = 0
    recorded: Snapshot | None = None  #: the case as its entries tell it

    def case(self) -> Snapshot:
        return self.snapshot

    def moves(self) -> Moves:
        return self.done

    def counts(self) -> dict[str, int]:
        return {state: n for state, n in self.tally.items() if n}

    def do(self, action: str, by: Actor, data: dict[str, Any], now: datetime) -> None:
        """As `perform`: what follows from silence first."""
        effect = rules.silent_effect_due(self.snapshot, now)
        if effect is not None and action != effect.on_expiry:
            self._carry_out(effect.on_expiry, SYSTEM, {}, now)
        self._carry_out(action, by, data, now)

    def _carry_out(self, action: str, by: Actor, data: dict[str, Any], now: datetime) -> None:
        second = data.get("second_officer")
        facts = {
            "received": sorted(self.received),
            "noticed": self.noticed,
            "second_officer": int(second) if second else None,
        }
        decision = rules.decide(
            PROCEDURE,
            self.snapshot,
            action,
            by=by,
            data=data,
            facts=facts,
            now=now,
            calendar=national_calendar(),
        )
        self.received |= set(data.get("materials") or ())
        if action == "notify_supplement":
            self.noticed.append(list(data["items"]))
        moved = decision.from_state != decision.to_state
        self.done.append(
            (shanghai_day(now), *((decision.from_state, decision.to_state) if moved else (None, None)))
        )
        if moved:
            self.tally[str(decision.from_state)] -= 1
            self.tally[decision.to_state] += 1
        changed = structure.told(self.snapshot, structure.values(self.snapshot, decision, now))
        self.recorded = structure.read(self.recorded or self.snapshot, json.loads(json.dumps(changed)))
        self.snapshot = self._applied(decision, by, now)
        assert history.differences(self.snapshot, self.recorded) == ()

    def _id(self) -> int:
        self.serial += 1
        return self.serial

    def _applied(self, d: Decision, by: Actor, now: datetime) -> Snapshot:
        case, changes = self.snapshot, {c.id: c for c in d.deadline_changes}
        assignments = tuple(self._assignment(a, d, by, now) for a in case.assignments) + tuple(
            AssignmentView(self._id(), s.key, s.post_code, "open", now) for s in d.new_steps
        )
        deadlines = tuple(
            clocks.changed(v, changes[v.id]) if v.id in changes else v for v in case.deadlines
        ) + tuple(replace(clocks.as_started(new), id=self._id()) for new in d.new_deadlines)
        ended = {one.id: one for one in d.ended_suspensions}
        suspensions: tuple[SuspensionView, ...] = tuple(ended.get(s.id, s) for s in case.suspensions)
        if d.new_suspension:
            suspensions += (replace(d.new_suspension, id=self._id()),)
        marks: dict[str, Any] = {f"{mark}_at": d.effective_at for mark in d.marks}
        marks |= {f"{name}_at": at for name, at in d.corrected.items()}
        return replace(
            case,
            state=d.to_state,
            revision=case.revision + 1,
            assignments=assignments,
            deadlines=deadlines,
            suspensions=suspensions,
            outcome=d.outcome or case.outcome,
            **marks,
        )

    def _assignment(self, a: AssignmentView, d: Decision, by: Actor, now: datetime) -> AssignmentView:
        if a.id in d.done_assignments:
            signed = {"done_by": by.staff_id, "second_by": d.second_by}
            return replace(a, state="done", done_at=now, result=d.step_result, **signed)
        if a.id in d.cancelled_assignments:
            return replace(a, state="cancelled", done_at=now)
        return a


@st.composite
def routes(draw: st.DrawFn) -> tuple[Step, ...]:
    """A graph of up to five steps without a cycle: each waits for some of those before it."""
    steps: list[Step] = []
    for n in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(StepKind))
        after = draw(st.sets(st.sampled_from([s.key for s in steps]))) if steps else set()
        post = draw(st.sampled_from(["P-1", "P-2", "P-9"]))
        steps.append(
            Step(
                key=f"s{n}",
                name=f"环节{n}",
                post_code=post,
                body_code=OTHER if post == "P-9" else BODY,
                kind=kind,
                after=tuple(sorted(after)),
                officers=2 if kind is StepKind.SITE_CHECK else 1,
                limit=Limit(draw(st.integers(0, 10)), Unit.WORKING_DAY, excludes=tuple(GROUNDS)),
            )
        )
    return tuple(steps)


APPLICANT = party_actor("00000000-0000-4000-8000-000000000001")
ACTORS = (
    APPLICANT,
    staff(1, "P-0"),
    staff(2, "P-1"),
    staff(3, "P-2"),
    staff(4, "P-9", OTHER),
    staff(5, "P-8"),
    staff(6, "P-7", BODY, "body_head"),
    SYSTEM,
)


def terms_of(route: tuple[Step, ...]) -> Terms:
    """An item with three materials, one of which may be handed in later."""
    law, on = load_law(), shanghai_day(RECEIVED_AT)
    limits = {
        "acceptance": law.limit("licensing.acceptance", on=on),
        "statutory": law.limit("licensing.decision", on=on),
        "promised": Limit(10, Unit.WORKING_DAY, excludes=tuple(GROUNDS)),
        "delivery": law.limit("licensing.delivery", on=on),
        "publicity": law.limit("publicity.double", on=on),
    }
    needs = [("form", "required"), ("plan", "required"), ("health", "deferrable")]
    materials = [{"key": key, "name": key, "necessity": necessity} for key, necessity in needs]
    extra = {"materials": materials, "decision_standards": ["标准一"]}
    return Terms("item", "事项", BODY, limits, steps=route, deciding_post="P-8", grounds=GROUNDS, extra=extra)


def begun(route: tuple[Step, ...]) -> Memory:
    """A case received on 2 March 2026 with one of its materials."""
    terms, day = terms_of(route), shanghai_day(RECEIVED_AT)
    (first,) = PROCEDURE.creation.of(Start)
    limit, calendar = terms.limits[first.limit], national_calendar()
    start = clocks.started(
        *(first.key, first.limit, limit, terms, RECEIVED_AT, calendar, ()), on_expiry=first.on_expiry
    )
    case = Snapshot(
        id=1,
        number="1",
        kind="application",
        procedure_version=1,
        state="received",
        revision=1,
        body_code=BODY,
        received_at=RECEIVED_AT,
        accepted_at=None,
        decided_at=None,
        closed_at=None,
        outcome="",
        terms=terms,
        deadlines=(replace(clocks.as_started(start), id=900),),
        parties={APPLICANT.party_number: "applicant"},
        bodies=frozenset({BODY, OTHER}),
    )
    return Memory(case, ACTORS, [(day, None, "received")], Counter({"received": 1}), {"form"})


def data_of(
    draw: Any, action: str, case: Snapshot, now: datetime, colleagues: dict[str, str]
) -> dict[str, Any]:
    """Mostly right values for what an act takes."""
    keys = [m["key"] for m in case.terms.extra["materials"]]
    mine = case.open_assignments
    step = draw(st.sampled_from(mine)) if mine else None
    standards = case.terms.extra["decision_standards"]
    every = {
        "materials": keys if draw(st.booleans()) else keys[:1],
        "items": keys if draw(st.booleans()) else keys[1:],
        "corrections": "改正",
        "reason": "事实清楚，条件具备",
        "standard": standards[0],
        "refer_to": "别处",
        "result": draw(st.sampled_from(["agree", "disagree"])),
        "opinion": "意见",
        "assignment": step.id if step else None,
        "second_officer": colleagues.get(step.post_code, "") if step else "",
        "ground": draw(st.sampled_from(sorted(GROUNDS))),
        "until": (shanghai_day(now) + timedelta(days=draw(st.integers(0, 20)))).isoformat(),
        "clock": draw(st.sampled_from([d.key for d in case.deadlines if d.is_open] or ["acceptance"])),
        "to": (shanghai_day(now) - timedelta(days=draw(st.integers(-1, 12)))).isoformat(),
        "again": draw(st.sampled_from(["样品损坏须重做", ""])),
        "document": "告知书",
        "evidence": "登记簿",
        "cause": "volume",
        "request": "签名的撤回申请书",
        "days": draw(st.integers(1, 11)),
    }
    row = PROCEDURE.row(action)
    asked = {"assignment", *(field.name for field in row.fields)} if row else set()
    return {name: value for name, value in every.items() if name in asked}


def play(world: World, data: st.DataObject, most: int, colleagues: dict[str, Any]) -> None:
    """Acts of anybody at any time, one after the other; everything holds after each of them."""
    now, draw = RECEIVED_AT, data.draw
    for _ in range(draw(st.integers(most // 2, most))):
        now += timedelta(hours=draw(st.sampled_from([0, 1, 5, 23, 24, 49, 120, 200])))
        case = world.case()
        action, by = _chosen(draw, world, case, now)
        before = (world.case(), len(world.moves()))
        late = rules.silent_effect_due(before[0], now) is not None
        try:
            world.do(action, by, data_of(draw, action, case, now, colleagues), now)
        except Refusal:
            assert late or (world.case(), len(world.moves())) == before
        check(world, now)
    event(world.case().state)


def _chosen(draw: Any, world: World, case: Snapshot, now: datetime) -> tuple[str, Actor]:
    """Mostly what may be done now, seldom what ends the case before its time, sometimes anything."""
    calendar = national_calendar()
    offers = [
        (o, by)
        for by in world.actors
        for o in rules.offers(PROCEDURE, case, by=by, now=now, calendar=calendar)
    ]
    duties = [(o.action, by) for o, by in offers if o.duty]
    going_on = [(o.action, by) for o, by in offers if o.action not in ENDS]
    dice = draw(st.integers(0, 39))
    if dice < 4 or not offers:
        return draw(st.sampled_from(ACTS)), draw(st.sampled_from(world.actors))
    if dice == 39:
        return draw(st.sampled_from([(o.action, by) for o, by in offers]))
    return draw(st.sampled_from(duties if duties and dice < 28 else going_on or duties))


def check(world: World, now: datetime) -> None:
    """What holds at any moment of any case."""
    case, moves = world.case(), world.moves()
    days_add_up(case, moves, now)
    no_step_is_lost(case, moves)
    states = [(before, after) for _, before, after in moves if after is not None]
    assert states[0] == (None, "received")
    assert all(one[1] == other[0] for one, other in zip(states, states[1:], strict=False))
    assert states[-1][1] == case.state
    assert world.counts() == {case.state: 1}
    clocks_fit_the_state(case)


def days_add_up(case: Snapshot, moves: Moves, now: datetime) -> None:
    changes = [(on, PROCEDURE.state(after).holder) for on, _, after in moves if after is not None]
    until = shanghai_day(now)
    totals = time_by_holder.days_by_holder(time_by_holder.spans(case, changes, until))
    assert sum(totals.values()) == (until - shanghai_day(case.received_at)).days
    assert set(totals) <= set(time_by_holder.LABELS)


def no_step_is_lost(case: Snapshot, moves: Moves) -> None:
    opened = [a.step for a in case.open_assignments]
    assert len(opened) == len(set(opened))
    assert bool(opened) == (case.state == "examining")
    done = Counter(a.step for a in case.assignments if a.state == "done")
    for assignment in case.assignments:
        step = case.step(assignment.step)
        assert step is not None
        assert all(done[key] for key in step.after)
    sent_back = sum(1 for _, before, after in moves if (before, after) == ("deciding", "examining"))
    if case.state in ("deciding", "granted", "refused", "closed"):
        last = {s.key for s in case.terms.last_steps}
        assert done == {s.key: 1 + (sent_back if s.key in last else 0) for s in case.terms.steps}


def clocks_fit_the_state(case: Snapshot) -> None:
    running = Counter(d.key for d in case.deadlines if d.is_open and d.key != "step")
    steps = sorted(d.step for d in case.deadlines if d.is_open and d.key == "step")
    expected = {
        "received": {"acceptance"},
        "examining": {"statutory", "promised"},
        "deciding": {"statutory", "promised"},
        "granted": {"delivery", "publicity"},
        "refused": {"publicity"},
        "closed": {"publicity"},
    }.get(case.state, set())
    assert set(running) in (expected, expected - {"publicity"})
    assert set(running.values()) <= {1}
    assert steps == sorted(a.step for a in case.open_assignments)
    stands = case.open_suspensions
    assert not stands or case.state in ("examining", "deciding")
    assert len({s.ground for s in stands}) == len(stands)
    for d in (one for one in case.deadlines if one.is_open):
        # the day on which a suspension begins still counts: a clock that ends by then does not stand
        standing = any(s.from_on < d.due_on for s in stands)
        assert d.state is (Running.PAUSED if standing else Running.RUNNING)
    for d in (one for one in case.deadlines if one.is_open):
        counted = clocks.explained(d, case.terms, national_calendar(), case.suspensions)
        assert (d.due_on, d.due_at) == (counted.due_on, counted.due_at)
    superseded = {d.id for d in case.deadlines if d.state is Running.SUPERSEDED}
    assert superseded == {d.supersedes for d in case.deadlines if d.supersedes is not None}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(routes(), st.data())
def test_any_sequence_of_acts_on_any_route_keeps_the_case_whole(
    route: tuple[Step, ...], data: st.DataObject
) -> None:
    world = begun(route)
    check(world, RECEIVED_AT)
    play(world, data, 26, {"P-1": "3", "P-2": "2", "P-9": "7"})


class City:
    """The same on PostgreSQL through the real actions."""

    def __init__(self, number: str, actors: tuple[Actor, ...]) -> None:
        self.number, self.actors = number, actors

    def case(self) -> Snapshot:
        return cases.read(self.number)

    def do(self, action: str, by: Actor, data: dict[str, Any], now: datetime) -> None:
        casework_actions.perform(self.number, action, by=by, now=now, data=data)

    def moves(self) -> Moves:
        # the days on which the acts were done, as the acts of silence take effect earlier in law
        entries = [e for e in journal.entries_of(self.number) if e.event.startswith("application.")]
        return [(shanghai_day(e.effective_at), e.from_state, e.to_state) for e in entries]

    def as_recorded(self) -> tuple[str, ...]:
        """Where the case rebuilt from its journal entries differs from its rows."""
        case = self.case()
        entries = journal.entries_of(self.number)
        recorded = history.rebuilt(case, PROCEDURE, entries, national_calendar())
        assert recorded is not None
        return history.differences(case, recorded)

    def counts(self) -> dict[str, int]:
        """The engine's counts, once they are shown to equal a recount."""
        counted = {key: n for key, n in cases.counts().items() if n}
        rows = sql.run("SELECT kind, body_code, state, count(*) AS n FROM casework_case GROUP BY 1, 2, 3")
        assert counted == {(row["kind"], row["body_code"], row["state"]): row["n"] for row in rows}
        assert self.as_recorded() == ()
        return {self.case().state: 1}


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_the_same_holds_on_the_database(city_db: str, cast: Cast, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(["food", "device", "radiology", "hoarding", "stall"]))
    number = cast.applies(item, at=RECEIVED_AT, materials=cast.materials(item)[:1])
    people = (
        "clerk",
        "examiner",
        "second_examiner",
        "approver",
        "chief_rep",
        "head",
        "other_examiner",
        "health_examiner",
        "health_second",
        "health_approver",
        "health_head",
        "building_examiner",
        "building_second",
        "building_approver",
        "building_head",
    )
    actors = (cast.applicant, *(cast.staff(who) for who in people), SYSTEM)
    colleagues = {post: number for post, (_, number) in EXAMINERS.items()}
    play(City(number, actors), data, 14, colleagues)
