"""Somebody who lost the slip, on a phone without JavaScript: all their cases by a code, and news by SMS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from liuquan.casework import actions as casework
from liuquan.kernel import sql
from liuquan.messages import actions as messages
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import LI_YUNXI, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


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


@pytest.fixture(autouse=True)
def demo(settings: Settings, set_now: SetNow) -> None:
    """Letters are kept in the outbox, as the demo does."""
    settings.LIUQUAN_DEMO = True
    path = "liuquan.messages.actions.outbox.OutboxGateway"
    settings.LIUQUAN_GATEWAYS = {"sms": path, "email": path}
    set_now(MONDAY)


def worker_sends() -> None:
    """Do what the worker does with the waiting messages."""
    for row in sql.run("SELECT args FROM procrastinate_jobs WHERE task_name = 'messages.send'"):
        messages.send(row["args"]["number"], now=MONDAY)


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    page.wait_for_load_state()
    wide = page.locator("main *").evaluate_all(
        "all => Math.max(0, ...all.filter(one => !one.closest('[tabindex]')).map("
        "one => one.getBoundingClientRect().right))"
    )
    assert wide <= 360


def test_a_code_from_the_outbox_opens_all_cases_and_one_of_them(phone: Page, cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    phone.goto("/")
    phone.get_by_role("link", name="我的办件").first.click()
    phone.get_by_label("证件号码").fill(LI_YUNXI.id_number.lower())
    phone.get_by_label("手机号码", exact=True).fill("199 0000 0001")
    fits(phone)
    phone.get_by_role("button", name="获取验证码").click()
    expect(phone.locator("h1")).to_have_text("填验证码")
    worker_sends()
    phone.get_by_role("link", name="演示发件箱").click()
    letter = phone.locator("main").inner_text()
    fits(phone)
    found = re.search(r"验证码(\d{6})", letter)
    assert found
    phone.go_back()
    phone.get_by_label("验证码", exact=True).fill("12345")
    phone.get_by_role("button", name="打开我的办件").click()
    expect(phone.locator("main")).to_contain_text("验证码是6位数字")
    phone.get_by_label("验证码", exact=True).fill(found[1])
    phone.get_by_role("button", name="打开我的办件").click()
    expect(phone.locator("main")).to_contain_text(number)
    expect(phone.locator("main")).to_contain_text("最迟")
    fits(phone)
    phone.get_by_role("link", name=f"打开{number}").click()
    expect(phone.locator("main")).to_contain_text("办理经过")

    phone.get_by_role("link", name="发给我的通知").click()
    phone.get_by_role("button", name="同意接收短信").click()
    taken = casework.perform(number, "accept", by=cast.clerk, now=MONDAY)
    messages.prepare(number, entry=UUID(taken.entry), event="application.accepted", now=MONDAY)
    worker_sends()
    phone.reload()
    expect(phone.locator("main")).to_contain_text("已发出")
    fits(phone)
    phone.get_by_role("button", name="不再接收短信").click()
    expect(phone.locator("body")).to_contain_text("已经取消")
    assert LI_YUNXI.phone not in phone.content()
