"""The same rows by hand, as one writes SQL: a transaction an act, in it one prepared statement a table.

Nothing is read, checked, counted or encrypted; every value is ready beforehand. `packed.py` goes further and
writes each act as one statement.
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
COMMITMENT, SALT = b"c" * 32, b"s" * 32
SIGNED, REASONED = b"p" * 60, b"p" * 150  #: as long as what the engine encrypts
DUE = '{"due": {"statutory": "2026-04-07", "promised": "2026-03-23"}}'
STEP = '{"step": "opinion_1", "step_name": "征求意见之1", "result": "agree", "result_label": "同意"}'

NUMBER = "SELECT '20260309' || lpad(nextval('casework_case_serial')::text, 6, '0')"
CASE = """
INSERT INTO casework_case (number, kind, procedure_version, state, revision, body_code, division_path,
    subject_code, subject_version, terms, channel, submission_key, received_at, outcome)
VALUES (%(number)s, 'application', 1, 'received', 1, %(lead)s, %(path)s::ltree, %(item)s, '1',
    %(terms)s::jsonb, 'window', %(key)s, %(now)s, '') RETURNING id
"""
MOVE = """
UPDATE casework_case SET state = %(to)s, revision = revision + 1,
    accepted_at = coalesce(%(accepted)s::timestamptz, accepted_at),
    decided_at = coalesce(%(decided)s::timestamptz, decided_at),
    closed_at = coalesce(%(closed)s::timestamptz, closed_at) WHERE id = %(id)s
"""
ENTRY = """
INSERT INTO journal_entry (number, event, vocabulary_version, subject, body_code, post_code, actor_kind,
    from_state, to_state, effective_at, public, commitment)
VALUES (%(entry)s, %(event)s, 1, %(number)s, %(body)s, %(post)s, 'staff', %(from)s, %(into)s, %(now)s,
    %(public)s::jsonb, %(commitment)s) RETURNING id
"""
PRIVATE = 'INSERT INTO journal_private (entry_id, salt, "values") VALUES (%(row)s, %(salt)s, %(private)s)'
PARTY = """
INSERT INTO casework_case_party (case_id, party_number, role, from_at)
VALUES (%(id)s, %(party)s, 'applicant', %(now)s)
"""
BODIES = """
INSERT INTO casework_case_body (case_id, body_code, role, from_at)
VALUES (%(id)s, %(window)s, 'window', %(now)s), (%(id)s, %(other)s, 'cooperating', %(now)s),
    (%(id)s, %(lead)s, 'lead', %(now)s)
"""
APPLICATION = """
INSERT INTO applications_application (case_id, item_code, item_version)
VALUES (%(id)s, %(item)s, 1)
"""
MATERIALS = """
INSERT INTO casework_material (case_id, key, way, file, received_at)
SELECT %(id)s, unnest(%(materials)s::text[]), 'window', NULL, %(now)s
"""
DEADLINES = """
INSERT INTO casework_deadline (case_id, key, limit_key, step, amount, unit, anchor_at, due_on, due_at,
    warn_at, state, provisional, on_expiry, extended, times_extended)
SELECT %(id)s, g.key, g.limit_key, g.step, 5, 'working_day', %(now)s, %(due_on)s, %(due_at)s, %(due_at)s,
    'running', false, '', 0, 0
FROM unnest(%(keys)s::text[], %(limits)s::text[], %(steps)s::text[]) AS g(key, limit_key, step) RETURNING id
"""
MEET = """
UPDATE casework_deadline SET state = 'met', due_on = %(due_on)s, due_at = %(due_at)s, warn_at = %(due_at)s,
    provisional = false, extended = 0, met_at = %(now)s WHERE id = ANY(%(met)s)
"""
ASSIGN = """
INSERT INTO casework_assignment (case_id, step, post_code, state, opened_at, result)
SELECT %(id)s, g.step, g.post, 'open', %(now)s, ''
FROM unnest(%(steps)s::text[], %(posts)s::text[]) AS g(step, post) RETURNING id
"""
DONE = """
UPDATE casework_assignment SET state = 'done', done_at = %(now)s, done_by = %(staff)s, result = 'agree'
WHERE id = %(done)s
"""
COUNTS = """
INSERT INTO casework_count_delta (kind, body_code, subject_code, state, delta)
SELECT 'application', %(lead)s, %(item)s, g.state, g.delta
FROM unnest(%(states)s::text[], %(deltas)s::int[]) AS g(state, delta)
"""
JOBS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'default', unnest(%(jobs)s::text[]), %(args)s::jsonb
"""
PAPERS, PUBLICISE = "papers.issue_papers", "applications.publicise"


