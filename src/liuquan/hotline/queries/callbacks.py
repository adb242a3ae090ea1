"""Whom the centre has to call back, when, and how often it tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from liuquan.casework import queries as cases
from liuquan.hotline.checks import LEAST_CALLS
from liuquan.hotline.queries.sight import check_dispatches
from liuquan.journal import queries as journal
from liuquan.kernel import moments, sql
from liuquan.organisation.types import Actor


@dataclass(frozen=True)
class CallBack:
    """One line of the sheet. `due_on`: the last day to try (again); `tries`: calls without an answer;
    `last_at`: of the last of them; `own`: whether whoever reads the sheet answered it, and leaves the call to
    somebody else; `despite`: whether the answer was sent though the system questioned it."""

    number: str
    class_name: str
    body_name: str
    answered_at: datetime
    due_on: date
    tries: int
    last_at: datetime | None
    own: bool
    overdue: bool
    today: bool
    despite: bool

    @property
    def may_close(self) -> bool:
        """Whether it was tried often enough to close it without an answer."""
        return self.tries >= LEAST_CALLS

    @property
    def colour(self) -> str:
        return "red" if self.overdue else "yellow" if self.today else "green"

    @property
    def word(self) -> str:
        return "已过期" if self.overdue else "今天" if self.today else "以后"


def callbacks(by: Actor, *, now: datetime) -> list[CallBack]:
    """Every answered ticket that was not called back yet, the most pressing first. Refuses (403) who is no
    dispatcher of the centre."""
    check_dispatches(by)
    rows = sql.run(
        f"""
        SELECT c.number, c.subject_name, c.body_name, d.due_on, d.due_at, t.tries, t.answered_by,
            a.effective_at AS answered_at, a.public ->> 'despite' = 'true' AS despite,
            CASE WHEN t.tries > 0 THEN (SELECT max(e.effective_at) FROM {journal.ENTRIES} e
                WHERE e.subject = c.number AND e.event = 'ticket.unreached') END AS last_at
        FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        JOIN {cases.DEADLINES} d ON d.case_id = c.id AND d.key = 'callback' AND d.state = 'running'
        JOIN LATERAL (SELECT e.effective_at, e.public FROM {journal.ENTRIES} e WHERE e.subject = c.number
            AND e.event = 'ticket.answered' ORDER BY e.id DESC LIMIT 1) a ON true
        WHERE c.state = 'answered' ORDER BY d.due_at, c.number
        """
    )
    today = moments.today(now)
    return [
        CallBack(
            number=row["number"],
            class_name=row["subject_name"],
            body_name=row["body_name"],
            answered_at=row["answered_at"],
            due_on=row["due_on"],
            tries=row["tries"],
            last_at=row["last_at"],
            own=by.staff_id is not None and row["answered_by"] == by.staff_id,
            overdue=row["due_at"] <= now,
            today=row["due_on"] == today and row["due_at"] > now,
            despite=bool(row["despite"]),
        )
        for row in rows
    ]
