"""After the calendar changed, every open deadline is counted again once, and its case says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from liuquan import law
from liuquan.casework import actions, queries
from liuquan.casework.actions import acts, reprojection
from liuquan.casework.tests.test_casework_consultation import BODY, officer
from liuquan.casework.types import Counting, NewCase, Running
from liuquan.clock import Calendar
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import SomebodyWasFirst
from liuquan.testing.consultation import procedure as consultation

DECEMBER = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
MARCH = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
Days = dict[date, tuple[str, str]]
NEW_YEAR: Days = {date(2027, 1, day): ("元旦", "2027年通知") for day in (1, 2, 3, 4)}


def next_year(holidays: Days = NEW_YEAR, worked: Days | None = None) -> Calendar:
    """The law's calendar with an invented notice for 2027."""
    ours = law.national_calendar()
    days = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "off"}
    made_up = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "working"}
    announced = [*ours.announced, (date(2027, 1, 1), date(2027, 12, 31))]
    return Calendar(holidays=days | holidays, make_up=made_up | (worked or {}), announced=announced)


def opened(now: datetime, region: str = "") -> str:
    consultation.registered()
    number = actions.next_number(kind="consultation", now=now)
    terms = replace(consultation.terms(BODY), counting=Counting(region=region))
    new = NewCase(
        kind="consultation",
        number=number,
        terms=terms,
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={BODY: "lead"},
    )
    return actions.create(new, by=officer(), now=now).number


def test_a_provisional_deadline_becomes_firm_and_its_case_says_by_which_notice(committed_db: str) -> None:
    over_new_year, in_march = opened(DECEMBER), opened(MARCH)
    before = queries.read(over_new_year).deadlines[0]
    assert (before.due_on, before.provisional) == (date(2027, 1, 6), True)
    report = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    after = queries.read(over_new_year).deadlines[0]
    assert (after.due_on, after.provisional) == (date(2027, 1, 7), False)
    assert (report.examined, report.changed, report.moved, report.firm) == (2, 1, 1, 1)
    assert dict(report.by_days) == {1: 1}
    last = journal.entries_of(over_new_year)[-1]
    assert last.event == "casework.deadline_reprojected"
    assert last.public["before"] == {"answer": "2027-01-06"}
    assert last.public["due"] == {"answer": "2027-01-07"}
    assert len(journal.entries_of(in_march)) == 1


def test_a_preview_counts_the_same_and_writes_nothing(committed_db: str) -> None:
    number = opened(DECEMBER)
    before = queries.read(number)
    report = reprojection.preview(lambda _: next_year())
    assert (report.changed, report.moved, report.cases) == (1, 1, 1)
    assert queries.read(number) == before
    assert len(journal.entries_of(number)) == 1


def test_run_twice_it_changes_nothing(committed_db: str) -> None:
    number = opened(DECEMBER)
    reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    again = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    assert again.changed == 0
    assert len(journal.entries_of(number)) == 2


def test_deadlines_that_end_before_the_first_changed_day_are_not_even_looked_at(committed_db: str) -> None:
    opened(MARCH)
    assert reprojection.open_count(since=date(2027, 1, 1)) == 0
    assert reprojection.preview(lambda _: next_year(), since=date(2027, 1, 1)).examined == 0


def events_of(number: str) -> list[str]:
    return [entry.event for entry in journal.entries_of(number)]


def test_clocks_that_are_counted_alike_are_counted_once(committed_db: str) -> None:
    alike = [opened(DECEMBER) for _ in range(4)]
    opened(DECEMBER.replace(day=28))
    report = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    assert (report.changed, report.cases, report.groups) == (5, 5, 2)
    assert {queries.read(number).deadlines[0].due_on for number in alike} == {date(2027, 1, 7)}


def test_batches_written_side_by_side_enter_each_case_once(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprojection, "BATCH", 1)
    numbers = [opened(DECEMBER) for _ in range(5)]
    looked_at: list[int] = []
    report = reprojection.reproject(
        lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布", progress=looked_at.append
    )
    assert (report.examined, report.changed, report.cases, looked_at) == (5, 5, 5, [1] * 5)
    for number in numbers:
        assert events_of(number) == ["consultation.asked", "casework.deadline_reprojected"]


def test_a_run_that_is_killed_is_finished_by_the_next(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprojection, "BATCH", 1)
    numbers = [opened(DECEMBER) for _ in range(4)]

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="通知公布", progress=killed)
    written = sum(len(events_of(number)) - 1 for number in numbers)
    rest = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="通知公布")
    assert 0 < written < 4
    assert rest.changed == 4 - written
    assert all(len(events_of(number)) == 2 for number in numbers)
    assert not any(queries.read(number).deadlines[0].provisional for number in numbers)


