"""From a row of the journal to its leaf. Pure: the same row and secret give the same bytes for ever.

The public commitment covers every column that the leaf does not name: the open values, and under `_entry`
the subject's number, the two states, the post, the kind of actor, and whether there was a private part when
the entry was sealed. So no column can be changed without the leaf's hash telling.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from liuquan.journal.events import ENVELOPE
from liuquan.merkle import Leaf, Opening

SUBJECT_PURPOSE: Final = "journal.subject"
SALT_PURPOSE: Final = "journal.public-salt"

#: What makes a leaf, of `journal_entry AS e`, in the order of `EntryRow`.
COLUMNS: Final = (
    "e.id, e.xid::text::bigint, e.number, e.event, e.vocabulary_version, e.subject, e.body_code, "
    "e.post_code, e.actor_kind, e.from_state, e.to_state, e.effective_at, e.recorded_at, e.public::text, "
    "e.commitment"
)
#: Makes a 32-byte value of a text: the log secret for one purpose.
Keyed = Callable[[str], bytes]


class EntryRow(NamedTuple):
    """One entry as the database has it."""

    id: int
    xid: int
    number: uuid.UUID
    event: str
    vocabulary: int
    subject: str
    body: str
    post: str
    actor: str
    from_state: str | None
    to_state: str | None
    effective_at: datetime
    recorded_at: datetime
    public: str  #: JSON
    commitment: bytes
    has_private: bool


def public_values(row: EntryRow) -> dict[str, Any]:
    """The values that the public commitment binds. Numbers with a fraction, which no event may have, are
    taken as they are written, so that no entry can stop the sealer."""
    values: dict[str, Any] = json.loads(row.public, parse_float=str)
    values[ENVELOPE] = {
        "subject": row.subject, "from": row.from_state, "to": row.to_state, "post": row.post,
        "actor": row.actor, "private": row.has_private,
    }  # fmt: skip
    return values


def opening_of(row: EntryRow, salt: Keyed) -> Opening:
    """What opens the leaf's public commitment."""
    return Opening(salt(str(row.number)), public_values(row))


def leaf_of(row: EntryRow, *, subject: Keyed, salt: Keyed) -> Leaf:
    """The leaf of an entry under one generation of the log secret."""
    return Leaf(
        row.number, row.event, row.vocabulary, row.body, row.effective_at, row.recorded_at,
        subject(row.subject), opening_of(row, salt).commitment(), bytes(row.commitment),
    )  # fmt: skip
