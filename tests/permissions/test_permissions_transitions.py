"""Who may take which act in which state: one table of every row of every procedure by every role.

`transitions.csv`: kind, action and the state it is tried in; then a column a role with `yes` or the status of
the refusal: 403 not allowed, 404 not visible, 409 not in this state. A row of a procedure that the table does
not have fails, and says what to add.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from liuquan.applications import actions as applications
from liuquan.applications.procedure import PROCEDURE as APPLICATION
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.tests.consultation import PROCEDURE as CONSULTATION
from liuquan.casework.tests.consultation import registered, terms
from liuquan.casework.types import NewCase, Procedure
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor, MandateTerm
from liuquan.testing.cast import ITEMS, Cast

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
TABLE = Path(__file__).parent / "transitions.csv"
KEYS = ("kind", "action", "state")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), strict=True))
ROLES = tuple(name for name in ROWS[0] if name not in KEYS)
PROCEDURES: dict[str, Procedure] = {p.kind: p for p in (APPLICATION, CONSULTATION)}
BODY = ITEMS["device"][:18]


def actor(cast: Cast, role: str) -> Actor:
    if role in ("applicant", "agent", "stranger"):
        found: Actor = getattr(cast, role)
        return found
    return {"public": PUBLIC, "system": SYSTEM}.get(role) or cast.staff(role)


# --- a case in each state -----------------------------------------------------------------------------------


def apply(cast: Cast, by: Actor | None = None) -> str:
    return applications.submit(
        item_code=ITEMS["device"],
        applicant=cast.applicant.party_number,
        agent=cast.agent.party_number,
        by=by or cast.clerk,
        now=NOW,
        channel="window",
        materials=cast.materials("device"),
    ).number


def ask(by: Actor) -> str:
    registered()
    number = casework.next_number(kind="consultation", now=NOW)
    asked = NewCase(
        kind="consultation",
        number=number,
        terms=terms(BODY),
        subject_version="1",
        division_path="99.9901",
        parties={by.party_number: "applicant"} if by.party_number else {},
        bodies={BODY: "lead"},
    )
    return casework.create(asked, by=by, now=NOW).number


def case_in(state: str, cast: Cast) -> str:
    """A new application in this state."""
    number = apply(cast)

    def act(action: str, by: Actor, **data: Any) -> None:
        applications.act(number, action, by=by, now=NOW, data=data)

    reason = {"reason": "该活动不需要许可"}
    if state in ("examining", "deciding", "granted", "refused", "closed"):
        act("accept", cast.clerk)
    if state in ("deciding", "granted", "refused", "closed"):
        cast.examines(number, at=NOW)
    decisions: dict[str, Callable[[], None]] = {
        "supplementing": lambda: act("notify_supplement", cast.clerk, items=["form"]),
        "not_accepted": lambda: act("refuse_not_needed", cast.clerk, **reason),
        "withdrawn": lambda: act("withdraw", cast.applicant),
        "granted": lambda: act("grant", cast.approver, **cast.decision("device")),
        "refused": lambda: act("refuse", cast.approver, **cast.decision("device")),
        "closed": lambda: act("grant", cast.approver, **cast.decision("device")),
    }
    decisions.get(state, lambda: None)()
    if state == "closed":
        act("deliver", cast.clerk)
    assert cases.read(number).state == state
    return number


def data_for(action: str, number: str, cast: Cast) -> dict[str, Any]:
    """Right values for every act, so that only the role and the state can be wrong."""
    return {
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
        "clock": next((d.key for d in cases.correctable(cases.read(number))), ""),
        "to": "2026-02-27",
    } | ({"result": None} if action != "complete_step" else {})


def outcome(act: Callable[[], Any]) -> str:
    """What happens, undone afterwards: `yes` or the status of the refusal."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # durable acts may run inside it
    try:
        with block:
            act()
            transaction.set_rollback(True)
    except Refusal as refusal:
        return str(refusal.status)
    return "yes"


def tried(kind: str, action: str, number: str, by: Actor, cast: Cast) -> str:
    if kind == "consultation":
        data = {"answer": "可以"}
        return outcome(lambda: casework.perform(number, action, by=by, now=NOW, data=data))
    if action == "end_special":
        special = {"ground": "testing", "until": "2026-03-20", "document": "告知书"}
        return outcome(
            lambda: (
                applications.act(number, "start_special", by=cast.chief_rep, now=NOW, data=special),
                applications.act(number, action, by=by, now=NOW),
            )
        )
    return outcome(
        lambda: applications.act(number, action, by=by, now=NOW, data=data_for(action, number, cast))
    )


