"""The record's own clockwork: heads go out to witnesses, and other offices' heads are looked at."""

from liuquan.journal import cosigning, following
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("journal.push_head", every="* * * * * */10")
def push_head() -> None:
    """Hand the newest head to the witnesses that have not cosigned it, and publish what they sign."""
    cosigning.push_all(now=moments.now())


@job("journal.follow_logs", every="* * * * * */30")
def follow_logs() -> None:
    """Look at the logs we cosign whose address we know."""
    following.follow_all(now=moments.now())
