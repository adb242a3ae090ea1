"""From which tickets classes may be learnt: those that have left the centre's hands, as they are filed now.

Reports are left out: their texts accuse somebody by name."""

from __future__ import annotations

from liuquan.casework import queries as cases
from liuquan.hotline.types import UNFILED, RequestKind
from liuquan.kernel import sql

_OF = f"""
FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
WHERE c.state <> 'registered' AND c.outcome NOT IN ('merged', 'withdrawn', 'transferred')
    AND t.class_code <> %(unfiled)s AND t.request_kind <> %(report)s
"""
_PARAMS = {"unfiled": UNFILED, "report": RequestKind.REPORT.value}


def tickets(*, most: int) -> list[tuple[str, str]]:
    """Number and class of the newest of them."""
    rows = sql.run(
        f"SELECT c.number, t.class_code {_OF} ORDER BY t.received_at DESC, c.number LIMIT %(most)s",
        {**_PARAMS, "most": most},
    )
    return [(row["number"], row["class_code"]) for row in rows]


def count(*, most: int) -> int:
    """How many there are, counted up to this many."""
    row = sql.run_one(
        f"SELECT count(*)::int AS n FROM (SELECT 1 {_OF} LIMIT %(most)s) AS listed", {**_PARAMS, "most": most}
    )
    return row["n"] if row else 0
