"""The cases of one party, of every kind. Answering, paying and rating will hang on `MyCase`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.clock import weekday_date
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds import queries as kinds
from liuquan.parties import queries as parties


@dataclass(frozen=True)
class MyCase:
    """A case as its party sees it in the list. `role`: empty for who brought the case, else what the kind
    calls the party; only who brought it can open the page of its slip. `due`: the last day, if one runs."""

    number: str
    kind: str
    item: str
    state: str
    next_step: str
    due: str
    received_at: datetime
    is_closed: bool
    role: str


def of_party(party: str, *, now: datetime) -> list[MyCase]:
    """The cases in which the party has a role now, open ones first, newest first."""
    numbers = parties.same_party(party)
    found = [_row(case, numbers, now) for case in casework.of_parties(numbers)]
    return sorted(found, key=lambda one: one.is_closed)


def brought_by(number: str, party: str) -> Snapshot:
    """The case, for the party who brought it. To everybody else there is no such case (404)."""
    case = casework.read(number)
    if not case.applicant or case.applicant not in parties.same_party(party):
        raise NotVisible("没有找到这个编号，请核对后再试。")
    return case


def _row(case: Snapshot, numbers: tuple[str, ...], now: datetime) -> MyCase:
    kind = kinds.kind_of(case)
    clock = None if case.closed_at else casework.pressing(case)
    is_own = case.applicant in numbers
    role = next((case.parties[one] for one in numbers if one in case.parties), "")
    return MyCase(
        number=case.number,
        kind=kind.label,
        item=case.terms.subject_name,
        state=casework.procedure_of(case).state(case.state).label,
        next_step=kind.next_step(case, now) if is_own else "",
        due=weekday_date(clock.due_on) if clock and is_own else "",
        received_at=case.received_at,
        is_closed=case.closed_at is not None,
        role="" if is_own else kinds.role_label(kind, role),
    )
