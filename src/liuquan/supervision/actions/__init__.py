"""Everything that writes in supervision: the runs of the rules, and the disposal of what they found."""

from liuquan.supervision.actions.disposal import (
    answer_due_on,
    ask_explanation,
    close,
    explain,
    open_explanations,
    order_correction,
    report_correction,
)
from liuquan.supervision.actions.readings import export_readings, open_reader
from liuquan.supervision.actions.watching import run_all, watch

__all__ = [
    "answer_due_on",
    "ask_explanation",
    "close",
    "explain",
    "export_readings",
    "open_explanations",
    "open_reader",
    "order_correction",
    "report_correction",
    "run_all",
    "watch",
]