def allowed_elsewhere(action: str) -> list[str]:
    """Who may take the act in some state: in any other, the state is what bars them."""
    rows = [row for row in ROWS if (row["kind"], row["action"]) == ("application", action)]
    return [role for role in ROLES if any(row[role] == "yes" for row in rows)]


# --- the table ----------------------------------------------------------------------------------------------


def wanted() -> set[tuple[str, str, str]]:
    """Every row of every procedure, in every state it may be taken in."""
    found = set()
    for kind, procedure in PROCEDURES.items():
        found.add((kind, procedure.creation.action, ""))
        found |= {(kind, row.action, state) for row in procedure.rows for state in row.sources}
    return found


def test_the_table_has_every_transition_and_no_other() -> None:
    listed = [(row["kind"], row["action"], row["state"]) for row in ROWS]
    assert len(listed) == len(set(listed))
    missing, strange = wanted() - set(listed), set(listed) - wanted()
    assert not missing, "add to tests/permissions/transitions.csv, with who may: " + "; ".join(
        ",".join(key) for key in sorted(missing)
    )
    assert not strange, (
        f"no procedure has these any more, take them out of transitions.csv: {sorted(strange)}"
    )
    empty = [row for row in ROWS if set(row.values()) & {"", None} and row["state"]]
    assert not empty, f"say for every role yes, 403, 404 or 409: {empty}"


@pytest.fixture(scope="module")
def said() -> dict[tuple[str, str, str], dict[str, str]]:
    return {tuple(row[key] for key in KEYS): row for row in ROWS}  # type: ignore[misc]


@pytest.mark.parametrize("state", sorted({s.key for s in APPLICATION.states}))
def test_in_each_state_exactly_those_act_whom_the_table_names(
    city_db: str, cast: Cast, state: str, said: dict[tuple[str, str, str], dict[str, str]]
) -> None:
    number = case_in(state, cast)
    wrong = []
    for row in APPLICATION.rows:
        expected = said.get(("application", row.action, state))
        for role in ROLES if expected else allowed_elsewhere(row.action):
            happened = tried("application", row.action, number, actor(cast, role), cast)
            wanted_here = expected[role] if expected else "409"
            if happened != wanted_here:
                wrong.append(f"{row.action} in {state} by {role}: {happened}, the table says {wanted_here}")
    assert not wrong, "\n".join(["", *wrong])
    assert cases.read(number).state == state


def test_who_may_open_a_case_is_as_the_table_says(
    city_db: str, cast: Cast, said: dict[tuple[str, str, str], dict[str, str]]
) -> None:
    opens: dict[str, Callable[[Actor], str]] = {"submit": lambda by: apply(cast, by), "ask": ask}
    for kind, procedure in PROCEDURES.items():
        action = procedure.creation.action
        happened = {role: outcome(partial(opens[action], actor(cast, role))) for role in ROLES}
        assert happened == {role: said[kind, action, ""][role] for role in ROLES}, action


def test_the_other_kind_is_as_the_table_says(
    city_db: str, cast: Cast, said: dict[tuple[str, str, str], dict[str, str]]
) -> None:
    number = ask(cast.applicant)
    happened = {role: tried("consultation", "answer", number, actor(cast, role), cast) for role in ROLES}
    assert happened == {role: said["consultation", "answer", "asked"][role] for role in ROLES}
    mandate = MandateTerm(frozenset({"answer"}), ("*",), BODY)
    consultant = Actor(kind="staff", staff_id=99, post_code="Z-1", body_code=BODY, mandates=(mandate,))
    assert tried("consultation", "answer", number, consultant, cast) == "yes"


def test_what_is_offered_is_what_may_be_done(city_db: str, cast: Cast) -> None:
    number = case_in("deciding", cast)
    for role in ("applicant", "stranger", "clerk", "examiner", "approver", "chief_rep", "head", "system"):
        by = actor(cast, role)
        case = cases.read(number)
        offered = {o.action for o in cases.offers(case, by=by, now=NOW)} if cases.can_see(case, by) else set()
        works = {
            row.action
            for row in APPLICATION.rows
            if row.action != "end_special" and tried("application", row.action, number, by, cast) == "yes"
        }
        if role == "system":  # its acts follow from silence and decisions, they are no buttons
            works -= {"deem_accepted", "publicise"}
        assert offered == works, role
