"""The contract of the case log: columns are only added, each is explained, and nobody writes here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import DatabaseError, transaction

from liuquan import caselog
from liuquan.caselog import queries
from liuquan.caselog.types import View
from liuquan.kernel import sql
from liuquan.kernel.home import CHECKOUT

PROMISE = Path(caselog.__file__).parent / "data" / "caselog.v1.tsv"


class Column(NamedTuple):
    """One column of the contract: its relation, its place there from 1, its name and PostgreSQL type."""

    view: str
    position: int
    name: str
    type: str


def columns() -> list[Column]:
    """The contract as the database has it."""
    rows = sql.run(
        """
        SELECT c.relname AS view, a.attnum AS position, a.attname AS name,
            format_type(a.atttypid, NULL) AS type
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'caselog' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
        """
    )
    return [Column(**row) for row in rows]


def promised() -> list[Column]:
    lines = PROMISE.read_text().splitlines()[1:]
    return [Column(v, int(p), n, t) for v, p, n, t in (line.split("\t") for line in lines)]


def test_columns_are_only_added(db: None) -> None:
    there = {(c.view, c.position): c for c in columns()}
    broken = [c for c in promised() if there.get((c.view, c.position)) != c]
    assert not broken, f"caselog.v1 promised these; add columns at the end instead: {broken}"


def test_every_column_is_promised_once_it_is_there(db: None) -> None:
    new = [c for c in columns() if c not in promised()]
    assert not new, f"add these to {PROMISE.name}: {new}"


def test_the_relations_are_those_the_types_name(db: None) -> None:
    assert {c.view for c in columns()} == {view.value for view in View}


def test_every_column_is_explained_in_the_manual_of_the_contract() -> None:
    text = (CHECKOUT / "docs" / "caselog.md").read_text()
    sections = dict(re.findall(r"^## `(\w+)`.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    silent = [
        f"{column.view}.{column.name}"
        for column in promised()
        if f"| `{column.name}` |" not in sections.get(column.view, "")
    ]
    assert promised()
    assert not silent, f"explain these in docs/caselog.md: {silent}"


@pytest.mark.parametrize("view", list(View))
def test_the_application_may_read_and_never_write(db: None, view: View) -> None:
    assert isinstance(queries.rows(view), list)
    with pytest.raises(DatabaseError, match="permission denied|cannot"), transaction.atomic():
        sql.run(f"DELETE FROM caselog.{view.value}")
    with pytest.raises(DatabaseError, match="permission denied|cannot"), transaction.atomic():
        sql.run(f"INSERT INTO caselog.{view.value} DEFAULT VALUES")
