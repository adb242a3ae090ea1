"""Cases, their deadlines, materials and papers as relations, for queries of other modules.

The server plans them as if the tables were named directly."""

from __future__ import annotations

from liuquan.casework.snapshots import BODY_THEN, FILED_AS
from liuquan.kernel import sql

#: the name in the terms while the case was not handed on; cases that were are few, and only for them is
#: anything looked up
_PRESENT_BODY = f"""coalesce(nullif(CASE
    WHEN body_code = terms->>'body_code' THEN terms->'extra'->>'body_name'
    ELSE (SELECT {BODY_THEN} FROM casework_case_body b
        WHERE b.case_id = casework_case.id AND b.role = 'lead' AND b.to_at IS NULL LIMIT 1)
    END, ''), body_code)"""

# For queries of other modules. The server plans them as if the tables were named directly.
CASES = sql.Fragment(f"""(
    SELECT id, number, kind, state, body_code, division_path::text AS division_path,
        {_PRESENT_BODY} AS body_name, outcome, received_at, accepted_at, decided_at, closed_at,
        coalesce({FILED_AS.format(case="casework_case")}, terms->>'subject_name') AS subject_name
    FROM casework_case
)""")
"""Cases as a relation; `body_name`: of the body that handles the case now; `subject_name`: as it is
filed now."""


DEADLINES = sql.Fragment("""(
    SELECT case_id, key, limit_key, state, provisional, anchor_at, due_on, due_at, met_at
    FROM casework_deadline
)""")
"""Deadlines as a relation."""


MATERIALS = sql.Fragment("(SELECT case_id, key, file, received_at FROM casework_material)")
"""Materials on file as a relation."""


NOTICES = sql.Fragment("""(
    SELECT id, case_id, number, kind, entry, sha256, short_code, issued_at FROM casework_notice
)""")
"""Issued papers as a relation."""
