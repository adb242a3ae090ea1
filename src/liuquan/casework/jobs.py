"""The engine's periodic work: run the sweep, fold the counts, destroy forms nobody finished."""

from datetime import date

from liuquan.casework import actions
from liuquan.casework.actions import reprojection
from liuquan.kernel import drafts, moments
from liuquan.kernel.jobs import job
from liuquan.organisation import queries as organisation


@job("casework.sweep", every="* * * * * */20")
def sweep() -> None:
    """Execute legal effects of expired limits and record breaches; every 20 seconds, so within a minute."""
    actions.sweep(now=moments.now())


@job("casework.close_children")
def close_children(closing: dict[str, str]) -> None:
    """End the children of a case whose act ends them, as far as the page of that act did not."""
    actions.close_children(closing, now=moments.now())


@job("casework.reproject")
def reproject(since: str, reason: str) -> None:
    """Count the open deadlines again after a notice was loaded; if interrupted, the job is run again."""
    reprojection.reproject(
        organisation.calendars(), now=moments.now(), reason=reason, since=date.fromisoformat(since)
    )


@job("casework.fold_counts", every="* * * * *")
def fold_counts() -> None:
    """Fold the delta rows of the counts."""
    actions.fold_counts()


@job("casework.erase_drafts", every="*/10 * * * *")
def erase_drafts() -> None:
    """Destroy drafts, the keys of their files first of all, whose seven days are over."""
    drafts.erase_expired(now=moments.now())
