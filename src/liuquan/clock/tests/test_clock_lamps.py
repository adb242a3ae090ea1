"""Lamps: when yellow begins, when red does, and what is left."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from liuquan.clock import (
    Calendar,
    ClockError,
    Direction,
    Limit,
    Sense,
    Suspension,
    Unit,
    day_start,
    deadline,
    is_late,
    is_too_early,
    remaining,
    warn_at,
    warn_on,
    warn_ordinal,
)

CALENDAR = Calendar(holidays={}, make_up={}, announced=[(date(2026, 1, 1), date(2026, 12, 31))])
MONDAY = date(2026, 9, 7)
FIVE = Limit(5, Unit.WORKING_DAY)


@pytest.mark.parametrize(("n", "day"), [(1, 1), (5, 5), (10, 10), (20, 19), (45, 41), (100, 91)])
@pytest.mark.parametrize("share", ["0.9", Decimal("0.9"), Fraction(9, 10)])
def test_yellow_begins_on_its_counted_day_by_exact_arithmetic(n: int, day: int, share: Any) -> None:
    assert warn_ordinal(n, share) == day


@pytest.mark.parametrize("share", [0.9, "1", "-0.1"])
def test_an_inexact_or_senseless_share_is_refused(share: Any) -> None:
    with pytest.raises(ClockError, match="预警比例"):
        warn_ordinal(10, share)


def test_yellow_begins_at_the_opening_of_its_day_and_respects_suspended_days() -> None:
    twenty = Limit(20, Unit.WORKING_DAY)
    found = deadline(twenty, MONDAY, CALENDAR)
    assert warn_on(found, CALENDAR, "0.9") == CALENDAR.nth_working_day_after(MONDAY, 19)
    assert warn_at(found, CALENDAR, "0.9") == day_start(CALENDAR.nth_working_day_after(MONDAY, 19))
    review = Suspension(date(2026, 9, 11), date(2026, 9, 18), "review")
    later = deadline(twenty, MONDAY, CALENDAR, suspensions=[review])
    assert warn_on(later, CALENDAR, "0.9") == CALENDAR.nth_working_day_after(MONDAY, 24)


def test_what_has_no_first_day_warns_on_its_due_day() -> None:
    back = deadline(Limit(3, Unit.WORKING_DAY, direction=Direction.BEFORE), MONDAY, CALENDAR)
    assert warn_on(back, CALENDAR, "0.9") == back.due_on
    once = deadline(Limit(0, Unit.WORKING_DAY), MONDAY, CALENDAR)
    assert warn_on(once, CALENDAR, "0.9") == MONDAY


def test_hours_warn_when_their_share_is_over() -> None:
    start = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)
    found = deadline(Limit(10, Unit.HOUR), start, CALENDAR)
    assert warn_at(found, CALENDAR, "0.9") == start + timedelta(hours=9)


def test_late_begins_exactly_at_the_due_moment() -> None:
    found = deadline(FIVE, MONDAY, CALENDAR)
    assert not is_late(found, found.due_at - timedelta(microseconds=1))
    assert is_late(found, found.due_at)


def test_a_suspended_duty_is_never_late() -> None:
    running = Suspension(date(2026, 9, 8), None, "review")
    found = deadline(FIVE, MONDAY, CALENDAR, suspensions=[running], until=date(2026, 9, 9))
    assert not is_late(found, datetime(2026, 12, 1, tzinfo=UTC))


def test_an_act_that_must_wait_is_too_early_until_the_moment_and_never_late() -> None:
    publicity = deadline(Limit(5, Unit.WORKING_DAY, sense=Sense.AT_LEAST), MONDAY, CALENDAR)
    assert is_too_early(publicity, publicity.due_at - timedelta(seconds=1))
    assert not is_too_early(publicity, publicity.due_at)
    assert not is_late(publicity, publicity.due_at)
    assert not is_too_early(deadline(FIVE, MONDAY, CALENDAR), day_start(MONDAY))


@pytest.mark.parametrize(
    ("on", "left"),
    [
        ("2026-09-01", 5),
        ("2026-09-07", 5),
        ("2026-09-08", 4),
        ("2026-09-12", 1),
        ("2026-09-14", 0),
        ("2026-09-15", -1),
        ("2026-09-20", -4),
    ],
)
def test_remaining_counts_working_days_and_turns_negative_when_late(on: str, left: int) -> None:
    assert remaining(deadline(FIVE, MONDAY, CALENDAR), date.fromisoformat(on), CALENDAR) == left


def test_remaining_leaves_out_suspended_days_and_stands_still_meanwhile() -> None:
    review = Suspension(date(2026, 9, 8), date(2026, 9, 10), "review")
    found = deadline(FIVE, MONDAY, CALENDAR, suspensions=[review])
    assert [remaining(found, date(2026, 9, day), CALENDAR) for day in (8, 9, 10, 11)] == [4, 4, 4, 3]


def test_remaining_hours_are_whole_hours_from_a_moment() -> None:
    start = datetime(2026, 9, 7, tzinfo=UTC)
    found = deadline(Limit(10, Unit.HOUR), start, CALENDAR)
    assert remaining(found, start + timedelta(minutes=90), CALENDAR) == 8
    assert remaining(found, start + timedelta(hours=11), CALENDAR) == -1
    with pytest.raises(ClockError, match="具体时刻"):
        remaining(found, MONDAY, CALENDAR)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ClockError, match="时区"):
        is_late(deadline(FIVE, MONDAY, CALENDAR), datetime(2026, 9, 7, tzinfo=UTC).replace(tzinfo=None))
