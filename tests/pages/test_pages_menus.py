"""In a real browser: the menu is folded on a phone and open on a desk, and large type squeezes no column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liuquan.testing.pages import HEIGHT, PHONE, ServedCity, Visitor

pytestmark = pytest.mark.browser

FACES = [("anonymous", "/"), ("clerk", "/desk/"), ("supervisor", "/board/")]
HIDDEN = """() => [...document.querySelectorAll("header .nav a")].filter(link => {
    const box = link.getBoundingClientRect();
    return !box.width || box.left < 0 || box.right > innerWidth;
}).map(link => link.textContent.trim())"""
SWITCH = """() => document.querySelector(".type-size button").getBoundingClientRect().bottom
    - document.querySelector("h1").getBoundingClientRect().top"""
TALL = "() => document.querySelector('header.head').offsetHeight"
#: who the menu was drawn too long for, and with how many entries
ONE_LINE = [
    ("rexiaopai", 9),
    ("rexiaojie", 7),
    ("chengxiaore", 5),
    ("supervisor", 8),
    ("leader", 6),
    ("clerk", 7),
]
LIT = """() => [...document.querySelectorAll("header [aria-current]")].map(link => link.textContent.trim())"""
NARROW = """() => [...document.querySelectorAll("main td")].filter(
    cell => cell.offsetWidth && cell.textContent.trim().length > 4
        && cell.offsetWidth < 3.5 * parseFloat(getComputedStyle(cell).fontSize)
).map(cell => cell.textContent.trim())"""


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize(("who", "path"), FACES)
def test_on_a_phone_the_menu_is_folded_and_unfolds_hiding_nothing(
    served_city: ServedCity, visitors: Callable[..., Visitor], who: str, path: str, size: str
) -> None:
    visitor = visitors(who, size)
    visitor.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    visitor.opens(path)
    assert visitor.page.evaluate(TALL) < HEIGHT / 5
    assert visitor.page.evaluate(SWITCH) < 0
    assert not visitor.page.locator("header .nav a").first.is_visible()
    visitor.page.locator("header summary").press("Enter")
    assert visitor.page.locator("header .nav a").count() > 5
    assert visitor.page.evaluate(HIDDEN) == []


@pytest.mark.parametrize(("who", "path"), FACES)
def test_on_a_desk_the_menu_stands_open_and_large_type_squeezes_no_column(
    served_city: ServedCity, visitors: Callable[..., Visitor], who: str, path: str
) -> None:
    visitor = visitors(who, "large")
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    visitor.opens(path)
    assert visitor.page.evaluate(HIDDEN) == []
    assert not visitor.page.locator("header summary").is_visible()
    assert visitor.page.evaluate(NARROW) == []
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= 1366


@pytest.mark.parametrize(("who", "entries"), ONE_LINE)
def test_at_1366_pixels_the_head_of_every_role_is_one_line(
    served_city: ServedCity, visitors: Callable[..., Visitor], who: str, entries: int
) -> None:
    visitor = visitors(who)
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    visitor.opens("/desk/post/")
    assert visitor.page.locator("header .nav a").count() == entries
    assert visitor.page.evaluate(TALL) < 60
    assert visitor.page.locator("header .actor a[aria-current]").count() == 1


@pytest.mark.parametrize(
    ("who", "path", "lit"),
    [
        ("rexiaopai", "/desk/hotline/wall/", "来电"),
        ("rexiaojie", "/desk/hotline/roster/", "来电"),
        ("rexiaojie", "/desk/hotline/roster/hand-over/", "来电"),
        ("supervisor", "/desk/hotline/wall/", "接听大屏"),
        ("leader", "/board/hotline/", "热线看板"),
        ("rexiaopai", "/desk/hotline/network/", "回访单"),
        ("rexiaojie", "/desk/hotline/network/", "承办网络"),
        ("chengxiaore", "/board/rules/", "监察"),
        ("supervisor", "/board/rules/", "监察规则"),
    ],
)
def test_each_page_lights_up_the_entry_that_it_belongs_to(
    served_city: ServedCity, visitors: Callable[..., Visitor], who: str, path: str, lit: str
) -> None:
    visitor = visitors(who)
    visitor.opens(path)
    assert visitor.page.evaluate(LIT) == [lit]