class PlainClient:
    """A client that knows only SQL."""

    def __init__(self, applicants: Sequence[str]) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.connection = psycopg.connect(connection.connection.info.dsn, autocommit=True)
        self.applicants = applicants
        self.fixed = {
            "lead": office.BODY,
            "window": office.WINDOW,
            "other": office.OTHER,
            "body": office.WINDOW,
            "path": office.PATH,
            "item": office.ITEM,
            "now": office.NOW,
            "due_on": DUE_ON,
            "due_at": DUE_AT,
            "commitment": COMMITMENT,
            "salt": SALT,
            "materials": list(office.MATERIALS),
            "terms": office.stored_terms(),
        }

    def server_process(self) -> int:
        """The server's process that works for this client."""
        return self.connection.info.backend_pid

    def lifecycle(self, serial: int) -> None:
        """The eight acts."""
        case, acceptance = self._submit(self.applicants[serial % len(self.applicants)])
        with self._act(case, "accepted", "received", "examining", accepted=office.NOW, jobs=[PAPERS]):
            self._run(MEET, met=[acceptance])
            keys = ["statutory", "promised", "step", "step", "step"]
            opinions = ["opinion_1", "opinion_2", "opinion_3"]
            clocks = self._run(DEADLINES, id=case[0], keys=keys, limits=keys, steps=["", "", *opinions])
            steps = self._run(ASSIGN, id=case[0], steps=opinions, posts=["A-1", "A-2", "A-3"])
        for place in range(3):
            with self._step(case, place, clocks[2 + place], steps[place]):
                if place == 2:
                    (clock,) = self._run(
                        DEADLINES, id=case[0], keys=["step"], limits=["step:review"], steps=["review"]
                    )
                    (step,) = self._run(ASSIGN, id=case[0], steps=["review"], posts=["A-4"])
        with self._step(case, 3, clock, step, to="deciding"):
            pass
        jobs = [PAPERS, PUBLICISE]
        with self._act(
            case, "granted", "deciding", "granted", decided=office.NOW, jobs=jobs, private=REASONED
        ):
            self._run(MEET, met=clocks[:2])
            keys = ["delivery", "publicity"]
            running = self._run(DEADLINES, id=case[0], keys=keys, limits=keys, steps=["", ""])
        with self._act(case, "delivered", "granted", "closed", closed=office.NOW):
            self._run(MEET, met=running[:1])

    def _submit(self, party: str) -> tuple[tuple[int, str], int]:
        number = self._run(NUMBER)[0]
        with self.connection.transaction():
            (row,) = self._run(CASE, number=number, key=uuid.uuid4())
            self._enter(number, "submitted", None, "received", SIGNED, "W-1", DUE)
            self._run(PARTY, id=row, party=party)
            self._run(BODIES, id=row)
            key = ["acceptance"]
            (acceptance,) = self._run(DEADLINES, id=row, keys=key, limits=key, steps=[""])
            self._run(COUNTS, states=["received"], deltas=[1])
            self._run(JOBS, jobs=[PAPERS], args=_args(number))
            self._run(APPLICATION, id=row)
            self._run(MATERIALS, id=row)
        return (row, number), acceptance

    def _step(self, case: tuple[int, str], place: int, clock: int, step: int, to: str | None = None) -> _Act:
        act = self._act(
            case,
            "step_completed",
            "examining",
            to,
            private=REASONED,
            post=office.EXAMINERS[place],
            public=STEP,
        )
        act.then = lambda: (self._run(MEET, met=[clock]), self._run(DONE, done=step, staff=10 + place))
        return act

    def _act(
        self,
        case: tuple[int, str],
        event: str,
        before: str,
        to: str | None,
        *,
        private: bytes = SIGNED,
        post: str = "W-1",
        public: str = DUE,
        jobs: Sequence[str] = (),
        **moments: datetime,
    ) -> _Act:
        def write() -> None:
            marks = {"accepted": None, "decided": None, "closed": None, **moments}
            self._run(MOVE, id=case[0], to=to or before, **marks)
            self._enter(case[1], event, before if to else None, to, private, post, public)
            if to:
                self._run(COUNTS, states=[before, to], deltas=[-1, 1])
            if jobs:
                self._run(JOBS, jobs=list(jobs), args=_args(case[1]))

        return _Act(self.connection, write)

    def _enter(
        self,
        number: str,
        event: str,
        before: str | None,
        to: str | None,
        private: bytes,
        post: str,
        public: str,
    ) -> None:
        values = {"entry": uuid.uuid4(), "event": f"application.{event}", "from": before, "into": to}
        (row,) = self._run(ENTRY, number=number, post=post, public=public, **values)
        self._run(PRIVATE, row=row, private=private)

    def _run(self, statement: str, **values: Any) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement.encode(), self.fixed | values, prepare=True)
            return (
                [row[0] for row in cursor.fetchall()] if cursor.pgresult and cursor.pgresult.ntuples else []
            )


class _Act:
    """A transaction that writes what every act writes, then what this one adds."""

    def __init__(self, connection: psycopg.Connection[Any], write: Any) -> None:
        self.transaction = connection.transaction()
        self.write = write
        self.then: Any = None

    def __enter__(self) -> None:
        self.transaction.__enter__()
        self.write()
        if self.then:
            self.then()

    def __exit__(self, *trouble: Any) -> None:
        self.transaction.__exit__(*trouble)


def _args(number: str) -> str:
    return json.dumps({"subject": number, "entry": str(uuid.uuid4()), "event": "application.accepted"})
