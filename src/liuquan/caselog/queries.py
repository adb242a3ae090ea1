"""Reading the case log. Readers are watchers of the whole city and rules over it: what a person may see
of the result is decided where it is shown (`supervision.queries`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from liuquan.caselog.types import NO_CASES, Changes, View
from liuquan.journal import queries as journal
from liuquan.kernel import sql


def watermark() -> int:
    """The transaction below which everything is committed."""
    return journal.watermark()


def changed_since(after: int) -> Changes:
    """The subjects touched by acts committed since this watermark, and the watermark to go on from.

    Transactions that were still open are found by the next call: nothing is skipped, however commits
    interleave.
    """
    upto = journal.watermark()
    subjects = sorted({change.subject for change in journal.changes_between(after, upto)})
    rows = sql.run(
        "SELECT DISTINCT number FROM caselog.subjects WHERE number = ANY(%(subjects)s) ORDER BY number",
        {"subjects": subjects},
    )
    return Changes(tuple(row["number"] for row in rows), upto)


def crossed_between(after: datetime, upto: datetime) -> tuple[str, ...]:
    """The cases one of whose running clocks reached its warning, its end or five working days past it in
    (after, upto], or whose special procedure the end that was told: time passes without anybody doing
    anything. A breach that was entered already is found by `changed_since`."""
    rows = sql.run(
        """
        SELECT case_number FROM caselog.clocks
        WHERE state = 'running' AND warn_at > %(after)s AND warn_at <= %(upto)s
        UNION
        SELECT case_number FROM caselog.clocks
        WHERE state = 'running' AND breached_at IS NULL AND due_at > %(after)s AND due_at <= %(upto)s
        UNION
        -- five working days are never longer than thirty days
        SELECT case_number FROM caselog.clocks
        WHERE state = 'running' AND due_at <= %(upto)s AND due_at > %(after)s - interval '30 days'
            AND five_days_past_at > %(after)s AND five_days_past_at <= %(upto)s
        UNION
        SELECT case_number FROM caselog.suspensions
        WHERE to_on IS NULL AND over_at > %(after)s AND over_at <= %(upto)s
        ORDER BY 1
        """,
        {"after": after, "upto": upto},
    )
    return tuple(row["case_number"] for row in rows)


def with_families(numbers: Iterable[str]) -> list[str]:
    """These subjects, and beside each case the one that opened it and those that it opened: a rule may judge
    one by the other."""
    found = sql.run(
        """
        SELECT unnest(%(numbers)s::text[]) AS number
        UNION SELECT parent FROM caselog.cases WHERE case_number = ANY(%(numbers)s) AND parent IS NOT NULL
        UNION SELECT case_number FROM caselog.cases WHERE parent = ANY(%(numbers)s)
        ORDER BY 1
        """,
        {"numbers": list(numbers)},
    )
    return [row["number"] for row in found]


def rows(view: View, *, case_numbers: Sequence[str] | None = None) -> list[sql.Row]:
    """The rows of one relation, of these cases or of all (always all of what is not about cases): what an
    export carries."""
    if view in NO_CASES or case_numbers is None:
        return sql.run(f"SELECT * FROM caselog.{view.value}")
    return sql.run(
        f"SELECT * FROM caselog.{view.value} WHERE case_number = ANY(%(numbers)s)",
        {"numbers": list(case_numbers)},
    )
