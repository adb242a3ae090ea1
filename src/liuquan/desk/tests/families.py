"""An order and its parts in the register of kinds, for tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from liuquan.casework import actions, queries
from liuquan.casework.effects import OpenChildren
from liuquan.casework.types import Given, NewCase, NewChild, Procedure, Transition
from liuquan.kinds.types import CaseKind, Stage, Turn
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.mandates import mandate
from liuquan.testing.kinds import children_kind, registered
from liuquan.testing.kinds import officer as officer_of

BODY, OTHER = children_kind.BODY, "11990100MB99010402"


def parts(given: Given) -> list[NewChild]:
    """One part of the body itself, one of a body that sees nothing else."""
    return [
        NewChild(children_kind.terms("part", 5, body=body), "1", children_kind.CITY, {body: "lead"})
        for body in (BODY, OTHER)
    ]


def rows(procedure: Procedure) -> tuple[Transition, ...]:
    """Those that issue no paper."""
    kept = (row for row in procedure.rows if not row.papers)
    divided = (OpenChildren("part", parts, "answer"),)
    return tuple(replace(row, effects=divided) if row.of(OpenChildren) else row for row in kept)


def kind_of(procedure: Procedure) -> CaseKind:
    """The kind of a procedure, with nothing of its own on pages."""
    going = tuple(state.key for state in procedure.states if not state.closed)
    return CaseKind(
        procedure=replace(procedure, rows=rows(procedure)),
        stages=(Stage("办理", going),),
        turns={state: Turn("办理。") for state in going},
        next_step=lambda _snapshot, _now: "正在办理。",
    )


@contextmanager
def families() -> Iterator[None]:
    """Both kinds are in the register for a while."""
    with ExitStack() as stack:
        for procedure in (children_kind.PART, children_kind.ORDER):
            stack.enter_context(registered(kind_of(procedure)))
        yield


def divided() -> tuple[str, str, str]:
    """The order and its two parts; the examiner of the body and that of the other may answer."""
    mandate("SCJG-SC1", "order.answer", body_code=BODY, now=FOUNDED)
    by = officer_of(BODY, acts=("order.file", "order.divide"))
    number = actions.next_number(kind="order", now=FOUNDED)
    terms = children_kind.terms("order", 10)
    new = NewCase("order", number, terms, "1", children_kind.CITY, {}, {BODY: "lead"})
    actions.create(new, by=by, now=FOUNDED)
    actions.perform(number, "divide", by=by, now=FOUNDED)
    own, foreign = (child.number for child in queries.read(number).children)
    return number, own, foreign
