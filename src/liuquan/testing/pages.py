"""Every page in a real browser: beside each module a list of its pages, and one city that all of them read.

`<module>/tests/pages.csv`: who looks (`anonymous`, `holder` of the late case's query code, or a word of the
cast) and the path, with names of the city with cases in braces. `tests/pages` visits them all: axe once a
page, widths apart. The city is served once for each process, and its database refuses to write: a journey
that writes takes `live_city`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from psycopg import sql
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from liuquan.kernel import moments
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import APPLICATION
from liuquan.testing import databases
from liuquan.testing.browsers import PATIENCE_SECONDS
from liuquan.testing.cases import SEEN, Cases, Template, living_in, own_home
from liuquan.testing.cast import Cast
from liuquan.testing.modules import beside

NAME = "pages.csv"
PHONE, DESK = 360, 1366
HEIGHT = 768
ANYBODY = ("anonymous", "holder")


@dataclass(frozen=True)
class ListedPage:
    """One line of a list: a page as somebody sees it."""

    module: str
    who: str
    path: str

    @property
    def width(self) -> int:
        """The screen it is made for first: the public holds a phone, staff sit at a desk."""
        return PHONE if self.who in ANYBODY else DESK

    def __str__(self) -> str:
        return f"{self.module} {self.who} {self.path}"


@dataclass
class Visitor:
    """Somebody at a browser of their own."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str) -> None:
        """Go to a page, which must be there; what it complains of is kept."""
        self.complaints.clear()
        answer = self.page.goto(path)
        if answer.status != 200:
            pytest.fail(f"{path} answers {answer.status}")

    def overhang(self, width: int) -> int:
        """By how many pixels the page is wider than a screen of this width."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wider))


@dataclass(frozen=True)
class ServedCity:
    """The city with cases at an address, and who is signed in there."""

    url: str
    cases: Cases
    sessions: Mapping[str, str]


def listed(modules: list[str]) -> list[ListedPage]:
    """The pages of these modules."""
    return [
        ListedPage(module, row["who"], row["path"])
        for module, path in beside(NAME, modules).items()
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True)
    ]


@pytest.fixture(scope="session")
def served_for_all(
    postgres_server: Server,
    cases_template: Template,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Template, ServedCity]]:
    """The address of this process's city, and its database, which only reads from now on."""
    name = f"{databases.PREFIX}_pages_run_{os.getpid()}"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in the tests' thread
    with ExitStack() as until_end:
        until_end.enter_context(databases._copy(postgres_server, cases_template.database, name))
        place = Template(name, until_end.enter_context(own_home(cases_template)))
        whole = Cases(Cast(), place.names)
        with (
            django_db_blocker.unblock(),
            living_in(place.home),
            databases.connected_to(name, APPLICATION),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(moments, "now", lambda: SEEN)
            sessions = {who: _session(whole, who) for who in {one.who for one in listed([])}}
        _only_read(postgres_server, name)
        server = LiveServer("localhost")
        until_end.callback(server.stop)
        yield place, ServedCity(server.url, whole, sessions)


@pytest.fixture
def served_city(
    served_for_all: tuple[Template, ServedCity],
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[ServedCity]:
    """The city that every page test of this process reads, on Wednesday 25 March 2026."""
    place, city = served_for_all
    monkeypatch.setattr(moments, "now", lambda: SEEN)
    with (
        django_db_blocker.unblock(),
        living_in(place.home),
        databases.connected_to(place.database, APPLICATION),
    ):
        yield city


@pytest.fixture(scope="session")
def visitors(browser: Any, served_for_all: tuple[Template, ServedCity]) -> Iterator[Callable[..., Visitor]]:
    """`visitors("clerk")`: somebody at a browser, kept for this process, so that files are fetched once.

    `size` is that of the type; `axe` puts axe into every page: handed to the browser once, as sending its
    600 KB with each page takes longer than running it.
    """
    _, city = served_for_all
    known: dict[tuple[str, str, bool], Visitor] = {}

    def visitor(who: str, size: str = "normal", *, axe: bool = False) -> Visitor:
        if (who, size, axe) not in known:
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=city.url)
            context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
            context.add_cookies(_cookies(city, who, size))
            if axe:
                context.add_init_script(path=_axe())
            known[who, size, axe] = _listening(context.new_page())
        return known[who, size, axe]

    yield visitor
    for one in known.values():
        one.page.context.close()


def _listening(page: Any) -> Visitor:
    one = Visitor(page)
    page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    return one


def _cookies(city: ServedCity, who: str, size: str) -> list[dict[str, str]]:
    named = {"liuquan_size": size, settings.SESSION_COOKIE_NAME: city.sessions[who]}
    return [{"name": name, "value": value, "url": city.url} for name, value in named.items() if value]


def _session(city: Cases, who: str) -> str:
    """The session of somebody signed in, or of the holder of a query code."""
    if who == "anonymous":
        return ""
    if who != "holder":
        return city.cast.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    client = Client()
    answer = client.post("/track/", {"number": city.names["case"], "code": city.names["query_code"]})
    if answer.status_code != 302:
        pytest.fail("the query code opens nothing")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# Opening a case file is recorded in the journal: viewing a page may write that much.
_ONLY_READ = """
DO $$ DECLARE place text; BEGIN
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        CONTINUE WHEN place LIKE 'journal%';
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM {application}', place);
    END LOOP;
END $$
"""


def _only_read(server: Server, name: str) -> None:
    with psycopg.connect(server.dsn(name), autocommit=True) as admin:
        admin.execute(sql.SQL(_ONLY_READ).format(application=sql.Identifier(APPLICATION)))


def _axe() -> Path:
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).parent / "axe.min.js"
