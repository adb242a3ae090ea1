"""What a rule selects, without writing anything: used as a back-test before a rule is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from liuquan.kernel import moments, sql
from liuquan.supervision import rulebook
from liuquan.supervision.types import Hit, Rule


def judge(rule: Rule, *, now: datetime, subjects: Sequence[str] | None = None) -> list[Hit]:
    """The hits of a rule at a moment, in order, over these subjects or over everything."""
    rows = sql.run(
        f"SELECT * FROM ({rulebook.for_postgres(rule)}) AS f ORDER BY subject_kind, subject_number, key",
        rulebook.parameters(rule, now=now, subjects=subjects),
    )
    return [found for row in rows if in_force(rule, (found := hit(rule, row)).since_at)]


def hit(rule: Rule, row: sql.Row) -> Hit:
    """A hit from a result row of the rule on any engine: every further column that it selects is
    evidence."""
    known = {*rulebook.REQUIRED_COLUMNS, *rulebook.SUBJECT_COLUMNS}
    return Hit(
        rule.id,
        row["subject_kind"],
        row["subject_number"],
        row["key"],
        row["body_code"],
        row["since_at"],
        {name: value for name, value in row.items() if name not in known},
    )


def in_force(rule: Rule, at: datetime) -> bool:
    """Whether the rule is in force for conditions that came true at this moment."""
    on = moments.today(at)
    return rule.from_on <= on and (rule.to_on is None or on < rule.to_on)
