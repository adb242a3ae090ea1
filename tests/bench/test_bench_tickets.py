"""The tickets that the bench lays are such as the acts of the product leave behind."""

from __future__ import annotations

import importlib
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from liuquan.hotline import queries, texts
from liuquan.hotline.queries import figures
from liuquan.kernel import sql
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.postgres import Server
from liuquan.testing.cast import Cast

MANY = 300


@pytest.fixture
def tickets(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bench's own file, which stands in no package."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(CHECKOUT / "bench"))
    yield importlib.import_module("tickets")
    for name in set(sys.modules) - known:
        if str(CHECKOUT / "bench") in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.slow
def test_a_year_is_laid_as_the_acts_would_have_left_it(
    city: str, cast: Cast, postgres_server: Server, tickets: Any
) -> None:
    with psycopg.connect(postgres_server.dsn(city), autocommit=True) as owner:
        tickets.lay(owner, MANY, hurried=False)
    played = len(tickets.COURSES) * len(tickets.UNITS)
    (row,) = sql.run(
        "SELECT count(*) AS n, count(*) FILTER (WHERE t.is_open) AS open, "
        "count(*) FILTER (WHERE t.is_open = (c.closed_at IS NULL)) AS agree, "
        "count(*) FILTER (WHERE t.received_at > %(now)s OR c.closed_at > %(now)s) AS ahead "
        "FROM hotline_ticket t JOIN casework_case c ON c.id = t.case_id",
        {"now": tickets.NOW},
    )
    assert (row["n"], row["agree"], row["ahead"]) == (MANY + played, MANY + played, 0)
    assert 0 < row["open"] < MANY / 4 + played
    # each ticket has the entries that lead to its state, in their order
    strays = sql.run(
        "SELECT c.number FROM casework_case c WHERE c.state IS DISTINCT FROM (SELECT e.to_state "
        "FROM journal_entry e WHERE e.subject = c.number AND e.to_state IS NOT NULL "
        "ORDER BY e.id DESC LIMIT 1)"
    )
    assert strays == []
    month = (tickets.NOW - timedelta(days=40)).date().replace(day=1)
    by = cast.staff("rexiaopai", on=tickets.NOW.date())
    whole = figures.by_body(by, month=month, now=tickets.NOW)[0]
    assert all(value.total > 0 for value in whole.values if not value.figure.is_internal)


def test_the_signatures_laid_are_those_of_the_product(db: None, tickets: Any) -> None:
    import sayings

    said = ["".join(sayings.saying(tickets.random.Random(at))) for at in range(5)]
    signed = sayings.Signatures()
    assert signed.of(said[:2]) + signed.of(said[1:])[1:] == [texts.bands(one) for one in said]
    assert queries.alike(said[0], since=tickets.NOW) == []
