"""Who may come to the board: staff in a post; what they see there is decided by the queries."""

from __future__ import annotations

from liuquan.kernel import staff_pages
from liuquan.organisation.types import Actor
from liuquan.supervision.guards import JUDGE


class BoardRequest(staff_pages.StaffRequest):
    """A request of staff."""

    actor: Actor


staff_only = staff_pages.staff_only("监察看板", home="board")


def opens_cases(by: Actor) -> bool:
    """Whether the pages link this reader to the case itself, which shows names: not for a lay overseer."""
    return not by.has_role("overseer")


def judges(by: Actor) -> bool:
    """Whether findings that were explained wait for the verdict of this post."""
    return by.has_role("supervisor") and any(t.supervising and JUDGE in t.actions for t in by.mandates)
