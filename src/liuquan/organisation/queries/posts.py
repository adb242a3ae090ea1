"""Posts, their duty sheets (HALL-02) and the authorisation register (CASE-11), as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from liuquan.kernel.refusals import NotVisible
from liuquan.kernel.sql import Row, run, run_prepared
from liuquan.organisation.queries.actors import mandate_term
from liuquan.organisation.types import (
    Colleague,
    MandateTerm,
    PostDutySheet,
    PostView,
    RegisterLine,
    Standing,
)

_POSTS = """
SELECT p.code, s.name, b.code AS body_code, coalesce(ur.name, '') AS unit_name,
       coalesce(d.code, '') AS division_code, s.roles
FROM post p JOIN body b ON b.id = p.body_id
JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
LEFT JOIN unit_record ur ON ur.unit_id = s.unit_id AND daterange(ur.from_on, ur.to_on) @> %(on)s::date
LEFT JOIN division d ON d.id = ur.division_id
"""

_HOLDERS = """
(SELECT coalesce(array_agg(st.name ORDER BY st.number), '{}')
 FROM post_holding h JOIN staff st ON st.id = h.staff_id
 WHERE h.post_id = p.id AND daterange(h.from_on, h.to_on) @> %(on)s::date)
"""

_TERM = """
jsonb_build_object('actions', m.actions, 'items', m.items, 'body', mb.code, 'supervising', m.supervising,
    'path', md.path::text, 'up_to', m.up_to, 'up_to_fen', m.up_to_fen, 'granted_by', m.granted_by)
"""

_SHEET = f"""
SELECT s.duties, s.tasks, s.standards, s.limits, s.from_on, s.to_on, br.name AS body_name,
       {_HOLDERS} AS holders,
       (SELECT coalesce(array_agg(cp.code ORDER BY c.kind, cp.code), '{{}}') FROM post_cover c
        JOIN post cp ON cp.id = c.cover_post_id
        WHERE c.post_id = p.id AND daterange(c.from_on, c.to_on) @> %(on)s::date) AS covered_by,
       (SELECT jsonb_agg({_TERM} ORDER BY m.id) FROM mandate m
        LEFT JOIN body mb ON mb.id = m.body_id LEFT JOIN division md ON md.id = m.division_id
        WHERE m.post_id = p.id AND daterange(m.from_on, m.to_on) @> %(on)s::date) AS mandates
FROM post p JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
LEFT JOIN body_record br ON br.body_id = p.body_id AND daterange(br.from_on, br.to_on) @> %(on)s::date
WHERE p.code = %(code)s
"""

_REGISTER = f"""
SELECT coalesce(br.name, '') AS body_name, p.code AS post_code, s.name AS post_name,
       coalesce(pr.name, '') AS post_body_name, {_HOLDERS} AS holders, {_TERM} AS term, m.from_on, m.to_on
FROM mandate m JOIN post p ON p.id = m.post_id
JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
LEFT JOIN body mb ON mb.id = m.body_id LEFT JOIN division md ON md.id = m.division_id
LEFT JOIN body_record br ON br.body_id = m.body_id AND daterange(br.from_on, br.to_on) @> %(on)s::date
LEFT JOIN body_record pr ON pr.body_id = p.body_id AND daterange(pr.from_on, pr.to_on) @> %(on)s::date
WHERE daterange(m.from_on, m.to_on) @> %(on)s::date AND (%(body)s = '' OR mb.code = %(body)s)
ORDER BY m.supervising, mb.id, p.code, m.id
"""


_MANDATED = """
SELECT DISTINCT pb.code AS body_code, m.items
FROM mandate m JOIN body mb ON mb.id = m.body_id JOIN post p ON p.id = m.post_id
JOIN body pb ON pb.id = p.body_id
JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
WHERE mb.code = %(body)s AND %(action)s = ANY(m.actions) AND daterange(m.from_on, m.to_on) @> %(on)s::date
"""

_STANDING = """
SELECT false AS is_post, b.code, b.code AS body_code, EXISTS (SELECT FROM body_record r
    WHERE r.body_id = b.id AND daterange(r.from_on, r.to_on) @> %(on)s::date) AS stands
FROM body b WHERE b.code = ANY(%(codes)s::text[])
UNION ALL
SELECT true, p.code, b.code, EXISTS (SELECT FROM post_sheet s
        WHERE s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date)
    AND EXISTS (SELECT FROM body_record r
        WHERE r.body_id = b.id AND daterange(r.from_on, r.to_on) @> %(on)s::date)
FROM post p JOIN body b ON b.id = p.body_id WHERE p.code = ANY(%(codes)s::text[])
"""

_COLLEAGUES = """
SELECT st.id, st.number, st.name, array_agg(p.code ORDER BY p.code) AS posts,
       array_agg(s.name ORDER BY p.code) AS post_names
