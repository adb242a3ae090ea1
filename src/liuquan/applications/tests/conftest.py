"""A visitor of the portal in the tests' city."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.applications.tests.visiting import NOW
from liuquan.testing.browsers import SetNow


@pytest.fixture
def visitor(city_db: str, set_now: SetNow) -> Client:
    cache.clear()
    set_now(NOW)
    return Client()
