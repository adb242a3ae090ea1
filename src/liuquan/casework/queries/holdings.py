"""What is on file of a case: materials and papers; and the query code of its slip."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from liuquan.casework.types import (
    Material,
    NoticeView,
    Received,
    Snapshot,
)
from liuquan.journal import queries as journal
from liuquan.kernel import files, secrecy, sql
from liuquan.kernel.refusals import NotVisible

_NOTICES = """
SELECT {also}n.number, n.kind, n.entry::text AS entry, n.file::text AS file, n.sha256, n.short_code,
    n.issued_at
FROM casework_notice n JOIN casework_case c ON c.id = n.case_id
"""


#: no I, L, O, U, 0, 1, so that codes can be read aloud and typed on a phone without confusion
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


CODE_LENGTH = 10


def material_names(snapshot: Snapshot) -> dict[str, str]:
    """The names of the materials that the case's terms list, by key."""
    return {one.key: one.name for one in snapshot.materials}


def received(snapshot: Snapshot) -> list[Received]:
    """The materials on file, in the order in which they came."""
    rows = sql.run(
        "SELECT key, coalesce(file::text, '') AS file, received_at FROM casework_material "
        "WHERE case_id = %(id)s ORDER BY id",
        {"id": snapshot.id},
    )
    return [Received(**row) for row in rows]


def materials(snapshot: Snapshot) -> list[Material]:
    """The list of materials in the terms of the case, with what has arrived of it."""
    arrived: dict[str, list[str]] = {}
    for one in received(snapshot):
        arrived.setdefault(one.key, []).append(one.file)
    erased = files.erased(file for given in arrived.values() for file in given if file)
    return [
        Material(
            key=one.key,
            name=one.name,
            necessity=one.necessity,
            accept_standard=one.accept_standard,
            received=one.key in arrived,
            files=tuple(file for file in arrived.get(one.key, ()) if file),
            erased=erased.intersection(arrived.get(one.key, ())),
        )
        for one in snapshot.materials
    ]


def notices(number: str) -> list[NoticeView]:
    """The papers of a case, oldest first; the caller has checked that the case may be seen."""
    rows = sql.run(_NOTICES.format(also="") + "WHERE c.number = %(number)s ORDER BY n.id", {"number": number})
    erased = files.erased(row["file"] for row in rows)
    return [NoticeView(**row, is_erased=row["file"] in erased) for row in rows]


def notice(notice_number: str) -> tuple[str, NoticeView]:
    """The case number and the paper of this number; refuses an unknown one."""
    also = "c.number AS case_number, "
    rows = sql.run(_NOTICES.format(also=also) + "WHERE n.number = %(number)s", {"number": notice_number})
    if not rows:
        raise NotVisible("没有找到这份文书，请核对文书编号。")
    return rows[0].pop("case_number"), NoticeView(**rows[0])


def without_paper(events: Iterable[str], *, since: datetime, before: datetime) -> list[tuple[str, UUID]]:
    """Case number and entry of acts of these events, taken in [since, before), without any paper issued."""
    rows = sql.run(
        f"""
        SELECT e.subject, e.number FROM {journal.ENTRIES} e JOIN casework_case c ON c.number = e.subject
        WHERE e.event = ANY(%(events)s) AND e.recorded_at >= %(since)s AND e.recorded_at < %(before)s
            AND NOT EXISTS (SELECT 1 FROM casework_notice n WHERE n.case_id = c.id AND n.entry = e.number)
        ORDER BY e.id LIMIT 500
        """,
        {"events": list(events), "since": since, "before": before},
    )
    return [(row["subject"], row["number"]) for row in rows]


def query_code(number: str) -> str:
    """The query code printed on the slip: anyone who has it can follow the case without an account.

    Derived from the number under a secret key: nothing is stored, and it cannot be guessed from the number.
    """
    value = int.from_bytes(secrecy.blind_index(number, purpose="casework.query_code"))
    letters = []
    for _ in range(CODE_LENGTH):
        value, digit = divmod(value, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[digit])
    return "".join(letters)


def query_code_fits(number: str, code: str) -> bool:
    """Whether this is the code of this number, however typed; takes equally long for a wrong one."""
    typed = code.upper().replace("-", "").replace(" ", "")
    return hmac.compare_digest(query_code(number).encode(), typed.encode())
