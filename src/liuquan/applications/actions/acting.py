"""Acting on an application by a row of its procedure, with what comes in or goes out with the act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from liuquan.applications import events
from liuquan.applications.actions.materials import Inspected, inspected, statement_of, stored
from liuquan.applications.types import Upload
from liuquan.casework import actions as casework
from liuquan.casework.types import Outcome
from liuquan.journal import queries as record
from liuquan.kernel.sql import Statement
from liuquan.organisation.types import SYSTEM, Actor

_WITH_MATERIALS = frozenset({"accept", "accept_corrected", "receive_supplement"})


def act(
    number: str,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    files_given: Sequence[Upload] = (),
) -> Outcome:
    """Carry out one row of the procedure on an application, with the materials handed in with it.

    Refuses as `casework.actions.perform` does; a refused act leaves neither rows nor files.
    """
    given = dict(data or {})
    ticked: list[str] = []
    accepted: list[Inspected] = []
    if action in _WITH_MATERIALS:
        accepted = inspected(files_given)
        uploaded = {one.material for one, _ in accepted}
        given["materials"] = sorted({*(given.get("materials") or ()), *uploaded})
        ticked = [key for key in given["materials"] if key not in uploaded]
    with stored(number, ticked, accepted, now) as rows:
        with_rows = [statement_of(rows)] if rows else []
        if action == "notify_supplement":
            with_rows.append(_supplement_row(sorted(given.get("items") or ()), now))
        return casework.perform(number, action, by=by, now=now, data=given, with_rows=with_rows)


def publicise(case_number: str, *, now: datetime) -> None:
    """Publish the result on the portal, without names. Publishing twice changes nothing.

    Cites: 行政许可法 第四十条
    """
    statement = Statement(
        "UPDATE applications_application a SET publicised_at = %(publicised_at)s FROM moved "
        "WHERE a.case_id = moved.id",
        {"publicised_at": now},
    )
    if any(e.event == events.PUBLICISED.name for e in record.entries_of(case_number)):
        return
    casework.perform(case_number, "publicise", by=SYSTEM, now=now, with_rows=[statement])


def _supplement_row(items: list[str], now: datetime) -> Statement:
    return Statement(
        """
        INSERT INTO applications_supplement (case_id, items, notified_at)
        SELECT moved.id, %(supplement_items)s::jsonb, %(notified_at)s FROM moved
        """,
        {"supplement_items": json.dumps(items), "notified_at": now},
    )
