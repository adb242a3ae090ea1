"""Background jobs that follow a decision on an application."""

from liuquan.applications import actions
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("applications.publicise")
def publicise(subject: str, entry: str, event: str) -> None:
    """Publish a decided result on the portal."""
    del entry, event
    actions.publicise(subject, now=moments.now())
