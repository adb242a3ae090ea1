"""The engine's periodic work: run the sweep, fold the counts."""

from liuquan.casework import actions
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("casework.sweep", every="* * * * * */20")
def sweep() -> None:
    """Execute what follows from silence and enter breaches; every 20 seconds, so within a minute."""
    actions.sweep(now=moments.now())


@job("casework.fold_counts", every="* * * * *")
def fold_counts() -> None:
    """Fold the delta rows of the counts."""
    actions.fold_counts()
