"""The city of the tests: the demo's pack loaded once into a second template, on Monday 2 March 2026.

`city`: a committed database of this test alone, for tests with threads, several processes or a browser.
`city_db`: one transaction on a database of this process, rolled back afterwards; for all other tests.
The people who live there are in `liuquan.testing.cast`.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import APPLICATION
from liuquan.testing import databases
from liuquan.testing.fingerprints import behind, fingerprint

#: the moment at which the city came to be: 10 o'clock in Shanghai, Monday 2 March 2026
FOUNDED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PACK = CHECKOUT / "packs" / "demo"
PREFIX = f"{databases.PREFIX}_city"


@pytest.fixture(scope="session")
def city_template(postgres_server: Server, template_database: str, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with the demo's pack in it, that others are copied from."""
    from liuquan.site import packs

    read = [*(path for path in PACK.rglob("*") if path.is_file()), *behind(packs)]
    mark = fingerprint(read, template_database, FOUNDED.isoformat())
    with django_db_blocker.unblock():
        return databases.kept(
            postgres_server, f"city_template_{mark}", base=template_database, role=APPLICATION, fill=_found
        )


@pytest.fixture
def city(
    postgres_server: Server,
    city_template: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A city of this test alone, whose changes are committed; gives the name of its database."""
    if {"db", "transactional_db", "committed_db", "city_db"} & set(request.fixturenames):
        raise pytest.UsageError("city excludes db, committed_db and city_db: take one of them")
    name = f"{databases.PREFIX}_own_{os.getpid()}"
    with (
        databases._copy(postgres_server, city_template, name),
        django_db_blocker.unblock(),
        databases.connected_to(name, APPLICATION),
    ):
        yield name


@pytest.fixture(scope="session")
def city_of_process(postgres_server: Server, city_template: str) -> Iterator[str]:
    """This process's copy of the city; whoever changes it rolls back."""
    name = f"{PREFIX}_run_{os.getpid()}"
    with databases._copy(postgres_server, city_template, name):
        yield name


@pytest.fixture
def city_db(
    city_of_process: str, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The city inside one transaction that is rolled back: quick, for one thread only."""
    if {"db", "transactional_db", "committed_db"} & set(request.fixturenames):
        raise pytest.UsageError("city_db excludes db and committed_db: take one of them")
    with rolled_back(city_of_process, django_db_blocker):
        yield city_of_process


@contextlib.contextmanager
def rolled_back(name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Use a database of this process inside one transaction that is rolled back in the end."""
    with django_db_blocker.unblock(), databases.lasting(name, APPLICATION), undone():
        yield


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Undo whatever the block did to the database."""
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # durable acts may run inside it
    with whole:
        yield
        transaction.set_rollback(True)


def _found() -> None:
    """Load the pack through the same actions as everywhere."""
    from liuquan.organisation.types import SYSTEM
    from liuquan.site import packs

    packs.load_pack(PACK, by=SYSTEM, now=FOUNDED)
