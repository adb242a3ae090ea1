"""A finding and a recorded reading in the city of the tests."""

from __future__ import annotations

from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.supervision import actions
from liuquan.testing.cases import SEEN
from liuquan.testing.cast import Cast


def furnish(cast: Cast, names: dict[str, str]) -> dict[str, str]:
    """A finding about the late case, and the reading of its file."""
    actions.run_all(now=SEEN)
    found = sql.run_one(
        "SELECT number::text AS number FROM supervision_finding WHERE case_number = %(case)s"
        " ORDER BY id LIMIT 1",
        {"case": names["case"]},
    )
    assert found is not None
    read = next(e for e in journal.entries_of(names["case"]) if e.event in journal.reading_events())
    return {"finding": found["number"], "reading": str(read.number)}
