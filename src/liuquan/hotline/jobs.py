"""Background jobs of the hotline."""

from __future__ import annotations

from django.conf import settings

from liuquan.hotline import actions
from liuquan.hotline.actions import stand_in
from liuquan.kernel import moments
from liuquan.kernel.jobs import job


@job("hotline.tell_merged")
def tell_merged(subject: str, entry: str, event: str) -> None:
    """Tell those whose requests were merged into this ticket that it was answered, or how else it ended."""
    del entry, event
    actions.tell_merged(subject, now=moments.now())


@job("hotline.take_back")
def take_back(subject: str, entry: str, event: str) -> None:
    """A ticket that goes to its unit again goes to the dispatcher where that unit exists no more."""
    del entry, event
    actions.take_back(now=moments.now(), number=subject)


@job("hotline.take_all_back", every="5 16 * * *")  # UTC: just after midnight in Shanghai
def take_all_back() -> None:
    """Once a day, what waits for a unit that was dissolved."""
    actions.take_back(now=moments.now())


@job("hotline.ask_owners", every="30 0 * * *")
def ask_owners() -> None:
    """Once a day, ask the owners of articles whose review is overdue."""
    actions.ask_owners(now=moments.now())


@job("hotline.foresee", every="0 22 * * *")  # UTC: six in the morning in Shanghai
def foresee() -> None:
    """Enter what rises before everybody complains of it."""
    actions.foresee(now=moments.now())


@job("hotline.learn", every="30 18 * * *")  # UTC: half past two in the night in Shanghai
def learn() -> None:
    """Learn from the tickets which class a text may belong to."""
    actions.learn_nightly(now=moments.now())


@job("hotline.find_topics")
def find_topics(search: int) -> None:
    """Find hot topics that somebody asked for."""
    actions.find_topics(search, now=moments.now())


@job("hotline.topics", every="0 21 * * *")  # UTC: five in the morning in Shanghai
def topics() -> None:
    """Find the hot topics of the last days."""
    actions.find_nightly(now=moments.now())


@job("hotline.read_mailbox", every="*/2 * * * *")
def read_mailbox() -> None:
    """Every two minutes, take in what came to the mailbox, where there is one."""
    if actions.is_set_up():
        actions.read_mailbox(now=moments.now())


@job("hotline.give_up", every="* * * * *")
def give_up() -> None:
    """Where the phone only stands in for one: whoever waits too long hangs up."""
    if settings.LIUQUAN_PHONE.endswith(".StandInPhone"):
        stand_in.give_up(now=moments.now())
