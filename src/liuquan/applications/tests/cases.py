"""Applications in the city of the tests: how one is brought into each state, and one that is late."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from liuquan.applications import actions
from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload
from liuquan.journal import queries as journal
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers_actions
from liuquan.testing.cases import ACTED, SEEN, Kind
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

RECEIVED = datetime(2026, 3, 3, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ACCEPTED = ("examining", "deciding", "granted", "refused", "closed")


def opened(cast: Cast, by: Actor) -> str:
    """A complete application of the applicant through the agent, handed in by this actor."""
    return actions.submit(
        item_code=ITEMS["device"],
        applicant=cast.applicant.party_number,
        agent=cast.agent.party_number,
        by=by,
        now=ACTED,
        channel="window",
        materials=cast.materials("device"),
    ).number


def brought(cast: Cast, state: str) -> str:
    """A new application in this state."""
    number = opened(cast, cast.clerk)

    def act(action: str, by: Actor, **data: Any) -> None:
        casework_actions.perform(number, action, by=by, now=ACTED, data=data)

    reason = {"reason": "该活动不需要许可"}
    if state in ACCEPTED:
        act("accept", cast.clerk)
    if state in ACCEPTED[1:]:
        cast.examines(number, at=ACTED)
    last: dict[str, Callable[[], None]] = {
        "supplementing": lambda: act("notify_supplement", cast.clerk, items=["form"]),
        "not_accepted": lambda: act("refuse_not_needed", cast.clerk, **reason),
        "withdrawn": lambda: act("withdraw", cast.applicant),
        "granted": lambda: act("grant", cast.approver, **cast.decision("device")),
        "refused": lambda: act("refuse", cast.approver, **cast.decision("device")),
        "closed": lambda: act("grant", cast.approver, **cast.decision("device")),
    }
    last.get(state, lambda: None)()
    if state == "closed":
        act("deliver", cast.clerk)
    assert casework.read(number).state == state
    return number


def right_values(cast: Cast, action: str, number: str) -> dict[str, Any]:
    """Valid values for every act, so that only the role and the state can be wrong."""
    every = {
        **cast.decision("device"),
        "materials": ["form"],
        "items": ["form"],
        "corrections": "改正一处",
        "refer_to": "别的机关",
        "result": "agree",
        "opinion": "符合要求",
        "ground": "testing",
        "until": "2026-03-20",
        "document": "告知书",
        "evidence": "登记簿",
        "days": 5,
        "cause": "volume",
        "request": "签名的撤回申请书",
        "clock": next((d.key for d in casework.correctable(casework.read(number))), ""),
        "to": "2026-02-27",
    }
    row = PROCEDURE.row(action)
    asked = {field.name for field in row.fields} if row else set()
    return {name: value for name, value in every.items() if name in asked}


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act; before a special procedure ends, it is started."""
    if action == "end_special":
        special = {"ground": "testing", "until": "2026-03-20", "document": "告知书"}
        casework_actions.perform(number, "start_special", by=cast.chief_rep, now=ACTED, data=special)
        casework_actions.perform(number, action, by=by, now=ACTED)
    else:
        casework_actions.perform(number, action, by=by, now=ACTED, data=right_values(cast, action, number))


KINDS = (Kind(PROCEDURE, opened, brought, acted),)


def furnish(cast: Cast, names: dict[str, str]) -> dict[str, str]:
    """A late case of the market bureau under examination, with a file, a paper and a reading of its file; one
    with parallel branches, one without any materials; and the values for paths and request bodies."""
    late = cast.applies(
        "device", at=RECEIVED, files_given=[Upload("form", "登记表.pdf", PDF)], materials=["certificate"]
    )
    entry = journal.entries_of(late)[0].number
    paper = papers_actions.issue_papers(late, entry=entry, now=RECEIVED)[0]
    casework_actions.perform(late, "accept", by=cast.clerk, now=RECEIVED)
    casework_actions.open_case_file(late, by=cast.clerk, now=SEEN)
    file = next(m for m in casework.materials(casework.read(late)) if m.files).files[0]
    person = {"kind": "person", "name": LI_YUNXI.name, "id_number": LI_YUNXI.id_number}
    bodies = {
        "empty": {},
        "application": {"item_code": ITEMS["device"], "applicant": person},
        "decision": cast.decision("device"),
    }
    return {name: json.dumps(body) for name, body in bodies.items()} | {
        "case": late,
        "query_code": casework.query_code(late),
        "branching": cast.accepted("hoarding", at=SEEN),
        "lacking": cast.applies("food", at=SEEN, materials=()),
        "item": ITEMS["device"],
        "licence": ITEMS["food"],
        "body": ITEMS["device"][:18],
        "post": "SCJG-SC1",
        "party": cast.applicant.party_number,
        "paper": paper,
        "short": casework.notices(late)[0].short_code,
        "file": str(file),
    }
