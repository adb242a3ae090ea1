"""The engine runs a case kind it has never heard of: create, perform, sweep, refuse."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from liuquan.casework import actions, queries
from liuquan.casework.actions import acts
from liuquan.casework.types import NewCase, Outcome
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst, WrongState
from liuquan.organisation.types import SYSTEM, Actor, MandateTerm
from liuquan.testing import kinds as licence
from liuquan.testing.consultation import procedure as consultation

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
BODY = "11990100MB9901024C"


def officer(
    staff_id: int = 1, actions_allowed: tuple[str, ...] = ("ask", "answer"), body: str = BODY
) -> Actor:
    """A member of staff mandated for consultations of one body."""
    return Actor(
        kind="staff",
        staff_id=staff_id,
        post_code="T-1",
        post_name="咨询岗",
        body_code=body,
        mandates=(MandateTerm(frozenset(f"consultation.{one}" for one in actions_allowed), ("*",), body),),
    )


def ask(now: datetime = NOW) -> Outcome:
    consultation.registered()
    number = actions.next_number(kind="consultation", now=now)
    new = NewCase(
        kind="consultation",
        number=number,
        terms=consultation.terms(BODY),
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={BODY: "lead"},
    )
    return actions.create(new, by=officer(), now=now)


def test_a_case_of_a_new_kind_is_opened_with_its_clock_and_its_entry(committed_db: str) -> None:
    outcome = ask()
    snapshot = queries.read(outcome.number)
    assert snapshot.state == "asked"
    assert [(d.key, d.due_on.isoformat()) for d in snapshot.deadlines] == [("answer", "2026-03-16")]
    assert [e.event for e in journal.entries_of(outcome.number)] == ["consultation.asked"]


def test_answering_closes_the_case_and_meets_its_clock(committed_db: str) -> None:
    number = ask().number
    actions.perform(number, "answer", by=officer(), now=NOW, data=consultation.in_writing())
    snapshot = queries.read(number)
    assert (snapshot.state, snapshot.deadlines[0].state) == ("answered", "met")
    entries = journal.entries_of(number)
    assert [(e.from_state, e.to_state) for e in entries] == [(None, "asked"), ("asked", "answered")]
    assert queries.counts() == {("consultation", BODY, "answered"): 1}
    assert actions.fold_counts() == 3
    assert queries.counts() == {("consultation", BODY, "answered"): 1}


def test_counts_are_kept_by_kind_and_equal_a_recount(committed_db: str) -> None:
    asked, answered = ask().number, ask().number
    actions.perform(answered, "answer", by=officer(), now=NOW, data=consultation.in_writing())
    licences = [licence.receive(NOW) for _ in range(2)]
    assert actions.fold_counts() == 6
    licence.act(licences[0], "accept", NOW)
    by_kind = {("test_licence", BODY, "received"): 1, ("test_licence", BODY, "examining"): 1}
    of_all = by_kind | {("consultation", BODY, "asked"): 1, ("consultation", BODY, "answered"): 1}
    assert (queries.counts(), queries.counts(kind="test_licence")) == (of_all, by_kind)
    assert queries.counts(body_code="another") == queries.counts(kind="another") == {}
    assert queries.counts_by_subject() == {"consultation": 2, "T-1": 2}
    assert queries.read(asked).state == "asked"
    counted_anew = importlib.import_module("liuquan.casework.migrations.0007_counts_by_kind")
    sql.run(counted_anew.RECOUNT.format(kind="kind"))
    assert queries.counts() == of_all
    assert actions.fold_counts() == 0


@pytest.mark.parametrize(
    ("by", "data", "refusal"),
    [
        (officer(actions_allowed=("ask",)), consultation.in_writing(), NotAllowed),
        (officer(body="11990100MB99010327"), consultation.in_writing(), NotVisible),
        (officer(), {}, BadInput),
    ],
)
def test_a_refused_act_leaves_the_case_as_it_was(
    committed_db: str, by: Actor, data: dict[str, str], refusal: type[Exception]
) -> None:
    number = ask().number
    before = queries.read(number)
    with pytest.raises(refusal):
        actions.perform(number, "answer", by=by, now=NOW, data=data)
    assert queries.read(number) == before
    assert len(journal.entries_of(number)) == 1


def test_an_act_in_a_wrong_state_says_what_the_state_is(committed_db: str) -> None:
    number = ask().number
    actions.perform(number, "answer", by=officer(), now=NOW, data=consultation.in_writing())
    with pytest.raises(WrongState, match="已答复"):
        actions.perform(number, "answer", by=officer(), now=NOW, data=consultation.in_writing())
    assert len(journal.entries_of(number)) == 2


def test_a_duty_is_reminded_of_once_before_its_end_and_its_breach_is_entered_once(committed_db: str) -> None:
    number = ask().number
    late = NOW + timedelta(days=8)
    assert actions.remind(now=NOW + timedelta(days=6)) == 0
    assert [actions.sweep(now=NOW + timedelta(days=7)) for _ in range(2)] == [0, 0]
    assert [actions.sweep(now=late) for _ in range(2)] == [1, 0]
    entries = journal.entries_of(number)
    assert [e.event for e in entries] == [
        "consultation.asked",
        "casework.deadline_near",
        "casework.deadline_breached",
    ]
    assert [e.public["due_on"] for e in entries[1:]] == ["2026-03-16", "2026-03-16"]


def test_nobody_is_reminded_of_what_is_over_or_done(committed_db: str) -> None:
    late, done = ask().number, ask().number
    actions.perform(done, "answer", by=officer(), now=NOW, data=consultation.in_writing())
    assert actions.remind(now=NOW + timedelta(days=8)) == 0
    assert [len(journal.entries_of(number)) for number in (late, done)] == [1, 2]


def test_the_database_refuses_a_change_of_state_without_an_entry(committed_db: str) -> None:
    number = ask().number
    with pytest.raises(Exception, match="without a journal entry"):
        sql.run("UPDATE casework_case SET state = 'answered' WHERE number = %(n)s", {"n": number})
    connection.close()
    assert queries.read(number).state == "asked"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET event = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry CASCADE",
        "DELETE FROM casework_case",
    ],
)
def test_the_application_role_cannot_rewrite_the_record(committed_db: str, statement: str) -> None:
    number = ask().number
    with pytest.raises(Exception, match="permission denied") as refused:
        sql.run(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert len(journal.entries_of(number)) == 1


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask().number
    stale = queries.read(number)
    actions.perform(number, "answer", by=officer(), now=NOW, data=consultation.in_writing("先"))
    monkeypatch.setattr(acts, "read", lambda _number: stale)
    with pytest.raises(SomebodyWasFirst):
        actions.perform(number, "answer", by=officer(2), now=NOW, data=consultation.in_writing("后"))
    assert len(journal.entries_of(number)) == 2


def test_a_stranger_and_the_system_do_not_answer(committed_db: str) -> None:
    number = ask().number
    with pytest.raises(NotAllowed):
        actions.perform(number, "answer", by=SYSTEM, now=NOW, data=consultation.in_writing("x"))
    assert len(journal.entries_of(number)) == 1


def test_a_mandate_of_another_kind_gives_nothing_and_nothing_happens(committed_db: str) -> None:
    number = ask().number
    before = queries.read(number)
    foreign = replace(officer(), mandates=(MandateTerm(frozenset({"application.answer"}), ("*",), BODY),))
    with pytest.raises(NotAllowed, match="没有“答复”的授权"):
        actions.perform(number, "answer", by=foreign, now=NOW, data=consultation.in_writing())
    assert queries.read(number) == before
    assert queries.offers(before, by=foreign, now=NOW) == []
    assert queries.worklist(foreign, now=NOW) == []
    assert not queries.is_handler(before, foreign)
