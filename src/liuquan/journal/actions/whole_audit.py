"""The audit of everything: the log, and the cosignatures kept of its witnesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from liuquan.journal.log.actions.audit import audit_log
from liuquan.journal.log.types import AuditReport
from liuquan.journal.witness.audit_cosignatures import check_cosignatures


def audit(
    *, now: datetime, on_done: Callable[[int], object] = lambda done: None, processes: int = 1
) -> AuditReport:
    """Recompute the log and say whether it holds: `audit_log`, with the cosignatures of our witnesses."""
    return audit_log(now=now, on_done=on_done, processes=processes, cosignatures=check_cosignatures)
