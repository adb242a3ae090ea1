"""Who may come to the hotline's pages for staff; what they see there is decided by the queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from liuquan.journal.types import Entry
from liuquan.kernel import staff_pages
from liuquan.kinds.queries import post_names
from liuquan.organisation.types import Actor


class HotlineRequest(staff_pages.StaffRequest):
    """A request of staff."""

    actor: Actor


board_only = staff_pages.staff_only("热线看板", home="board-hotline")
desk_only = staff_pages.staff_only("热线工作台", home="desk")


def with_posts(entries: Sequence[Entry], on: date) -> list[tuple[Entry, str]]:
    """Each entry with the name of the post that made it; the system's own have none."""
    names = post_names(on)
    return [(entry, names.get(entry.post_code, "")) for entry in entries]


def opens_cases(by: Actor) -> bool:
    """Whether the pages link this reader to the ticket itself."""
    return by.has_role("dispatcher", "supervisor", "leader")
