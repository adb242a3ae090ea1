"""What a ticket holds beside its case, and the facts its acts are decided by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from liuquan.casework import queries as cases
from liuquan.casework.types import Data, Facts, Snapshot
from liuquan.clock import deadline, shanghai_day
from liuquan.hotline import models
from liuquan.hotline.assist.procedure import KIND as ASSIST
from liuquan.hotline.queries import articles, catalogue
from liuquan.hotline.terms import RETURN, SIGN
from liuquan.hotline.texts import bands
from liuquan.hotline.types import KIND, Alike, CatalogueLine, Identity, Inlet, RequestKind, TicketView
from liuquan.kernel import sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Standing
from liuquan.parties import queries as parties

_NAMES_BODIES: Final = frozenset({"dispatch", "redispatch", "ask_help", "hand_down", "refuse_return"})
_AS_COUNTED: Final = ("about_body", "returns", "redone", "tries", "answered_by", "proposed_by")
_COUNTED: Final = "SELECT t.* FROM hotline_ticket t WHERE t.case_id = %(id)s"
_WITH_BODIES: Final = f"""
SELECT t.*,
    coalesce((SELECT json_agg(json_build_object('class_code', l.class_code, 'body_code', l.body_code,
            'basis', l.basis, 'from_on', l.from_on, 'division', l.division) ORDER BY l.id)
        FROM hotline_catalogue l
        WHERE l.class_code IN (t.class_code,
                (SELECT k.parent FROM hotline_class k WHERE k.code = t.class_code))
            AND l.from_on <= %(on)s AND (l.to_on IS NULL OR l.to_on > %(on)s)), '[]') AS lines,
    (SELECT json_agg(json_build_array(b.code, b.name, b.level))
        FROM {organisation.bodies_on("%(on)s::date")} b) AS bodies
FROM hotline_ticket t WHERE t.case_id = %(id)s
"""
_OTHER: Final = f"""
        SELECT t.*, (SELECT json_build_object('id', o.case_id, 'into', o.into_id,
                'closed', c.closed_at IS NOT NULL)
            FROM hotline_ticket o JOIN {cases.CASES} c ON c.id = o.case_id
            WHERE c.number = %(into)s AND c.kind = %(kind)s) AS into
        FROM hotline_ticket t WHERE t.case_id = %(id)s
"""
_MAIN: Final = f"""
    SELECT t.*, (SELECT c.number FROM {cases.CASES} c WHERE c.id = t.into_id) AS merged_into
    FROM hotline_ticket t WHERE t.case_id = %(id)s
