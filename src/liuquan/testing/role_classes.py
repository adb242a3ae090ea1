"""The columns of the tables of permissions: one actor a class of roles, who is tried, and whom it stands for.

Two members of staff are of one class when their posts hold the same roles and mandates of the same kind: the
same acts, over the body of the cases in the tables, another body or a division. Then nothing in the system
can tell them apart by their post, and one of them is tried. The others are tried by the slow tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import User

from liuquan.kernel.refusals import Refusal
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor
from liuquan.testing.cast import ITEMS, STAFF, Cast

#: columns of `addresses.csv`
AT_ADDRESSES = (
    "anonymous",
    "clerk",
    "examiner",
    "head",
    "other_examiner",
    "supervisor",
    "sysadmin",
    "leader",
    "overseer",
)
#: columns of `transitions.csv`
IN_PROCEDURES = (
    "applicant",
    "agent",
    "stranger",
    "public",
    "clerk",
    "helper",
    "examiner",
    "second_examiner",
    "approver",
    "chief_rep",
    "head",
    "item_editor",
    "other_examiner",
    "centre_officer",
    "supervisor",
    "sysadmin",
    "leader",
    "overseer",
    "operator",
    "dispatcher",
    "unit_contact",
    "system",
)
#: column → the logins of all others whose posts are of the same kind
STANDS_FOR = {
    "clerk": ("chuangxiaojian", "chuangxiaoxi", "xianxiaochuang", "zhenxiaochuang"),
    "other_examiner": (
        "guixiaocha",
        "jianxiaochayan",
        "jianxiaoshen",
        "shexiaocha",
        "shexiaoshen",
        "weixiaocha",
        "weixiaoshen",
    ),
    "supervisor": ("jianxiaofu",),
    "operator": ("rexiaoting", "rexiaowan", "rexiaoye"),
    "dispatcher": ("rexiaofang",),
}

_ON = date(2026, 3, 2)
_BODY = ITEMS["device"][:18]
_UNIT = "11990100MB9901083F"  #: the body that the tickets of the tables are dispatched to


def actor(cast: Cast, column: str) -> Actor:
    """Who is tried in this column, or the holder of this login."""
    if column in ("applicant", "agent", "stranger"):
        found: Actor = getattr(cast, column)
        return found
    fixed = {"public": PUBLIC, "system": SYSTEM}
    return fixed[column] if column in fixed else cast.staff(column)


def kind_of(by: Actor) -> tuple[object, ...]:
    """What distinguishes a post: its roles, whether its body is that of the cases, and its mandates by
    kind."""

    def whose(body: str) -> str:
        known = {_BODY: "the cases' body", _UNIT: "the tickets' body", "": "a division"}
        return known.get(body, "another body")

    mandates = {(term.actions, term.items, whose(term.body_code), term.supervising) for term in by.mandates}
    return by.roles, whose(by.body_code), frozenset(mandates)


def classes() -> dict[str, tuple[str, ...]]:
    """Column → the others of its class, by login, as the pack in the database has them."""
    columns = {name: STAFF[name] for name in dict.fromkeys([*AT_ADDRESSES, *IN_PROCEDURES]) if name in STAFF}
    kinds = dict(_staff())
    return {
        name: others
        for name, login in columns.items()
        if (others := tuple(_others(login, kinds, set(columns.values()))))
    }


def _others(login: str, kinds: dict[str, tuple[object, ...]], tried: set[str]) -> Iterator[str]:
    return (other for other, kind in kinds.items() if kind == kinds[login] and other not in tried)


def _staff() -> Iterator[tuple[str, tuple[object, ...]]]:
    for user in User.objects.order_by("username"):
        try:
            yield user.username, kind_of(organisation.actor_for(user, on=_ON))
        except Refusal:  # holds no post on this day
            continue
