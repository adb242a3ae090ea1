"""A form that is refused, in a browser: the list of what is wrong has the focus, and leads to each field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Dialog, Page, expect

from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import ITEMS, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TITLE = "错误："


@pytest.fixture
def phone(browser: Browser, live_city: str) -> Iterator[Page]:
    """A small phone that runs no script."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN", base_url=live_city
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    yield context.new_page()
    context.close()


def test_on_a_phone_without_script_the_list_has_the_focus_and_each_line_leads_to_its_field(
    phone: Page, set_now: SetNow
) -> None:
    set_now(MONDAY)
    phone.goto(f"/apply/{ITEMS['food']}/")
    phone.get_by_label("姓名", exact=True).fill("李云溪")
    phone.get_by_label("身份证号", exact=True).fill("990101199003076549")
    phone.get_by_role("button", name="下一步：上传材料").click()
    assert phone.title().startswith(TITLE)
    box = phone.locator("#refused")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    lines = box.get_by_role("link")
    expect(lines).to_have_count(2)
    phone.keyboard.press("Tab")
    expect(lines.first).to_be_focused()
    phone.keyboard.press("Enter")
    number = phone.get_by_label("身份证号", exact=True)
    expect(number).to_be_in_viewport()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_value("990101199003076549")
    expect(phone.get_by_label("姓名", exact=True)).to_have_value("李云溪")


def test_at_a_desk_a_date_without_its_year_is_refused_first_and_then_taken_as_it_is_written(
    page: Page, live_city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    cookie = cast.client("supervisor").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_city}])
    page.goto(f"{live_city}/board/readings/")
    since = page.get_by_label("从", exact=True)
    since.fill("2月20日")
    page.get_by_role("button", name="筛选").click()
    assert page.title().startswith(TITLE)
    box = page.locator("#refused")
    expect(box).to_be_focused()
    expect(box).to_contain_text("请写上年份，例如 2026年2月20日")
    box.get_by_role("link").click()
    expect(since).to_be_focused()
    expect(since).to_have_value("2月20日")
    since.fill("２０２６年２月２０日")
    page.get_by_role("button", name="筛选").click()
    assert not page.title().startswith(TITLE)
    expect(box).to_have_count(0)
    expect(since).to_have_value("2026-02-20")


def test_what_a_refused_form_shows_again_is_asked_about_before_it_is_left(
    page: Page, live_city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    number = cast.examined("device", at=MONDAY)
    cookie = cast.client("approver").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_city}])
    page.goto(f"{live_city}/desk/cases/{number}/refuse/")
    reason = page.locator("textarea").first
    reason.fill("场地不符合要求")
    page.locator("[name=why_against]").fill("审查时没有看到场地的产权证明")
    page.locator("main form .button-primary").click()
    expect(page.locator("#refused")).to_be_focused()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if len(asked) < 3:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.keyboard.press("w")
    page.wait_for_timeout(300)
    page.get_by_role("link", name="先不办，返回").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] * 2
    expect(reason).to_have_value("场地不符合要求")
    page.get_by_role("link", name="先不办，返回").click()
    page.wait_for_url(f"{live_city}/desk/cases/{number}/")
    page.go_back()
    expect(page.locator("main form .button-primary")).to_be_visible()  # not the browser's page of an error
    assert len(asked) == 3


@pytest.mark.parametrize("size", ["normal", "large"])
def test_on_a_phone_the_head_stands_in_two_lines_at_most_and_no_word_pushes_the_menu_away(
    phone: Page, set_now: SetNow, size: str
) -> None:
    set_now(MONDAY)
    phone.goto(f"/apply/{ITEMS['food']}/")
    if size == "large":
        phone.get_by_role("button", name="大字版").click()
        phone.goto(f"/apply/{ITEMS['food']}/")
    assert phone.locator("html").get_attribute("data-size") == size
    box = {
        name: phone.locator(name).bounding_box() for name in (".site", ".type-size button", ".menu summary")
    }
    site, switch, menu = (box[name] or {} for name in box)
    assert switch["y"] < menu["y"] + menu["height"] / 2 < switch["y"] + switch["height"]  # in one line
    assert menu["x"] + menu["width"] <= 360
    one_line = phone.evaluate("parseFloat(getComputedStyle(document.querySelector('.site')).lineHeight)")
    needed = phone.evaluate(
        "(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector('.site'));"
        " return r.getBoundingClientRect().height; })()"
    )
    assert needed <= 2.2 * one_line
    assert site["width"] > 90
