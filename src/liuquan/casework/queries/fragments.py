"""Cases, their deadlines, materials and papers as relations, for queries of other modules.

The server plans them as if the tables were named directly."""

from __future__ import annotations

from liuquan.kernel import sql

# For queries of other modules. The server plans them as if the tables were named directly.
CASES = sql.Fragment("""(
    SELECT id, number, kind, state, body_code, outcome, received_at, accepted_at, decided_at,
        terms->>'subject_name' AS subject_name, terms->'extra' AS extra
    FROM casework_case
)""")
"""Cases as a relation; `extra` is what the kind keeps in the terms."""


DEADLINES = sql.Fragment("""(
    SELECT case_id, key, state, provisional, due_on, due_at, met_at FROM casework_deadline
)""")
"""Deadlines as a relation."""


MATERIALS = sql.Fragment("(SELECT case_id, key, file, received_at FROM casework_material)")
"""Materials on file as a relation."""


NOTICES = sql.Fragment("""(
    SELECT id, case_id, number, kind, entry, sha256, short_code, issued_at FROM casework_notice
)""")
"""Issued papers as a relation."""
