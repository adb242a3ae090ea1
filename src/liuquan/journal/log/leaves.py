"""From a row of the journal to its leaf. Pure: the same row and secret always give the same bytes.

The public commitment covers every column that the leaf does not name: the open values, and under `_entry`
the subject's number, the two states, the post, the kind of actor, and whether there was a private part when
the entry was sealed. So a change of any column changes the leaf's hash.

Written for the sealer and the audit, which make tens of thousands a second: the bytes are put together here
as `merkle.Leaf` and `merkle.Opening` would write them, and a test compares them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from liuquan.journal.record.vocabulary import ENVELOPE
from liuquan.merkle import Opening

SUBJECT_PURPOSE: Final = "journal.subject"
SALT_PURPOSE: Final = "journal.public-salt"


def moment_in_leaf(moment: str) -> str:
    """SQL that writes a moment in the form it has in a leaf."""
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


#: What makes a leaf, of `journal_entry AS e`, in the order of `EntryRow`; moments in the form of a leaf.
ENTRY_COLUMNS: Final = (
    "e.id, e.xid::text::bigint, e.number::text, e.event, e.vocabulary_version, e.subject, e.body_code, "
    f"e.post_code, e.actor_kind, e.from_state, e.to_state, {moment_in_leaf('e.effective_at')}, "
    f"{moment_in_leaf('e.recorded_at')}, e.public::text, encode(e.commitment, 'hex')"
)
#: Makes a 32-byte value of a text: the log secret for one purpose.
KeyedHash = Callable[[str], bytes]
_COMMITMENT_HEAD: Final = b"liuquan.commitment.v1\0"
_canonical: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode
# Numbers with a fraction, which no event may have, are taken as written: no entry can stop the sealer.
_parse: Final = json.JSONDecoder(parse_float=str).raw_decode  # the texts begin with their value
_quoted: Final = cache(_canonical)  #: of the few bodies and events


class EntryRow(NamedTuple):
    """One entry as the database has it."""

    id: int
    xid: int
    number: str
    event: str
    vocabulary: int
    subject: str
    body: str
    post: str
    actor: str
    from_state: str | None
    to_state: str | None
    effective_at: str
    recorded_at: str
    public: str  #: JSON
    private: str  #: the private commitment, hexadecimal
    has_private: bool


def commitment_of(text: str, salt: bytes) -> bytes:
    """The commitment to the values of a JSON text."""
    return hashlib.sha256(_COMMITMENT_HEAD + salt + _canonical(_parse(text)[0]).encode()).digest()


def public_values(row: EntryRow) -> dict[str, Any]:
    """The values that the public commitment binds."""
    values: dict[str, Any] = _parse(row.public)[0]
    values[ENVELOPE] = {
        "subject": row.subject,
        "from": row.from_state,
        "to": row.to_state,
        "post": row.post,
        "actor": row.actor,
        "private": row.has_private,
    }
    return values


def opening_of(row: EntryRow, salt: KeyedHash) -> Opening:
    """What opens the leaf's public commitment."""
    return Opening(salt(row.number), public_values(row))


def content_of(row: EntryRow, subject: str, salt: KeyedHash) -> bytes:
    """The leaf's bytes; `subject` is the pseudonym, hexadecimal."""
    message = _COMMITMENT_HEAD + salt(row.number) + _public_json(row).encode()
    return (
        f'{{"body":{_quoted(row.body)},"effective_at":"{row.effective_at}","event":{_quoted(row.event)},'
        f'"number":"{row.number}","private":"{row.private}","public":"{hashlib.sha256(message).hexdigest()}",'
        f'"recorded_at":"{row.recorded_at}","subject":"{subject}","v":1,"vocabulary":{row.vocabulary}}}'
    ).encode()


def _public_json(row: EntryRow) -> str:
    """Canonical JSON of `public_values`; where every open key sorts behind the envelope, the envelope is
    written directly before them."""
    values: dict[str, Any] = _parse(row.public)[0]
    if values and min(values) <= ENVELOPE:
        return _canonical(public_values(row))
    private = "true" if row.has_private else "false"
    envelope = (
        f'{{"{ENVELOPE}":{{"actor":{_quoted(row.actor)},"from":{_quoted(row.from_state)},'
        f'"post":{_quoted(row.post)},"private":{private},"subject":{_canonical(row.subject)},'
        f'"to":{_quoted(row.to_state)}}}'
    )
    return f"{envelope},{_canonical(values)[1:]}" if values else envelope + "}"
