"""The same rows by hand: one prepared statement an act, without reading, checking, counting or encrypting.

This is what the database itself can take from a Python client: every value is ready beforehand, ids come back
from the statements before, nothing is decided. It writes the same rows of the same size in the same number
of durable transactions as the engine does; `__main__` compares the counts of every table.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import office
import psycopg

DUE_ON, DUE_AT = date(2026, 3, 23), datetime(2026, 3, 23, 16, 0, tzinfo=UTC)
COMMITMENT, SALT, PRIVATE = b"c" * 32, b"s" * 32, b"p" * 90
REASONED = b"p" * 170
WINDOW, OTHER, BODY = office.WINDOW, office.OTHER, office.BODY

_ENTRY = """
e AS (INSERT INTO journal_entry (number, event, vocabulary_version, subject, body_code, post_code, actor_kind,
        from_state, to_state, effective_at, public, commitment)
    SELECT %(entry)s, %(event)s, 1, c.number, %(body)s, %(post)s, 'staff', %(from)s, %(to)s, %(now)s,
        %(public)s, %(commitment)s FROM c RETURNING id),
p AS (INSERT INTO journal_private (entry_id, salt, "values") SELECT id, %(salt)s, %(private)s FROM e)
"""
_COUNT = """
INSERT INTO casework_count_delta (kind, body_code, subject_code, state, delta)
    SELECT 'application', %(lead)s, %(item)s, g.state, g.delta FROM c, (VALUES {}) AS g(state, delta)
"""
_MOVED = _COUNT.format("(%(from)s, -1), (%(to)s, 1)")
_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT 'default', g.name, %(args)s::jsonb
    FROM c, (VALUES {}) AS g(name)
"""
_DEADLINE = """
INSERT INTO casework_deadline (case_id, key, limit_key, step, amount, unit, anchor_at, due_on, due_at,
        warn_at, state, provisional, on_expiry, extended, times_extended)
    SELECT c.id, g.key, g.limit_key, g.step, g.amount, 'working_day', %(now)s, %(due_on)s, %(due_at)s,
        %(due_at)s, 'running', false, g.on_expiry, 0, 0
    FROM c, (VALUES {}) AS g(key, limit_key, step, amount, on_expiry) RETURNING id
"""
_MEET = """
UPDATE casework_deadline d SET state = 'met', due_on = %(due_on)s, due_at = %(due_at)s, warn_at = %(due_at)s,
        provisional = false, extended = 0, met_at = %(now)s FROM c WHERE d.id = ANY(%(deadlines)s)
"""
_DONE = """
UPDATE casework_assignment a SET state = 'done', done_at = %(now)s, done_by = %(staff)s, result = 'agree'
    FROM c WHERE a.id = %(assignment)s
"""
_ASSIGN = """
INSERT INTO casework_assignment (case_id, step, post_code, state, opened_at, result)
    SELECT c.id, g.step, g.post, 'open', %(now)s, '' FROM c, (VALUES {}) AS g(step, post) RETURNING id
"""
_UPDATE = """
WITH c AS (UPDATE casework_case SET state = coalesce(%(to)s, state), revision = revision + 1{}
    WHERE id = %(id)s RETURNING id, number),
"""

