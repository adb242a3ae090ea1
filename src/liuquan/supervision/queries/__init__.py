"""What may be read of supervision: findings by those who supervise or answer for them, figures of the board,
and what a rule would find."""

from liuquan.supervision.queries.board import by_body, case_lines, figures, month_of, trend
from liuquan.supervision.queries.findings import (
    clock_of,
    finding,
    findings,
    of_body,
    of_subject,
    pending_of_body,
    to_answer,
    trail,
)
from liuquan.supervision.queries.readings import (
    count_readings,
    reach,
    reading,
    reading_filter,
    reading_lines,
    readings_by_post,
)
from liuquan.supervision.queries.rule_hits import judge

__all__ = [
    "by_body",
    "case_lines",
    "clock_of",
    "count_readings",
    "figures",
    "finding",
    "findings",
    "judge",
    "month_of",
    "of_body",
    "of_subject",
    "pending_of_body",
    "reach",
    "reading",
    "reading_filter",
    "reading_lines",
    "readings_by_post",
    "to_answer",
    "trail",
    "trend",
]
