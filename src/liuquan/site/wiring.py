"""Wiring of the modules: the kinds of case. What follows from which event is said by each kind.

One list, read in one place: there are no signals and no hooks elsewhere.
"""

from __future__ import annotations

from liuquan.applications.kind import APPLICATION
from liuquan.hotline.assist.kind import ASSIST
from liuquan.hotline.kind import TICKET
from liuquan.kinds import actions as kinds
from liuquan.kinds.types import CaseKind
from liuquan.reviews.kind import RECTIFICATION
from liuquan.supervision.disposal.kind import DISPOSAL

#: one line a kind
KINDS: tuple[CaseKind, ...] = (
    APPLICATION,
    TICKET,
    ASSIST,
    RECTIFICATION,
    DISPOSAL,
)


def wire() -> None:
    """Register everything; called once when Django is ready."""
    kinds.register(KINDS)
