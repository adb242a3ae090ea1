"""Somebody who wants to stay unknown brings a request by phone, follows it, adds to it and takes it back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from liuquan.casework import queries as casework
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def opened(browser: Browser, address: str) -> Page:
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=address,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    return context.new_page()


@pytest.fixture
def phone(browser: Browser, live_city: str) -> Iterator[Page]:
    """A small phone that runs no script."""
    page = opened(browser, live_city)
    yield page
    page.context.close()


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def fits(page: Page) -> None:
    """Nothing stands out of the small screen: with a viewport of 360 px the page is as wide."""
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


def test_a_request_is_brought_unknown_with_a_photo_followed_added_to_and_taken_back(
    phone: Page, browser: Browser, live_city: str, set_now: SetNow
) -> None:
    set_now(MONDAY)
    phone.goto("/")
    phone.get_by_text("菜单", exact=True).click()
    phone.get_by_role("navigation", name="主导航").get_by_role("link", name="反映诉求").click()
    fits(phone)
    phone.get_by_label("您要反映什么").fill("溪畔大道三十号门前的路灯连续三天不亮，请派人来修。")
    phone.get_by_label("求助", exact=True).check()
    phone.get_by_label("匿名：").check()
    phone.get_by_label("照片或者文件").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    press(phone, "下一步：核对")
    # the place is missing: nothing typed and no photo is lost
    expect(phone.locator("#refused")).to_contain_text("请选择事情发生在本市哪里")
    expect(phone.get_by_text("已存好，不用再选：现场.jpg")).to_be_visible()
    phone.get_by_label("事情发生在哪里").select_option("990102001000")
    press(phone, "下一步：核对")
    expect(phone.get_by_role("heading", name="核对并提交")).to_be_visible()
    expect(phone.get_by_label("路灯照明")).to_be_checked()
    fits(phone)
    press(phone, "提交诉求")
    expect(phone.get_by_role("heading", name="您的诉求已经登记")).to_be_visible()
    expect(phone.get_by_text("收到1份")).to_be_visible()
    number = phone.locator("[data-slip=number]").inner_text()
    code = phone.locator("[data-slip=code]").inner_text()
    fits(phone)
    adds_and_takes_back(opened(browser, live_city), number, code)
    assert casework.read(number).state == "withdrawn"


def adds_and_takes_back(later: Page, number: str, code: str) -> None:
    """With number and query code alone, in another browser."""
    later.goto("/track/")
    later.get_by_label("编号").fill(number)
    later.get_by_label("查询码").fill(code)
    press(later, "查")
    expect(later.get_by_role("heading", name="已登记，待派单")).to_be_visible()
    later.get_by_role("link", name="补充说明").click()
    later.get_by_label("补充什么").fill("旁边两盏也不亮。")
    press(later, "补充说明")
    expect(later.get_by_text("诉求人补充说明")).to_be_visible()
    later.get_by_role("link", name="撤回诉求").click()
    press(later, "确定撤回诉求")
    expect(later.get_by_role("heading", name="已撤回")).to_be_visible()
    fits(later)
    later.context.close()
