"""Every page that somebody reaches: from the addresses of the site along the links, as each role.

It begins at the tables of addresses, which have every route of the site, at the lists of pages, and at a
case in each state. Of a route, or of one act, it opens at most `MOST` more pages for each role: they are made
by one template. `holder` is who has the query code of the late case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from liuquan.testing import addresses, pages
from liuquan.testing.cases import Cases
from liuquan.testing.role_classes import AT_ADDRESSES

MOST = 2
ROLES = (*AT_ADDRESSES, "approver", "chief_rep", "building_examiner", "holder")
_INSIDE = ("/desk/", "/board/", "/accounts/password/", "/accounts/reauthenticate/")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_READ_OUT = ("title", "placeholder", "aria-label", "alt")
_LONE = r"(?<![A-Za-z0-9_/.@-])(?:{})(?![A-Za-z0-9_/@-])"
_CODE_WORD = re.compile(
    "|".join(
        [
            _LONE.format(r"[a-z]+(?:_[a-z]+)+|[a-z]{3,}\.[a-z]{3,}(?:_[a-z]+)*|None|True|False|undefined"),
            r"某[市县区省地](?!政务服务)|名称待核对|XX+|待填",
        ]
    )
)
_UNSEEN = frozenset(("script", "style", "template"))


@dataclass
class Element:
    """An element with its attributes; `inside`: the elements around it, the outermost first."""

    tag: str
    attrs: dict[str, str]
    inside: tuple[Element, ...]
    texts: list[str] = field(default_factory=list)
    own: str = ""  #: what is read in it, without what is inside it

    @property
    def text(self) -> str:
        """What is read in it, with all that is inside it."""
        return " ".join("".join(self.texts).split())

    @property
    def is_code(self) -> bool:
        """Whether it shows what is written for programs, letter by letter."""
        return any(
            one.tag == "pre" or "code" in one.attrs.get("class", "").split() for one in (*self.inside, self)
        )


@dataclass(frozen=True)
class Seen:
    """A page as one role got it."""

    role: str
    path: str
    status: int
    html: str

    @cached_property
    def elements(self) -> list[Element]:
        """All elements in their order."""
        reader = _Reader()
        reader.feed(self.html)
        return reader.elements

    def all(self, tag: str, **attrs: str) -> list[Element]:
        """The elements of this name whose attributes are these."""
        wanted = attrs.items()
        return [one for one in self.elements if one.tag == tag and wanted <= one.attrs.items()]

    def code_words(self) -> Iterator[str]:
        """Identifiers and placeholders where words should be: in the text, the title, what is read out. What
        is printed as it is written for programs (`<pre>`, `class="code"`) is no text."""
        texts = [one.own for one in self.elements if not one.is_code]
        texts += [one.attrs[name] for one in self.elements for name in _READ_OUT if one.attrs.get(name)]
        for text in texts:
            yield from (f"{found[0]} in “{text.strip()[:80]}”" for found in _CODE_WORD.finditer(text))

    def by_id(self, key: str) -> Element | None:
        """The element with this id."""
        return next((one for one in self.elements if one.attrs.get("id") == key), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        one = Element(tag, given, tuple(self._open))
        self.elements.append(one)
        if tag not in _VOID:
            self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        while any(one.tag == tag for one in self._open):
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if not any(one.tag in _UNSEEN for one in self._open):
            for one in self._open:
                one.texts.append(data)
            if self._open:
                self._open[-1].own += data


def client(cases: Cases, role: str) -> Client:
    """The browser of somebody of this role."""
    if role != "holder":
        return cases.cast.client("" if role == "anonymous" else role)
    found = Client()
    found.cookies[settings.SESSION_COOKIE_NAME] = pages._session(cases, role)
    return found


def crawl(cases: Cases, role: str) -> Iterator[Seen]:
    """The pages that this role reaches, those of the public as nobody and as the holder only."""
    browser = client(cases, role)
    begun = list(_beginnings(cases, role))
    waiting, known, of = begun[:], set[str](), Counter[Any]()
    while waiting:
        path = waiting.pop(0)
        route = _route(path)
        enough = of[route] >= MOST and path not in begun
        if path in known or route is None or enough or not _asked(role, path):
            continue
        known.add(path)
        answer = browser.get(path)
        if "text/html" not in answer.headers.get("Content-Type", "") or answer.status_code != 200:
            continue
        of[route] += 1
        seen = Seen(role, path, answer.status_code, answer.content.decode())
        yield seen
        waiting += [_absolute(path, one.attrs["href"]) for one in seen.all("a") if one.attrs.get("href")]


def _asked(role: str, path: str) -> bool:
    return path.startswith(_INSIDE) or role in pages.ANYBODY


def _beginnings(cases: Cases, role: str) -> Iterator[str]:
    yield "/board/" if role in ("supervisor", "leader", "overseer") else "/desk/"
    for page in pages.listed([]):
        if page.who == role:
            yield cases.fill(page.path)
    for rows in addresses.tables().values():
        for row in rows:
            if row["method"] == "GET" and row.get(role, "200") == "200":
                yield "/" + cases.fill(row["path"])
    numbers = {value for name, value in cases.names.items() if re.match(r"[a-z]+_[a-z]+$", name)}
    yield from (f"/desk/cases/{number}/" for number in sorted(numbers))


def _route(path: str) -> Any:
    """What pages of one template have in common: the route, and the act where there is one."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return found.route, found.kwargs.get("action", "")


def _absolute(path: str, href: str) -> str:
    parts = urlsplit(urljoin("http://here" + path, href))
    inside = parts.netloc == "here" and parts.scheme == "http"
    return parts.path + (f"?{parts.query}" if parts.query else "") if inside else ""
