"""Who reacts to what: the case kinds the engine runs, and which jobs follow from which event.

One dict, read in one place: there are no signals and no hooks elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import registry

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
    registry.react(REACTIONS)