FROM staff st
JOIN post_holding h ON h.staff_id = st.id AND daterange(h.from_on, h.to_on) @> %(on)s::date
JOIN post p ON p.id = h.post_id JOIN body b ON b.id = p.body_id
JOIN post_sheet s ON s.post_id = p.id AND daterange(s.from_on, s.to_on) @> %(on)s::date
WHERE b.code = ANY(%(bodies)s)
GROUP BY st.id
HAVING NOT bool_or(EXISTS (SELECT FROM post_cover c WHERE c.post_id = p.id AND c.kind = 'absence'
    AND daterange(c.from_on, c.to_on) @> %(on)s::date))
ORDER BY st.number
"""


def post(code: str, *, on: date) -> PostView:
    """One post. Refuses a code that is no post on this day (404)."""
    rows = run(_POSTS + "WHERE p.code = %(code)s", {"on": on, "code": code})
    if not rows:
        raise NotVisible(f"没有编码为“{code}”的岗位，请核对岗位编码。")
    return _post(rows[0])


def posts(*, on: date, body_code: str = "") -> tuple[PostView, ...]:
    """The posts that exist on this day, all or those of one body."""
    rows = run_prepared(
        _POSTS + "WHERE %(body)s = '' OR b.code = %(body)s ORDER BY p.id", {"on": on, "body": body_code}
    )
    return tuple(_post(row) for row in rows)


def posts_for_role(role: str, *, on: date, body_code: str = "") -> tuple[PostView, ...]:
    """The posts with this role on this day, all or those of one body."""
    return tuple(found for found in posts(on=on, body_code=body_code) if role in found.roles)


def post_sheet(code: str, *, on: date) -> PostDutySheet:
    """职位职责说明 (HALL-02): duties, tasks, standards, limits, mandates, holders and who stands in.

    Refuses a code that is no post on this day (404).
    """
    view = post(code, on=on)
    row = run(_SHEET, {"on": on, "code": code})[0]
    return PostDutySheet(
        post=view,
        body_name=row["body_name"] or "",
        duties=tuple(row["duties"]),
        tasks=tuple(row["tasks"]),
        standards=tuple(row["standards"]),
        limits=tuple(row["limits"]),
        holders=tuple(row["holders"]),
        covered_by=tuple(dict.fromkeys(row["covered_by"])),
        mandates=tuple(mandate_term(term) for term in row["mandates"] or ()),
        from_on=row["from_on"],
        to_on=row["to_on"],
    )


def authorisation_register(
    *, on: date, body_code: str = "", item_code: str = "", action: str = ""
) -> tuple[RegisterLine, ...]:
    """Who may decide what, up to what, by which document (CASE-11), as it stands on this day.

    ``body_code``: the register of one body's items; ``item_code`` and ``action`` limit it to the posts that
    may take that act on that item. Public: it contains names of posts and staff, no other personal data.
    """
    rows = run(_REGISTER, {"on": on, "body": body_code})
    lines = tuple(
        RegisterLine(
            row["body_name"],
            row["post_code"],
            row["post_name"],
            row["post_body_name"],
            tuple(row["holders"]),
            mandate_term(row["term"]),
            row["from_on"],
            row["to_on"],
        )
        for row in rows
    )
    return tuple(line for line in lines if _concerns(line, item_code, action))


def mandated_bodies(*, on: date, body_code: str, item_code: str, action: str) -> frozenset[str]:
    """The bodies with a post that may take this act on this item of a body on this day."""
    rows = run_prepared(_MANDATED, {"on": on, "body": body_code, "action": action})
    acts = frozenset({action})
    return frozenset(
        row["body_code"] for row in rows if MandateTerm(acts, tuple(row["items"])).names(item_code)
    )


def standing(codes: Iterable[str], *, on: date) -> Standing:
    """Which of these bodies and posts exist on this day, in one query; a post only while its body does."""
    rows = run_prepared(_STANDING, {"codes": [code for code in codes if code], "on": on})
    posts = [row for row in rows if row["is_post"]]
    return Standing(
        bodies=frozenset(row["code"] for row in rows if row["stands"] and not row["is_post"]),
        posts={row["code"]: row["body_code"] for row in posts if row["stands"]},
        homes={row["code"]: row["body_code"] for row in posts},
    )


def colleagues(*, on: date, body_codes: Iterable[str]) -> tuple[Colleague, ...]:
    """The staff of these bodies who hold a post on this day and are not recorded as absent, by number."""
    rows = run(_COLLEAGUES, {"on": on, "bodies": list(body_codes)})
    return tuple(
        Colleague(row["id"], row["number"], row["name"], tuple(row["posts"]), tuple(row["post_names"]))
        for row in rows
    )


def staff_name(number: int) -> str:
    """The name of a member of staff by internal id; empty if there is none. Names of staff are public, but
    who opened what is not: the caller has recorded the reason for asking."""
    rows = run("SELECT name FROM staff WHERE id = %(id)s", {"id": number})
    return str(rows[0]["name"]) if rows else ""


def _concerns(line: RegisterLine, item_code: str, action: str) -> bool:
    if action and action not in line.term.actions:
        return False
    return not item_code or line.term.names(item_code)


def _post(row: Row) -> PostView:
    return PostView(
        row["code"],
        row["name"],
        row["body_code"],
        row["unit_name"],
        row["division_code"],
        frozenset(row["roles"]),
    )
