"""Plain SQL with named parameters, over Django's connection.

Parameters are written `%(name)s`. A `Statement` is a piece of SQL with its values, handed from one module to
another so that it runs in the other's transaction without naming its tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

Row = dict[str, Any]


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
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_one(sql: str, params: Mapping[str, Any] | None = None) -> Row | None:
    """Run one statement that gives at most one row. Refuses more than one: the caller's key was no key."""
    rows = run(sql, params)
    if len(rows) > 1:
        raise ValueError(f"one row at most was expected, {len(rows)} came")
    return rows[0] if rows else None
