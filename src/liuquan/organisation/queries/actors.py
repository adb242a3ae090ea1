"""Who acts: the signed-in user in one of the posts they hold, or stand in for, on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from liuquan.kernel.refusals import NotAllowed
from liuquan.kernel.sql import Row, run
from liuquan.organisation.types import PUBLIC, Actor, HeldPost, MandateTerm, PostView

_POSTS = """
WITH me AS (SELECT id, name FROM staff WHERE user_id = %(user)s),
own AS (
    SELECT h.post_id, h.from_on FROM post_holding h JOIN me ON me.id = h.staff_id
    WHERE daterange(h.from_on, h.to_on) @> %(on)s::date
),
mine AS (
    SELECT post_id, false AS covered, from_on FROM own
    UNION
    SELECT c.post_id, true, c.from_on FROM post_cover c JOIN own ON own.post_id = c.cover_post_id
    WHERE c.kind = 'absence' AND daterange(c.from_on, c.to_on) @> %(on)s::date
      AND c.post_id NOT IN (SELECT post_id FROM own)
)
SELECT me.id AS staff_id, me.name, p.code, s.name AS post_name, s.roles, b.code AS body_code,
       ur.name AS unit_name, d.code AS division_code, mine.covered, min(mine.from_on) AS since,
       (SELECT string_agg(st.name, '、' ORDER BY st.number)
        FROM post_holding h JOIN staff st ON st.id = h.staff_id
        WHERE h.post_id = p.id AND daterange(h.from_on, h.to_on) @> %(on)s::date) AS holders,
       (SELECT jsonb_agg(jsonb_build_object(
            'actions', m.actions, 'items', m.items, 'body', mb.code, 'supervising', m.supervising,
            'path', md.path::text, 'up_to', m.up_to, 'up_to_fen', m.up_to_fen, 'granted_by', m.granted_by
        ) ORDER BY m.id)
        FROM mandate m LEFT JOIN body mb ON mb.id = m.body_id LEFT JOIN division md ON md.id = m.division_id
        WHERE m.post_id = p.id AND daterange(m.from_on, m.to_on) @> %(on)s::date) AS mandates
FROM me LEFT JOIN mine ON true
LEFT JOIN post p ON p.id = mine.post_id
LEFT JOIN body b ON b.id = p.body_id
LEFT JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
LEFT JOIN unit_record ur ON ur.unit_id = s.unit_id AND daterange(ur.from_on, ur.to_on) @> %(on)s::date
LEFT JOIN division d ON d.id = ur.division_id
GROUP BY me.id, me.name, p.id, p.code, s.id, s.name, s.roles, b.code, ur.name, d.code, mine.covered
ORDER BY mine.covered, since, p.code
"""


def actor_for(user: AbstractBaseUser | AnonymousUser, *, on: date, post_code: str | None = None) -> Actor:
    """The actor for this user on this day, in the requested post, otherwise in their first own post.

    The user may also request a post that their own post covers while its holders are out: the actor then has
    that post's powers and names the absent holder (``acting_for``). Without sign-in the actor is the public.
    One query. Refuses (403): a user who is not staff, one without a post today, a post not theirs today.
    """
    if not user.is_authenticated:
        return PUBLIC
    rows = run(_POSTS, {"user": user.pk, "on": on})
    if not rows:
        raise NotAllowed("您的账号没有关联工作人员，请联系系统管理员。")
    held = [row for row in rows if row["code"] is not None and row["post_name"] is not None]
    if not held:
        raise NotAllowed("您今天没有任职的岗位，请联系系统管理员。")
    chosen = held[0] if not post_code else next((row for row in held if row["code"] == post_code), None)
    if chosen is None:
        raise NotAllowed("您今天不在这个岗位任职，也没有代行该岗位，请改选岗位。")
    others = tuple(row["code"] for row in held if row["code"] != chosen["code"])
    return _actor(chosen, others)


def posts_of(user: AbstractBaseUser | AnonymousUser, *, on: date) -> tuple[HeldPost, ...]:
    """The posts this user may act in on this day: their own first, then those they stand in for."""
    if not user.is_authenticated:
        return ()
    rows = run(_POSTS, {"user": user.pk, "on": on})
    return tuple(
        HeldPost(
            PostView(
                row["code"],
                row["post_name"],
                row["body_code"],
                row["unit_name"] or "",
                row["division_code"] or "",
                frozenset(row["roles"]),
            ),
            _absent(row),
        )
        for row in rows
        if row["code"] is not None and row["post_name"] is not None
    )


def _actor(row: Row, others: tuple[str, ...]) -> Actor:
    return Actor(
        kind="staff",
        staff_id=row["staff_id"],
        name=row["name"],
        post_code=row["code"],
        post_name=row["post_name"] + ("（代）" if row["covered"] else ""),
        roles=frozenset(row["roles"]),
        body_code=row["body_code"],
        division_code=row["division_code"] or "",
        mandates=tuple(mandate_term(term) for term in row["mandates"] or ()),
        acting_for=_absent(row),
        other_posts=others,
    )


def _absent(row: Row) -> str:
    return (row["holders"] or "空岗") if row["covered"] else ""


def mandate_term(values: dict[str, Any]) -> MandateTerm:
    """A mandate from the JSON that the queries of this module build."""
    return MandateTerm(
        actions=frozenset(values["actions"]),
        items=tuple(values["items"]),
        body_code=values["body"] or "",
        supervising=values["supervising"],
        division_path=values["path"] or "",
        up_to=values["up_to"],
        up_to_fen=values["up_to_fen"],
        granted_by=values["granted_by"],
    )
