"""Wiring of the modules: the case kinds the engine runs, and which jobs follow from which event.

One dict, read in one place: there are no signals and no hooks elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from liuquan.applications import duties
from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import registry
from liuquan.journal import actions as journal
from liuquan.organisation.types import Actor
from liuquan.supervision import queries as supervision

ISSUE_PAPERS = "applications.issue_papers"
PUBLICISE = "applications.publicise"

REACTIONS: dict[str, tuple[str, ...]] = {
    row.event: (ISSUE_PAPERS,) for row in (PROCEDURE.creation, *PROCEDURE.rows) if row.notices
}
for decided in ("application.granted", "application.refused"):
    REACTIONS[decided] = (*REACTIONS[decided], PUBLICISE)


def wire() -> None:
    """Register everything; called once when Django is ready."""
    registry.register(replace(PROCEDURE, number_pattern=settings.LIUQUAN_APPLICATION_NUMBER))
    journal.react(REACTIONS)
    duties.register(_explanations)


def _explanations(by: Actor, now: datetime) -> list[duties.OtherDuty]:
    """What the supervision asked this post's body to explain, for its work list."""
    return [
        duties.OtherDuty(
            case_number=line.case_number,
            item=line.item_name,
            todo="向监察提交情况说明",
            why=line.sentence,
            due_on=line.answer_due_on,
            href=reverse("board-finding-explain", args=[line.number]),
        )
        for line in supervision.to_answer(by, now=now)
        if line.answer_due_on
    ]
