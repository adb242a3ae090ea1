"""In a real browser: on a phone every entry of a menu is seen, and large type is switched above the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liuquan.testing.pages import HEIGHT, PHONE, ServedCity, Visitor

pytestmark = pytest.mark.browser

HIDDEN = """() => [...document.querySelectorAll("header .nav a")].filter(link => {
    const box = link.getBoundingClientRect();
    return !box.width || box.left < 0 || box.right > innerWidth;
}).map(link => link.textContent.trim())"""
SCROLLED = """() => {
    const menu = document.querySelector("header .nav");
    return menu.scrollWidth - menu.clientWidth;
}"""
SWITCH = """() => document.querySelector(".type-size button").getBoundingClientRect().bottom
    - document.querySelector("h1").getBoundingClientRect().top"""


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize(
    ("who", "path"), [("anonymous", "/"), ("clerk", "/desk/"), ("supervisor", "/board/")]
)
def test_on_a_phone_a_menu_wraps_and_hides_nothing(
    served_city: ServedCity, visitors: Callable[..., Visitor], who: str, path: str, size: str
) -> None:
    visitor = visitors(who, size)
    visitor.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    visitor.opens(path)
    assert visitor.page.locator("header .nav a").count() > 5
    assert visitor.page.evaluate(HIDDEN) == []
    assert visitor.page.evaluate(SCROLLED) <= 0
    assert visitor.page.evaluate(SWITCH) < 0
