"""One application from submission to delivery through the engine: eight acts, each a durable transaction.

What is measured is what a web process does for an act: read the case, decide, write case, clocks,
assignments, counts, journal with its encrypted part, and defer the jobs. Papers are written by those jobs.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import office


class EngineClient:
    """A client that knows the office and its people."""

    def __init__(self, applicants: Sequence[str]) -> None:
        self.terms = office.terms()
        self.applicants = applicants
        self.clerk = office.staff(1, "W-1", office.WINDOW, ("submit", "accept", "deliver"), of=office.BODY)
        self.examiners = [
            office.staff(10 + place, post, self._body(post), ("complete_step",))
            for place, post in enumerate(office.EXAMINERS)
        ]
        self.approver = office.staff(20, "D-1", office.BODY, ("grant",))

    def server_process(self) -> int:
        """The server's process that works for this client."""
        from django.db import connection

        connection.ensure_connection()
        return int(connection.connection.info.backend_pid)

    def lifecycle(self, serial: int) -> None:
        """Submit, accept, three opinions, review, grant, deliver."""
        from liuquan.casework import actions

        number = self._submit(serial)
        now = office.NOW
        actions.perform(number, "accept", by=self.clerk, now=now)
        for examiner in self.examiners:
            opinion = {"result": "agree", "opinion": "经审查，申请材料符合规定的条件，建议准予。"}
            actions.perform(number, "complete_step", by=examiner, now=now, data=opinion)
        decision = {"reason": "申请符合法定条件。", "standard": self.terms.extra["decision_standards"][0]}
        actions.perform(number, "grant", by=self.approver, now=now, data=decision)
        actions.perform(number, "deliver", by=self.clerk, now=now, data={"way": "pick_up"})

    def _submit(self, serial: int) -> str:
        from liuquan.casework import actions
        from liuquan.casework.types import NewCase

        number = actions.next_number(kind="application", body_key="SCJG", now=office.NOW)
        new = NewCase(
            kind="application",
            number=number,
            terms=self.terms,
            subject_version="1",
            division_path=office.PATH,
            parties={self.applicants[serial % len(self.applicants)]: "applicant"},
            bodies={office.WINDOW: "window", office.OTHER: "cooperating", office.BODY: "lead"},
            channel="window",
            submission_key=uuid.uuid4(),
        )
        data = {"materials": list(office.MATERIALS)}
        actions.create(new, by=self.clerk, now=office.NOW, data=data, with_rows=[_application_row()])
        return number

    def _body(self, post: str) -> str:
        return next(step.body_code for step in self.terms.steps if step.post_code == post)


def _application_row() -> Any:
    from liuquan.kernel.sql import Statement

    return Statement(
        "INSERT INTO applications_application (case_id, item_code, item_version) "
        "SELECT moved.id, %(item_code)s, %(item_version)s FROM moved",
        {"item_code": office.ITEM, "item_version": 1},
    )
