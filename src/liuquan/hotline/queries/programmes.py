"""Programmes, their questions and how far each is; what anybody may read of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from liuquan.casework import queries as cases
from liuquan.hotline import models
from liuquan.hotline.programmes import ProgrammeKind
from liuquan.hotline.queries import calls
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

_COUNTED: Final = f"""
SELECT p.*, coalesce(n.questions, 0) AS questions, coalesce(n.on_air, 0) AS answered_on_air,
    coalesce(n.open, 0) AS open_now, coalesce(n.published, 0) AS published
FROM hotline_programme p LEFT JOIN (
    SELECT q.programme_id, count(*) AS questions, count(*) FILTER (WHERE q.on_air) AS on_air,
        count(*) FILTER (WHERE c.closed_at IS NULL AND c.decided_at IS NULL) AS open,
        count(b.id) AS published
    FROM hotline_programme_question q JOIN {cases.CASES} c ON c.id = q.case_id
    LEFT JOIN hotline_publication b ON b.case_id = q.case_id AND b.withdrawn_at IS NULL
    GROUP BY q.programme_id
) n ON n.programme_id = p.id
WHERE (%(number)s::uuid IS NULL OR p.number = %(number)s::uuid)
ORDER BY p.airs_on DESC, p.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class ProgrammeView:
    """A programme with its questions counted. `on_air`: answered in it; `open`: without an answer yet;
    `takes_questions`: whether anybody may ask online now."""

    number: str
    kind: ProgrammeKind
    title: str
    airs_on: date
    body_code: str
    body_name: str
    guest: str
    presenter: str
    questions: int
    on_air: int
    open: int
    published: int
    takes_questions: bool


@dataclass(frozen=True)
class Question:
    """A question to a programme, as the centre follows it."""

    number: str
    class_name: str
    body_name: str
    state: str
    received_at: datetime
    on_air: bool
    published: bool


@dataclass(frozen=True)
class PublicQuestion:
    """A question and its answer, as they were published."""

    key: int
    question: str
    answer: str
    body_name: str


def programmes(*, now: datetime, limit: int = 100) -> list[ProgrammeView]:
    """The programmes, the latest first; anybody may know of them."""
    return _views({"number": None, "limit": limit}, now)


def programme(number: str, *, now: datetime) -> ProgrammeView:
    """One programme. Refuses (404) a number that is none."""
    row = row_of(number)
    return _views({"number": row.number, "limit": 1}, now)[0]


def taking_questions(number: str, *, now: datetime) -> ProgrammeView | None:
    """The interview with this number, if anybody may ask it something now: until the end of its day."""
    found = programme(number, now=now) if find(number) else None
    return found if found and found.takes_questions else None


def questions(number: str, *, by: Actor) -> list[Question]:
    """The questions to a programme, the latest first. Refuses (403) outsiders."""
    calls.check_centre(by)
    rows = sql.run(
        f"""
        SELECT c.number, c.subject_name, c.body_name, c.state, t.received_at, q.on_air, k.name AS filed,
            b.id IS NOT NULL AS published
        FROM hotline_programme_question q JOIN {cases.CASES} c ON c.id = q.case_id
        JOIN hotline_ticket t ON t.case_id = q.case_id
        LEFT JOIN hotline_class k ON k.code = t.class_code
        LEFT JOIN hotline_publication b ON b.case_id = q.case_id AND b.withdrawn_at IS NULL
        WHERE q.programme_id = %(programme)s ORDER BY t.received_at DESC, c.id DESC
        """,
        {"programme": row_of(number).pk},
    )
    return [
        Question(
            row["number"],
            row["filed"] or row["subject_name"],
            row["body_name"],
            row["state"],
            row["received_at"],
            row["on_air"],
            row["published"],
        )
        for row in rows
    ]


def published_questions(number: str) -> list[PublicQuestion]:
    """The questions to a programme whose answers were published, in the order of asking."""
    rows = sql.run(
        """
        SELECT b.id, b.question, b.answer, b.body_name
        FROM hotline_programme_question q
        JOIN hotline_publication b ON b.case_id = q.case_id AND b.withdrawn_at IS NULL
        WHERE q.programme_id = %(programme)s ORDER BY b.received_at, b.id
        """,
        {"programme": row_of(number).pk},
    )
    return [PublicQuestion(row["id"], row["question"], row["answer"], row["body_name"]) for row in rows]


def of_ticket(number: str, *, now: datetime) -> ProgrammeView | None:
    """The programme that this ticket came from."""
    row = models.ProgrammeQuestion.objects.filter(case__number=number).select_related("programme").first()
    return programme(str(row.programme.number), now=now) if row else None


def row_of(number: str) -> models.Programme:
    """The row of a programme, for this module's own actions. Refuses (404) a number that is none."""
    row = find(number)
    if row is None:
        raise NotVisible("没有这一期节目，请从列表重新打开。")
    return row


def find(number: str) -> models.Programme | None:
    """The row of a programme, if this is the number of one."""
    try:
        return models.Programme.objects.filter(number=UUID(number)).first()
    except ValueError:
        return None


def _views(params: dict[str, Any], now: datetime) -> list[ProgrammeView]:
    today = moments.today(now)
    return [
        ProgrammeView(
            number=str(row["number"]),
            kind=ProgrammeKind(row["kind"]),
            title=row["title"],
            airs_on=row["airs_on"],
            body_code=row["body_code"],
            body_name=organisation.body(row["body_code"], on=row["airs_on"]).name,
            guest=row["guest"],
            presenter=row["presenter"],
            questions=row["questions"],
            on_air=row["answered_on_air"],
            open=row["open_now"],
            published=row["published"],
            takes_questions=row["kind"] == ProgrammeKind.INTERVIEW and row["airs_on"] >= today,
        )
        for row in sql.run(_COUNTED, params)
    ]
