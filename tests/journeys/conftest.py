"""The demo's city served to a browser, for journeys that go through pages."""

import os
from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

# Playwright's loop runs in the tests' thread from the first browser test on, before any database is touched.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture
def live_city(city: str) -> Iterator[str]:
    """The address of the site, served from this process on a city of this test alone."""
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()
