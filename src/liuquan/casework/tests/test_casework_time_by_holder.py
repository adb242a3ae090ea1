"""Whose each day of a case is, when bodies hand it on: the day boundary is midnight in Shanghai."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.casework import actions, queries, registry, time_by_holder
from liuquan.casework.tests import bodies_kind as order
from liuquan.casework.tests.bodies_kind import BUILDING, LAND, OFFICE, officer
from liuquan.casework.tests.test_casework_bodies import at
from liuquan.casework.types import BodyRole, Snapshot, SuspensionView
from liuquan.clock import shanghai_day


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    order.registered()


@pytest.mark.parametrize(
    ("moved", "spent"),
    [
        # at 23:59 of the 4th the office still has the day, at 00:00 of the 5th it has the 5th too
        ([(4, 23, 59, LAND)], {OFFICE: 2, LAND: 6}),
        ([(5, 0, 0, LAND)], {OFFICE: 3, LAND: 5}),
        ([(5, 0, 1, LAND)], {OFFICE: 3, LAND: 5}),
        # who had it for some hours of a day has no day of it
        ([(5, 0, 0, LAND), (5, 23, 59, BUILDING)], {OFFICE: 3, BUILDING: 5}),
        ([(5, 9, 0, LAND), (5, 17, 0, OFFICE)], {OFFICE: 8}),
        ([(4, 23, 59, LAND), (5, 0, 0, OFFICE)], {OFFICE: 7, LAND: 1}),
        ([(2, 10, 1, LAND)], {LAND: 8}),
        ([(10, 0, 0, LAND)], {OFFICE: 8}),
    ],
)
def test_a_day_is_the_bodys_that_had_the_case_when_it_began(
    city_db: str, moved: list[tuple[int, int, int, str]], spent: dict[str, int]
) -> None:
    number, lead = order.taken_in(at(2)), OFFICE
    for day, hour, minute, body in moved:
        now = at(day) + timedelta(hours=hour - 10, minutes=minute)
        actions.perform(number, "hand_on", by=officer(lead), now=now, data={"body": body})
        lead = body
    case = queries.read(number)
    found = queries.days_spent(case, until=at(10).date())
    assert found == {case.name_of_body(body): days for body, days in spent.items()}
    assert sum(found.values()) == (at(10).date() - at(2).date()).days


START = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 30 * 24), max_size=6).map(sorted)


@given(moved=HOURS, asked=HOURS, until=st.integers(0, 40), data=st.data())
def test_the_days_of_all_holders_add_up_to_the_elapsed_days(
    moved: list[int], asked: list[int], until: int, data: st.DataObject
) -> None:
    """Each day is the body's that had the case when it began, or the party's while it was asked."""
    whose = [OFFICE, *(data.draw(st.sampled_from([OFFICE, LAND, BUILDING])) for _ in moved)]
    began = [START, *(START + timedelta(hours=n) for n in moved)]
    roles = [
        BodyRole(body, "lead", from_at, to_at)
        for body, from_at, to_at in zip(whose, began, [*began[1:], None], strict=True)
    ]
    case = replace(BLANK, body_code=whose[-1], roles=tuple(roles))
    changes = [(shanghai_day(START), "office")] + [
        (shanghai_day(START + timedelta(hours=n)), "office" if i % 2 else "party")
        for i, n in enumerate(asked)
    ]
    end = shanghai_day(START) + timedelta(days=until)
    spans = time_by_holder.spans(case, changes, end)
    totals = time_by_holder.days_by_holder(spans)
    assert sum(totals.values()) == until
    expected: Counter[str] = Counter()
    for n in range(1, until + 1):
        day = shanghai_day(START) + timedelta(days=n)
        holder = [who for on, who in changes if on < day][-1]
        lead = [role.body_code for role in roles if shanghai_day(role.from_at) < day][-1]
        expected["party" if holder == "party" else lead if moved else "office"] += 1
    assert Counter(totals) == expected


BLANK = Snapshot(
    1, "1", "order", 1, "open", 1, OFFICE, START, None, None, None, "", replace(order.terms(), steps=())
)


def test_days_before_a_corrected_receipt_are_the_first_bodys() -> None:
    moved = START + timedelta(days=2)
    roles = (BodyRole(OFFICE, "lead", START, moved), BodyRole(LAND, "lead", moved))
    case = replace(BLANK, body_code=LAND, roles=roles, received_at=START - timedelta(days=3))
    begun, until = shanghai_day(case.received_at), shanghai_day(START) + timedelta(days=6)
    found = time_by_holder.spans(case, [(begun, "office")], until)
    assert time_by_holder.days_by_holder(found) == {OFFICE: 5, LAND: 4}


def test_the_days_after_a_procedure_of_law_began_up_to_its_end_are_nobodys() -> None:
    stopped = SuspensionView(1, "hearing", date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 7), "")
    for one, law in ((stopped, 2), (replace(stopped, to_on=None), 6)):
        case = replace(BLANK, suspensions=(one,))
        found = time_by_holder.spans(case, [(shanghai_day(START), "office")], date(2026, 3, 10))
        assert time_by_holder.days_by_holder(found) == {"office": 8 - law, "law": law}


@pytest.mark.parametrize("days", [(2, 4, 5, 6), (2, 4, 3, 6), (2, 4, 4, 3)])
def test_a_gap_or_an_overlap_is_no_sum_of_days(days: tuple[int, ...]) -> None:
    first, until, again, last = (date(2026, 3, day) for day in days)
    with pytest.raises(ValueError, match="must follow one another"):
        time_by_holder.days_by_holder([(first, until, "office"), (again, last, "party")])
