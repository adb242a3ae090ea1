"""Writing cases: any act of any procedure on one case; counting open deadlines again for a new calendar."""

from liuquan.casework.actions.acts import (
    create,
    fold_counts,
    issue_notice,
    next_notice_number,
    next_number,
    perform,
    remind,
    sweep,
)

__all__ = [
    "create",
    "fold_counts",
    "issue_notice",
    "next_notice_number",
    "next_number",
    "perform",
    "remind",
    "sweep",
]
