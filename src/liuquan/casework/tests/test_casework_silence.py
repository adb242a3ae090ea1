"""The legal effects of silence are executed, whoever was silent; and clocks of every shape."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from liuquan.casework import actions, history, queries, registry
from liuquan.casework.tests import silent_kind
from liuquan.casework.types import Lamp, NewCase, Running
from liuquan.clock import shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation.types import SYSTEM, Actor, MandateTerm

BODY = "11990100MB9901024C"
ROWS = (silent_kind.PROCEDURE.creation, *silent_kind.PROCEDURE.rows)
ACTS = frozenset(f"{silent_kind.PROCEDURE.kind}.{row.action}" for row in ROWS)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    silent_kind.registered()


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


def officer(post: str = "P-1") -> Actor:
    return Actor(
        kind="staff",
        staff_id=1,
        post_code=post,
        post_name="岗",
        body_code=BODY,
        mandates=(MandateTerm(ACTS, ("*",), BODY),),
    )


def filed(*limits: str, licence_ends_on: str = "2026-12-18") -> str:
    terms = silent_kind.terms(BODY, limits=limits, licence_ends_on=licence_ends_on)
    number = actions.next_number(kind="silence", now=at(3, 2))
    new = NewCase(
        kind="silence",
        number=number,
        terms=terms,
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={BODY: "lead"},
    )
    return actions.create(new, by=officer(), now=at(3, 2)).number


def act(number: str, action: str, now: datetime, **data: Any) -> None:
    actions.perform(number, action, by=officer(), now=now, data=data)


def as_recorded(number: str) -> tuple[str, ...]:
    """Where the case rebuilt from its record differs from its rows."""
    case = queries.read(number)
    rebuilt = history.rebuilt(
        case, silent_kind.PROCEDURE, journal.entries_of(number), queries.calendar_of(case)
    )
    assert rebuilt is not None
    return history.differences(case, rebuilt)


def state(number: str) -> tuple[str, str]:
    case = queries.read(number)
    return case.state, case.outcome


@pytest.mark.fact("L-16")
def test_no_decision_before_the_licence_ends_renews_it_from_its_end(committed_db: str) -> None:
    number = filed("renewal", licence_ends_on="2026-03-20")
    clock = queries.read(number).deadlines[0]
    assert (clock.due_on, clock.state) == (date(2026, 3, 20), Running.RUNNING)
    actions.sweep(now=at(3, 20, 23))
    assert state(number) == ("considering", "")
    assert actions.sweep(now=at(3, 23)) == 1
    case = queries.read(number)
    assert (case.state, case.outcome, case.deadlines[0].state) == ("renewed", "renewed", Running.EXPIRED)
    assert case.decided_at == datetime(2026, 3, 20, 16, tzinfo=UTC)
    assert as_recorded(number) == ()


@pytest.mark.fact("L-16")
def test_a_body_too_late_to_refuse_finds_the_licence_renewed(committed_db: str) -> None:
    number = filed("renewal", licence_ends_on="2026-03-20")
    with pytest.raises(WrongState, match="已延续"):
        act(number, "refuse_renewal", at(3, 21))
    assert state(number) == ("renewed", "renewed")
    in_time = filed("renewal", licence_ends_on="2026-03-20")
    act(in_time, "refuse_renewal", at(3, 20, 17))
    assert state(in_time) == ("given_up", "")


@pytest.mark.fact("I-06")
def test_an_applicant_who_does_not_supplement_has_given_up_from_the_end_of_the_limit(
    committed_db: str,
) -> None:
    number, answered = filed("supplement"), filed("supplement")
    for one in (number, answered):
        act(one, "ask", at(3, 3))
    limit = queries.read(number).deadline("supplement")
    assert limit is not None
    act(answered, "supplement", at(3, 5))
    actions.sweep(now=limit.due_at)
    assert [state(number), state(answered)] == [("given_up", "given_up"), ("considering", "")]
    assert queries.read(number).closed_at == limit.due_at
    with pytest.raises(WrongState, match="已放弃"):
        act(number, "supplement", limit.due_at)
    assert [as_recorded(number), as_recorded(answered)] == [(), ()]


@pytest.mark.fact("I-08")
@pytest.mark.fact("Z-20")
def test_an_office_and_an_expert_who_say_nothing_agree(committed_db: str) -> None:
    number = filed()
    act(number, "consult", at(3, 3))
    steps = {d.step: d for d in queries.read(number).deadlines}
    assert steps.keys() == {"co_maker", "expert"}
    with pytest.raises(NotAllowed):
        act(number, "deem_agreed", at(3, 4), step="co_maker")
    actions.sweep(now=steps["expert"].due_at)
    case = queries.read(number)
    assert {a.step: (a.state, a.result) for a in case.assignments} == {
        "expert": ("done", "agree"),
        "co_maker": ("open", ""),
    }
    act(number, "agree", at(3, 5), result="disagree")
    assert {a.step: a.result for a in queries.read(number).assignments}["co_maker"] == "disagree"
    assert queries.read(number).state == "considering"
    assert as_recorded(number) == ()


@pytest.mark.fact("I-08")
def test_two_silences_that_are_over_are_both_carried_out_before_anything_else(committed_db: str) -> None:
    number = filed()
    act(number, "consult", at(3, 3))
    act(number, "stop", at(4, 20), ground="hearing", until="2026-04-30", document="听证通知书")
    case = queries.read(number)
    assert (case.state, [a.result for a in case.assignments]) == ("considering", ["agree", "agree"])
    assert [e.event for e in journal.entries_of(number)][2:] == [
        "silence.deem_agreed",
        "silence.deem_agreed",
        "silence.stop",
    ]


@pytest.mark.fact("X-19")
def test_an_application_for_reconsideration_is_accepted_when_the_limit_ends_and_not_as_of_receipt(
    committed_db: str,
) -> None:
    number = filed("review")
    assert actions.sweep(now=at(3, 10)) == 1
    case = queries.read(number)
    assert case.accepted_at is not None
    assert (case.state, shanghai_day(case.accepted_at)) == ("considering", date(2026, 3, 10))


def test_a_step_falls_silent_by_the_system_only(committed_db: str) -> None:
    number = filed()
    act(number, "consult", at(3, 3))
    with pytest.raises(WrongState):
        actions.perform(number, "deem_agreed", by=SYSTEM, now=at(3, 4), data={"step": "nobody's"})
    assert len(queries.read(number).open_assignments) == 2


def test_a_procedure_whose_silence_nobody_carries_out_is_refused() -> None:
    without = replace(
        silent_kind.PROCEDURE,
        rows=tuple(row for row in silent_kind.PROCEDURE.rows if row.action != "deem_renewed"),
    )
    with pytest.raises(ValueError, match="deem_renewed no row carries out"):
        registry.register(without)
    assert registry.newest("silence") is silent_kind.PROCEDURE


# --- clocks of every shape ----------------------------------------------------------------------------------


def test_a_ground_may_begin_the_limit_anew_and_needs_no_notice_where_its_law_wants_none(
    committed_db: str,
) -> None:
    number = filed("answer")
    with pytest.raises(BadInput, match="书面告知"):
        act(number, "stop", at(3, 4), ground="hearing", until="2026-03-10")
    act(number, "stop", at(3, 4), ground="retrial", until="2026-03-10")
    clock = queries.read(number).deadlines[0]
    assert (clock.state, clock.due_on) == (Running.PAUSED, date(2026, 3, 24))
    act(number, "go_on", at(3, 9))
    clock = queries.read(number).deadlines[0]
    assert (clock.state, clock.due_on) == (Running.RUNNING, date(2026, 3, 23))
    explained = queries.explanation(queries.read(number), clock)
    assert explained.restarted_on == date(2026, 3, 9)
    assert as_recorded(number) == ()


def test_a_limit_is_extended_as_often_as_its_law_allows(committed_db: str) -> None:
    number = filed("answer")
    for days, due_on in ((2, date(2026, 3, 18)), (5, date(2026, 3, 25))):
        act(number, "extend", at(3, 4), days=days)
        assert queries.read(number).deadlines[0].due_on == due_on
    with pytest.raises(WrongState, match="已经延长 2 次"):
        act(number, "extend", at(3, 4), days=1)
    clock = queries.read(number).deadlines[0]
    assert (clock.extended, clock.times_extended, clock.due_on) == (7, 2, date(2026, 3, 25))


@pytest.mark.fact("Z-04")
def test_an_act_waits_for_the_time_that_must_pass_first_and_nobody_is_late(committed_db: str) -> None:
    number = filed("publicity")
    act(number, "announce", at(3, 3))
    clock = queries.read(number).deadlines[0]
    assert (clock.due_on, clock.is_duty) == (date(2026, 3, 6), False)
    offered = {o.action for o in queries.offers(queries.read(number), by=officer(), now=at(3, 6))}
    assert "award" not in offered
    with pytest.raises(WrongState, match="2026年3月7日起方可"):
        act(number, "award", at(3, 6))
    late = at(3, 9)
    assert actions.sweep(now=late) == 0
    assert queries.lamp(clock, now=late) is Lamp.GREEN
    act(number, "award", late)
    assert state(number) == ("awarded", "")
    assert [e.event for e in journal.entries_of(number)][-1] == "silence.award"
