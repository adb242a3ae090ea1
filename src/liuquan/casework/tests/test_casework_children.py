"""A case opens others: all or none, inside its own time, and they end with it or before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuquan.casework import actions, history, jobs, queries, registry
from liuquan.casework.actions import acts
from liuquan.casework.actions import children as child_actions
from liuquan.casework.effects import OpenChildren
from liuquan.casework.tests import children_kind
from liuquan.casework.tests.children_kind import BODIES, BODY, CITY, ORDER, PART
from liuquan.casework.tests.test_casework_round_trips import MOST, round_trips
from liuquan.casework.types import NewCase, Running, Snapshot
from liuquan.clock import shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel import moments, secrecy, sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, SomebodyWasFirst, WrongState
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
ACTS = frozenset(f"{one.kind}.{row.action}" for one in (ORDER, PART) for row in one.rows) | {"order.file"}
LETTERS = {body: letter for letter, body in BODIES.items()}


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    children_kind.registered()


def officer(letter: str = "C") -> Actor:
    """Who may do everything on the cases of the body of this letter; `C` has the order."""
    body = BODIES[letter]
    return Actor(
        kind="staff",
        staff_id=1,
        post_code="P-1",
        post_name="岗",
        body_code=body,
        roles=frozenset({"body_head"}),
        mandates=(MandateTerm(ACTS, ("*",), body),),
    )


def order(days: int = 10, parties: dict[str, str] | None = None) -> str:
    number = actions.next_number(kind="order", now=MONDAY)
    terms = children_kind.terms("order", days)
    new = NewCase("order", number, terms, "1", CITY, parties or {}, {BODY: "lead"})
    return actions.create(new, by=officer(), now=MONDAY).number


def act(number: str, action: str, *, by: Actor | None = None, days: int = 0, **data: Any) -> None:
    actions.perform(number, action, by=by or officer(), now=MONDAY + timedelta(days=days), data=data)


def children(number: str) -> list[Snapshot]:
    return [queries.read(child.number) for child in queries.read(number).children]


def everything() -> list[int]:
    """How many rows there are of all that opening a case writes."""
    tables = (
        *(f"casework_{one}" for one in ("case", "case_party", "case_body", "deadline", "count_delta")),
        *("journal_entry", "journal_private", "procrastinate_jobs"),
    )
    return [sql.run(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables]


def as_recorded(number: str) -> tuple[str, ...]:
    """Where the case rebuilt from its record differs from its rows."""
    case = queries.read(number)
    rebuilt = history.rebuilt(
        case, queries.procedure_of(case), journal.entries_of(number), queries.calendar_of(case)
    )
    assert rebuilt is not None
    return history.differences(case, rebuilt)


# --- opening ------------------------------------------------------------------------------------------------


def test_an_act_opens_a_case_for_each_body_with_all_that_belongs_to_it(city_db: str, cast: Cast) -> None:
    party = cast.applicant.party_number
    number = order(parties={party: "applicant"})
    act(number, "divide", to="A5 B10")
    parent, (first, second) = queries.read(number), children(number)
    assert [(c.number, c.kind, c.state, c.body_code, c.is_closed) for c in parent.children] == [
        (one.number, "part", "doing", one.body_code, False) for one in (first, second)
    ]
    assert [one.body_code for one in (first, second)] == [BODIES["A"], BODIES["B"]]
    assert (parent.parent, first.parent, second.parent) == ("", number, number)
    assert first.bodies == {first.body_code, BODY}
    assert first.parties == {party: "applicant"}
    assert (first.received_at, first.supervising_path, first.revision) == (MONDAY, CITY, 1)
    assert {d.key: (d.due_on, d.state) for d in second.deadlines} == {
        "answer": (date(2026, 3, 12), Running.RUNNING),
        "rest": (date(2026, 6, 1), Running.RUNNING),  # nobody's duty: it may outlast the parent
    }
    assert first.terms == children_kind.terms("part", 5, body=first.body_code)
    counted = queries.counts(kind="part")
    assert counted == {("part", one.body_code, "doing"): 1 for one in (first, second)}
    matter = sql.run("SELECT matter FROM casework_case WHERE number = %(n)s", {"n": second.number})[0]
    assert secrecy.decrypt(bytes(matter["matter"]), purpose="casework.matter") == "请B办理"


def test_the_record_of_each_names_the_other_and_tells_the_same_as_the_tables(city_db: str) -> None:
    number = order()
    act(number, "divide", to="A5 B6 C7")
    numbers = [child.number for child in queries.read(number).children]
    divided = journal.entries_of(number)[-1]
    assert (divided.event, divided.public["children"]) == ("order.divide", numbers)
    for one in numbers:
        (entry,) = journal.entries_of(one)
        assert (entry.event, entry.to_state, entry.public["parent"]) == ("part.begin", "doing", number)
        assert entry.public["terms_sha256"] == queries.kept_terms_hash(one)
    assert [as_recorded(one) for one in (number, *numbers)] == [()] * 4
    case = queries.read(number)
    past = queries.as_it_stood(case, journal.entries_of(number), at=MONDAY)
    assert past is not None
    assert past.children == ()  # what became of them stands in their own records


def test_however_many_there_are_the_database_is_asked_three_times(city_db: str) -> None:
    act(order(), "divide", to="A1 B1")
    trips = []
    for count in (1, 2, 50):
        number = order()
        trips.append(round_trips(partial(act, number, "divide", to=" ".join(["A3"] * count))))
        assert len(queries.read(number).children) == count
    assert trips == [MOST] * 3


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("", "现在是0个"),
        (" ".join(["A1"] * 51), "现在是51个"),
        ("A1 B11 C1", "2026年3月13日为止，晚于本件期限的最后一日2026年3月12日"),
    ],
)
def test_a_refused_child_leaves_no_child_and_no_act(city_db: str, to: str, refusal: str) -> None:
    number = order()
    before, rows = queries.read(number), everything()
    with pytest.raises(BadInput, match=refusal):
        act(number, "divide", to=to)
    assert (queries.read(number), everything()) == (before, rows)


def test_a_child_whose_first_row_wants_other_values_is_refused(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stray(given: Any) -> list[Any]:
        return [replace(one, data={"stray": "x"}) for one in children_kind.parts(given)]

    (divide,) = [row for row in ORDER.rows if row.action == "divide"]
    row = replace(divide, effects=(OpenChildren("part", stray, "answer"),))
    rows = tuple(row if one is divide else one for one in ORDER.rows)
    registry.register(replace(ORDER, rows=rows))
    number = order()
    before, count = queries.read(number), everything()
    with pytest.raises(BadInput, match="stray"):
        act(number, "divide", to="A1")
    assert (queries.read(number), everything()) == (before, count)


def test_who_was_second_opens_no_child(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = order()
    stale = queries.read(number)
    act(number, "divide", to="A1")
    rows = everything()
    monkeypatch.setattr(acts, "read", lambda _number: stale)
    with pytest.raises(SomebodyWasFirst):
        act(number, "divide", to="B1 C1")
    monkeypatch.undo()
    children_kind.registered()
    assert (len(queries.read(number).children), everything()) == (1, rows)


def test_a_child_that_the_database_refuses_takes_the_act_and_its_sisters_with_it(city: str) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"  # a party that is not there
    number = order()
    before, rows = queries.read(number), everything()
    stranger = replace(before, parties={nobody: "applicant"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(acts, "read", lambda _number: stranger)
        with pytest.raises(Exception, match="party_number"):
            act(number, "divide", to="A1 B1")
    assert (queries.read(number), everything()) == (before, rows)


def test_a_child_is_seen_by_its_own_bodies_and_by_no_sister(city_db: str) -> None:
    number = order()
    act(number, "divide", to="A5 B5")
    first, second = (child.number for child in queries.read(number).children)
    assert queries.visible(first, by=officer("A")).number == first
    assert queries.visible(first, by=officer()).number == first
    for hidden in (second, number):
        with pytest.raises(NotVisible):
            queries.visible(hidden, by=officer("A"))


# --- inside the parent's time -------------------------------------------------------------------------------


def test_a_child_is_measured_by_the_clock_as_the_act_leaves_it(city_db: str) -> None:
    number = order()
    act(number, "count_anew", days=2, to="A10")
    assert children(number)[0].deadlines[0].due_on == date(2026, 3, 16)
    late = order()
    before, rows = queries.read(late), everything()
    with pytest.raises(BadInput, match="晚于本件期限的最后一日2026年3月16日"):
        act(late, "count_anew", days=2, to="A13")
    assert (queries.read(late), everything()) == (before, rows)


def test_a_clock_that_is_over_gives_no_child_any_time(city_db: str) -> None:
    for earlier, action in (("meet", "divide"), ("", "meet_and_divide")):
        number = order()
        if earlier:
            act(number, earlier)
        before, rows = queries.read(number), everything()
        with pytest.raises(WrongState, match="已经终止"):
            act(number, action, to="A1")
        assert (queries.read(number), everything()) == (before, rows)


def test_a_child_whose_parent_has_met_its_duty_is_held_to_its_own_law_alone(city_db: str) -> None:
    number = order(5)
    act(number, "divide", to="A5")
    act(number, "meet")
    child = children(number)[0]
    assert (child.parent, child.parent_clock) == (number, None)
    actions.perform(child.number, "extend", by=officer("A"), now=MONDAY, data={"days": "9"})
    assert queries.read(child.number).deadlines[0].due_on == date(2026, 3, 16)


def test_a_child_is_extended_up_to_the_end_of_its_parent_and_no_day_further(city_db: str) -> None:
    number = order(10)
    act(number, "divide", to="A5")
    child = children(number)[0].number
    before, rows = queries.read(child), everything()
    with pytest.raises(BadInput, match="晚于总件期限的最后一日2026年3月12日") as refused:
        actions.perform(child, "extend", by=officer("A"), now=MONDAY, data={"days": "6"})
    assert set(refused.value.fields) == {"days"}
    assert (queries.read(child), everything()) == (before, rows)
    actions.perform(child, "extend", by=officer("A"), now=MONDAY, data={"days": "5"})
    assert queries.read(child).deadlines[0].due_on == date(2026, 3, 12)
    assert as_recorded(child) == ()


def test_more_time_for_the_parent_is_none_for_its_children_until_they_are_extended(city_db: str) -> None:
    number = order(10)
    act(number, "divide", to="A10")
    child = children(number)[0].number
    actions.perform(number, "extend", by=officer(), now=MONDAY, data={"days": "3"})
    clock = queries.read(child).parent_clock
    assert clock is not None
    assert (queries.read(child).deadlines[0].due_on, clock.due_on) == (date(2026, 3, 12), date(2026, 3, 16))
    actions.perform(child, "extend", by=officer("A"), now=MONDAY, data={"days": "3"})
    assert queries.read(child).deadlines[0].due_on == date(2026, 3, 16)


def test_a_pause_by_law_is_never_refused_for_the_sake_of_the_parent(city_db: str) -> None:
    number = order(10)
    act(number, "divide", to="A10")
    child = children(number)[0].number
    act(child, "stop", by=officer("A"), ground="hearing", until="2026-03-20", document="听证通知书")
    act(child, "go_on", by=officer("A"), days=8)
    assert queries.read(child).deadlines[0].due_on == date(2026, 3, 20)
    with pytest.raises(WrongState, match="不能延长到这一日以后"):
        actions.perform(child, "extend", by=officer("A"), now=MONDAY + timedelta(days=8), data={"days": "1"})
    assert queries.read(child).deadlines[0].due_on == date(2026, 3, 20)


# --- ending -------------------------------------------------------------------------------------------------


def test_an_act_waits_until_every_child_is_closed_and_says_how_many_are_not(city_db: str) -> None:
    number = order()
    act(number, "divide", to="A5 B5")
    first, second = (child.number for child in queries.read(number).children)
    act(first, "answer", by=officer("A"))
    before, rows = queries.read(number), everything()
    assert [child.is_closed for child in before.children] == [True, False]
    assert "answer" not in {one.action for one in queries.offers(before, by=officer(), now=MONDAY)}
    with pytest.raises(WrongState, match="还有1个子件没有办结") as refused:
        act(number, "answer")
    assert refused.value.details == {"open_children": 1}
    assert (queries.read(number), everything()) == (before, rows)
    act(second, "answer", by=officer("B"))
    act(number, "answer")
    assert queries.read(number).state == "answered"


def test_with_the_parent_end_the_children_that_are_open(city_db: str) -> None:
    number = order()
    act(number, "divide", to="A5 B5 D5")
    answered, asked, doing = (child.number for child in queries.read(number).children)
    act(answered, "answer", by=officer("A"))
    act(asked, "ask", by=officer("B"))
    act(number, "call_off")
    assert [child.state for child in children(number)] == ["answered", "called_off", "called_off"]
    assert [d.state for d in queries.read(doing).deadlines] == [Running.CANCELLED] * 2
    entry = journal.entries_of(asked)[-1]
    assert (entry.event, entry.actor_kind, entry.from_state) == ("part.call_off", "system", "asked")
    assert len(journal.entries_of(answered)) == 2
    assert [as_recorded(one) for one in (number, answered, asked, doing)] == [()] * 4


def waiting() -> list[dict[str, Any]]:
    found = sql.run(
        "SELECT args FROM procrastinate_jobs WHERE task_name = %(job)s", {"job": child_actions.CLOSE}
    )
    return [row["args"] for row in found]


def test_children_end_though_the_process_dies_after_the_act_on_their_parent(
    city_db: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = order()
    act(number, "divide", to="A5 B5 D5")
    answered, *doing = (child.number for child in queries.read(number).children)
    act(answered, "answer", by=officer("A"))

    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(acts, "close_children", dies)
        with pytest.raises(KeyboardInterrupt):
            act(number, "call_off")
    states = [queries.read(number).state, *(child.state for child in children(number))]
    assert states == ["called_off", "answered", "doing", "doing"]
    (job,) = waiting()
    assert job == {"closing": dict.fromkeys(doing, "call_off")}
    monkeypatch.setattr(moments, "now", lambda: MONDAY)
    for _ in range(2):  # a job may run twice
        jobs.close_children(**job)
    assert [child.state for child in children(number)] == ["answered", "called_off", "called_off"]
    assert [len(journal.entries_of(child.number)) for child in children(number)] == [2, 2, 2]
    assert caplog.messages == []  # to find them ended is nothing to warn of


def test_an_act_that_was_refused_ends_no_child_and_leaves_no_job(city_db: str) -> None:
    number = order()
    act(number, "divide", to="A5")
    with pytest.raises(NotAllowed):
        act(number, "call_off", by=replace(officer(), mandates=()))
    assert ([child.state for child in children(number)], waiting()) == (["doing"], [])
    act(order(), "call_off")
    assert waiting() == []  # no child, no job


def test_a_child_that_changes_in_the_same_moment_is_ended_when_the_job_runs_again(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = order()
    act(number, "divide", to="A5 B5")
    first, second = (child.number for child in queries.read(number).children)
    performed = acts._carry_out

    def raced(case: Snapshot, action: str, **more: Any) -> Any:
        if (case.number, action) == (first, "call_off"):
            raise SomebodyWasFirst("先")
        return performed(case, action, **more)

    closing = {first: "call_off", second: "call_off"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(acts, "_carry_out", raced)
        with pytest.raises(RuntimeError, match=first):
            actions.close_children(closing, now=MONDAY)
    assert [child.state for child in children(number)] == ["doing", "called_off"]
    actions.close_children(closing, now=MONDAY)
    assert [child.state for child in children(number)] == ["called_off", "called_off"]


@pytest.mark.parametrize("registered_last", ["order", "part"])
def test_a_kind_that_could_not_be_ended_with_its_parent_is_refused(
    registered_last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", {})
    (off,) = [row for row in PART.rows if row.action == "call_off"]
    rows = tuple(replace(one, sources=("doing",)) if one is off else one for one in PART.rows)
    both = {"order": ORDER, "part": replace(PART, rows=rows)}
    last = both.pop(registered_last)
    registry.register(next(iter(both.values())))
    with pytest.raises(ValueError, match="call_off does not end part in each of its open states"):
        registry.register(last)
    assert registry.procedures() == tuple(both.values())


def test_a_row_that_opens_children_twice_or_with_its_case_is_refused() -> None:
    twice = OpenChildren("part", children_kind.parts)
    creation = replace(ORDER.creation, effects=(twice,))
    row = replace(ORDER.rows[0], effects=(twice, twice))
    for wrong in (replace(ORDER, creation=creation), replace(ORDER, rows=(row, *ORDER.rows[1:]))):
        with pytest.raises(ValueError, match="opens children twice, or with its case"):
            registry.register(wrong)
    assert registry.newest("order") is ORDER


# --- whatever is given out ----------------------------------------------------------------------------------

_PARTS = st.lists(st.tuples(st.sampled_from("ABD"), st.integers(1, 9)), max_size=4)
_MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("divide"), _PARTS),
        st.tuples(st.just("extend"), st.integers(1, 4)),
        st.tuples(st.just("extend child"), st.tuples(st.integers(0, 9), st.integers(1, 6))),
        st.tuples(st.just("answer child"), st.integers(0, 9)),
    ),
    max_size=7,
)


def tried(number: str, move: str, asked: Any, day: int) -> None:
    """Try a move; a refused one changes nothing at all."""
    rows, now = everything(), MONDAY + timedelta(days=day)
    of_child = move.endswith("child")
    opened = queries.read(number).children
    if of_child and not opened:
        return
    place, days = asked if move == "extend child" else (asked, asked)
    child = opened[place % len(opened)] if of_child else None
    by, target = (officer(LETTERS[child.body_code]), child.number) if child else (officer(), number)
    given = {"to": " ".join(f"{body}{n}" for body, n in asked)} if move == "divide" else {"days": str(days)}
    try:
        actions.perform(target, move.split()[0], by=by, now=now, data={} if move == "answer child" else given)
    except Refusal:
        assert everything() == rows
        assert queries.read(number).children == opened
    else:
        assert len(queries.read(number).children) - len(opened) == (len(asked) if move == "divide" else 0)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(days=st.integers(1, 9), moves=_MOVES)
def test_children_are_always_inside_their_parent_and_all_of_them_or_none(
    city_db: str, days: int, moves: list[tuple[str, Any]]
) -> None:
    number = order(days)
    for day, (move, asked) in enumerate(moves):
        tried(number, move, asked, day // 2)
        parent = queries.read(number)
        end = parent.deadlines[0].due_at
        for child in children(number):
            assert child.deadlines[0].due_at <= end
            assert (child.parent, shanghai_day(child.received_at) >= date(2026, 3, 2)) == (number, True)
    assert [as_recorded(one.number) for one in children(number)] == [()] * len(children(number))
    assert as_recorded(number) == ()
