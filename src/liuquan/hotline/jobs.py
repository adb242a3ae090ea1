"""Background jobs of the hotline."""

from __future__ import annotations

from liuquan.hotline import actions
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("hotline.tell_merged")
def tell_merged(subject: str, entry: str, event: str) -> None:
    """Tell those whose requests were merged into this ticket that it was answered."""
    del entry, event
    actions.tell_merged(subject, now=moments.now())


@job("hotline.ask_owners", every="30 0 * * *")
def ask_owners() -> None:
    """Once a day, ask the owners of articles whose review is overdue."""
    actions.ask_owners(now=moments.now())


@job("hotline.foresee", every="0 22 * * *")  # UTC: six in the morning in Shanghai
def foresee() -> None:
    """Enter what rises before everybody complains of it."""
    actions.foresee(now=moments.now())
