"""The record's own clockwork: heads go out to witnesses, other offices' heads are looked at, and every night
the whole log is computed again.
"""

from liuquan.journal import actions, cosigning, following
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


@job("journal.audit", every="0 18 * * *")  # UTC: two o'clock at night in Shanghai
def audit() -> None:
    """Recompute the log; what does not hold becomes an entry, and by the rules a red finding."""
    actions.audit(now=moments.now())
