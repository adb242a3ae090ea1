"""To which bodies and posts a case and its steps may be given: what the engine checks, what forms offer."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework.effects.assign import WORKING_ROLES
from liuquan.casework.effects.move_body import STANDING
from liuquan.casework.types import Asking, Data, Facts, Option, Snapshot, Transition
from liuquan.clock import shanghai_day
from liuquan.organisation import queries as organisation


def standing_of(row: Transition | None, snapshot: Snapshot, data: Data, now: datetime) -> Facts:
    """The fact whether the bodies and posts that an act names exist today; no query for an act that names
    none."""
    effects = row.effects if row else ()
    codes = [code for effect in effects for code in effect.codes(snapshot, data)]
    return {STANDING: organisation.standing(codes, on=shanghai_day(now))} if codes else {}


def other_bodies(asking: Asking) -> list[Option]:
    """Every body that exists today but the one that handles the case, for a field of `MoveBody`."""
    return [
        Option(body.code, body.name)
        for body in organisation.bodies(on=asking.on)
        if body.code != asking.snapshot.body_code
    ]


def posts_for_work(asking: Asking) -> list[Option]:
    """The posts of the bodies that handle the case or cooperate, but the one that has the step, for a field
    of `Assign` or `Reassign`."""
    case = asking.snapshot
    bodies = {role.body_code for role in case.roles if role.to_at is None and role.role in WORKING_ROLES}
    has = next((a.post_code for a in case.open_assignments if a.id == asking.assignment), "")
    found = [
        post
        for code in sorted({case.body_code, *bodies})
        for post in organisation.posts(on=asking.on, body_code=code)
    ]
    return [Option(post.code, post.name, post.unit_name) for post in found if post.code != has]
