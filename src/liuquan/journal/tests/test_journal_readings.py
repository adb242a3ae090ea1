"""Openings are found by their own index, and no event that opens something escapes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liuquan.journal import actions, events, queries
from liuquan.journal.types import Event, NewEntry, ReadingFilter
from liuquan.kernel import sql

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(("name", "reads"), [("probe.looked", True), ("probe.opened_wide_opened", False)])
def test_exactly_the_events_that_read_are_named_so(name: str, reads: bool) -> None:
    with pytest.raises(ValueError, match="_opened"):
        events.declare(Event(name, "看", "看", reads=reads))
    assert name not in events.vocabulary()


@pytest.mark.django_db
def test_openings_of_a_month_are_found_without_reading_the_whole_record() -> None:
    actions.append(
        *(NewEntry("journal.audited", f"S{n}", "B", "P", "system", NOW, {"entries": n}) for n in range(2000)),
        NewEntry("casework.notice_opened", "C1", "B", "P", "staff", NOW, {"label": "通知书"}, {"staff": 1}),
        NewEntry("casework.notice_opened", "C1", "", "", "party", NOW, {"label": "通知书"}),
    )
    sql.run("ANALYZE journal_entry")
    asked = ReadingFilter(from_at=NOW, bodies=frozenset({"B"}), staff_only=True)
    assert [entry.subject for entry in queries.readings(asked)] == ["C1"]
    assert queries.count_readings(ReadingFilter(subject="C1")) == 2
    plan = sql.run(
        "EXPLAIN SELECT count(*) FROM journal_entry WHERE event = ANY(ARRAY['casework.notice_opened']) "
        "AND right(event, 7) = '_opened' AND effective_at >= '2026-03-01'"
    )
    assert "journal_readings" in " ".join(str(row) for row in plan)
