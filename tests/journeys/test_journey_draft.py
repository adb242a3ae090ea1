"""An applicant is interrupted: what was typed and the good files are there when they come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from liuquan.casework import queries as casework
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FORM, LAYOUT = "食品经营许可申请书", "经营场所布局和操作流程说明"


def opened(browser: Browser, address: str, *, script: bool) -> Page:
    size: ViewportSize = {"width": 1366, "height": 768} if script else {"width": 360, "height": 740}
    context = browser.new_context(
        java_script_enabled=script,
        viewport=size,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=address,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    return context.new_page()


@pytest.fixture
def phone(browser: Browser, live_city: str) -> Iterator[Page]:
    """A small phone that runs no script."""
    page = opened(browser, live_city, script=False)
    yield page
    page.context.close()


@pytest.fixture
def computer(browser: Browser, live_city: str) -> Iterator[Page]:
    """A computer that runs the page's scripts."""
    page = opened(browser, live_city, script=True)
    yield page
    page.context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def choose(page: Page, material: str, file: str, content: bytes = PDF) -> None:
    page.get_by_label(material).set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": content}
    )


def fill_in(page: Page) -> None:
    page.goto(f"/apply/{ITEMS['food']}/")
    page.get_by_label("姓名", exact=True).fill(LI_YUNXI.name)
    page.get_by_label("身份证号", exact=True).fill(LI_YUNXI.id_number)
    page.get_by_label("手机号码", exact=True).fill(LI_YUNXI.phone)
    page.get_by_label("要办的事").fill("在幸福路开一家面馆")


def wrong(page: Page) -> Locator:
    """What is said beside a file that was refused."""
    return page.locator("p.wrong", has_text="的内容是程序")


def send_incomplete(page: Page) -> None:
    """Send it, and answer the question about what is lacking; what is kept is not asked about."""
    press(page, "提交申请")
    question = page.locator(".alert", has_text="这些必须交的材料还没有")
    for kept in (FORM, LAYOUT):
        expect(question).not_to_contain_text(kept)
    page.get_by_label("我知道还缺").check()
    press(page, "提交申请")


def handed_in(page: Page) -> dict[str, int]:
    """How many files of which material the case on the slip has."""
    number = page.locator('[data-slip="number"]').inner_text()
    return {m.key: len(m.files) for m in casework.materials(casework.read(number)) if m.files}


def test_without_a_script_a_draft_is_left_on_monday_and_handed_in_on_wednesday(
    phone: Page, set_now: SetNow
) -> None:
    set_now(MONDAY)
    fill_in(phone)
    press(phone, "改为单位办理")
    press(phone, "改为个人办理")
    expect(phone.get_by_label("要办的事")).to_have_value("在幸福路开一家面馆")
    phone.get_by_label("姓名", exact=True).press("Enter")  # goes on, and changes nobody's kind
    choose(phone, FORM, "申请书.pdf")
    choose(phone, LAYOUT, "布局.pdf", b"MZ this is a program")
    press(phone, "提交申请")
    expect(phone.get_by_text("已存好，不用再选：申请书.pdf")).to_be_visible()
    expect(wrong(phone)).to_be_visible()
    press(phone, "以后再办")
    expect(phone.get_by_text("2026年3月9日 10:00")).to_be_visible()
    code = phone.locator('[data-draft="code"]').inner_text()
    phone.context.clear_cookies()
    set_now(MONDAY + timedelta(days=2))
    phone.goto(f"/apply/{ITEMS['food']}/")
    phone.get_by_role("link", name="凭草稿码接着办").click()
    phone.get_by_label("草稿码").fill(code.lower())
    press(phone, "接着办")
    expect(phone.get_by_text("已存好，不用再选：申请书.pdf")).to_be_visible()
    choose(phone, LAYOUT, "布局.pdf")
    send_incomplete(phone)
    assert handed_in(phone) == {"form": 1, "layout": 1}


def test_with_a_script_each_file_is_kept_as_soon_as_it_is_chosen(computer: Page, set_now: SetNow) -> None:
    set_now(MONDAY)
    fill_in(computer)
    press(computer, "下一步")
    choose(computer, FORM, "申请书.pdf")
    choose(computer, LAYOUT, "坏.pdf", b"MZ this is a program")
    expect(computer.get_by_text("已存好，不用再选：申请书.pdf")).to_be_visible()
    expect(wrong(computer)).to_be_visible()
    choose(computer, LAYOUT, "布局.pdf")
    expect(computer.get_by_text("已存好，不用再选：布局.pdf")).to_be_visible()
    expect(wrong(computer)).to_be_hidden()
    send_incomplete(computer)
    assert handed_in(computer) == {"form": 1, "layout": 1}
