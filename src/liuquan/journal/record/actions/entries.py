"""Writing entries. Nothing here updates one.

A module that changes a case puts `ENTRY_CTES` into its own statement and gives `entry_params(...)` as values:
act and entry are then one statement, and cannot come apart.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.journal.record import reactions, vocabulary
from liuquan.journal.record.queries import entries_of, erased_in
from liuquan.journal.record.types import NewEntry
from liuquan.kernel import jobs, secrecy, sql
from liuquan.kernel.sql import Statement

PRIVATE_PURPOSE = "journal.private"

_REACTING = jobs.defer_each(
    name="r.job",
    arguments="jsonb_build_object('subject', g.subject, 'entry', g.number, 'event', g.event)",
    source="journal_given g JOIN jsonb_to_recordset(%(journal_jobs)s::jsonb) AS r(event text, job text) "
    "USING (event)",
)
_ENTRIES_ALONE = """
journal_given AS MATERIALIZED (
    SELECT g.* FROM moved, jsonb_to_recordset(%(journal)s::jsonb) AS g(
        number uuid, event text, version int, subject text, body_code text, post_code text, actor_kind text,
        from_state text, to_state text, effective_at timestamptz, public jsonb, commitment text,
        salt text, private text)
),
journal_written AS (
    INSERT INTO journal_entry (number, event, vocabulary_version, subject, body_code, post_code, actor_kind,
        from_state, to_state, effective_at, public, commitment)
    SELECT number, event, version, subject, body_code, post_code, actor_kind, from_state, to_state,
        effective_at, public, decode(commitment, 'hex')
    FROM journal_given
    RETURNING id, number
),
journal_kept_private AS (
    INSERT INTO journal_private (entry_id, salt, "values")
    SELECT w.id, decode(g.salt, 'hex'), decode(g.private, 'hex')
    FROM journal_written w JOIN journal_given g USING (number)
    WHERE g.private IS NOT NULL
)
"""

#: CTEs that insert `%(journal)s` (jsonb) for the one row of a CTE named `moved`, and defer the jobs that
#: follow from it; nothing when that is empty.
ENTRY_CTES = f"{_ENTRIES_ALONE}, journal_deferred AS ({_REACTING})"

_ENTRY_CTE = """
journal_written AS (
    INSERT INTO journal_entry (number, event, vocabulary_version, subject, body_code, post_code, actor_kind,
        from_state, to_state, effective_at, public, commitment)
    SELECT %(entry_number)s, %(entry_event)s, %(entry_version)s, %(entry_subject)s, %(entry_body_code)s,
        %(entry_post_code)s, %(entry_actor_kind)s, %(entry_from_state)s, %(entry_to_state)s,
        %(entry_effective_at)s, %(entry_public)s::jsonb, %(entry_commitment)s FROM moved
    RETURNING id
)"""
_PRIVATE_CTE = """
journal_kept_private AS (
    INSERT INTO journal_private (entry_id, salt, "values")
    SELECT id, %(entry_salt)s, %(entry_private)s FROM journal_written
)"""

#: Where there is no private part nobody keeps its salt: the commitment is 32 random bytes to everyone.
_MANY_ENTRIES_CTE = """
journal_written AS (
    INSERT INTO journal_entry (event, vocabulary_version, subject, body_code, post_code, actor_kind,
        effective_at, public, commitment)
    SELECT %(entries_event)s, %(entries_version)s, subject, body_code, '', %(entries_actor_kind)s,
        %(entries_effective_at)s, public, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    FROM moved
)"""


def entry_ctes(entry: NewEntry) -> Statement:
    """CTEs that insert one entry for the one row of a CTE named `moved`, and defer the jobs that follow from
    its event; nothing when that is empty. The quick form of `ENTRY_CTES` for the act that is written a
    thousand times a minute.

    Refuses events and keys that no vocabulary declares.
    """
    row = _row(entry)
    private = row.pop("private")
    row |= {
        "public": json.dumps(row["public"], ensure_ascii=False),
        "commitment": bytes.fromhex(row["commitment"]),
        "salt": bytes.fromhex(row["salt"]),
        "effective_at": entry.effective_at,
    }
    params = {f"entry_{name}": value for name, value in row.items()}
    parts = [_ENTRY_CTE]
    if private is not None:
        parts.append(_PRIVATE_CTE)
        params["entry_private"] = bytes.fromhex(private)
    given = {"subject": entry.subject, "entry": str(entry.number), "event": entry.event}
    for place, name in enumerate(reactions.jobs_after(entry.event)):
        deferred = jobs.defer_cte(name, alias=f"job_{place}", source="moved", values=given)
        parts.append(deferred.sql)
        params |= deferred.params
    return Statement(", ".join(parts), params)


def entry_params(entries: Iterable[NewEntry]) -> dict[str, Any]:
    """The values for `ENTRY_CTES`. Refuses events and keys that no vocabulary declares."""
    listed = list(entries)
    return {
        "journal": json.dumps([_row(entry) for entry in listed], ensure_ascii=False),
        "journal_jobs": json.dumps(reactions.jobs_after_each(entry.event for entry in listed)),
    }


def entries_ctes(event: str, public: Iterable[str], *, actor_kind: str, effective_at: datetime) -> Statement:
    """A CTE that inserts an entry of one event for each row of a CTE named `moved` (subject, body_code,
    public as jsonb): for acts of the system on hundreds of thousands of cases. No private part.

    Refuses an event or a key (`public` names them) that no vocabulary declares, and one from which jobs
    follow: they would be as many as the entries.
    """
    vocabulary.check_values(event, dict.fromkeys(public), {})
    if reactions.jobs_after(event):
        raise ValueError(f"{event} is entered for many at once: no job can follow from it")
    return Statement(
        _MANY_ENTRIES_CTE,
        {
            "entries_event": event,
            "entries_version": vocabulary.event(event).version,
            "entries_actor_kind": actor_kind,
            "entries_effective_at": effective_at,
        },
    )


def append(*entries: NewEntry) -> None:
    """Write entries in the caller's transaction, for acts that are not a move of a case."""
    followed = any(reactions.jobs_after(entry.event) for entry in entries)
    parts = ENTRY_CTES if followed else _ENTRIES_ALONE
    sql.run(f"WITH moved AS (SELECT 1), {parts} SELECT 1", entry_params(entries))


