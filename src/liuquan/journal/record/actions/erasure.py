"""Erasing private parts: whole, never to be restored, and only with an entry in the same transaction.

No page and no command erases yet: the terms of the law for it are not worked out. Backups made before still
hold salt and values, and open them as long as the field key of that time is kept: erasure is complete when
the last such backup is gone. Receipts handed out before still open what their holders were given.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.journal.record import events
from liuquan.journal.record.actions.entries import PRIVATE_PURPOSE, append
from liuquan.journal.record.types import NewEntry
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import SomebodyWasFirst, Unavailable
from liuquan.organisation.types import Actor


def erase_private(
    *, subject: str, entries: Sequence[uuid.UUID] | None = None, reason: str, by: Actor, now: datetime
) -> NewEntry | None:
    """Delete the private parts of a subject's entries, salt and values, all of them or those of `entries`.

    Leaves and proofs stay as they are; nobody can open the commitments any more. What is erased and by which
    post is an entry of the same subject, which the database requires for every deleted row; it keeps what the
    values were called, not what they said, so that erased is not taken for never given. None when there is
    nothing to erase. Refuses (409) when somebody else erases the same at this moment. The caller decides
    who may erase, and when the law requires it.

    Cites: 个人信息保护法 第四十七条
    """
    with transaction.atomic():
        rows = _kept(subject, entries)
        if not rows:
            return None
        numbers = [str(row["number"]) for row in rows]
        entry = NewEntry(
            events.PRIVATE_ERASED.name,
            subject,
            by.body_code,
            by.post_code,
            by.kind,
            now,
            public={"count": len(numbers), "entries": numbers, "names": _names(rows)},
            private={"reason": reason, "staff": by.staff_id},
        )
        append(entry)
        deleted = sql.run(
            "DELETE FROM journal_private WHERE entry_id = ANY(%(ids)s) RETURNING entry_id",
            {"ids": [row["entry_id"] for row in rows]},
        )
        if len(deleted) != len(rows):
            raise SomebodyWasFirst("这些内容正由别人删除，请刷新后再看。")
    return entry


def _kept(subject: str, entries: Sequence[uuid.UUID] | None) -> list[dict[str, Any]]:
    return sql.run(
        'SELECT p.entry_id, e.number, p."values" '
        "FROM journal_entry e JOIN journal_private p ON p.entry_id = e.id "
        "WHERE e.subject = %(subject)s AND (%(entries)s::uuid[] IS NULL OR e.number = ANY(%(entries)s)) "
        "ORDER BY e.id",
        {"subject": subject, "entries": None if entries is None else list(entries)},
    )


def _names(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By entry, what its private values are called; nothing of those that cannot be read any more, which are
    erased all the same."""
    found = {}
    for row in rows:
        with suppress(Unavailable):
            values = json.loads(secrecy.decrypt(bytes(row["values"]), purpose=PRIVATE_PURPOSE))
            found[str(row["number"])] = sorted(values)
    return found
