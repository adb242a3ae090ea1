"""The disposal of findings as a case kind, a finding and a recorded reading in the city of the tests."""

from __future__ import annotations

from datetime import timedelta

from liuquan.casework import actions as casework
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.organisation.types import Actor
from liuquan.supervision import actions
from liuquan.supervision.disposal.procedure import PROCEDURE
from liuquan.testing.cases import SEEN, Kind
from liuquan.testing.cast import ITEMS, Cast

BODY = ITEMS["device"][:18]
#: when the last day to answer has passed, so that nothing but role and state keeps an act away
OVER = SEEN + timedelta(days=10)
TEXT = "当日系统升级，次日已经补办完毕"
#: the acts that lead to a state
LEADS_TO = {
    "asked": (),
    "explained": ("explain",),
    "correcting": ("order_correction",),
    "judged": ("judge",),
    "corrected": ("order_correction", "report_correction"),
}


def opened(cast: Cast, by: Actor) -> str:
    """A disposal opened by this actor, on a red finding that nobody has asked about."""
    actions.run_all(now=SEEN)
    found = sql.run_one(
        "SELECT number FROM supervision_finding WHERE severity = 'red' AND state = 'open'"
        " AND body_code = %(body)s ORDER BY id DESC LIMIT 1",
        {"body": BODY},
    )
    assert found is not None
    actions.ask_explanation(found["number"], by=by, now=SEEN)
    asked = sql.run_one("SELECT disposal FROM supervision_finding WHERE number = %(number)s", found)
    assert asked is not None
    return str(asked["disposal"])


def brought(cast: Cast, state: str) -> str:
    """A disposal in this state."""
    number = opened(cast, cast.staff("supervisor"))
    for action in LEADS_TO[state]:
        unit = action in ("explain", "report_correction")
        acted(cast, action, number, cast.staff("chief_rep" if unit else "supervisor"))
    return number


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on it."""
    given = {"points": ["cause"], "text": TEXT, "note": TEXT, "ruling": "founded"}
    row = PROCEDURE.row(action)
    assert row is not None
    data = {one.name: given[one.name] for one in row.fields if one.name in given}
    casework.perform(number, action, by=by, now=OVER, data=data)


#: not in the city shared by all tests: there nobody has been asked yet
KINDS = (Kind(PROCEDURE, opened, brought, acted, lasting=False),)


def furnish(cast: Cast, names: dict[str, str]) -> dict[str, str]:
    """A finding about the late case, and the reading of its file."""
    actions.run_all(now=SEEN)
    found = sql.run_one(
        "SELECT number::text AS number FROM supervision_finding WHERE subject_number = %(case)s"
        " ORDER BY id LIMIT 1",
        {"case": names["case"]},
    )
    assert found is not None
    read = next(e for e in journal.entries_of(names["case"]) if e.event in journal.reading_events())
    return {"finding": found["number"], "reading": str(read.number)}
