"""Reading our witnesses and the logs we cosign: names of offices, keys, heads, signatures. All is public."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings

from liuquan.journal.witness.rules import keys_from, log_id
from liuquan.journal.witness.types import KnownLogView, RefusedView, WitnessView
from liuquan.kernel import sql
from liuquan.merkle import (
    MAX_SIZE,
    Note,
    RecordError,
    Signature,
    VerifierKey,
    parse_key,
    parse_note,
    parse_signatures,
)

_WITNESSES = """
SELECT key, label, url, added_at, size, cosigned_at, failures, trouble, EXISTS (
        SELECT 1 FROM journal_witness n WHERE n.name = w.name AND n.removed_at IS NULL AND n.id > w.id
            AND n.size IS NOT NULL
    ) AS replaced
FROM journal_witness w WHERE removed_at IS NULL
"""
#: Of each office its newest key, with the most leaves it cosigned by any of them.
_OFFICES = """
SELECT key, label, url, added_at, most AS size, cosigned_at, failures, trouble FROM (
    SELECT DISTINCT ON (name) *, max(size) OVER (PARTITION BY name) AS most
    FROM journal_witness WHERE removed_at IS NULL ORDER BY name, id DESC
) w
"""
#: Due now; a next try far ahead was written by a clock that has been set back since.
_DUE = (
    "(%(now)s::timestamptz IS NULL OR next_try_at IS NULL OR next_try_at <= %(now)s "
    "OR next_try_at > %(now)s::timestamptz + interval '2 hours')"
)
_LOGS = """
SELECT origin, label, keys, url, body_code, size, note, cosigned_at, failures, trouble
FROM journal_known_log WHERE dropped_at IS NULL
"""
_REFUSED = """
SELECT r.entry, g.origin, g.label, r.misdeed, r.known_size, r.known_note, r.offered_size, r.offered_root,
    r.offered_note, r.refused_at, r.settled_at
FROM journal_refused_head r JOIN journal_known_log g ON g.id = r.log_id
"""


def witnesses() -> list[WitnessView]:
    """The offices that cosign our log, in the order they were added. One that changes its key is there
    with both."""
    return [_witness(row) for row in sql.run(f"{_WITNESSES} ORDER BY id")]


def witnesses_due(*, now: datetime | None, size: int) -> list[WitnessView]:
    """The witnesses to ask now to cosign a head of this size, each office once, with its newest key; without
    `now` also those that are in a pause after a failure."""
    rows = sql.run(
        f"{_OFFICES} WHERE url <> '' AND (most IS NULL OR most < %(size)s) AND {_DUE} ORDER BY id",
        {"now": now, "size": size},
    )
    return [_witness(row) for row in rows]


def offices() -> frozenset[str]:
    """The names of the witnesses: an office with several keys counts once."""
    return frozenset(each.name for each in witnesses())


def quorum() -> int:
    """How many witnesses a reader should ask for (setting `LIUQUAN_WITNESS_QUORUM`)."""
    return int(getattr(settings, "LIUQUAN_WITNESS_QUORUM", 0))


def quorum_trouble() -> str:
    """Why the quorum asked for can never be reached; empty when it can."""
    wanted, known = quorum(), len(offices())
    if 0 <= wanted <= known:
        return ""
    return f"要求 {wanted} 个见证，只登记了 {known} 个见证方：请登记见证方，或者调低 LIUQUAN_WITNESS_QUORUM。"


def cosignatures(size: int) -> tuple[Signature, ...]:
    """The signatures of witnesses under our checkpoint of this size, those not removed since. Lines that are
    not the witness's own under this very head are left out, however they came into the table."""
    found = sql.run_one("SELECT note FROM journal_checkpoint WHERE size = %(size)s", {"size": size})
    rows = sql.run(
        "SELECT c.line, w.key FROM journal_cosignature c JOIN journal_witness w ON w.id = c.witness_id "
        "WHERE c.size = %(size)s AND w.removed_at IS NULL ORDER BY w.id",
        {"size": size},
    )
    if found is None or not rows:
        return ()
    text = parse_note(found["note"]).text
    lines = (_own_line(text, row["line"], parse_key(row["key"])) for row in rows)
    return tuple(line for line in lines if line is not None)


def cosigned_note(size: int) -> Note | None:
    """Our checkpoint of this size with all cosignatures gathered; None when there is no such checkpoint."""
    row = sql.run_one("SELECT note FROM journal_checkpoint WHERE size = %(size)s", {"size": size})
    return parse_note(row["note"]).with_signatures(cosignatures(size)) if row else None


