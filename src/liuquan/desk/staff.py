"""Who may come to the desk: staff in a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuquan.kernel import staff_pages
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor


class DeskRequest(staff_pages.StaffRequest):
    """A request of staff."""

    actor: Actor


def _labels(address: Mapping[str, Any]) -> Mapping[str, str]:
    return kinds.labels_of(str(address.get("action", "")))


staff_only = staff_pages.staff_only("工作台", home="desk", labels=_labels)