"""
_FACTS: Final = {
    **dict.fromkeys(_NAMES_BODIES, _WITH_BODIES),
    "merge": _OTHER,
    "join": _OTHER,
    "move_with": _OTHER,
    "tell_with": _MAIN,
    "end_with": _MAIN,
    "refile": """
        SELECT t.*, (SELECT json_object_agg(k.code, k.name) FROM hotline_class k WHERE k.parent <> ''
            AND (k.from_on IS NULL OR k.from_on <= %(on)s)
            AND (k.to_on IS NULL OR k.to_on > %(on)s)) AS classes
        FROM hotline_ticket t WHERE t.case_id = %(id)s
    """,
}

_READ = f"""
SELECT t.*, c.number, c.state, c.body_code, i.number AS into_number
FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
LEFT JOIN {cases.CASES} i ON i.id = t.into_id
WHERE c.number = %(number)s
"""


def ticket(number: str) -> TicketView | None:
    """What the ticket with this number holds; the caller has made sure that its reader may see the case."""
    row = sql.run_one(_READ, {"number": number})
    if row is None:
        return None
    filed = catalogue.class_of(row["class_code"])
    return TicketView(
        number=row["number"],
        request_kind=RequestKind(row["request_kind"]),
        class_code=row["class_code"],
        class_name=filed.name if filed else row["class_code"],
        division=row["division"],
        inlet=Inlet(row["inlet"]),
        identity=Identity(row["identity"]),
        is_urgent=row["is_urgent"],
        may_publish=row["may_publish"],
        received_at=row["received_at"],
        state=row["state"],
        body_code=row["body_code"],
        returns=row["returns"],
        redone=row["redone"],
        into=row["into_number"] or "",
        holds=tuple(held(number)),
    )


def held(number: str) -> list[str]:
    """The numbers of the requests merged into this ticket itself."""
    rows = sql.run(
        f"SELECT m.number FROM hotline_ticket t JOIN {cases.CASES} m ON m.id = t.case_id "
        f"JOIN {cases.CASES} i ON i.id = t.into_id WHERE i.number = %(number)s ORDER BY m.id",
        {"number": number},
    )
    return [row["number"] for row in rows]


def untold(number: str, *, since: datetime) -> list[str]:
    """The numbers of the requests merged into this ticket, or into one that was merged into it, that were not
    told of the answer given, or of the end, at this moment."""
    rows = sql.run(
        f"""
        WITH RECURSIVE held AS (
            SELECT t.case_id, t.told_at FROM hotline_ticket t JOIN {cases.CASES} i ON i.id = t.into_id
            WHERE i.number = %(number)s
            UNION
            SELECT t.case_id, t.told_at FROM hotline_ticket t JOIN held ON held.case_id = t.into_id
        )
        SELECT m.number FROM held JOIN {cases.CASES} m ON m.id = held.case_id
        WHERE held.told_at IS NULL OR held.told_at < %(at)s ORDER BY m.id
        """,
        {"number": number, "at": since},
    )
    return [row["number"] for row in rows]


def of_bodies_gone(*, on: date, number: str = "") -> list[str]:
    """The numbers of open tickets and assistances that wait for a unit which exists no more on this
    day. `number`: only this one."""
    rows = sql.run(
        f"""
        SELECT c.number FROM {cases.CASES} c
        WHERE c.closed_at IS NULL AND (%(number)s = '' OR c.number = %(number)s)
            AND (c.kind = %(assist)s OR (c.kind = %(ticket)s AND c.state IN ('dispatched', 'handling')))
            AND c.body_code NOT IN (SELECT b.code FROM {organisation.bodies_on("%(on)s::date")} b)
        ORDER BY c.id
        """,
        {"on": on, "number": number, "ticket": KIND, "assist": ASSIST},
    )
    return [row["number"] for row in rows]


def alike(text: str, *, since: datetime, limit: int = 10, but: str = "") -> list[Alike]:
    """Open tickets that say nearly the same, registered since this moment, the most alike first: for the
    centre, which sees every ticket. `but`: the ticket itself."""
    return _sharing(bands(text), since, limit, but)


def alike_to(case: Snapshot, *, since: datetime, limit: int = 5) -> list[Alike]:
    """The same for a ticket that is registered."""
    row = models.Ticket.objects.filter(case_id=case.id).first()
    return _sharing(list(row.bands), since, limit, case.number) if row else []


def _sharing(found: list[str], since: datetime, limit: int, but: str) -> list[Alike]:
    if not found:
        return []
    rows = sql.run(
        f"""
        SELECT c.number, c.state, c.body_name, c.subject_name, t.division, t.received_at,
            (SELECT count(*) FROM jsonb_array_elements_text(t.bands) b WHERE b = ANY(%(bands)s::text[])) AS n
        FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        WHERE t.is_open AND t.bands ?| %(bands)s::text[] AND t.received_at >= %(since)s
            AND c.number <> %(but)s
        ORDER BY n DESC, t.received_at DESC LIMIT %(limit)s
        """,
        {"bands": found, "since": since, "but": but, "limit": limit},
    )
    return [
        Alike(
            row["number"],
            row["subject_name"],
            row["body_name"],
            row["state"],
            row["division"],
            row["received_at"],
            row["n"] / len(found),
        )
        for row in rows
    ]


def facts(case: Snapshot, action: str, data: Data, now: datetime) -> Facts:
    """What the checks of an act look at, in one query: how the ticket is filed now, what was counted on it;
    the catalogue and the bodies for an act that names some, the other ticket for one that merges."""
    on = shanghai_day(now)
    asked = {"id": case.id, "on": on, "into": str(data.get("into") or "").strip(), "kind": KIND}
    row = sql.run_one(_FACTS.get(action, _COUNTED), asked)
    if row is None:
        return {}
    found: dict[str, Any] = {
        "filed": {"request_kind": row["request_kind"], "class_code": row["class_code"]},
        **{name: row[name] for name in _AS_COUNTED},
    }
    if action in _NAMES_BODIES:
        found |= _of_bodies(row)
    elif action == "return_ticket":
        found["return_until"] = _return_until(case)
    elif action == "answer_now":
        number = str(data.get("article") or "").strip()
        found["article"] = articles.quoted(number, on=on) if number else None
    elif action == "withdraw":
        found["held"] = models.Ticket.objects.filter(into_id=case.id).count()
    elif action in ("publish", "unpublish"):
        found |= _of_publishing(case, row, data, on)
    elif action in _FACTS:
        found |= {name: row[name] for name in ("into", "merged_into", "classes") if name in row}
    return found


def _of_bodies(row: sql.Row) -> dict[str, Any]:
    """The catalogue's lines for the class and place of the ticket, and which bodies exist, at which level."""
    levels = {code: level for code, _name, level in row["bodies"]}
    listed = [CatalogueLine(**{**one, "from_on": date.fromisoformat(one["from_on"])}) for one in row["lines"]]
    nearest = catalogue.nearest(listed, row["class_code"], row["division"])
    return {
        "lines": [{"body": one.body_code, "basis": one.basis} for one in nearest if one.body_code in levels],
        "names": {code: name for code, name, _level in row["bodies"]},
        "levels": levels,
        cases.STANDING: Standing(frozenset(levels), {}, {}),
    }


def _of_publishing(case: Snapshot, row: sql.Row, data: Data, on: date) -> dict[str, Any]:
    """Whether the answer may be and is public, and which names of the parties stand in what is typed."""
    filed = catalogue.class_of(row["class_code"])
    typed = f"{data.get('question') or ''}\n{data.get('answer') or ''}"
    return {
        "may_publish": row["may_publish"],
        "is_public": models.Publication.objects.filter(case_id=case.id, withdrawn_at=None).exists(),
        "class_name": filed.name if filed else row["class_code"],
        "body_name": next((b.name for b in organisation.bodies(on=on) if b.code == case.body_code), ""),
        "division": row["division"],
        "received_at": row["received_at"],
        "named": sorted(parties.names_in(typed, case.parties)),
    }


def _return_until(case: Snapshot) -> datetime | None:
    """The first moment at which the unit that has the ticket may no longer say that it is not its duty."""
    given = [clock.anchor_at for clock in case.deadlines if clock.key == SIGN]
    if not given or RETURN not in case.terms.limits:
        return None
    counting = case.terms.counting
    found = deadline(
        case.terms.limits[RETURN],
        given[-1],
        organisation.calendar_if_version(case.calendar_version, counting.region),
        hours=counting.office_hours,
        rules=counting.rules,
    )
    return found.due_at