SUBMIT = f"""
WITH c AS (
    INSERT INTO casework_case (number, kind, procedure_version, state, revision, body_code, division_path,
        subject_code, subject_version, terms, channel, submission_key, received_at, outcome)
    VALUES ('20260309' || lpad(nextval('casework_case_serial')::text, 6, '0'), 'application', 1,
        'received', 1, %(lead)s, %(path)s::ltree, %(item)s, '1', %(terms)s::jsonb, 'window', %(key)s,
        %(now)s, '')
    RETURNING id, number),
{_ENTRY},
party AS (INSERT INTO casework_case_party (case_id, party_number, role, from_at)
    SELECT id, %(party)s::uuid, 'applicant', %(now)s FROM c),
bodies AS (INSERT INTO casework_case_body (case_id, body_code, role, from_at)
    SELECT id, g.code, g.role, %(now)s
    FROM c, (VALUES ('{WINDOW}', 'window'), ('{OTHER}', 'cooperating'), ('{BODY}', 'lead')) AS g(code, role)),
d AS ({_DEADLINE.format("('acceptance', 'acceptance', '', 5, 'deem_accepted')")}),
n AS ({_COUNT.format("(%(to)s, 1)")}),
j AS ({_JOB.format("('papers.issue_papers')")}),
a AS (INSERT INTO applications_application (case_id, item_code, item_version)
    SELECT id, %(item)s, 1 FROM c),
m AS (INSERT INTO casework_material (case_id, key, way, file, received_at)
    SELECT id, g.key, 'window', NULL, %(now)s
    FROM c, (VALUES ('application_form'), ('identity'), ('premises')) AS g(key))
SELECT c.id, (SELECT id FROM d) FROM c
"""
ACCEPT = f"""
{_UPDATE.format(", accepted_at = %(now)s")}{_ENTRY},
met AS ({_MEET}),
d AS ({
    _DEADLINE.format(
        "('statutory', 'statutory', '', 20, ''), ('promised', 'promised', '', 10, ''), "
        "('step', 'step:opinion_1', 'opinion_1', 2, ''), ('step', 'step:opinion_2', 'opinion_2', 2, ''), "
        "('step', 'step:opinion_3', 'opinion_3', 2, '')"
    )
}),
a AS ({_ASSIGN.format("('opinion_1', 'A-1'), ('opinion_2', 'A-2'), ('opinion_3', 'A-3')")}),
n AS ({_MOVED}),
j AS ({_JOB.format("('papers.issue_papers')")})
SELECT (SELECT array_agg(id ORDER BY id) FROM d), (SELECT array_agg(id ORDER BY id) FROM a)
"""
STEP = f"{_UPDATE.format('')}{_ENTRY}, met AS ({_MEET}), done AS ({_DONE}) SELECT 1"
JOIN = f"""
{_UPDATE.format("")}{_ENTRY}, met AS ({_MEET}), done AS ({_DONE}),
d AS ({_DEADLINE.format("('step', 'step:review', 'review', 3, '')")}),
a AS ({_ASSIGN.format("('review', 'A-4')")})
SELECT (SELECT id FROM d), (SELECT id FROM a)
"""
REVIEW = f"{_UPDATE.format('')}{_ENTRY}, met AS ({_MEET}), done AS ({_DONE}), n AS ({_MOVED}) SELECT 1"
GRANT = f"""
{_UPDATE.format(", decided_at = %(now)s, outcome = 'granted'")}{_ENTRY}, met AS ({_MEET}),
d AS ({_DEADLINE.format("('delivery', 'delivery', '', 10, ''), ('publicity', 'publicity', '', 7, '')")}),
n AS ({_MOVED}),
j AS ({_JOB.format("('papers.issue_papers'), ('applications.publicise')")})
SELECT (SELECT array_agg(id ORDER BY id) FROM d)
"""
DELIVER = f"""
{_UPDATE.format(", closed_at = %(now)s")}{_ENTRY}, met AS ({_MEET}), n AS ({_MOVED}) SELECT 1
"""
_DUE = '{"due": {"statutory": "2026-04-07", "promised": "2026-03-23"}}'
_STEP = '{"step": "opinion_1", "step_name": "征求意见之1", "result": "agree", "result_label": "同意"}'


class PackedClient:
    """A client that knows only SQL."""

    def __init__(self, applicants: Sequence[str]) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.connection = psycopg.connect(connection.connection.info.dsn, autocommit=True)
        self.applicants = applicants
        self.terms = office.stored_terms()

    def server_process(self) -> int:
        """The server's process that works for this client."""
        return self.connection.info.backend_pid

    def lifecycle(self, serial: int) -> None:
        """The eight acts."""
        args = json.dumps({"subject": "20260309000001", "entry": str(uuid.uuid4()), "event": "application"})
        applied = {
            "path": office.PATH,
            "terms": self.terms,
            "key": uuid.uuid4(),
            "party": self.applicants[serial % len(self.applicants)],
        }
        case, acceptance = self._run(
            SUBMIT, None, "submitted", "W-1", None, "received", args=args, **applied
        )[0]
        clocks, steps = self._run(
            ACCEPT, case, "accepted", "W-1", "received", "examining", deadlines=[acceptance], args=args
        )[0]
        for place in (0, 1):
            self._step(STEP, case, place, clocks[2 + place], steps[place])
        clock, step = self._step(JOIN, case, 2, clocks[4], steps[2])[0]
        self._step(REVIEW, case, 3, clock, step, "deciding")
        decided = {"deadlines": clocks[:2], "args": args, "private": REASONED}
        (running,) = self._run(GRANT, case, "granted", "D-1", "deciding", "granted", **decided)[0]
        self._run(DELIVER, case, "delivered", "W-1", "granted", "closed", deadlines=[running[0]])

    def _step(self, statement: str, case: int, place: int, clock: int, step: int, to: str = "") -> list[Any]:
        return self._run(
            statement,
            case,
            "step_completed",
            office.EXAMINERS[place],
            "examining" if to else None,
            to or None,
            deadlines=[clock],
            assignment=step,
            staff=10 + place,
            public=_STEP,
            private=REASONED,
        )

    def _run(
        self,
        statement: str,
        case: int | None,
        event: str,
        post: str,
        before: str | None,
        to: str | None,
        **more: Any,
    ) -> list[Any]:
        values = {
            "id": case,
            "entry": uuid.uuid4(),
            "event": f"application.{event}",
            "body": WINDOW,
            "post": post,
            "from": before,
            "to": to,
            "now": office.NOW,
            "public": _DUE,
            "commitment": COMMITMENT,
            "salt": SALT,
            "private": PRIVATE,
            "lead": BODY,
            "item": office.ITEM,
            "due_on": DUE_ON,
            "due_at": DUE_AT,
            **more,
        }
        with psycopg.Cursor(self.connection) as cursor:
            cursor.execute(statement.encode(), values, prepare=True)
            return cursor.fetchall()
