"""Who may come to the pages of this module on the desk: staff in a post."""

from __future__ import annotations

from liuquan.kernel import staff_pages
from liuquan.organisation.types import Actor


class DeskRequest(staff_pages.StaffRequest):
    """A request of staff."""

    actor: Actor


staff_only = staff_pages.staff_only("工作台", home="desk")
