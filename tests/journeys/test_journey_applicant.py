"""An applicant on a phone without JavaScript: from plain words to the decision in hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from liuquan.applications import actions
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import LI_YUNXI, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def phone(browser: Browser, live_city: str) -> Iterator[Page]:
    """A small phone that runs no script."""
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=live_city,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def says(page: Page, *words: str) -> None:
    """The page that comes says all of this; a moment after a click the one before it may still be there."""
    for said in words:
        expect(page.locator("body")).to_contain_text(said)
    page.wait_for_load_state()


def choose(page: Page, material: str, file: str, content: bytes = PDF) -> None:
    page.get_by_label(material).set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": content}
    )


def keep(page: Page, link: str) -> bytes:
    """Download what the link gives."""
    with page.expect_download() as download:
        follow(page, link)
    return Path(download.value.path()).read_bytes()


def apply(page: Page) -> tuple[str, str]:
    """From the front page to the number and the query code."""
    page.goto("/")
    page.get_by_label("想办什么事").fill("开小餐馆要什么证")
    press(page, "查找")
    follow(page, "食品经营许可证核发")
    says(page, "食品安全法 第三十五条", "8个工作日")
    follow(page, "我要申请")
    page.get_by_label("姓名", exact=True).fill(LI_YUNXI.name)
    page.get_by_label("身份证号", exact=True).fill(LI_YUNXI.id_number[:-1] + "9")
    page.get_by_label("手机号码", exact=True).fill(LI_YUNXI.phone)
    page.get_by_label("要办的事").fill("在幸福路开一家面馆")
    press(page, "下一步")
    says(page, "有一位不对")
    page.get_by_label("身份证号", exact=True).fill(LI_YUNXI.id_number)
    press(page, "下一步")
    choose(page, "食品经营许可申请书", "申请书.pdf", b"MZ this is a program")
    press(page, "提交申请")
    says(page, "的内容是程序")
    choose(page, "食品经营许可申请书", "申请书.pdf")
    press(page, "提交申请")
    says(page, "确定先交？")
    choose(page, "食品经营许可申请书", "申请书.pdf")
    page.get_by_label("我知道还缺").check()
    press(page, "提交申请")
    number = page.locator('[data-slip="number"]').inner_text()
    return number, page.locator('[data-slip="code"]').inner_text()


def track(page: Page, number: str, code: str) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="查进度").click()
    page.get_by_label("编号", exact=True).fill(number)
    page.get_by_label("查询码").fill(code.lower())
    press(page, "查进度")


def papers_follow(number: str, entry: str, now: datetime) -> None:
    papers_actions.issue_papers(number, entry=uuid.UUID(entry), now=now)


def supplement(phone: Page, set_now: SetNow, cast: Cast, number: str, code: str) -> None:
    """The clerk asks once for all that is missing; the applicant finds it, and hands it in."""
    tuesday = MONDAY + timedelta(days=1)
    set_now(tuesday)
    missing = [key for key in cast.materials("food") if key != "form"]
    told = casework_actions.perform(
        number, "notify_supplement", by=cast.clerk, now=tuesday, data={"items": missing}
    )
    papers_follow(number, told.entry, tuesday)
    phone.context.clear_cookies()
    track(phone, number, code)
    says(phone, f"一共{len(missing)}项")
    assert keep(phone, "补正材料一次性告知书").startswith(b"%PDF-")
    follow(phone, "去补材料")
    choose(phone, "经营场所布局和操作流程说明", "布局.pdf")
    choose(phone, "食品安全规章制度目录", "制度.pdf")
    press(phone, "提交补正材料")
    says(phone, "补正材料已经收到")
    says(phone, "3月10日")


@pytest.mark.requirement("CASE-03", "GUIDE-09")
def test_an_applicant_goes_from_a_question_to_the_decision_without_a_script(
    phone: Page, set_now: SetNow, cast: Cast
) -> None:
    set_now(MONDAY)
    number, code = apply(phone)
    assert phone.locator('[data-slip="due"]').inner_text() == "2026年3月9日"
    assert keep(phone, "下载申请材料接收凭证").startswith(b"%PDF-")

    supplement(phone, set_now, cast, number, code)

    wednesday = MONDAY + timedelta(days=2)
    set_now(wednesday)
    taken = casework_actions.perform(number, "accept", by=cast.clerk, now=wednesday)
    papers_follow(number, taken.entry, wednesday)
    cast.examines(number, at=wednesday)
    decided = casework_actions.perform(
        number, "grant", by=cast.approver, now=wednesday, data=cast.decision("food")
    )
    papers_follow(number, decided.entry, wednesday)
    actions.publicise(number, now=wednesday)
    phone.context.clear_cookies()
    track(phone, number, code)
    says(phone, "作出准予决定")
    assert LI_YUNXI.name not in phone.content()
    assert keep(phone, "准予行政许可决定书").startswith(b"%PDF-")

    phone.goto("/verify/" + next(n.short_code for n in casework.notices(number) if n.kind == "grant"))
    says(phone, "准予行政许可决定书")
    phone.get_by_text("菜单", exact=True).click()
    follow(phone, "办理结果")
    assert number in phone.content()
