"""The case log in DuckDB: the contract's columns as tables, filled from PostgreSQL or by hand; and the rules
on it.

Moments are naive UTC there, as in every export.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from liuquan import caselog
from liuquan.caselog import queries
from liuquan.caselog.types import View
from liuquan.supervision import rulebook
from liuquan.supervision.queries.rule_hits import hit, in_force
from liuquan.supervision.types import Hit, Rule

TYPES = {
    "text": "VARCHAR",
    "timestamp with time zone": "TIMESTAMP",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "jsonb": "JSON",
    "uuid": "VARCHAR",
}
PROMISE = Path(caselog.__file__).parent / "data" / "caselog.v1.tsv"


def empty_log() -> duckdb.DuckDBPyConnection:
    """Tables as the contract promises them, without rows."""
    log = duckdb.connect()
    log.execute("CREATE SCHEMA caselog")
    columns: dict[str, list[str]] = {}
    for line in PROMISE.read_text().splitlines()[1:]:
        view, _, name, kind = line.split("\t")
        columns.setdefault(view, []).append(f'"{name}" {TYPES[kind]}')
    for view, parts in columns.items():
        log.execute(f"CREATE TABLE caselog.{view} ({', '.join(parts)})")
    return log


def fill(log: duckdb.DuckDBPyConnection, view: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; columns left out are empty."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        log.execute(
            f"INSERT INTO caselog.{view} ({names}) VALUES ({marks})", [_plain(v) for v in row.values()]
        )


def exported() -> duckdb.DuckDBPyConnection:
    """The whole case log of the test's PostgreSQL."""
    log = empty_log()
    for view in set(View) - {View.WORKDAY}:
        fill(log, view.value, queries.rows(view))
    return log


def judged(
    log: duckdb.DuckDBPyConnection, rule: Rule, *, now: datetime, subjects: Sequence[str] | None = None
) -> list[Hit]:
    """The hits of a rule on DuckDB, as `supervision.queries.judge` gives them on PostgreSQL."""
    found = log.execute(
        f"SELECT * FROM ({rulebook.transpiled(rule)}) AS f ORDER BY subject_kind, subject_number, key",
        rulebook.parameters(rule, now=now, subjects=subjects) | {"now": _plain(now)},
    )
    assert found.description is not None
    names = [column[0] for column in found.description]
    hits = [
        hit(rule, {name: _aware(value) for name, value in zip(names, row, strict=True)})
        for row in found.fetchall()
    ]
    return [one for one in hits if in_force(rule, one.since_at)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, UUID) else value


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
