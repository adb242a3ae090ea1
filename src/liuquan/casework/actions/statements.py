"""The SQL that writes cases: one statement with everything an act changes, and the claims of what is due.

Fixed texts, so that PostgreSQL plans each once.
"""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework.clock_columns import CHANGED, STARTED, listed, recordset
from liuquan.casework.snapshots import IS_DUTY
from liuquan.journal.actions import ENTRY_CTES
from liuquan.organisation.queries import CALENDAR_VERSION

#: What an act may write beside the case and its entry, each from one jsonb list. Only the parts that have
#: rows go into a statement: every further part costs the server a plan node, its locks and its triggers.
PARTS = {
    "done_assignments": """
    UPDATE casework_assignment a
    SET state = g.state, done_at = g.done_at, done_by = g.done_by, second_by = g.second_by,
        result = g.result
    FROM moved, jsonb_to_recordset(%(done_assignments)s::jsonb) AS g(id bigint, state text,
        done_at timestamptz, done_by bigint, second_by bigint, result text)
    WHERE a.id = g.id AND a.case_id = moved.id AND a.state = 'open'
    RETURNING a.id
""",
    "changed_deadlines": f"""
    UPDATE casework_deadline d SET ({listed(CHANGED)}) = ({listed(CHANGED, "g")})
    FROM moved, {recordset("changed_deadlines", ("id", *CHANGED))}
    WHERE d.id = g.id AND d.case_id = moved.id
""",
    "superseded": """
    UPDATE casework_deadline d SET state = 'superseded', met_at = g.met_at
    FROM moved, jsonb_to_recordset(%(superseded)s::jsonb) AS g(id bigint, met_at timestamptz)
    WHERE d.id = g.id AND d.case_id = moved.id
    RETURNING d.id
""",
    # reads the part before it, and so is written after it: only one clock of a key may be open
    "superseding": f"""
    INSERT INTO casework_deadline (case_id, {listed(STARTED)}, supersedes)
    SELECT moved.id, {listed(STARTED, "g")}, superseded.id
    FROM moved, superseded, {recordset("superseding", (*STARTED, "supersedes"))}
    WHERE superseded.id = g.supersedes
""",
    "ended_suspensions": """
    UPDATE casework_suspension s SET to_on = g.to_on
    FROM moved, jsonb_to_recordset(%(ended_suspensions)s::jsonb) AS g(id bigint, to_on date)
    WHERE s.id = g.id AND s.case_id = moved.id
""",
    "new_suspension": """
    INSERT INTO casework_suspension (case_id, ground, from_on, announced_to_on, document)
    SELECT moved.id, g.ground, g.from_on, g.announced_to_on, g.document
    FROM moved, jsonb_to_recordset(%(new_suspension)s::jsonb) AS g(ground text, from_on date,
        announced_to_on date, document text)
""",
    "new_parties": """
    INSERT INTO casework_case_party (case_id, party_number, role, from_at)
    SELECT moved.id, g.number, g.role, g.from_at
    FROM moved, jsonb_to_recordset(%(new_parties)s::jsonb) AS g(number uuid, role text, from_at timestamptz)
""",
    "bodies": """
    INSERT INTO casework_case_body (case_id, body_code, role, from_at)
    SELECT moved.id, g.body_code, g.role, %(received_at)s
    FROM moved, jsonb_to_recordset(%(bodies)s::jsonb) AS g(body_code text, role text)
""",
    "materials": """
    INSERT INTO casework_material (case_id, key, way, file, received_at)
    SELECT moved.id, g.key, g.way, g.file, g.received_at
    FROM moved, jsonb_to_recordset(%(materials)s::jsonb) AS g(key text, way text, file uuid,
        received_at timestamptz)
""",
    "new_assignments": """
    INSERT INTO casework_assignment (case_id, step, post_code, state, opened_at, result)
    SELECT moved.id, g.step, g.post_code, 'open', g.opened_at, ''
    FROM moved, jsonb_to_recordset(%(new_assignments)s::jsonb) AS g(step text, post_code text,
        opened_at timestamptz)
""",
    "new_deadlines": f"""
    INSERT INTO casework_deadline (case_id, {listed(STARTED)})
    SELECT moved.id, {listed(STARTED, "g")}
    FROM moved, {recordset("new_deadlines", STARTED)}
""",
    "counts": """
    INSERT INTO casework_count_delta (kind, body_code, subject_code, state, delta)
    SELECT moved.kind, coalesce(g.body_code, moved.body_code), moved.subject_code, g.state, g.delta
    FROM moved, jsonb_to_recordset(%(counts)s::jsonb) AS g(state text, delta int, body_code text)
""",
    "assigned": """
    INSERT INTO casework_assignment (case_id, step, name, post_code, body_code, state, opened_at, result)
    SELECT moved.id, g.step, g.name, g.post_code, g.body_code, 'open', g.opened_at, ''
    FROM moved, jsonb_to_recordset(%(assigned)s::jsonb) AS g(step text, name text, post_code text,
        body_code text, opened_at timestamptz)
""",
    # reads the assignments that end, and so is written after them: a step is open only once
    "reassigned": """
    INSERT INTO casework_assignment (case_id, step, name, post_code, body_code, state, opened_at, result)
    SELECT moved.id, g.step, g.name, g.post_code, g.body_code, 'open', g.opened_at, ''
    FROM moved, done_assignments, jsonb_to_recordset(%(reassigned)s::jsonb) AS g(step text, name text,
        post_code text, body_code text, opened_at timestamptz, replaces bigint)
    WHERE done_assignments.id = g.replaces
""",
    "handed_from": """
    UPDATE casework_case_body b SET to_at = g.at
    FROM moved, jsonb_to_recordset(%(handed_from)s::jsonb) AS g(body_code text, at timestamptz)
    WHERE b.case_id = moved.id AND b.body_code = g.body_code AND b.role = 'lead' AND b.to_at IS NULL
""",
    "handed_to": """
    INSERT INTO casework_case_body (case_id, body_code, role, from_at)
    SELECT moved.id, g.body_code, 'lead', g.at
    FROM moved, jsonb_to_recordset(%(handed_to)s::jsonb) AS g(body_code text, at timestamptz)
""",
    "kept_by": """
    INSERT INTO casework_case_body (case_id, body_code, role, from_at)
    SELECT moved.id, g.body_code, g.role, g.at
    FROM moved, jsonb_to_recordset(%(kept_by)s::jsonb) AS g(body_code text, role text, at timestamptz)
    ON CONFLICT (case_id, body_code, role) WHERE to_at IS NULL DO NOTHING
""",
    "ended_parties": """
    UPDATE casework_case_party p SET to_at = g.to_at
    FROM moved, jsonb_to_recordset(%(ended_parties)s::jsonb) AS g(number uuid, role text, to_at timestamptz)
    WHERE p.case_id = moved.id AND (p.party_number, p.role) = (g.number, g.role) AND p.to_at IS NULL
""",
    # the children that the act opens; the parts below read them, and so are written after them
    "children": """
    INSERT INTO casework_case (number, kind, procedure_version, state, revision, body_code, division_path,
        subject_code, subject_version, terms, channel, submission_key, received_at, outcome, matter,
        parent_id, parent_clock)
    SELECT g.number, g.kind, g.procedure_version, g.to_state, 1, g.body_code, g.division_path::ltree,
        g.subject_code, g.subject_version, g.terms, g.channel, g.submission_key, g.received_at, '',
        decode(g.matter, 'hex'), moved.id, g.parent_clock
    FROM moved, jsonb_to_recordset(%(children)s::jsonb) AS g(number text, kind text,
        procedure_version int, to_state text, body_code text, division_path text, subject_code text,
        subject_version text, terms jsonb, channel text, submission_key uuid, received_at timestamptz,
        matter text, parent_clock text)
    RETURNING id, number, kind, body_code, subject_code, state, received_at
""",
    "child_parties": """
    INSERT INTO casework_case_party (case_id, party_number, role, from_at)
    SELECT children.id, g.party, g.role, children.received_at
    FROM children JOIN jsonb_to_recordset(%(child_parties)s::jsonb) AS g(number text, party uuid, role text)
        USING (number)
""",
    "child_bodies": """
    INSERT INTO casework_case_body (case_id, body_code, role, from_at)
    SELECT children.id, g.body, g.role, children.received_at
    FROM children JOIN jsonb_to_recordset(%(child_bodies)s::jsonb) AS g(number text, body text, role text)
        USING (number)
""",
    "child_deadlines": f"""
    INSERT INTO casework_deadline (case_id, {listed(STARTED)})
    SELECT children.id, {listed(STARTED, "g")}
    FROM children
    JOIN {recordset("child_deadlines", STARTED, "number text", "place int")}
        USING (number)
    ORDER BY children.id, g.place
""",
    "child_counts": """
    INSERT INTO casework_count_delta (kind, body_code, subject_code, state, delta)
    SELECT children.kind, children.body_code, children.subject_code, children.state, g.delta
    FROM children JOIN jsonb_to_recordset(%(child_counts)s::jsonb) AS g(number text, delta int) USING (number)
""",
}

