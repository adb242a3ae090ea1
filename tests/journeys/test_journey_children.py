"""A case that opened others, and one of these, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from liuquan.desk.tests.families import divided, families
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.pages import DESK, HEIGHT, PHONE

pytestmark = pytest.mark.browser

TUESDAY = datetime(2026, 3, 3, 2, tzinfo=UTC)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with families():
        yield


def test_from_a_case_to_its_child_and_back_on_a_phone_and_at_a_desk(
    live_city: str, cast: Cast, page: Page, set_now: SetNow
) -> None:
    set_now(TUESDAY)
    number, own, _ = divided()
    session = cast.client("examiner").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_city}])
    page.goto(f"{live_city}/desk/cases/{number}/")
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        expect(page.get_by_role("heading", name="子件")).to_be_visible()
        assert page.evaluate(WIDER) <= 0
        page.get_by_role("link", name=own).click()
        assert page.evaluate(WIDER) <= 0
        page.get_by_role("link", name=number).click()
