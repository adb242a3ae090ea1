"""The city of the tests: the demo's pack loaded once into a second template, on Monday 2 March 2026.

`city`: a committed database of this test alone, for tests with threads, several processes or a browser.
`city_db`: one transaction on a database of this process, rolled back afterwards; for all other tests.
The people who live there are in `liuquan.testing.cast`.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from psycopg import sql
from pytest_django import DjangoDbBlocker

from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import APPLICATION, drop_database, make_database
from liuquan.testing import databases

#: the moment at which the city came to be: 10 o'clock in Shanghai, Monday 2 March 2026
FOUNDED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PACK = CHECKOUT / "packs" / "demo"
PREFIX = f"{databases.PREFIX}_city"
#: modules whose code decides what loading the pack makes
_LOADERS = ("organisation", "catalogue", "law", "site/packs.py")


@pytest.fixture(scope="session")
def city_template(postgres_server: Server, template_database: str, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with the demo's pack in it, that others are copied from."""
    name = f"{PREFIX}_template_{_fingerprint(template_database)}"
    with databases._one_at_a_time(), databases._admin(postgres_server) as admin:
        if not databases._exists(admin, name):
            for (old,) in admin.execute(
                "SELECT datname FROM pg_database WHERE datname ~ %s", (f"^{PREFIX}_template_",)
            ).fetchall():
                drop_database(admin, old)
            draft = f"{name}_draft"
            make_database(admin, draft, template=template_database)
            with django_db_blocker.unblock(), databases.connected_to(draft, APPLICATION):
                _found()
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    return name


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
    with django_db_blocker.unblock(), databases.connected_to(name, APPLICATION):
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


def _fingerprint(template_database: str) -> str:
    """A short name for everything that decides what the city is."""
    source = CHECKOUT / "src" / "liuquan"
    read = [path for path in PACK.rglob("*") if path.is_file()]
    for loader in _LOADERS:
        place = source / loader
        found = [place] if place.is_file() else [*place.rglob("*.py"), *place.rglob("*.toml")]
        read += [path for path in found if "tests" not in path.parts and "views" not in path.name]
    digest = hashlib.sha256(template_database.encode())
    for path in sorted(read):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
