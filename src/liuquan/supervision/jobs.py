"""The schedule of the rules: live every 20 seconds, over everything at night."""

from liuquan.kernel import moments
from liuquan.kernel.jobs import job
from liuquan.supervision import actions


@job("supervision.watch", every="* * * * * */20")
def watch() -> None:
    """Check the changed cases and the clocks that reached a warning or an end."""
    actions.watch(now=moments.now())


@job("supervision.run_all", every="30 17 * * *")  # UTC: half past one at night in Shanghai
def run_all() -> None:
    """Check everything."""
    actions.run_all(now=moments.now())
