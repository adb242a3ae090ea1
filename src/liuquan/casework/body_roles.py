"""Which bodies handle a case, and which did. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from liuquan.casework.types import BodyRole, Snapshot


def with_roles(case: Snapshot, roles: tuple[BodyRole, ...]) -> Snapshot:
    """The case with these bodies; those whose time is not over see it."""
    return replace(case, roles=roles, bodies=frozenset(one.body_code for one in roles if one.to_at is None))


def at_receipt(roles: tuple[BodyRole, ...]) -> tuple[BodyRole, ...]:
    """The bodies of the case as it was opened: afterwards leads change, and a former one may keep a part."""
    first = next((one for one in roles if one.role == "lead"), None)
    return tuple(
        replace(one, to_at=None) if one is first else one
        for one in roles
        if one is first or (one.role != "lead" and (first is None or one.from_at <= first.from_at))
    )


def handed_on(
    roles: Iterable[BodyRole], *, of: str, to: str, now: datetime, keeps: str = ""
) -> tuple[BodyRole, ...]:
    """The bodies after the lead body `of` handed the case to the body `to`, and kept the part `keeps` in it,
    if any; one that it has already is not given twice."""
    left = (of, "lead", None)
    roles = tuple(roles)
    has = any((one.body_code, one.role, one.to_at) == (of, keeps, None) for one in roles)
    kept = (BodyRole(of, keeps, now),) if keeps and not has else ()
    ended = (
        replace(one, to_at=now) if (one.body_code, one.role, one.to_at) == left else one for one in roles
    )
    return (*ended, BodyRole(to, "lead", now), *kept)
