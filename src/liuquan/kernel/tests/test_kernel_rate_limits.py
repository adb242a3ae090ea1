"""Tries: counted before they are judged, also when many come at once; right ones are given back."""

import threading
from collections.abc import Callable

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db import connection, connections
from django.test import RequestFactory

from liuquan.kernel import rate_limits
from liuquan.kernel.rate_limits import Allowance
from liuquan.kernel.refusals import BadInput, TooMany
from liuquan.kernel.sql import run

FEW = Allowance("test_few", 5, 900, "请 15 分钟后再试。")
ADDRESS = "198.51.100.7"


def twenty_at_once(work: Callable[[], bool]) -> int:
    """How many of twenty threads that begin together are let through."""
    ready, passed = threading.Barrier(20), []

    def one() -> None:
        try:
            ready.wait()
            passed.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 20
    return sum(passed)


def taken() -> bool:
    try:
        FEW.take(ADDRESS)
    except TooMany:
        return False
    return True


def test_of_twenty_tries_at_once_five_are_let_through(committed_db: str) -> None:
    assert twenty_at_once(taken) == 5
    assert not taken()


def test_twenty_right_tries_at_once_are_all_given_back(committed_db: str) -> None:
    def right() -> bool:
        rate_limits.give_back(Allowance("test_wide", 20, 900, "").take(ADDRESS))
        return True

    assert twenty_at_once(right) == 20
    assert run("SELECT 1 FROM kernel_cache") == []


def test_a_refusal_that_tells_nothing_costs_no_try(db: None) -> None:
    def refused() -> None:
        with rate_limits.forgiven(FEW.take(ADDRESS)):
            raise BadInput("文件不对。")

    for _ in range(9):
        with pytest.raises(BadInput):
            refused()


def test_addresses_are_unreadable_in_the_cache_and_counted_apart(db: None) -> None:
    for _ in range(5):
        FEW.take(ADDRESS)
    assert FEW.take("198.51.100.8")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM kernel_cache")
        assert all("198.51" not in row[0] for row in cursor.fetchall())
    with pytest.raises(TooMany, match="15 分钟") as refused:
        FEW.take(ADDRESS)
    assert refused.value.details == {"retry_after": 900}


def test_allauths_counter_refuses_what_is_left_and_keeps_right_tries_while_it_is_locked(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why it is not used: see `kernel.rate_limits`."""
    monkeypatch.setattr(ratelimit, "CACHE_LOCK_WAIT_TIMEOUT", 0.05)
    request = RequestFactory().post("/", REMOTE_ADDR=ADDRESS)

    def consume() -> ratelimit.RateLimitUsage | None:
        return ratelimit.consume(
            request, app="liuquan", action="code", key="a", config={"code": "5/900s/key"}
        )

    used = consume()
    assert used
    key = used.usage[0].cache_key
    cache.add(f"{key}:lock", True, timeout=10)  # another process holds it, or died with it
    assert consume() is None
    used.rollback()
    assert len(cache.get(key)) == 1
