"""The journal's jobs: heads go out to witnesses, other offices' heads are fetched, and every night the whole
log is computed again.
"""

from liuquan.journal import actions
from liuquan.journal.witness import checkpoint_pull, checkpoint_push
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("journal.push_head", every="* * * * * */10")
def push_head() -> None:
    """Hand the newest head to the witnesses that have not cosigned it, and publish what they sign."""
    checkpoint_push.push_all(now=moments.now())


@job("journal.follow_logs", every="* * * * * */30")
def follow_logs() -> None:
    """Fetch and cosign the heads of the logs whose address we know."""
    checkpoint_pull.pull_all(now=moments.now())


@job("journal.audit", every="0 18 * * *")  # UTC: two o'clock at night in Shanghai
def audit() -> None:
    """Recompute the log; a failure becomes an entry, and by the rules of supervision a red finding."""
    actions.audit(now=moments.now())
