"""Background jobs of the reviews, which follow from events of any kind."""

from __future__ import annotations

from liuquan.kernel import moments
from liuquan.kernel.jobs import job
from liuquan.organisation.types import SYSTEM
from liuquan.reviews import actions


@job("reviews.invite")
def invite(subject: str, entry: str, event: str) -> None:
    """This service can be reviewed."""
    del event
    actions.invite(subject, entry)


@job("reviews.follow")
def follow(subject: str, entry: str, event: str) -> None:
    """Open the rectification of a bad review."""
    del event
    actions.follow(subject, entry, by=SYSTEM, now=moments.now())
