"""The server's roles, databases and extensions.

Two roles do the work: `liuquan_owner` owns the tables and runs the migrations, `liuquan_app` is what web,
worker and commands are. What the owner makes, the application may read and write, unless the migration that
makes it takes that away (the journal does).
"""

from collections.abc import Callable

import psycopg
from psycopg import sql

from liuquan.kernel.postgres.place import ServerRefused

OWNER = "liuquan_owner"
APPLICATION = "liuquan_app"
DATABASE = "liuquan"
EXTENSIONS = ("ltree", "pg_trgm", "btree_gist", "btree_gin")


def prepare_server(dsn: Callable[[str], str]) -> None:
    """Make roles, extensions and database where they are missing; check that Chinese search can work."""
    with psycopg.connect(dsn("template1"), autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        make_extensions(connection)
        for statement in default_privileges(OWNER, APPLICATION):
            connection.execute(statement)
        check_chinese(connection)
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            make_database(connection, DATABASE, template="template1")


def make_database(connection: psycopg.Connection, name: str, *, template: str) -> None:
    """Make a database owned by the owner role, as a copy of the template."""
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def make_extensions(connection: psycopg.Connection) -> None:
    """Make the extensions that the tables use."""
    for name in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def default_privileges(owner: str, application: str) -> list[sql.Composed]:
    """What the application may do with everything that the owner will make."""
    granted = (
        "SELECT, INSERT, UPDATE, DELETE ON TABLES",
        "USAGE, SELECT ON SEQUENCES",
        "EXECUTE ON FUNCTIONS",
        "USAGE ON TYPES",
        "USAGE ON SCHEMAS",
    )
    return [
        sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} TO {}").format(
            sql.Identifier(owner), sql.SQL(what), sql.Identifier(application)
        )
        for what in granted
    ]


def check_chinese(connection: psycopg.Connection) -> None:
    """Refuse a database whose trigrams do not see Chinese: search would silently find nothing."""
    row = connection.execute("SELECT show_trgm('身份证') <> '{}'").fetchone()
    if row is None or not row[0]:
        raise ServerRefused(
            "数据库的区域设置不认识中文,检索会静默失效：请用 --locale=C.UTF-8 重新初始化数据库。"
        )


def _exists(connection: psycopg.Connection, question: str, name: str) -> bool:
    return connection.execute(question.encode(), (name,)).fetchone() is not None
