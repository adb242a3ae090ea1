"""Background jobs that follow an act which requires a paper."""

import uuid
from datetime import UTC, datetime, timedelta

from liuquan.kernel import moments
from liuquan.kernel.jobs import job
from liuquan.papers import actions


@job("papers.issue_papers")
def issue_papers(subject: str, entry: str, event: str) -> None:
    """Issue the papers of an act that the page has not issued already."""
    del event
    actions.issue_papers(subject, entry=uuid.UUID(entry), now=moments.now())


@job("papers.issue_missing", every="*/5 * * * *")
def issue_missing() -> None:
    """Issue what the page and the job of an act could not, of the last 30 days and not of the last minute."""
    recorded = datetime.now(UTC)  # moments of recording are the server's, whatever day a demo plays
    actions.issue_missing(
        since=recorded - timedelta(days=30), before=recorded - timedelta(minutes=1), now=moments.now()
    )
