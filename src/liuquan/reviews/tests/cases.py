"""Rectifications in the city of the tests: how one is brought into each state."""

from __future__ import annotations

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.journal import queries as journal
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.reviews import actions
from liuquan.reviews.procedure import PROCEDURE
from liuquan.testing.cases import ACTED, Kind
from liuquan.testing.cast import Cast

UNIT = "shixiaore"  #: who answers bad reviews of the market bureau
TEXT = "调看了当天的记录，已经向窗口人员说明要求。"
LEADS_TO: dict[str, tuple[str, ...]] = {
    "opened": (),
    "verified": ("verify",),
    "groundless": ("find_groundless",),
    "rectified": ("verify", "rectify"),
    "told": ("verify", "rectify", "tell"),
}


def opened(cast: Cast, by: Actor) -> str:
    """The rectification of a bad review of an application that was granted, opened by this actor."""
    number = cast.accepted("device", at=ACTED)
    cast.examines(number, at=ACTED)
    casework.perform(number, "grant", by=cast.approver, now=ACTED, data=cast.decision("device"))
    service = str(journal.entries_of(number)[-1].number)
    actions.invite(number, service)
    actions.rate(number, service, grade=1, words="等了三天没有人联系我。", now=ACTED)
    return actions.follow(number, str(journal.entries_of(number)[-1].number), by=by, now=ACTED)


def brought(cast: Cast, state: str) -> str:
    """A rectification in this state."""
    number = opened(cast, SYSTEM)
    for action in LEADS_TO[state]:
        acted(cast, action, number, cast.staff(UNIT))
    assert cases.read(number).state == state
    return number


def acted(_cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on it."""
    row = PROCEDURE.row(action)
    assert row is not None
    data = {one.name: TEXT for one in row.fields}
    casework.perform(number, action, by=by, now=ACTED, data=data)


#: not in the city shared by all tests: nobody has reviewed anything there
KINDS = (Kind(PROCEDURE, opened, brought, acted, lasting=False),)
