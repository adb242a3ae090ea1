"""Plain SQL with named parameters, over Django's connection.

Parameters are written `%(name)s`. A `Statement` is a piece of SQL with its values, passed from one module to
another so that it runs in the other's transaction without naming its tables. A `Fragment` is the same for
reading: text without values that another module puts into its own query.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NewType

import psycopg
from django.db import connection

Row = dict[str, Any]
Fragment = NewType("Fragment", str)
"""SQL in brackets, a value or a relation, which a module offers in its `queries` and keeps stable."""
_AT_ONCE = 0
_JSONB = 3802  #: PostgreSQL's type number of jsonb, which Django's connection returns as text


@dataclass(frozen=True)
class Statement:
    """One SQL statement and its named values."""

    sql: str
    params: dict[str, Any] = field(default_factory=dict)


def run(sql: str, params: Mapping[str, Any] | None = None) -> list[Row]:
    """Run one statement in the current transaction and return its rows, in the order the server gave them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params or {}))
        if cursor.description is None:
            return []
        return _rows([(column[0], column[1] == _JSONB) for column in cursor.description], cursor.fetchall())


def run_prepared(sql: str, params: Mapping[str, Any] | None = None) -> list[Row]:
    """As `run`, for the few fixed texts that run thousands of times a minute: the server plans each once per
    connection and takes the values apart from the text. One round trip."""
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    # Django forbids preparing on its connections, silently even where it is asked for; only these may.
    raw.prepare_threshold = _AT_ONCE
    try:
        with psycopg.Cursor(raw) as cursor:
            cursor.execute(sql.encode(), dict(params or {}), prepare=True)
            columns = _columns(cursor)
            return _rows(columns, cursor.fetchall()) if columns else []
    finally:
        raw.prepare_threshold = None


def refuse_outer_transaction() -> None:
    """Refuse to go on inside somebody's transaction: what follows must be durable when it returns."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("this act must be durable: it may not run inside another transaction")


def _columns(cursor: psycopg.Cursor[Any]) -> list[tuple[str, bool]]:
    """The names of the columns and whether they are jsonb; a cursor's `description` is ten times as dear."""
    result = cursor.pgresult
    if result is None:
        return []
    return [
        ((result.fname(place) or b"").decode(), result.ftype(place) == _JSONB)
        for place in range(result.nfields)
    ]


def _rows(columns: list[tuple[str, bool]], rows: Any) -> list[Row]:
    return [
        {
            name: json.loads(value) if is_json and isinstance(value, str) else value
            for (name, is_json), value in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def run_one(sql: str, params: Mapping[str, Any] | None = None) -> Row | None:
    """Run one statement that gives at most one row. Refuses more than one: the caller's key was no key."""
    rows = run(sql, params)
    if len(rows) > 1:
        raise ValueError(f"one row at most was expected, {len(rows)} came")
    return rows[0] if rows else None
