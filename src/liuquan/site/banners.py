"""Warnings shown to staff on every page of the desk and the board until the matter is settled.

So far there is one: a year without its holiday notice, which leaves deadlines provisional that people rely
on. It is shown from 1 December to the calendar's administrator, to supervision and to the leader.
Cites: 全国年节及纪念日放假办法 第七条
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from liuquan.kernel import moments
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import PUBLIC

_TOLD = ("sysadmin", "supervisor", "leader")


@dataclass(frozen=True)
class Banner:
    """A warning that stays until the matter is settled; `href`: the page where that is done."""

    title: str
    text: str
    href: str = ""
    link: str = ""


def banners(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `banners`, called only by the templates that show it."""

    def warnings() -> list[Banner]:
        actor = request.__dict__.get("actor", PUBLIC)
        if not any(actor.has_role(role) for role in _TOLD):
            return []
        year = organisation.year_to_announce(moments.today(moments.now()))
        return [] if year is None else [_year_missing(year, may_load=actor.has_role("sysadmin"))]

    return {"banners": warnings}


def _year_missing(year: int, *, may_load: bool) -> Banner:
    title = f"{year}年的放假安排还没有载入"
    text = "跨年的期限目前都是暂定的，不会自动产生法律后果，也不亮红牌。"
    if not may_load:
        return Banner(title, f"{text}国务院办公厅的通知公布后，请督促系统管理员当天载入。")
    return Banner(
        title, f"{text}国务院办公厅的通知公布后，请当天把原文粘贴载入。", reverse("desk-calendar"), "去载入"
    )
