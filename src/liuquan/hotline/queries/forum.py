"""Threads of a forum as the forum itself may see them: how far each ticket is, its answer once published."""

from __future__ import annotations

from datetime import datetime

from liuquan.hotline import models
from liuquan.hotline.queries.public import shown_requests
from liuquan.hotline.types import ShownRequest
from liuquan.kernel.refusals import NotVisible

_MOST = 100


def thread(source: str, key: str, *, now: datetime) -> tuple[ShownRequest, ...]:
    """The tickets of a thread of this forum, the latest first. Refuses (404) a thread that it did not hand
    over; a ticket that may not be told of (a report) is left out."""
    rows = models.ForumPost.objects.filter(source=source, thread=key)
    numbers = tuple(dict.fromkeys(rows.order_by("-pk").values_list("ticket", flat=True)[:_MOST]))
    if not numbers:
        raise NotVisible("没有这个主题，请先提交；只能查询本论坛提交的主题。")
    first = rows.order_by("taken_at")[0].taken_at
    return shown_requests(from_at=first, to_at=now, numbers=numbers, limit=_MOST)
