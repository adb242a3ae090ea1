"""An operator of the hotline while somebody talks: by keyboard alone, nothing lost, an emergency at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, Route, expect

from liuquan.casework import queries as casework
from liuquan.hotline import actions, models, queries
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.types import SeatState
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
TEXT = "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。"


@pytest.fixture
def desk(live_city: str, cast: Cast, page: Page, set_now: SetNow, settings: Any) -> Page:
    """热小接 is signed in at seat 801 and talks; the screen for the call is open."""
    settings.LIUQUAN_PHONE = "liuquan.hotline.actions.stand_in.StandInPhone"
    set_now(MONDAY)
    session = cast.client("rexiaojie").cookies[site.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_city}])
    page.set_viewport_size({"width": 1366, "height": 768})
    actions.sit("801", SeatState.READY, by=cast.staff("rexiaojie"), now=MONDAY)
    line = StandInPhone().ring("19900000001", now=MONDAY)
    StandInPhone().answer(line, "801", now=MONDAY)
    page.goto(f"{live_city}/desk/hotline/new/?call={models.Call.objects.get().number}")
    return page


def test_a_call_becomes_a_dispatched_ticket_by_keyboard(desk: Page) -> None:
    keyboard = desk.keyboard
    expect(desk.locator("#id_phone")).to_have_value("19900000001")
    expect(desk.locator("#id_text")).to_be_focused()
    keyboard.type(TEXT)
    expect(desk.get_by_role("button", name="城市管理：路灯照明")).to_be_visible()
    expect(desk.locator("#draft-state")).to_have_text("已存好")
    expect(desk.locator(".htmx-request")).to_have_count(0)
    keyboard.press("Alt+Digit5")
    expect(desk.locator("#id_class_code")).to_have_value("0103")
    expect(desk.locator("#beside")).to_contain_text("云溪市城市管理局")
    expect(desk.locator("#id_text")).to_have_value(TEXT)
    desk.locator("#id_name").focus()
    keyboard.type("李云溪")
    desk.locator("#id_request_kind").select_option("help")
    desk.locator("#id_division").select_option("990102001000")
    expect(desk.locator(".htmx-request")).to_have_count(0)
    keyboard.press("Alt+Digit2")
    desk.wait_for_url("**/desk/hotline/done/*/")
    expect(desk.locator("h1")).to_contain_text("已派单")
    expect(desk.locator("main")).to_contain_text("云溪市城市管理局")
    call = models.Call.objects.get()
    assert call.outcome == "ticket"
    assert casework.read(call.ticket).state == "dispatched"
    assert not models.OpenDraft.objects.filter(ended_at__isnull=True).exists()


def test_a_call_that_breaks_off_mid_form_loses_nothing(desk: Page, live_city: str) -> None:
    desk.keyboard.type(TEXT)
    expect(desk.locator("#draft-state")).to_have_text("已存好")
    StandInPhone().end(models.Call.objects.get().line, now=MONDAY, breaks_off=True)
    again = desk.context.new_page()
    desk.close()
    again.goto(f"{live_city}/desk/hotline/new/")
    expect(again.get_by_text("没有登记完")).to_be_visible()
    again.get_by_role("link", name="接着登记").press("Enter")
    expect(again.locator("#id_text")).to_have_value(TEXT)
    expect(again.locator("#id_phone")).to_have_value("19900000001")
    again.goto(f"{live_city}/desk/hotline/calls/")
    expect(again.get_by_role("heading", name="待回拨（1）")).to_be_visible()


def test_an_emergency_goes_through_while_the_page_still_waits(desk: Page, cast: Cast) -> None:
    held: list[Route] = []
    desk.route("**/desk/hotline/new/beside/", lambda route: held.append(route))
    desk.keyboard.type(TEXT)
    expect(desk.locator(".htmx-request")).to_have_count(1)
    desk.keyboard.press("Alt+Digit8")
    expect(desk.get_by_text("已转接 120 急救")).to_be_visible()
    call = models.Call.objects.get()
    assert (call.outcome, call.service) == ("transferred", "120")
    assert not queries.calls.without_outcome(by=cast.staff("rexiaojie"))
    expect(desk.get_by_text("没有登记完")).to_be_visible()


def test_a_session_that_is_over_is_told_on_the_page_and_what_was_typed_stays(desk: Page) -> None:
    expect(desk.locator("#id_text")).to_be_focused()
    desk.context.clear_cookies()
    desk.keyboard.type(TEXT)
    expect(desk.locator("#draft-state")).to_contain_text("请在新窗口重新登录，写下的还在这一页")
    expect(desk.locator("#ringing")).to_contain_text("登录已经过期", timeout=10_000)
    expect(desk.locator("#id_text")).to_have_value(TEXT)
    assert "/desk/hotline/new/" in desk.url