def append_durably(*entries: NewEntry) -> None:
    """Commit entries before going on: what a read of a sensitive record does first."""
    with transaction.atomic(durable=True):
        append(*entries)


def open_private_of(
    subject: str, *, receipt: uuid.UUID, erased: str | None = None
) -> dict[str, dict[str, Any]]:
    """The private parts of a subject's entries by entry number, opened under an entry of it (`receipt`):
    the reading itself, or the act whose paper is being written. `erased`: the word that stands in place of
    each value that was erased; without a word erased parts are absent.

    Without the receipt in the record nothing is opened.
    """
    rows = sql.run(
        'SELECT e.number, p."values" FROM journal_private p JOIN journal_entry e ON e.id = p.entry_id '
        "WHERE e.subject = %(subject)s AND EXISTS "
        "(SELECT 1 FROM journal_entry r WHERE r.number = %(receipt)s AND r.subject = %(subject)s)",
        {"subject": subject, "receipt": receipt},
    )
    opened = {
        str(row["number"]): json.loads(secrecy.decrypt(bytes(row["values"]), purpose=PRIVATE_PURPOSE))
        for row in rows
    }
    if erased is None:
        return opened
    gone = erased_in(entries_of(subject))
    return {entry: dict.fromkeys(sorted(names), erased) for entry, names in gone.items()} | opened


def _row(entry: NewEntry) -> dict[str, Any]:
    vocabulary.check_values(entry.event, entry.public, entry.private)
    secrecy.refuse_ambiguous(entry.public)  # numbers with a fraction: no leaf could commit to them
    salt = secrecy.new_salt()
    private = (
        secrecy.encrypt(json.dumps(entry.private, ensure_ascii=False), purpose=PRIVATE_PURPOSE).hex()
        if entry.private
        else None
    )
    return {
        "number": str(entry.number),
        "event": entry.event,
        "version": vocabulary.event(entry.event).version,
        "subject": entry.subject,
        "body_code": entry.body_code,
        "post_code": entry.post_code,
        "actor_kind": entry.actor_kind,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "effective_at": entry.effective_at.isoformat(),
        "public": dict(entry.public),
        "commitment": secrecy.commitment(dict(entry.private), salt).hex(),
        "salt": salt.hex(),
        "private": private,
    }