def cosigned_size(*, at_least: int, witnesses: int) -> int | None:
    """The smallest checkpoint of at least so many leaves that so many witnesses cosigned: the one a receipt
    should rest on. An office with two keys counts once, a line that does not verify is not counted. None:
    none yet."""
    return _first_cosigned("c.size >= %(bound)s", "ASC", at_least, witnesses)


def best_note(*, over: int) -> Note | None:
    """The checkpoint to prove the leaf at this place under, with its cosignatures: the first that the quorum
    cosigned, else the first that anybody did, else the newest signed. None: not under any yet."""
    for wanted in dict.fromkeys((max(quorum(), 1), 1)):
        size = cosigned_size(at_least=over + 1, witnesses=wanted)
        if size is not None:
            return cosigned_note(size)
    row = sql.run_one("SELECT max(size) AS size FROM journal_checkpoint")
    return cosigned_note(row["size"]) if row and (row["size"] or 0) > over else None


def newest_cosigned() -> Note | None:
    """The newest checkpoint that the quorum cosigned (one witness, where none is asked); None: none yet."""
    size = _first_cosigned("c.size <= %(bound)s", "DESC", MAX_SIZE, quorum())
    return None if size is None else cosigned_note(size)


def _first_cosigned(within: str, order: str, bound: int, wanted: int) -> int | None:
    """The first size in this order that so many offices cosigned; sizes whose rows do not verify are passed
    over."""
    wanted = max(wanted, 1)
    statement = (
        "SELECT c.size FROM journal_cosignature c JOIN journal_witness w ON w.id = c.witness_id "
        f"WHERE {within} AND w.removed_at IS NULL "
        f"GROUP BY c.size HAVING count(DISTINCT w.name) >= %(wanted)s ORDER BY c.size {order} LIMIT 1"
    )
    while row := sql.run_one(statement, {"bound": bound, "wanted": wanted}):
        size = int(row["size"])
        if len({each.name for each in cosignatures(size)}) >= wanted:
            return size
        bound = size + (1 if order == "ASC" else -1)
    return None


def _own_line(text: str, line: str, key: VerifierKey) -> Signature | None:
    """The one signature of a stored line, when this key made it under this text."""
    try:
        (found,) = parse_signatures(line)
    except (RecordError, ValueError):
        return None
    own = (found.name, found.key_id) == (key.name, key.key_id) and key.verifies(text, found.value)
    return found if own else None


def known_logs() -> list[KnownLogView]:
    """The logs we cosign, in the order they became known."""
    return [_log(row) for row in sql.run(f"{_LOGS} ORDER BY id")]


def known_log(origin: str) -> KnownLogView | None:
    """One log by its name; None when we do not cosign it."""
    row = sql.run_one(f"{_LOGS} AND origin = %(origin)s", {"origin": origin})
    return _log(row) if row else None


def known_log_by_id(found: str) -> KnownLogView | None:
    """One log by the hash of its name, as addresses have it."""
    return next((log for log in known_logs() if log_id(log.origin) == found), None)


def logs_due(*, now: datetime | None) -> list[KnownLogView]:
    """The logs whose published head we fetch ourselves, and may fetch now; without `now` all of them."""
    rows = sql.run(
        f"{_LOGS} AND url <> '' AND {_DUE} ORDER BY id",
        {"now": now},
    )
    return [_log(row) for row in rows]


def refused_heads(*, limit: int = 50) -> list[RefusedView]:
    """What we refused to cosign, the latest first."""
    rows = sql.run(f"{_REFUSED} ORDER BY r.id DESC LIMIT %(limit)s", {"limit": limit})
    return [_refused(row) for row in rows]


def refused_head(entry: uuid.UUID) -> RefusedView | None:
    """One refusal by the number of its entry."""
    row = sql.run_one(f"{_REFUSED} WHERE r.entry = %(entry)s", {"entry": entry})
    return _refused(row) if row else None


def suspicions(origin: str) -> list[RefusedView]:
    """Refused heads of a log that may still turn out harmless, or be proven a fork."""
    rows = sql.run(
        f"""{_REFUSED} WHERE g.origin = %(origin)s AND r.misdeed <> 'fork' AND r.settled_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM journal_refused_head f WHERE f.log_id = r.log_id
            AND f.misdeed = 'fork' AND f.offered_size = r.offered_size AND f.offered_root = r.offered_root)
        ORDER BY r.id LIMIT 100""",
        {"origin": origin},
    )
    return [_refused(row) for row in rows]


def _witness(row: sql.Row) -> WitnessView:
    return WitnessView(**{**row, "key": parse_key(row["key"])})


def _log(row: sql.Row) -> KnownLogView:
    return KnownLogView(**{**row, "keys": keys_from(row["keys"])})


def _refused(row: sql.Row) -> RefusedView:
    return RefusedView(**{**row, "offered_root": bytes(row["offered_root"])})
