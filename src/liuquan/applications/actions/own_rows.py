"""The rows of this module that an act changes, written in the statement of the act."""

from __future__ import annotations

import json

from liuquan.casework.types import Given
from liuquan.kernel.sql import Statement


def own_rows(action: str, given: Given) -> list[Statement]:
    """What a one-time notice asked for, and the moment at which the result was published."""
    if action == "notify_supplement":
        return [_supplement(sorted(given.data.get("items") or ()), given)]
    return [_publicity(given)] if action == "publicise" else []


def _supplement(items: list[str], given: Given) -> Statement:
    return Statement(
        """
        INSERT INTO applications_supplement (case_id, items, notified_at)
        SELECT moved.id, %(supplement_items)s::jsonb, %(notified_at)s FROM moved
        """,
        {"supplement_items": json.dumps(items), "notified_at": given.now},
    )


def _publicity(given: Given) -> Statement:
    return Statement(
        "UPDATE applications_application a SET publicised_at = %(publicised_at)s FROM moved "
        "WHERE a.case_id = moved.id",
        {"publicised_at": given.now},
    )
