"""The rows of the hotline that an act changes, written in the statement of the act."""

from __future__ import annotations

from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework.types import Given
from liuquan.hotline.masking import masked
from liuquan.kernel.sql import Statement

_FIRST: Final = "replied_at"
#: acts after which a ticket is over; nothing reopens one
CLOSING: Final = frozenset(
    {
        "transfer",
        "answer_now",
        "tell_way",
        "call_back",
        "close_unreached",
        "merge",
        "join",
        "withdraw",
    }
)


def own_rows(action: str, given: Given) -> list[Statement]:
    """What the act changes of the ticket's own row, and what of its answer anybody may read."""
    if action == "publish":
        return [_publication(given)]
    if action == "unpublish":
        taken_back = "UPDATE hotline_publication p SET withdrawn_at = %(gone_at)s"
        return [Statement(f"{taken_back} FROM moved WHERE p.case_id = moved.id", {"gone_at": given.now})]
    changed = _changed(action, given) | ({"is_open": False} if action in CLOSING else {})
    rows = [_set(**changed)] if changed else []
    if action == "refile":
        rows.append(casework.file_as(given.facts["classes"][given.data["class_code"]]))
    return rows


def _changed(action: str, given: Given) -> dict[str, Any]:
    """Columns of the ticket and their new values."""
    data, by, now = given.data, given.by.staff_id, given.now
    match action:
        case "refile":
            return {"request_kind": data["request_kind"], "class_code": data["class_code"]}
        case "return_ticket":
            return {"returns": int(given.facts.get("returns", 0)) + 1}
        case "redo" | "ask_again":
            return {"redone": int(given.facts.get("redone", 0)) + 1, "fixed": "", "tries": 0}
        case "answer":
            return {"fixed": data["fixed"], "answered_by": by}
        case "answer_now":
            return {"fixed": "explained", "answered_by": by, "replied_at": now}
        case "dispatch" | "tell_way" | "transfer":
            return {"replied_at": now}
        case "not_reached":
            return {"tries": int(given.facts.get("tries", 0)) + 1}
        case "call_back":
            return {"satisfied": data["satisfied"], "confirmed": data["confirmed"]}
        case "propose_unreasonable":
            return {"proposed_by": by}
        case "confirm_unreasonable":
            return {"unreasonable_at": now}
        case "tell_with" | "end_with":
            return {"told_at": now}
        case "move_with":
            return {"into_id": given.facts["into"]["id"]}
        case "merge" | "join":
            return {"into_id": given.facts["into"]["id"], "replied_at": now}
    return {}


def _publication(given: Given) -> Statement:
    """What anybody may read, in place of what was taken back before."""
    facts, names = given.facts, given.facts["named"]
    return Statement(
        """
        INSERT INTO hotline_publication (case_id, question, answer, class_code, class_name, division,
            body_name, received_at, published_at)
        SELECT moved.id, %(question)s, %(answer)s, %(class_code)s, %(class_name)s, %(division)s,
            %(body_name)s, %(received_at)s, %(published_at)s FROM moved
        ON CONFLICT (case_id) DO UPDATE SET question = EXCLUDED.question, answer = EXCLUDED.answer,
            class_code = EXCLUDED.class_code, class_name = EXCLUDED.class_name,
            division = EXCLUDED.division, body_name = EXCLUDED.body_name,
            published_at = EXCLUDED.published_at, withdrawn_at = NULL
        """,
        {
            "question": masked(str(given.data["question"]).strip(), names=names),
            "answer": masked(str(given.data["answer"]).strip(), names=names, landlines=False),
            "class_code": facts["filed"]["class_code"],
            "class_name": facts["class_name"],
            "division": facts["division"],
            "body_name": facts["body_name"] or given.snapshot.body_name,
            "received_at": facts["received_at"],
            "published_at": given.now,
        },
    )


def _set(**values: Any) -> Statement:
    """Put these values into the row of the case; the names are this file's own. The moment of the first reply
    stays what it was first."""
    listed = ", ".join(
        f"{name} = coalesce(t.{name}, %(ticket_{name})s)" if name == _FIRST else f"{name} = %(ticket_{name})s"
        for name in values
    )
    return Statement(
        f"UPDATE hotline_ticket t SET {listed} FROM moved WHERE t.case_id = moved.id",
        {f"ticket_{name}": value for name, value in values.items()},
    )
