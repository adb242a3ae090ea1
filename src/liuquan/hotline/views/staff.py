"""Who may come to the hotline's pages for staff; what they see there is decided by the queries."""

from __future__ import annotations

from liuquan.kernel import staff_pages
from liuquan.organisation.types import Actor


class HotlineRequest(staff_pages.StaffRequest):
    """A request of staff."""

    actor: Actor


board_only = staff_pages.staff_only("热线看板", home="board-hotline")
desk_only = staff_pages.staff_only("热线工作台", home="desk")


def opens_cases(by: Actor) -> bool:
    """Whether the pages link this reader to the ticket itself."""
    return by.has_role("dispatcher", "supervisor", "leader")
