"""Who may take which act in which state: the tables beside the modules, by every role
(`liuquan.testing.transitions`)."""

from __future__ import annotations

from functools import partial

import pytest

from liuquan.casework import queries as casework
from liuquan.kinds.tests.cases import CONSULTANT
from liuquan.testing import transitions
from liuquan.testing.cases import ACTED, Cases, kinds
from liuquan.testing.role_classes import IN_PROCEDURES, STANDS_FOR, actor
from liuquan.testing.transitions import outcome, table, tried


def number_in(cases: Cases, kind: str, state: str) -> str:
    """A case in this state: the city's, or a new one where the city has none of this kind."""
    made = kinds()[kind][1]
    return cases.number(state, kind) if made.lasting else made.bring(cases.cast, state)


def test_the_tables_have_every_transition_and_no_other() -> None:
    missing = transitions.gaps()
    assert not missing, "\n".join(["", *missing])


def test_in_each_state_exactly_those_act_whom_the_table_names(cases: Cases, kind: str, state: str) -> None:
    number = number_in(cases, kind, state)
    assert casework.read(number).state == state
    wrong = transitions.wrong_in(cases, kinds()[kind][1], state, number, {})
    assert not wrong, "\n".join(["", *wrong])
    assert casework.read(number).state == state


@pytest.mark.slow
def test_in_each_state_whoever_is_of_a_class_may_do_what_the_one_who_is_tried_may(
    cases: Cases, kind: str, state: str
) -> None:
    number = number_in(cases, kind, state)
    most = max(len(logins) for logins in STANDS_FOR.values())
    for turn in range(most):
        others = {role: logins[turn] for role, logins in STANDS_FOR.items() if len(logins) > turn}
        wrong = transitions.wrong_in(cases, kinds()[kind][1], state, number, others)
        assert not wrong, "\n".join(["", *wrong])


def test_who_may_open_a_case_is_as_the_table_says(cases: Cases, kind: str) -> None:
    played = kinds()[kind][1]
    said = table()[kind, played.procedure.creation.action, ""]
    happened = {
        role: outcome(partial(played.opens, cases.cast, actor(cases.cast, role))) for role in IN_PROCEDURES
    }
    assert happened == {role: said[role] for role in IN_PROCEDURES}


def test_a_mandate_is_all_that_a_post_needs_to_answer_a_case_of_its_body(cases: Cases) -> None:
    played = kinds()["consultation"][1]
    assert tried(cases, played, "answer", played.bring(cases.cast, "asked"), CONSULTANT) == "yes"


def test_what_is_offered_is_what_may_be_done(cases: Cases) -> None:
    number, played = cases.number("deciding"), kinds()["application"][1]
    for role in ("applicant", "stranger", "clerk", "examiner", "approver", "chief_rep", "head", "system"):
        by = actor(cases.cast, role)
        case = casework.read(number)
        seen = casework.can_see(case, by)
        offered = {o.action for o in casework.offers(case, by=by, now=ACTED)} if seen else set()
        works = {
            row.action
            for row in played.procedure.rows
            if row.action != "end_special" and tried(cases, played, row.action, number, by) == "yes"
        }
        if role == "system":  # its acts follow from silence and decisions, they are no buttons
            works -= {"deem_accepted", "publicise"}
        assert offered == works, role
