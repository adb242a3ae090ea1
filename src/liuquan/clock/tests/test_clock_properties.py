"""What must hold for every limit, start and suspension, on a calendar with holidays and a gap."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.clock import (
    Calendar,
    DayKind,
    Deadline,
    Limit,
    OfficeHours,
    Resumption,
    Suspension,
    Unit,
    deadline,
    explain,
    recount,
    remaining,
    warn_on,
)
from liuquan.clock.lamps import running_time

OFFICE = OfficeHours.parse("08:30-12:00,13:30-17:30")
FIRST = date(2026, 1, 1)
#: Holidays and make-up days scattered by a fixed rule over two announced years; 2028 is not announced.
OFF = {FIRST + timedelta(days=n): ("节", "通知") for n in range(0, 720, 11)}
WORKED = {
    on: ("节", "通知")
    for on in (FIRST + timedelta(days=n) for n in range(5, 720, 13))
    if on.weekday() >= 5 and on not in OFF
}
CALENDAR = Calendar(holidays=OFF, make_up=WORKED, announced=[(FIRST, date(2027, 12, 31))])

starts = st.dates(FIRST, date(2028, 3, 31))
amounts = st.integers(1, 60)
day_units = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY])


@st.composite
def suspension_lists(draw: st.DrawFn) -> list[Suspension]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begins = draw(starts)
        found.append(Suspension(begins, begins + timedelta(days=draw(st.integers(0, 40))), "review"))
    return found


def count(amount: int, unit: Unit, start: date, suspensions: list[Suspension]) -> Deadline:
    return deadline(Limit(amount, unit), start, CALENDAR, suspensions=suspensions)


@given(starts, amounts, day_units, suspension_lists())
def test_a_later_start_never_ends_earlier(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    later = count(amount, unit, start + timedelta(days=1), suspensions)
    assert count(amount, unit, start, suspensions).due_on <= later.due_on


@given(starts, amounts, st.sampled_from([*Unit][4:]), suspension_lists())
def test_a_longer_limit_never_ends_earlier(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    longer = count(amount + 1, unit, start, suspensions)
    assert count(amount, unit, start, suspensions).due_on <= longer.due_on


@given(starts, amounts, day_units, suspension_lists(), st.integers(0, 40))
def test_splitting_a_suspension_at_a_shared_end_changes_nothing(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension], cut: int
) -> None:
    split: list[Suspension] = []
    for one in suspensions:
        assert one.to_on is not None
        middle = min(one.from_on + timedelta(days=cut), one.to_on)
        split += [replace(one, to_on=middle), replace(one, from_on=middle)]
    assert count(amount, unit, start, split).due_on == count(amount, unit, start, suspensions).due_on


@given(starts, amounts, day_units, suspension_lists())
def test_the_order_of_suspensions_does_not_matter(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    backwards = list(reversed(suspensions))
    assert count(amount, unit, start, backwards).due_on == count(amount, unit, start, suspensions).due_on


@given(starts, amounts, day_units, suspension_lists())
def test_a_suspension_never_shortens_a_limit(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    assert count(amount, unit, start, suspensions).due_on >= count(amount, unit, start, []).due_on


@settings(max_examples=60)
@given(starts, amounts, day_units, suspension_lists())
def test_the_explanation_counts_the_amount_and_ends_on_the_same_day(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    found = count(amount, unit, start, suspensions)
    days = explain(found, CALENDAR)
    assert [day.ordinal for day in days if day.ordinal] == list(range(1, amount + 1))
    assert [day.on for day in days] == [start + timedelta(days=n) for n in range(len(days))]
    assert days[-1].on == found.due_on
    # Recomputed from the explanation alone: the last counted day, moved on to a working day when it rolls.
    last = max(day.on for day in days if day.ordinal)
    assert last == found.nominal_on
    assert found.rolled_from in (None, last)


@settings(max_examples=60)
@given(starts, amounts, suspension_lists())
def test_a_deadline_is_provisional_exactly_when_an_unannounced_day_is_crossed(
    start: date, amount: int, suspensions: list[Suspension]
) -> None:
    found = count(amount, Unit.WORKING_DAY, start, suspensions)
    crossed = [day.on for day in found.days[1:] if CALENDAR.kind(day.on) is DayKind.NOT_ANNOUNCED]
    assert found.provisional == bool(crossed)
    assert list(found.assumed_on) == crossed


@given(starts, starts, starts)
def test_working_days_between_is_additive(a: date, b: date, c: date) -> None:
    between = CALENDAR.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)


@given(starts, amounts, day_units, suspension_lists())
def test_the_whole_amount_remains_at_the_start_and_nothing_at_the_end(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    found = count(amount, unit, start, suspensions)
    assert remaining(found, found.due_on, CALENDAR) == 0
    if found.rolled_from is None:
        assert remaining(found, start, CALENDAR) == amount


@given(starts, amounts, day_units, suspension_lists())
def test_yellow_never_begins_after_the_last_day_nor_on_the_first(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    found = count(amount, unit, start, suspensions)
    assert start < warn_on(found, CALENDAR, "0.9") <= found.due_on


@given(starts, amounts, suspension_lists(), st.integers(0, 60))
def test_resuming_and_suspending_again_the_same_day_changes_nothing(
    start: date, amount: int, suspensions: list[Suspension], after: int
) -> None:
    day = start + timedelta(days=after)
    nothing = [*suspensions, Suspension(day, day, "review")]
    for unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY):
        assert count(amount, unit, start, nothing).due_on == count(amount, unit, start, suspensions).due_on


@given(starts, amounts, st.integers(0, 30), st.integers(0, 30))
def test_suspensions_add_up(start: date, amount: int, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    ends = middle + timedelta(days=second)
    apart = [Suspension(start, middle, "review"), Suspension(middle, ends, "review")]
    found = count(amount, Unit.CALENDAR_DAY, start, apart)
    assert found.nominal_on == start + timedelta(days=amount + first + second)


@given(starts, amounts)
def test_the_quick_way_gives_the_same_day(start: date, amount: int) -> None:
    assert CALENDAR.due_on(start, amount) == count(amount, Unit.WORKING_DAY, start, []).due_on


@given(starts, amounts, day_units, suspension_lists())
def test_a_deadline_counted_again_is_the_same(
    start: date, amount: int, unit: Unit, suspensions: list[Suspension]
) -> None:
    found = count(amount, unit, start, suspensions)
    assert recount(found, CALENDAR) == found


@given(starts, amounts, st.integers(0, 50), st.integers(0, 30))
def test_a_restart_ends_like_a_limit_begun_at_its_end_or_not_at_all(
    start: date, amount: int, after: int, length: int
) -> None:
    begins = start + timedelta(days=after)
    ends = begins + timedelta(days=length)
    restart = Suspension(begins, ends, "review", resumes=Resumption.RESTART)
    found = count(amount, Unit.WORKING_DAY, start, [restart])
    plain = count(amount, Unit.WORKING_DAY, start, [])
    begun_anew = begins < plain.due_on and ends > start
    expected = count(amount, Unit.WORKING_DAY, ends, []) if begun_anew else plain
    assert found.due_on == expected.due_on
    assert found.days[-1].on == found.due_on


@given(starts, st.times(), st.integers(1, 200), suspension_lists())
def test_working_hours_measured_back_are_the_amount(
    day: date, at: time, amount: int, suspensions: list[Suspension]
) -> None:
    start = datetime.combine(day, at, UTC)
    limit = Limit(amount, Unit.WORKING_HOUR)
    found = deadline(limit, start, CALENDAR, suspensions=suspensions, hours=OFFICE)
    assert running_time(found, start, CALENDAR) == timedelta(hours=amount)
    assert running_time(found, found.due_at, CALENDAR) == timedelta()
