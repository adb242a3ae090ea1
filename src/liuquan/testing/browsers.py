"""Browser tests: a Chromium of the system, and the site running on a database of its own.

@pytest.mark.browser
def test_the_guide_can_be_read(live_site: str, page: Page, set_now: SetNow) -> None: ...
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from liuquan.kernel import moments

SetNow = Callable[[datetime], None]
CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
#: how long to wait for content of a page: generous for a loaded machine; it does not slow down passing tests
PATIENCE_SECONDS = 30
# No window, no sandbox (root has none), nothing that calls home.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """In place of pytest-playwright's: the system's Chromium, never a downloaded one."""
    from playwright.sync_api import expect  # not there where the other tests run alone

    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    named = os.environ.get("LIUQUAN_CHROMIUM")
    found = named or next((path for path in CHROMIUMS if Path(path).exists()), None)
    if found is None:
        pytest.skip("no Chromium was found: install one, or run './run test --install-browser' as root")
    return {"executable_path": found, "args": list(QUIET), "timeout": 4 * PATIENCE_SECONDS * 1000}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A Chinese reader in Shanghai."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def context(new_context: Callable[..., Any]) -> Any:
    """In place of pytest-playwright's: one that waits for steps as long as `expect` does."""
    made = new_context()
    made.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    return made


@pytest.fixture
def live_site(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site, served from this process on a database of this test alone."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in the tests' thread
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def set_now(monkeypatch: pytest.MonkeyPatch) -> SetNow:
    """Set the moment that the edges read, for tests that go through pages, API or jobs."""

    def at(moment: datetime) -> None:
        moments.today(moment)  # refuses a moment without a time zone
        monkeypatch.setattr(moments, "now", lambda: moment)

    return at
