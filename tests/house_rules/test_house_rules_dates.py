"""A date is shown in one form in one place: 2026-09-28 in tables, 2026年9月28日 in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from liuquan.testing.modules import PACKAGE

_SHOWN = re.compile(r"\|date:(\"[^\"]*\"|'[^']*')")
_CELL = re.compile(r"<td\b[^>]*>(?:(?!</td>).)*\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w-]+)=\"[^\"]*\Z")
#: attributes that programs read
_UNSEEN = {"value", "min", "max", "href", "data-day"}


def unlike(html: str) -> Iterator[str]:
    """The dates of a template that are not shown as their place has it."""
    for found in _SHOWN.finditer(html):
        shown, before = found[1][1:-1], html[: found.start()]
        named = _ATTRIBUTE.search(before.rpartition("<")[2])
        if "j" not in shown and "d" not in shown:
            continue  # a time, or a month
        if (named and named[1] in _UNSEEN) or "{%" in before.rpartition("%}")[2]:
            wanted = shown == "Y-m-d"
        elif _CELL.search(before) and not named:
            wanted = shown.startswith("Y-m-d")
        else:
            wanted = "月" in shown
        if not wanted:
            yield f"{html.count(chr(10), 0, found.start()) + 1}: {shown}"


def test_tables_write_dates_by_iso_and_running_text_in_chinese() -> None:
    wrong = [f"{path}:{line}" for path in _templates() for line in unlike(path.read_text(encoding="utf-8"))]
    assert not wrong, "\n".join(["", *wrong])


def test_a_date_in_another_form_is_found() -> None:
    assert list(unlike('<td>{{ a|date:"n月j日" }}</td>')) == ["1: n月j日"]
    assert list(unlike('<td>{{ a|date:"Y-m-d H:i" }}</td>\n<p>{{ a|date:"Y-m-d" }}</p>')) == ["2: Y-m-d"]
    assert list(unlike("""<c-event at="{{ a|date:'Y-m-d' }}">""")) == ["1: Y-m-d"]
    assert not list(unlike("""<input max="{{ a|date:'Y-m-d' }}"><p>{{ a|date:"n月j日" }}</p>"""))


def _templates() -> Iterator[Path]:
    found = sorted(PACKAGE.glob("*/templates/**/*.html"))
    assert len(found) > 100
    yield from found
