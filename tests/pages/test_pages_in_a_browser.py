"""Every listed page in a real browser: axe finds nothing, the console is quiet, nothing is wider than a phone
or a desk. The lists stand beside the modules (`liuquan.testing.pages`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liuquan.testing.pages import ANYBODY, DESK, HEIGHT, PHONE, ListedPage, ServedCity, Visitor, listed

pytestmark = pytest.mark.browser

# Public pages keep WCAG 2.2 AA; the desk keeps every rule that axe has.
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What is asked for is small: a page with hundreds of rows has megabytes of what is in order.
RUN = """async runOnly => {
    const found = await axe.run(document, {resultTypes: ["violations"], ...(runOnly && {runOnly})});
    const worst = found.violations.map(one => `${one.id} ${one.nodes[0].html.slice(0, 160)}`);
    return {worst, passes: found.passes.length};
}"""


def test_no_page_has_a_barrier(
    served_city: ServedCity, visitors: Callable[..., Visitor], listed_page: ListedPage
) -> None:
    visitor = visitors(listed_page.who, axe=True)
    visitor.page.set_viewport_size({"width": listed_page.width, "height": HEIGHT})
    visitor.opens(served_city.cases.fill(listed_page.path))
    found = visitor.page.evaluate(RUN, WCAG if listed_page.who in ANYBODY else None)
    assert found["passes"]
    wrong = [*found["worst"], *visitor.complaints]
    assert not wrong, "\n".join([str(listed_page), *wrong])


def test_no_page_is_wider_than_its_screen(
    served_city: ServedCity, visitors: Callable[..., Visitor], module: str, size: str
) -> None:
    wrong = []
    for page in listed([module]):
        visitor = visitors(page.who, size)
        visitor.opens(served_city.cases.fill(page.path))
        for width in (PHONE, DESK):
            if wider := visitor.overhang(width):
                wrong.append(f"{page}: {wider} px too wide for {width} px with {size} type")
    assert not wrong, "\n".join(["", *wrong])
