"""Whatever happens to an errand in whatever order: bodies, parties, parts and children stay whole, and the
record tells the same as the tables after every act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from liuquan.casework import actions, history, registry, rules
from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.clock import shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.testing.cast import Cast
from liuquan.testing.errand import procedure as errand
from liuquan.testing.errand.procedure import PROCEDURE
from liuquan.testing.errand.taking_in import taken_in, worker

RECEIVED_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
OFFICE, BUILDING, LAND = "11990100MB9901024C", "11990100MB99010327", "11990100MB99010402"
POSTS = {OFFICE: ("SCJG-SC1", "SCJG-SC2"), BUILDING: ("ZJJ-SC1", "ZJJ-SC2"), LAND: ("ZRZY-SC1", "ZRZY-SC2")}
ACTS = tuple(row.action for row in PROCEDURE.rows)
ENDS = frozenset({"report", "call_off"})
PLAIN = frozenset({"say", "ask", "told", "drop", "leave"})  #: what changes little, or undoes
LOTS = ("A", "B")


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    errand.registered()


@dataclass
class Told:
    """What the test itself remembers of a case: who had it from which day on, who held its state, how often
    work was given."""

    bodies: list[tuple[date, str]]
    holders: list[tuple[date, str]]
    given: int = 0


@dataclass
class World:
    """An errand, its children and their children. `then`: each case as it was after each act, with how many
    entries, at which moment."""

    root: str
    actors: tuple[Actor, ...]
    parties: tuple[str, ...]
    told: dict[str, Told] = field(default_factory=dict)
    then: list[tuple[Snapshot, int, datetime]] = field(default_factory=list)

    def all(self) -> dict[str, Snapshot]:
        """Every case, parents first."""
        found: dict[str, Snapshot] = {}
        waiting = [self.root]
        while waiting:
            case = cases.read(waiting.pop(0))
            found[case.number] = case
            waiting += [child.number for child in case.children]
        return found


def kept(world: World) -> tuple[Any, ...]:
    """All that an act may change."""
    every = world.all()
    return every, {number: len(journal.entries_of(number)) for number in every}, cases.counts()


def values(data: st.DataObject, world: World, case: Snapshot, action: str, now: datetime) -> dict[str, Any]:
    """Mostly right values for what an act takes."""
    draw, today = data.draw, shanghai_day(now)
    bodies = (*POSTS, "11990100MB9900000X")
    children = draw(st.lists(st.tuples(st.sampled_from(list(POSTS)), st.integers(1, 40)), max_size=5))
    mine = case.open_assignments
    every = {
        "post": draw(st.sampled_from([*POSTS.get(case.body_code, ()), "SCJG-SC1", "X-1"])),
        "days": draw(st.sampled_from([1, 5, 15, 16, 21])),
        "lot": draw(st.sampled_from([*LOTS, ""])),
        "from_on": (today + timedelta(days=draw(st.integers(-6, 9)))).isoformat(),
        "body": draw(st.sampled_from(bodies)),
        "party": draw(st.sampled_from(world.parties)),
        "reason": "另有安排",
        "more": "还有一事",
        "result": draw(st.sampled_from(["solved", "not_ours"])),
        "to": "\n".join(f"{body} {days}" for body, days in children),
        "assignment": mine[0].id if mine else None,
    }
    row = PROCEDURE.row(action)
    asked = {"assignment", *(field.name for field in row.fields)} if row else set()
    return {name: value for name, value in every.items() if name in asked}


def chosen(data: st.DataObject, world: World, case: Snapshot, now: datetime) -> tuple[str, Actor]:
    """Mostly what may be done now, seldom what ends the case, sometimes anything."""
    draw, calendar = data.draw, cases.calendar_of(case)
    offered = [
        (offer.action, by)
        for by in world.actors
        if cases.can_see(case, by)
        for offer in rules.offers(PROCEDURE, case, by=by, now=now, calendar=calendar)
    ]
    going_on = [one for one in offered if one[0] not in ENDS]
    dice = draw(st.integers(0, 19))
    if dice < 2 or not offered:
        return draw(st.sampled_from(ACTS)), draw(st.sampled_from(world.actors))
    if dice == 19 or not going_on:
        return draw(st.sampled_from(offered))
    changing = {one[0] for one in going_on} - PLAIN if dice < 14 else set()
    action = draw(st.sampled_from(sorted(changing or {one[0] for one in going_on})))
    return draw(st.sampled_from([one for one in going_on if one[0] == action]))


def remember(world: World, number: str, action: str, data: dict[str, Any], now: datetime) -> None:
    """What the act did, as the test understands it."""
    day, told = shanghai_day(now), world.told[number]
    if action == "hand_on":
        told.bodies.append((day, data["body"]))
    if action in ("give", "redirect"):
        told.given += 1
    if action in ("ask", "told"):
        told.holders.append((day, "party" if action == "ask" else "office"))
    for new in world.all().values():
        if new.number not in world.told:
            world.told[new.number] = Told([(day, new.body_code)], [(day, "office")])


def play(world: World, data: st.DataObject, most: int) -> None:
    """Acts of anybody on any of the cases, one after the other; everything holds after each of them."""
    now, draw = RECEIVED_AT, data.draw
    for _ in range(draw(st.integers(most // 2, most))):
        now += timedelta(hours=draw(st.sampled_from([0, 1, 9, 24, 49, 100])))
        every = world.all()
        case = every[draw(st.sampled_from([world.root, *every]))]
        action, by = chosen(data, world, case, now)
        given_values, before = values(data, world, case, action, now), kept(world)
        try:
            actions.perform(case.number, action, by=by, now=now, data=given_values)
        except Refusal as refusal:
            event(f"refused: {refusal.status}")
            assert kept(world) == before
        else:
            event(f"done: {action}")
            remember(world, case.number, action, given_values, now)
            if draw(st.integers(0, 5)) == 0:
                actions.fold_counts()
        check(world, now)


def check(world: World, now: datetime) -> None:
    """What holds at any moment."""
    every = world.all()
    for case in every.values():
        assert case.parties, "nobody is a party any more"
        days_add_up(case, world.told[case.number], now)
        no_step_is_lost(case, world.told[case.number])
        each_part_has_one_clock(case)
        world.then.append((case, the_record_is_whole(case), now))
        for child in (every[one.number] for one in case.children):
            lies_inside(child, case)
    counted = {key: n for key, n in cases.counts().items() if n}
    rows = sql.run("SELECT kind, body_code, state, count(*) AS n FROM casework_case GROUP BY 1, 2, 3")
    assert counted == {(row["kind"], row["body_code"], row["state"]): row["n"] for row in rows}


def days_add_up(case: Snapshot, told: Told, now: datetime) -> None:
    """Every day since the receipt is one holder's: the party's while it was asked, else the body's that had
    the case when the day began."""
    received, until = shanghai_day(case.received_at), shanghai_day(case.closed_at or now)
    expected: Counter[str] = Counter()
    for n in range(1, (until - received).days + 1):
        day = received + timedelta(days=n)
        holder = [who for on, who in told.holders if on < day][-1]
        body = [who for on, who in told.bodies if on < day][-1]
        own = case.name_of_body(body) if len(told.bodies) > 1 else "本机关"
        expected["当事人" if holder == "party" else own] += 1
    spent = cases.days_spent(case, until=shanghai_day(now))
    assert spent == dict(expected)
    assert sum(spent.values()) == (until - received).days


def no_step_is_lost(case: Snapshot, told: Told) -> None:
    assert [body for _, body in told.bodies] == [one.body_code for one in case.leads]
    assert case.body_code == told.bodies[-1][1]
    assert len(case.assignments) == told.given
    assert (len(case.open_assignments) == 1) == (case.state == "working")
    assert len(case.open_assignments) <= 1
    for one in case.assignments:
        assert (one.done_at is None) == (one.state == "open")
    tasks = [d for d in case.deadlines if d.is_open and d.key == "task"]
    assert len(tasks) == len(case.open_assignments)
    assert all(one.body_code == case.body_code for one in case.open_assignments)


def each_part_has_one_clock(case: Snapshot) -> None:
    running = Counter((d.key, d.part) for d in case.deadlines if d.is_open)
    assert set(running.values()) <= {1}
    assert {part for key, part in running if key == "lot"} <= set(LOTS)
    closed = PROCEDURE.state(case.state).closed
    assert bool(running) != closed
    assert (case.deadline("answer") is None) == closed


def the_record_is_whole(case: Snapshot) -> int:
    """How many entries tell of the case; they tell the same as the tables."""
    entries = journal.entries_of(case.number)
    recorded = history.rebuilt(case, PROCEDURE, entries, cases.calendar_of(case))
    assert recorded is not None
    assert history.differences(case, recorded) == ()
    return len(entries)


def the_past_stays(world: World) -> None:
    """The record tells of every moment what the tables said then."""
    now = world.all()
    for then, many, at in world.then:
        entries = journal.entries_of(then.number)[:many]
        stood = cases.as_it_stood(now[then.number], entries, at=at)
        assert stood is not None
        assert history.differences(then, stood) == ()
        assert (stood.parties, stood.bodies) == (then.parties, then.bodies)


def lies_inside(child: Snapshot, parent: Snapshot) -> None:
    outer = max(d.due_at for d in parent.deadlines if d.key == "answer")
    assert all(d.due_at <= outer for d in child.deadlines if d.is_duty)
    assert child.parent == parent.number
    if parent.closed_at:
        assert child.closed_at


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_any_acts_on_an_errand_keep_it_and_its_children_whole(
    city_db: str, cast: Cast, data: st.DataObject
) -> None:
    people = (cast.applicant, cast.agent, cast.stranger)
    workers = [
        worker(body, post, 10 * n + m)
        for n, (body, posts) in enumerate(POSTS.items(), 1)
        for m, post in enumerate(posts)
    ]
    numbers = tuple(one.party_number for one in people)
    by, parties = workers[0], {numbers[0]: "applicant"}
    root = taken_in(parties, body_code=OFFICE, by=by, now=RECEIVED_AT)
    world = World(root, (*people, *workers, SYSTEM), numbers)
    day = shanghai_day(RECEIVED_AT)
    world.told[root] = Told([(day, OFFICE)], [(day, "office")])
    check(world, RECEIVED_AT)
    play(world, data, 20)
    the_past_stays(world)
