"""Leaves and checkpoints as the database has them: for the sealer, the audit and the queries."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import connection

from liuquan.journal.log import keys
from liuquan.journal.log.leaves import (
    ENTRY_COLUMNS,
    SALT_PURPOSE,
    SUBJECT_PURPOSE,
    EntryRow,
    KeyedHash,
    content_of,
)
from liuquan.journal.log.types import CheckpointView
from liuquan.kernel import secrecy, sql
from liuquan.merkle import RecordError

_CHECKPOINT_COLUMNS = "size, root, note, signed_at"


class SealedLeaf(NamedTuple):
    """A leaf with its place: the bytes in the bundle, their hash, and what makes them."""

    position: int
    entry_id: int
    content: bytes
    hash: bytes
    secret: int
    has_private: bool


def latest_checkpoint() -> CheckpointView | None:
    """The newest signed head."""
    row = sql.run_one(f"SELECT {_CHECKPOINT_COLUMNS} FROM journal_checkpoint ORDER BY size DESC LIMIT 1")
    return checkpoint_from(row) if row else None


def checkpoint_from(row: sql.Row) -> CheckpointView:
    """A checkpoint from its row."""
    return CheckpointView(row["size"], bytes(row["root"]), row["note"], row["signed_at"])


def pseudonyms_and_salts(secret: int) -> tuple[KeyedHash, KeyedHash]:
    """The pseudonyms of subjects and the salts of entries under one generation of the log secret."""
    return secrecy.keyed_by(secret, purpose=SUBJECT_PURPOSE), secrecy.keyed_by(secret, purpose=SALT_PURPOSE)


def make_leaves(rows: Iterable[EntryRow], start: int, secret: int) -> list[SealedLeaf]:
    """The leaves of these entries at consecutive places."""
    subject, salt = pseudonyms_and_salts(secret)
    leaf_hash, leaves = keys.tree_hash().leaf, []
    pseudonyms: dict[str, str] = {}
    for position, row in enumerate(rows, start):
        pseudonym = pseudonyms.get(row.subject)
        if pseudonym is None:
            pseudonym = pseudonyms[row.subject] = subject(row.subject).hex()
        content = content_of(row, pseudonym, salt)
        leaves.append(SealedLeaf(position, row.id, content, leaf_hash(content), secret, row.has_private))
    return leaves


def leaf_hashes(start: int, end: int) -> bytes:
    """The stored leaf hashes of places start … end − 1. Refuses a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf_hash FROM journal_leaf WHERE position >= %s AND position < %s ORDER BY position",
            [start, end],
        )
        hashes = [bytes(row[0]) for row in cursor.fetchall()]
    if len(hashes) != end - start:
        raise RecordError("tile", f"第 {start + 1} 至 {end} 位之间缺少日志叶，请核查日志。")
    return b"".join(hashes)


def leaves_between(start: int, end: int) -> list[SealedLeaf]:
    """The leaves of places start … end − 1, made again from the entries. Refuses a gap or a changed entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.position, l.leaf_hash, l.secret, {ENTRY_COLUMNS}, l.has_private FROM journal_leaf l "
            "JOIN journal_entry e ON e.id = l.entry_id WHERE l.position >= %s AND l.position < %s "
            "ORDER BY l.position",
            [start, end],
        )
        rows = cursor.fetchall()
    if len(rows) != end - start:
        raise RecordError("tile", f"第 {start + 1} 至 {end} 位之间缺少记录，请核查日志。")
    leaves: list[SealedLeaf] = []
    for secret, group in groupby(rows, key=itemgetter(2)):
        same_secret = list(group)
        leaves += make_leaves([EntryRow(*row[3:]) for row in same_secret], same_secret[0][0], secret)
    for row, leaf in zip(rows, leaves, strict=True):
        if leaf.hash != bytes(row[1]):
            raise RecordError("tile", f"第 {leaf.position + 1} 位的记录与入册时不同，请核查日志。")
    return leaves
