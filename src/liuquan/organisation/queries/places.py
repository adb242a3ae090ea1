"""Divisions and bodies on a given day."""

from __future__ import annotations

from datetime import date

from liuquan.identifiers import FICTIONAL_PROVINCE
from liuquan.kernel.refusals import NotVisible
from liuquan.kernel.sql import Fragment, Row, run, run_prepared
from liuquan.organisation.types import (
    Actor,
    BodyView,
    DivisionView,
    RemedyBodies,
    SealView,
    ServicePromiseView,
)

_DIVISIONS = "SELECT d.code, d.name, d.level, d.path::text AS path FROM division d "

_BODIES = """
SELECT b.code, b.key, r.name, r.short_name, r.nature, d.code AS division_code, d.path::text AS division_path,
       r.phone, r.address, r.hours
FROM body b JOIN body_record r ON r.body_id = b.id AND daterange(r.from_on, r.to_on) @> %(on)s::date
JOIN division d ON d.id = r.division_id
"""


def divisions(*, under: str = "") -> tuple[DivisionView, ...]:
    """All divisions in the order of their codes; with ``under`` that division and everything inside it."""
    if not under:
        return tuple(_division(row) for row in run(_DIVISIONS + "ORDER BY d.code"))
    inside = "WHERE d.path <@ (SELECT path FROM division WHERE code = %(under)s) ORDER BY d.code"
    return tuple(_division(row) for row in run(_DIVISIONS + inside, {"under": under}))


def division(code: str) -> DivisionView:
    """One division. Refuses a code that is not there (404)."""
    rows = run(_DIVISIONS + "WHERE d.code = %(code)s", {"code": code})
    if not rows:
        raise NotVisible(f"没有代码为“{code}”的行政区划，请核对代码。")
    return _division(rows[0])


def division_path(code: str) -> str:
    """The ltree path of a division, from the root down. Refuses a code that is not there (404)."""
    return division(code).path


def remedy_bodies(body_code: str, *, on: date) -> RemedyBodies:
    """Who hears a reconsideration and a suit against a decision that this body took on this day: named by its
    division or by the nearest one above; nobody is named for a body that did not exist then."""
    rows = run_prepared(
        """
        SELECT
            coalesce((SELECT up.reconsidered_by FROM division up WHERE up.path @> d.path
                AND up.reconsidered_by <> '' ORDER BY nlevel(up.path) DESC LIMIT 1), '') AS reconsidered_by,
            coalesce((SELECT up.court FROM division up WHERE up.path @> d.path
                AND up.court <> '' ORDER BY nlevel(up.path) DESC LIMIT 1), '') AS court
        FROM body b JOIN body_record r ON r.body_id = b.id AND daterange(r.from_on, r.to_on) @> %(on)s::date
        JOIN division d ON d.id = r.division_id WHERE b.code = %(body)s
        """,
        {"on": on, "body": body_code},
    )
    return RemedyBodies(**rows[0]) if rows else RemedyBodies()


def supervises(actor: Actor, division_code: str) -> bool:
    """Whether a supervising mandate of the actor covers this division; never for an unknown division."""
    rows = run("SELECT path::text AS path FROM division WHERE code = %(code)s", {"code": division_code})
    return bool(rows) and actor.supervises(rows[0]["path"])


def is_real_place() -> bool:
    """Whether this office serves a real place: then fictional identity numbers (region 99) are refused."""
    rows = run(
        "SELECT EXISTS (SELECT FROM division WHERE NOT starts_with(code, %(fictional)s)) AS real",
        {"fictional": FICTIONAL_PROVINCE},
    )
    return bool(rows[0]["real"])


def bodies(*, on: date, under: str = "") -> tuple[BodyView, ...]:
    """The bodies that exist on this day; with ``under`` those of that division and below."""
    where = "WHERE d.path <@ (SELECT path FROM division WHERE code = %(under)s)" if under else ""
    return tuple(
        _body(row) for row in run_prepared(f"{_BODIES} {where} ORDER BY b.id", {"on": on, "under": under})
    )


def body(code: str, *, on: date) -> BodyView:
    """One body by its code or its key. Refuses one that does not exist on this day (404)."""
    rows = run_prepared(_BODIES + "WHERE b.code = %(code)s OR b.key = %(code)s", {"on": on, "code": code})
    if not rows:
        raise NotVisible(f"没有代码为“{code}”的机构，请核对代码。")
    return _body(rows[0])


def body_named(name: str, *, on: date) -> BodyView | None:
    """The body with exactly this name or short name on this day, if there is just one."""
    rows = run(_BODIES + "WHERE r.name = %(name)s OR r.short_name = %(name)s", {"on": on, "name": name})
    return _body(rows[0]) if len(rows) == 1 else None


def bodies_on(on: str) -> Fragment:
    """SQL for the bodies that exist on a day, as a relation with `code`, `name` and the `level` of their
    division, 1 a province to 5 a village. `on`: an expression of the caller's query, never a value."""
    return Fragment(
        "(SELECT b.code, r.name, d.level FROM body b JOIN body_record r ON r.body_id = b.id "
        f"AND daterange(r.from_on, r.to_on) @> {on} JOIN division d ON d.id = r.division_id)"
    )


def body_name(code: str, on: str) -> Fragment:
    """SQL for the name on a day of the body with this code (NULL: none), to be read along in another query.
    `code`, `on`: expressions of that query, never values."""
    return Fragment(
        "(SELECT of_body.name FROM body named JOIN body_record of_body ON of_body.body_id = named.id "
        f"WHERE named.code = {code} AND daterange(of_body.from_on, of_body.to_on) @> {on})"
    )


def seals(body_code: str, *, on: date) -> tuple[SealView, ...]:
    """The seals of a body in the register on this day."""
    rows = run(
        """
        SELECT s.code, s.name, b.code AS body_code, p.code AS custodian_post
        FROM seal s JOIN body b ON b.id = s.body_id JOIN post p ON p.id = s.custodian_post_id
        WHERE b.code = %(body)s AND daterange(s.from_on, s.to_on) @> %(on)s::date ORDER BY s.code
        """,
        {"body": body_code, "on": on},
    )
    return tuple(SealView(**row) for row in rows)


def service_promises(*, on: date) -> tuple[ServicePromiseView, ...]:
    """What each body promises on this day in quality, attitude and time; bodies without a promise are left
    out (GUIDE-05)."""
    rows = run(
        """
        SELECT b.code AS body_code, s.quality, s.attitude, s.time, s.announced_by, s.from_on
        FROM service_promise s JOIN body b ON b.id = s.body_id
        WHERE daterange(s.from_on, s.to_on) @> %(on)s::date ORDER BY b.id
        """,
        {"on": on},
    )
    return tuple(ServicePromiseView(**row) for row in rows)


def service_promise(body_code: str, *, on: date) -> ServicePromiseView | None:
    """What this body promises on this day, if anything."""
    return next((one for one in service_promises(on=on) if one.body_code == body_code), None)


def _division(row: Row) -> DivisionView:
    return DivisionView(**row)


def _body(row: Row) -> BodyView:
    return BodyView(**row)
