"""Back, reload, larger type in the middle of an application: nothing typed is lost, nothing is sent twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from liuquan.kernel import sql
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
START = f"/apply/{ITEMS['food']}/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FORM = "食品经营许可申请书"
Opened = Callable[[bool], Page]


@pytest.fixture
def opened(browser: Browser, live_city: str, set_now: SetNow) -> Iterator[Opened]:
    """A small phone, with or without a script."""
    set_now(MONDAY)
    contexts = []

    def open_page(script: bool) -> Page:
        context = browser.new_context(
            java_script_enabled=script,
            viewport={"width": 360, "height": 740},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=live_city,
        )
        context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill_in(page: Page) -> None:
    page.goto(START)
    page.get_by_label("姓名", exact=True).fill(LI_YUNXI.name)
    page.get_by_label("身份证号", exact=True).fill(LI_YUNXI.id_number)
    page.get_by_label("手机号码", exact=True).fill(LI_YUNXI.phone)
    page.get_by_label("要办的事").fill("在幸福路开一家面馆")


def rows(table: str) -> int:
    return len(sql.run(f"SELECT 1 FROM {table}"))


@pytest.mark.parametrize("script", [False, True], ids=["without_script", "with_script"])
def test_every_page_of_applying_can_be_reloaded_and_gone_back_to(opened: Opened, script: bool) -> None:
    page = opened(script)
    fill_in(page)
    press(page, "改为单位办理")
    press(page, "改为个人办理")
    press(page, "下一步：上传材料")
    page.get_by_label(FORM).set_input_files(
        {"name": "申请书.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    kept = page.get_by_text("已存好，不用再选：申请书.pdf")
    press(page, "先存好选的文件")
    expect(page.locator("#alerts")).to_contain_text("已经存好 1 份文件")
    page.reload()
    expect(kept).to_be_visible()
    press(page, "以后再办")
    expect(page.get_by_role("heading", name="草稿已经存好，还没有提交")).to_be_visible()
    page.reload()
    page.go_back()
    expect(kept).to_be_visible()
    press(page, "提交申请")
    expect(page.get_by_role("heading", name=re.compile("确定先交"))).to_be_visible()
    page.reload()
    press(page, "提交申请")
    expect(page.locator("#refused")).to_contain_text("请先在下面打勾")
    page.get_by_label("我知道还缺").check()
    press(page, "提交申请")
    number = page.locator('[data-slip="number"]').inner_text()
    page.go_back()
    expect(page.get_by_text("这份申请已经提交")).to_be_visible()
    expect(page.get_by_text(number)).to_be_visible()
    page.goto(START)
    expect(page.get_by_text("您有一份没办完的申请")).to_be_hidden()
    assert (rows("casework_case"), rows("kernel_draft")) == (1, 0)


def test_back_after_a_mistake_shows_what_was_typed(opened: Opened) -> None:
    page = opened(True)
    fill_in(page)
    page.get_by_label("手机号码", exact=True).fill("1")
    press(page, "下一步：上传材料")
    expect(page.locator("#refused")).to_be_visible()
    page.reload()
    expect(page.get_by_label("要办的事")).to_have_value("在幸福路开一家面馆")
    page.get_by_label("手机号码", exact=True).fill(LI_YUNXI.phone)
    press(page, "下一步：上传材料")
    expect(page.get_by_label(FORM)).to_be_visible()
    page.go_back()
    expect(page.get_by_label("要办的事")).to_have_value("在幸福路开一家面馆")
    assert rows("kernel_draft") == 1


def test_larger_type_keeps_what_is_typed_and_leaving_is_asked_about(opened: Opened) -> None:
    page = opened(True)
    fill_in(page)
    press(page, "大字版")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.get_by_label("姓名", exact=True)).to_have_value(LI_YUNXI.name)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="看办事指南").click(no_wait_after=True)
    expect(page.get_by_label("姓名", exact=True)).to_have_value(LI_YUNXI.name)
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    press(page, "下一步：上传材料")  # what is sent is not asked about
    expect(page.get_by_label(FORM)).to_be_visible()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    press(page, "标准字号")
    expect(page.locator("html")).to_have_attribute("data-size", "normal")
    assert asked == ["beforeunload"]


def test_without_a_script_the_switch_says_when_it_would_clear_a_form(opened: Opened, cast: Cast) -> None:
    page = opened(False)
    page.goto(START)
    expect(page.get_by_text("先提交再换")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("先提交再换")).to_be_hidden()
