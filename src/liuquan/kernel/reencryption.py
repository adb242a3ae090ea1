"""Bringing encrypted values under the newest field key: in batches, during running work, as often as wanted.

A value names its own algorithm and key (`secrecy.current_head`), so nothing else keeps
the state: killed anywhere, the next run goes on with what is left, and a run with nothing left changes
nothing. Rows that another transaction has locked are skipped and come in a later round; a row is locked while
its values are read and written, so no write in between is lost. Plain text never leaves the process.

Runs as the owner of the tables: the application may not rewrite verdicts and the private part of the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from django.db import transaction

from liuquan.kernel import secrecy
from liuquan.kernel.refusals import Unavailable
from liuquan.kernel.sql import Row, run

BATCH: Final = 500
_ROUNDS: Final = 3  #: how often rows that others had locked are tried again


@dataclass(frozen=True)
class EncryptedColumn:
    """A column of values made by `secrecy.encrypt` for a purpose; `key` is the numeric primary key."""

    table: str
    column: str
    purpose: str
    label: str
    key: str = "id"


@dataclass
class Renewal:
    """What a run did: values renewed, rows that others had locked to the end, values that do not open (table
    and row, no content)."""

    renewed: int = 0
    held: int = 0
    damaged: list[str] = field(default_factory=list)


def needed_keys(columns: Sequence[EncryptedColumn]) -> dict[tuple[int, int], dict[EncryptedColumn, int]]:
    """How many values of which columns are under which algorithm and key."""
    found: dict[tuple[int, int], dict[EncryptedColumn, int]] = {}
    for column in columns:
        counted = (
            f'SELECT substring("{column.column}" FROM 1 FOR 3) AS head, count(*) AS counted '
            f'FROM {column.table} WHERE "{column.column}" IS NOT NULL GROUP BY 1'
        )
        for row in run(counted):
            head = bytes(row["head"]).ljust(3, b"\0")
            found.setdefault((head[0], int.from_bytes(head[1:], "big")), {})[column] = row["counted"]
    return found


def count_outdated(columns: Sequence[EncryptedColumn]) -> int:
    """How many values are under another algorithm or key than new ones."""
    head = secrecy.current_head()
    now = (head[0], int.from_bytes(head[1:], "big"))
    return sum(sum(per.values()) for head, per in needed_keys(columns).items() if head != now)


def refuse_without_rights(columns: Sequence[EncryptedColumn]) -> None:
    """Refuse (503) a role that may not rewrite every column: half of them renewed would help nobody."""
    for column in columns:
        found = run(
            "SELECT has_column_privilege(%(table)s, %(column)s, 'UPDATE') AS may",
            {"table": column.table, "column": column.column},
        )
        if not found[0]["may"]:
            raise Unavailable(
                f"当前数据库账户无权改写“{column.label}”：请用 DATABASE_OWNER_URL 指定表的所有者后再运行。",
                code="not_the_owner",
            )


def renew(
    columns: Sequence[EncryptedColumn],
    *,
    done: Callable[[int], None] = lambda values: None,
    batch: int = BATCH,
) -> Renewal:
    """Renew every outdated value; `done` hears of each committed batch how many values it had.

    Refuses (503) when a key that a value needs is not there: nothing of its batch is written then.
    """
    found = Renewal()
    by_table = sorted(columns, key=lambda one: one.table)
    for _ in range(_ROUNDS):
        found.damaged.clear()
        for _name, group in groupby(by_table, key=lambda one: one.table):
            for values in _renew_table(list(group), batch, found.damaged):
                found.renewed += values
                done(values)
        found.held = count_outdated(columns) - len(found.damaged)
        if found.held <= 0:
            break
    return found


def _renew_table(columns: list[EncryptedColumn], batch: int, damaged: list[str]) -> Iterator[int]:
    """One pass over a table in the order of its key; yields the values of each committed batch."""
    select, update = _select(columns), _update(columns)
    last = None
    while True:
        with transaction.atomic(durable=True):
            rows = run(select, {"after": last, "head": secrecy.current_head(), "batch": batch})
            renewed = [_renewed(row, columns, damaged) for row in rows]
            changes = {f"c{place}": [values[place] for values in renewed] for place in range(len(columns))}
            if rows:
                run(update, {"keys": [row["key"] for row in rows], **changes})
        if not rows:
            return
        last = rows[-1]["key"]
        yield sum(
            values[place] != row[f"c{place}"]
            for row, values in zip(rows, renewed, strict=True)
            for place in range(len(columns))
        )


def _renewed(row: Row, columns: list[EncryptedColumn], damaged: list[str]) -> list[bytes | None]:
    return [
        _renewed_value(row[f"c{place}"], column, row["key"], damaged) for place, column in enumerate(columns)
    ]


def _renewed_value(
    value: bytes | None, column: EncryptedColumn, key: int, damaged: list[str]
) -> bytes | None:
    """The value under the newest key; as it is when there is none, it is new already, or does not open."""
    if value is None or bytes(value).startswith(secrecy.current_head()):
        return value
    try:
        return secrecy.encrypt_bytes(
            secrecy.decrypt_bytes(value, purpose=column.purpose), purpose=column.purpose
        )
    except Unavailable as refusal:
        if refusal.code != "ciphertext_damaged":
            raise
        damaged.append(f"{column.table}.{column.column} {key}")
        return value


def _select(columns: list[EncryptedColumn]) -> str:
    outdated = " OR ".join(f'substring("{each.column}" FROM 1 FOR 3) <> %(head)s' for each in columns)
    values = ", ".join(f'"{each.column}" AS c{place}' for place, each in enumerate(columns))
    return (
        f"SELECT {columns[0].key} AS key, {values} FROM {columns[0].table} WHERE ({outdated}) "
        f"AND (%(after)s::bigint IS NULL OR {columns[0].key} > %(after)s::bigint) "
        f"ORDER BY {columns[0].key} LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED"
    )


def _update(columns: list[EncryptedColumn]) -> str:
    names = [f"c{place}" for place in range(len(columns))]
    arrays = ", ".join(f"%({name})s::bytea[]" for name in names)
    sets = ", ".join(f'"{each.column}" = n.{name}' for each, name in zip(columns, names, strict=True))
    return (
        f"UPDATE {columns[0].table} AS t SET {sets} "
        f"FROM unnest(%(keys)s::bigint[], {arrays}) AS n(key, {', '.join(names)}) "
        f"WHERE t.{columns[0].key} = n.key"
    )
