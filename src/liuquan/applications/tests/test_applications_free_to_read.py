"""What anybody may read of the work: figures of each day, results, and one's own case step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from liuquan.applications import actions
from liuquan.casework import queries as casework
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.sources import cells, squeezed, texts

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def visitor(city_db: str, set_now: SetNow) -> Client:
    cache.clear()
    set_now(NOW)
    return Client()


def words(response: Any, status: int) -> str:
    page = str(response.content.decode())
    assert response.status_code == status, page[:1500]
    return squeezed(page)


def decided(cast: Cast) -> str:
    number = cast.applies("stall", at=NOW)
    actions.act(number, "accept", by=cast.clerk, now=NOW, data={})
    given = {"reason": "材料齐全，符合规定", "standard": cast.standard("stall")}
    actions.act(number, "grant", by=cast.chief_rep, now=NOW, data=given)
    actions.publicise(number, now=NOW)
    return number


@pytest.mark.requirement("GUIDE-09")
def test_results_are_published_with_their_days_and_free_to_read(visitor: Client, cast: Cast) -> None:
    waiting = cast.applies("food", at=NOW)
    number = cast.examined("device", at=NOW)
    later = NOW + timedelta(days=1)
    actions.act(number, "grant", by=cast.approver, now=later, data=cast.decision("device"))
    assert number not in words(visitor.get(reverse("results")), 200)
    actions.publicise(number, now=later)
    page = words(visitor.get(reverse("results")), 200)
    shown = [row for _, row in cells(page.replace("<tr>", '<tr data-row="">'), "data-row") if row]
    case = casework.read(number)
    assert shown == [
        {
            "办件编号": number,
            "事项": case.terms.subject_name,
            "办理机关": case.terms.extra["body_name"],
            "收件": "2026-03-04",
            "受理": "2026-03-04",
            "决定": "2026-03-05",
            "结果": "准予",
        }
    ]
    assert waiting not in page
    assert LI_YUNXI.name not in page


@pytest.mark.requirement("GUIDE-09")
def test_the_figures_of_each_day_count_received_accepted_and_decided(visitor: Client, cast: Cast) -> None:
    cast.applies("food", at=NOW - timedelta(days=1))
    cast.accepted("device", at=NOW)
    decided(cast)
    page = words(visitor.get(reverse("statistics") + "?days=14"), 200)
    for label, count in (("收件", 3), ("受理", 2), ("办结", 1)):
        assert f"{label}<tspan" in page
        assert f"共{count}件" in page
    figures = texts(page, "data-figure")
    assert figures == {"收件": "收件 3件", "受理": "受理 2件", "办结": "办结 1件"}
    days = texts(page, "data-day")
    assert [days[on] for on in ("2026-03-04", "2026-03-03")] == ["3月4日 2 2 1", "3月3日 1 0 0"]


@pytest.mark.requirement("GUIDE-09")
def test_whoever_holds_the_slip_follows_receipt_acceptance_progress_and_result_with_their_days(
    visitor: Client, cast: Cast
) -> None:
    number = cast.applies("device", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    address = reverse("track_case", args=[number])
    page = words(visitor.get(address), 200)
    assert "已收件，待受理" in page
    assert "受理申请" not in page
    actions.act(number, "accept", by=cast.clerk, now=NOW + timedelta(days=1))
    page = words(visitor.get(address), 200)
    for said in ("审查中", "3月5日 10:00", "受理申请"):
        assert said in page
    cast.examines(number, at=NOW + timedelta(days=2))
    page = words(visitor.get(address), 200)
    for said in ("3月6日 10:00", "完成“审查”，意见：同意"):
        assert said in page
    assert "作出准予决定" not in page
    third = NOW + timedelta(days=5)
    actions.act(number, "grant", by=cast.approver, now=third, data=cast.decision("device"))
    page = words(visitor.get(address), 200)
    for said in ("已准予", "3月9日 10:00", "作出准予决定"):
        assert said in page
    assert LI_YUNXI.name not in page
