"""The clock's edge."""

from datetime import UTC, date, datetime, timedelta

import pytest

from liuquan.kernel import moments
from liuquan.testing.browsers import SetNow


def test_the_date_is_the_one_in_shanghai() -> None:
    assert moments.today(datetime(2026, 3, 2, 15, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert moments.today(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) == date(2026, 3, 3)


def test_a_moment_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moments.today(datetime(2026, 3, 2))  # noqa: DTZ001


def test_the_demo_moves_the_clock_by_whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    before = moments.now()
    monkeypatch.setenv(moments.OFFSET_VARIABLE, "-86400")
    moved = moments.now()
    assert before - timedelta(days=1) <= moved <= before - timedelta(days=1) + timedelta(minutes=5)
    assert moved.utcoffset() == timedelta(0)


def test_tests_set_the_moment_that_the_edges_read(set_now: SetNow) -> None:
    moment = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    set_now(moment)
    assert moments.now() == moment