#: Writes an act on a case that is still at the revision that was read, decided by the calendar that is still
#: in force; no row means that somebody else changed the case first.
MOVE = f"""
WITH moved AS (
    UPDATE casework_case SET state = %(to_state)s, revision = revision + 1,
        received_at = coalesce(%(received_at)s::timestamptz, received_at),
        accepted_at = coalesce(%(accepted_at)s::timestamptz, accepted_at),
        decided_at = coalesce(%(decided_at)s::timestamptz, decided_at),
        closed_at = coalesce(%(closed_at)s::timestamptz, closed_at),
        outcome = CASE WHEN %(outcome)s = '' THEN outcome ELSE %(outcome)s END,
        body_code = CASE WHEN %(body_to)s = '' THEN body_code ELSE %(body_to)s END
    WHERE id = %(id)s AND revision = %(revision)s
        AND {CALENDAR_VERSION} IS NOT DISTINCT FROM %(calendar_version)s
    RETURNING id, number, kind, body_code, subject_code
)"""

#: Writes a new case; no row means the same submission was received before.
CREATE = """
WITH moved AS (
    INSERT INTO casework_case (number, kind, procedure_version, state, revision, body_code, division_path,
        subject_code, subject_version, terms, channel, submission_key, received_at, outcome, matter)
    VALUES (%(number)s, %(kind)s, %(procedure_version)s, %(to_state)s, 1, %(body_code)s,
        %(division_path)s::ltree, %(subject_code)s, %(subject_version)s, %(terms)s::jsonb, %(channel)s,
        %(submission_key)s, %(received_at)s, '', %(matter)s)
    ON CONFLICT (submission_key) DO NOTHING
    RETURNING id, number, kind, body_code, subject_code
)"""


