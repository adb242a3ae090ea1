"""Test databases: one template, migrated as the owner; a copy for each process, used as the application.

The template is kept between runs under a name made from everything a migration could read, so that only a
change of the tables makes a new one. Tests run as the application role: a missing grant shows.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from pytest_django import DjangoDbBlocker

from liuquan.kernel.home import CHECKOUT, Home
from liuquan.kernel.postgres import Server, serving
from liuquan.kernel.postgres.roles import APPLICATION, OWNER, drop_database, make_database
from liuquan.testing.fingerprints import fingerprint
from liuquan.testing.modules import PACKAGE

PREFIX = "test_liuquan"
KEPT_TEMPLATES = 3
#: kind → the fingerprint of the template that this process uses
KEPT: dict[str, str] = {}
# Fast: may lose data in a power cut. Quiet: only the tests start transactions.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this test process."""
    with serving(Home(Path(os.environ["LIUQUAN_HOME"])), settings=QUICK) as server:
        yield server


@pytest.fixture(scope="session")
def template_database(postgres_server: Server, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated database that others are copied from."""

    def migrate() -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    read = [*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.rglob("*.sql"), CHECKOUT / "constraints.txt"]
    with django_db_blocker.unblock():
        return kept(
            postgres_server,
            f"template_{fingerprint(read)}",
            base="template1",
            role=OWNER,
            fill=migrate,
            keep=KEPT_TEMPLATES,
        )


@pytest.fixture(scope="session")
def django_db_setup(
    postgres_server: Server, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In place of pytest-django's: this process's database is a copy of the template."""
    name = f"{PREFIX}_run_{os.getpid()}"
    with (
        _copy(postgres_server, template_database, name),
        django_db_blocker.unblock(),
        connected_to(name, APPLICATION),
        django_db_blocker.block(),
    ):
        yield


@pytest.fixture
def committed_db(
    postgres_server: Server,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A database of this test alone, for tests that commit or use threads: it is dropped afterwards.

    Gives its name. Not to be used together with `db`.
    """
    if {"db", "transactional_db"} & set(request.fixturenames):
        raise pytest.UsageError("committed_db and db exclude each other: take one of them")
    name = f"{PREFIX}_own_{os.getpid()}"
    with (
        _copy(postgres_server, template_database, name),
        django_db_blocker.unblock(),
        connected_to(name, APPLICATION),
    ):
        yield name


def kept(server: Server, name: str, *, base: str, role: str, fill: Callable[[], None], keep: int = 1) -> str:
    """The full name of a template database, copied from `base` and filled when there is none of this name.

    The name ends in a fingerprint of what made it; of older ones with another, `keep` - 1 stay.
    """
    full = f"{PREFIX}_{name}"
    kind, _, mark = name.rpartition("_")
    KEPT[kind] = mark
    with _one_at_a_time(), _admin(server) as admin, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop may run in this thread already
        if not _exists(admin, full):
            _drop_old(admin, full.rpartition("_")[0], keep)
            draft = f"{full}_draft"
            drop_database(admin, draft)
            make_database(admin, draft, template=base)
            with connected_to(draft, role):
                fill()
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(full))
            )
    return full


@contextlib.contextmanager
def connected_to(name: str, role: str) -> Iterator[None]:
    """Point Django's default connection at another database and role for a while, in every thread."""
    connection = connections["default"]
    before = {key: connection.settings_dict[key] for key in ("NAME", "USER")}
    connection.close()
    settings: dict[str, Any] = connection.settings_dict
    settings.update(NAME=name, USER=role)
    connections.settings["default"].update(NAME=name, USER=role)
    try:
        yield
    finally:
        connections.close_all()
        settings.update(before)
        connections.settings["default"].update(before)


@contextlib.contextmanager
def lasting(name: str, role: str) -> Iterator[None]:
    """The same, on a connection kept open for the next test: only for one thread and changes rolled back.

    Opening one, and the server's learning the tables again, takes longer than most tests.
    """
    before = connections["default"]
    ours = _LASTING.pop((name, role), None) or _wrapper(name, role)
    told = {key: connections.settings["default"][key] for key in ("NAME", "USER")}
    connections.settings["default"].update(NAME=name, USER=role)
    connections["default"] = ours
    try:
        yield
    finally:
        connections["default"] = before
        connections.settings["default"].update(told)
        if ours.in_atomic_block or ours.closed_in_transaction:
            ours.close()  # a test broke it
        else:
            _LASTING[name, role] = ours


#: open connections by database and role
_LASTING: dict[tuple[str, str], BaseDatabaseWrapper] = {}


def _wrapper(name: str, role: str) -> BaseDatabaseWrapper:
    made = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": name, "USER": role}
    return made


def _close_lasting(name: str) -> None:
    for key in [key for key in _LASTING if key[0] == name]:
        _LASTING.pop(key).close()


@contextlib.contextmanager
def _copy(server: Server, template: str, name: str) -> Iterator[None]:
    with _admin(server) as admin:
        drop_database(admin, name)
        make_database(admin, name, template=template)
    try:
        yield
    finally:
        _close_lasting(name)
        with _admin(server) as admin:
            drop_database(admin, name)


@contextlib.contextmanager
def _admin(server: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        yield connection


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (Path(os.environ["LIUQUAN_HOME"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _drop_old(admin: psycopg.Connection, kind: str, keep: int) -> None:
    """Drop old templates of this kind, and the databases of runs that died."""
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC",
        (f"^{kind}_[0-9a-f]+(_draft)?$",),
    ).fetchall()
    for (name,) in rows[keep - 1 :]:
        drop_database(admin, name)
    runs = admin.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s", (f"^{PREFIX}_([a-z]+_)*(run|own)_[0-9]+$",)
    ).fetchall()
    for (name,) in runs:
        if not Path(f"/proc/{name.rsplit('_', 1)[1]}").exists():
            drop_database(admin, name)
