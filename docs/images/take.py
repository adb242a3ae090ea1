"""Takes the README's screenshots from a running demo: `./run demo` in one window, then, in another,

./run python docs/images/take.py [ADDRESS]
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from liuquan.testing.browsers import CHROMIUMS, QUIET

HERE = Path(__file__).parent
PASSWORD = os.environ.get("LIUQUAN_DEMO_PASSWORD", "")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}


def main() -> None:
    """The guide on a phone, an approver's work list, the supervisor's board."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    _use_packed_fonts()
    chromium = next(path for path in CHROMIUMS if Path(path).exists())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        guide(browser, address)
        staff(browser, address, "shixiaohe", "/desk/", "work-list.png")
        staff(browser, address, "jianxiaocha", "/board/", "board.png")
        browser.close()


def guide(browser: Browser, address: str) -> None:
    """Search by plain words, open the first guide."""
    page = browser.new_page(viewport=PHONE, locale="zh-CN", device_scale_factor=2)
    page.goto(address)
    page.get_by_role("searchbox").first.fill("开小餐馆要什么证")
    page.keyboard.press("Enter")
    page.locator("main a").filter(has_text="食品经营许可").first.click()
    page.screenshot(path=HERE / "guide-phone.png")


def staff(browser: Browser, address: str, login: str, path: str, name: str) -> None:
    """Sign in and show one page."""
    page: Page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    page.goto(f"{address}/accounts/login/?next={path}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    page.screenshot(path=HERE / name)


def _use_packed_fonts() -> None:
    """Machines without Chinese fonts get those the papers are printed with."""
    found = find_spec("pylopdf_fonts_zh_cn")
    if found is None or found.origin is None:
        return
    fonts = Path(tempfile.mkdtemp()) / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{Path(found.origin).parent}</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{fonts.parent}</cachedir></fontconfig>"
    )
    os.environ["FONTCONFIG_FILE"] = str(fonts)


if __name__ == "__main__":
    main()
