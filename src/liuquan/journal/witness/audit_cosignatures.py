"""The stored cosignatures of our witnesses, as the audit checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from liuquan.journal.log.audit_rules import Problem
from liuquan.kernel import sql
from liuquan.merkle import RecordError, parse_key, parse_note, parse_signatures

_PAGE: Final = 2000


def check_cosignatures() -> Iterator[Problem]:
    """Stored lines of witnesses that these did not sign over our head of that size."""
    after = (-1, -1)
    while rows := sql.run(
        "SELECT c.size, c.witness_id, c.line, w.key, k.note FROM journal_cosignature c "
        "JOIN journal_witness w ON w.id = c.witness_id JOIN journal_checkpoint k ON k.size = c.size "
        "WHERE (c.size, c.witness_id) > (%(size)s, %(witness)s) ORDER BY c.size, c.witness_id LIMIT %(page)s",
        {"size": after[0], "witness": after[1], "page": _PAGE},
    ):
        for row in rows:
            key = parse_key(row["key"])
            try:
                note = parse_note(row["note"]).with_signatures(parse_signatures(row["line"]))
                genuine = key in note.of([key])
            except RecordError:
                genuine = False
            if not genuine:
                yield Problem(
                    row["size"],
                    f"大小为 {row['size']} 的检查点下存的见证行不是“{key.name}”对它签的：被改动或者系伪造。",
                )
        after = (rows[-1]["size"], rows[-1]["witness_id"])
