"""After the calendar changed, every open deadline is counted again once, and its case says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

from liuquan import law
from liuquan.casework import actions, queries, reprojection
from liuquan.casework.tests import consultation
from liuquan.casework.tests.test_casework_consultation import BODY, officer
from liuquan.casework.types import NewCase
from liuquan.clock import Calendar
from liuquan.journal import queries as journal

DECEMBER = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
MARCH = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
NEW_YEAR = {date(2027, 1, day): ("元旦", "2027年通知") for day in (1, 2, 3)}


def next_year() -> Calendar:
    """The law's calendar with an invented notice for 2027."""
    ours = law.national_calendar()
    days = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "off"}
    made_up = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "working"}
    announced = [*ours.announced, (date(2027, 1, 1), date(2027, 12, 31))]
    return Calendar(holidays=days | NEW_YEAR, make_up=made_up, announced=announced)


def opened(now: datetime) -> str:
    consultation.registered()
    number = actions.next_number(kind="consultation", now=now)
    new = NewCase(
        kind="consultation", number=number, terms=consultation.terms(BODY), subject_version="1",
        division_path="r990000.r990100", parties={}, bodies={BODY: "lead"},
    )  # fmt: skip
    return actions.create(new, by=officer(), now=now).number


def test_a_provisional_deadline_becomes_firm_and_its_case_says_by_which_notice(committed_db: str) -> None:
    over_new_year, in_march = opened(DECEMBER), opened(MARCH)
    before = queries.read(over_new_year).deadlines[0]
    assert (before.due_on, before.provisional) == (date(2027, 1, 5), True)
    report = reprojection.reproject(lambda _: next_year(), now=DECEMBER, reason="2027年放假安排公布")
    after = queries.read(over_new_year).deadlines[0]
    assert (after.due_on, after.provisional) == (date(2027, 1, 6), False)
    assert (report.examined, report.changed, report.moved, report.firm) == (2, 1, 1, 1)
    assert dict(report.by_days) == {1: 1}
    last = journal.entries_of(over_new_year)[-1]
    assert last.event == "casework.deadline_reprojected"
    assert last.public["before"] == {"answer": "2027-01-05"}
    assert last.public["due"] == {"answer": "2027-01-06"}
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