def test_what_was_written_meanwhile_by_the_old_calendar_is_looked_at_again(committed_db: str) -> None:
    number, other = opened(DECEMBER), opened(DECEMBER)

    def undone(_: int) -> None:
        """Simulate an act decided before the notice was loaded but written after the run passed it."""
        values = {"number": number, "due_at": datetime(2027, 1, 5, 16, tzinfo=UTC)}
        sql.run(
            "UPDATE casework_deadline SET due_on = '2027-01-05', due_at = %(due_at)s, provisional = true "
            "WHERE case_id = (SELECT id FROM casework_case WHERE number = %(number)s)",
            values,
        )

    report = reprojection.reproject(
        lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布", progress=undone
    )
    assert (report.examined, report.changed) == (2, 3)
    late = [other]
    for one in (number, *late):
        assert queries.read(one).deadlines[0].due_on == date(2027, 1, 7)


def test_an_act_decided_by_a_calendar_that_is_no_more_is_refused(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(DECEMBER)
    stale = replace(queries.read(number), calendar_version=uuid4())
    monkeypatch.setattr(acts, "read", lambda _: stale)
    with pytest.raises(SomebodyWasFirst):
        actions.perform(number, "answer", by=officer(), now=DECEMBER, data=consultation.in_writing())
    assert events_of(number) == ["consultation.asked"]


def test_a_clock_that_stopped_while_provisional_is_made_firm(committed_db: str) -> None:
    number = opened(DECEMBER)
    actions.perform(number, "answer", by=officer(), now=DECEMBER, data=consultation.in_writing())
    report = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    clock = queries.read(number).deadlines[0]
    assert (clock.state, clock.due_on, clock.provisional) == (Running.MET, date(2027, 1, 7), False)
    assert (report.firm, report.late) == (1, 0)
    assert events_of(number)[-1] == "casework.deadline_reprojected"


def test_a_duty_done_in_provisional_time_that_was_late_after_all_is_entered_as_late(
    committed_db: str,
) -> None:
    number = opened(DECEMBER)
    answered = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
    actions.perform(number, "answer", by=officer(), now=answered, data=consultation.in_writing())
    worked = {date(2027, 1, 2): ("调休上班", "2027年通知")}
    report = reprojection.reproject(lambda _: next_year({}, worked), now=answered, reason="通知公布")
    clock = queries.read(number).deadlines[0]
    assert (clock.due_on, clock.breached, report.late) == (date(2027, 1, 4), True, 1)
    assert events_of(number)[-1] == "casework.deadline_breached"


def test_nobody_is_late_by_a_shortest_time_that_was_waited_for(committed_db: str) -> None:
    number = opened(DECEMBER)
    answered = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
    actions.perform(number, "answer", by=officer(), now=answered, data=consultation.in_writing())
    sql.run(
        "UPDATE casework_case SET terms = jsonb_set(terms, '{limits,answer,sense}', '\"at_least\"') "
        "WHERE number = %(number)s",
        {"number": number},
    )
    worked = {date(2027, 1, 2): ("调休上班", "2027年通知")}
    report = reprojection.reproject(lambda _: next_year({}, worked), now=answered, reason="通知公布")
    assert (report.firm, report.late) == (1, 0)
    assert events_of(number)[-1] == "casework.deadline_reprojected"


def test_days_of_one_place_move_only_its_own_deadlines(committed_db: str) -> None:
    here, there = opened(MARCH, region="990121000000"), opened(MARCH)
    ours = law.national_calendar()
    closed = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "off"}
    made_up = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "working"}
    local = Calendar(
        holidays=closed | {date(2026, 3, 12): ("地方节日", "县政府公告")},
        make_up=made_up,
        announced=ours.announced,
    )
    report = reprojection.reproject(
        lambda place: local if place else ours, now=MARCH, reason="公告", since=date(2026, 3, 12)
    )
    assert (report.examined, report.changed) == (2, 1)
    assert queries.read(here).deadlines[0].due_on == date(2026, 3, 17)
    assert queries.read(there).deadlines[0].due_on == date(2026, 3, 16)


def test_a_case_that_keeps_no_such_limit_is_left_alone_and_told(committed_db: str) -> None:
    number = opened(DECEMBER)
    sql.run("UPDATE casework_deadline SET limit_key = 'lost'")
    report = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="通知公布")
    assert (report.examined, report.without_limit, report.changed) == (1, 1, 0)
    assert events_of(number) == ["consultation.asked"]