def joined(act: str, parts: Iterable[str], *more: str) -> str:
    """One statement: the act, the parts that have rows, and further parts of its caller. Each combination is
    one fixed text, so that the server plans it once."""
    named = (f"{name} AS ({PARTS[name]})" for name in parts)
    return ",\n".join([act, *named, *more]) + "\nSELECT moved.number FROM moved"


#: What a case is filed as from an act on.
FILE_AS = """
INSERT INTO casework_filed_as (case_id, name) SELECT moved.id, %(filed_as)s FROM moved
ON CONFLICT (case_id) DO UPDATE SET name = excluded.name
"""

#: Clocks that are over and carry a legal effect. Not locked: each case is decided anew under its revision.
DUE_EFFECTS = """
SELECT c.number, d.step, d.part, d.on_expiry
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
WHERE d.state = 'running' AND d.breached_at IS NULL AND d.due_at <= %(now)s
    AND d.on_expiry <> '' AND NOT d.provisional
ORDER BY d.due_at LIMIT %(limit)s
"""

#: Enters each breach once: the deadline is marked and its entry written in one statement.
CLAIM_BREACHES = f"""
SELECT d.id, c.number, c.body_code, d.key, d.step, d.part, d.due_on FROM casework_deadline d
JOIN casework_case c ON c.id = d.case_id
WHERE d.state = 'running' AND d.breached_at IS NULL AND d.due_at <= %(now)s
    AND d.on_expiry = '' AND NOT d.provisional AND (%(number)s = '' OR c.number = %(number)s)
    AND {IS_DUTY}
ORDER BY d.due_at LIMIT %(limit)s
FOR UPDATE OF d SKIP LOCKED
"""

#: Duties whose warning day has come and which are not over yet: their posts are reminded once.
CLAIM_REMINDERS = f"""
SELECT d.id, c.number, c.body_code, d.key, d.step, d.part, d.due_on,
    array(SELECT DISTINCT a.post_code FROM casework_assignment a WHERE a.case_id = d.case_id
        AND a.state = 'open' AND d.step IN ('', a.step) ORDER BY 1) AS posts
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
WHERE d.state = 'running' AND d.reminded_at IS NULL AND d.warn_at <= %(now)s AND d.due_at > %(now)s
    AND {IS_DUTY}
ORDER BY d.warn_at LIMIT %(limit)s
FOR UPDATE OF d SKIP LOCKED
"""

MARK_REMINDERS = f"""
WITH moved AS (
    SELECT 1
), marked AS (
    UPDATE casework_deadline SET reminded_at = %(now)s WHERE id = ANY(%(ids)s) AND reminded_at IS NULL
),
{ENTRY_CTES}
SELECT 1
"""

MARK_BREACHES = f"""
WITH moved AS (
    SELECT 1
), marked AS (
    UPDATE casework_deadline SET breached_at = %(now)s WHERE id = ANY(%(ids)s) AND breached_at IS NULL
),
{ENTRY_CTES}
SELECT 1
"""

#: Records a rendered paper on its case and in the journal; no row means it had been issued already.
ISSUE_NOTICE = f"""
WITH moved AS (
    INSERT INTO casework_notice (number, case_id, kind, entry, file, sha256, short_code, issued_at)
    SELECT %(number)s, id, %(kind)s, %(entry)s, %(file)s, %(sha256)s, %(short_code)s, %(now)s
    FROM casework_case WHERE number = %(case_number)s
    ON CONFLICT (case_id, kind, entry) DO NOTHING RETURNING id
),
{ENTRY_CTES}
SELECT id FROM moved
"""
