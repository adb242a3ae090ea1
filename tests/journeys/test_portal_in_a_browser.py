"""The public pages in a real browser: axe finds nothing (WCAG 2.2 AA), nothing is wider than a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from liuquan.casework import queries as casework
from liuquan.journal import actions as journal
from liuquan.merkle import ed25519_signer
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def record() -> None:
    """Seal the log, give it a witness, and witness another one."""
    city = ed25519_signer("city.example/witness", bytes(32), witness=True)
    county = ed25519_signer("county.example/log", bytes(range(32)))
    journal.add_witness(city.key.text, by=SYSTEM, now=MONDAY, label="某市政务服务管理局")
    journal.know_log(county.key.text, by=SYSTEM, now=MONDAY, label="某县政务服务中心")
    journal.seal(now=MONDAY)


def addresses(number: str) -> tuple[str, ...]:
    """Every public page, and those of the holder of a case."""
    food, held = ITEMS["food"], f"/track/{number}/"
    return (
        "/",
        "/items/",
        "/search/?q=开小餐馆要什么证",
        "/search/?q=☃☃☃",
        f"/items/{food}/",
        f"/items/{food}/power/",
        f"/items/{food}/print/",
        f"/items/{food}/history/?on=2026-03-01",
        f"{held}history/",
        f"{held}readings/",
        f"/apply/{food}/",
        "/track/",
        held,
        f"{held}submitted/",
        f"{held}withdraw/",
        "/results/",
        "/results/daily/",
        "/promises/",
        "/bodies/",
        "/bodies/11990100MB9901024C/",
        "/posts/SCJG-SC1/",
        "/bodies/register/",
        "/log/",
        "/log/daily/",
        "/log/daily/2026-03-02/",
        "/log/daily/2026-03-01/",
        "/witness/",
        "/verify/",
        "/verify/file/",
        "/help/",
    )


@pytest.mark.parametrize(("width", "size"), [(360, "normal"), (360, "large"), (1366, "normal")])
def test_no_public_page_has_a_barrier_or_is_wider_than_its_screen(
    browser: Browser, live_city: str, log_home: Path, set_now: SetNow, cast: Cast, width: int, size: str
) -> None:
    set_now(MONDAY)
    number = cast.applies("food", at=MONDAY)
    record()
    context = browser.new_context(
        viewport={"width": width, "height": 740}, locale="zh-CN", base_url=live_city
    )
    context.add_cookies([{"name": "liuquan_size", "value": size, "url": live_city}])
    page = context.new_page()
    page.goto("/track/")
    page.get_by_label("办件编号").fill(number)
    page.get_by_label("查询码").fill(casework.query_code(number))
    page.get_by_role("button", name="查进度").click()
    page.wait_for_url(f"**/track/{number}/")
    wrong = []
    for address in addresses(number):
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            wrong.append(f"{address}: {wider} px too wide")
        found = Axe().run(page, options=RULES).response
        assert found["passes"], address
        wrong += [f"{address}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
    context.close()
    assert not wrong, "\n".join(wrong)
