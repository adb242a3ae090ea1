"""Who may act on a case that changes: by role of the party, by the step in hand, by present body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload, Who
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import Refusal
from liuquan.kinds.tests.errands import ERRANDS, HOLDER, OFFICE, OTHER, mandated
from liuquan.organisation.types import Actor
from liuquan.testing import transitions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import ACTED, Cases
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.procedure import PROCEDURE
from liuquan.testing.errand.taking_in import mandate, worker
from liuquan.testing.kinds import registered
from liuquan.testing.role_classes import IN_PROCEDURES
from liuquan.testing.transitions import tried

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SEES = {"applicant", "agent", "examiner", "second_examiner", "approver", "chief_rep", "head", "item_editor"}
WATCHES = {"centre_officer", "supervisor", "leader", "overseer", "system"}


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    with registered(ERRAND):
        yield


def refused(number: str, action: str, by: Actor, **data: Any) -> int:
    """The status of the refusal, which leaves everything as it was."""
    before = casework.read(number), journal.entries_of(number)
    with pytest.raises(Refusal) as found:
        actions.perform(number, action, by=by, now=ACTED, data=data)
    assert (casework.read(number), journal.entries_of(number)) == before
    return found.value.status


def files_of(number: str) -> set[str]:
    return {file for found in casework.materials(casework.read(number)) for file in found.files}


def office() -> Actor:
    return worker(OFFICE, "SCJG-SC1", 2)


def test_every_act_stands_in_the_permission_matrix_and_is_held_to_it(cases: Cases) -> None:
    acts = {row.action: row for row in (PROCEDURE.creation, *PROCEDURE.rows)}
    rows = {key: row for key, row in transitions.table().items() if key[0] == "errand"}
    assert {action for _, action, _ in rows} == set(acts)
    named = {"applicant": "applicant", "interested_party": "agent"}
    for (_, action, state), row in rows.items():
        who = acts[action].who
        parties = {named[role] for role in acts[action].parties if Who.PARTY in who and role in named}
        wanted = parties | {"stranger", "agent"} if not state else parties
        wanted |= {"examiner"} if Who.POST in who else set()
        wanted |= {"second_examiner"} if Who.ASSIGNEE in who else set()
        wanted |= {"system"} if Who.SYSTEM in who else set()
        assert {role for role in IN_PROCEDURES if row[role] == "yes"} == wanted, (action, state)
        unseen = {role for role in IN_PROCEDURES if row[role] == "404"}
        assert unseen == (set(IN_PROCEDURES) - SEES - WATCHES if state else set()), (action, state)


def test_a_party_acts_from_when_it_joins_until_it_leaves_and_only_as_its_role_may(cases: Cases) -> None:
    cast, number = cases.cast, ERRANDS.bring(cases.cast, "taken")
    assert tried(cases, ERRANDS, "say", number, cast.agent) == "yes"
    assert refused(number, "leave", cast.applicant) == 403
    assert refused(number, "say", cast.stranger, more="还有") == 404  # it left
    ERRANDS.act(cast, "admit", number, office())  # it joins again
    assert tried(cases, ERRANDS, "say", number, cast.stranger) == "yes"
    ERRANDS.act(cast, "leave", number, cast.agent)
    assert refused(number, "leave", cast.agent) == 404
    assert refused(number, "say", cast.agent, more="还有") == 404


def test_no_party_gets_what_another_handed_in_whoever_came_first(cases: Cases) -> None:
    cast, number = cases.cast, ERRANDS.bring(cases.cast, "taken")
    turns = ((cast.applicant, cast.agent), (cast.agent, cast.applicant))
    for minute, (by, other) in enumerate(turns):
        at, given = ACTED + timedelta(minutes=minute), [Upload("page", "证明.pdf", PDF)]
        known = files_of(number)
        actions.perform(number, "say", by=by, now=at, data={"more": "内情"}, files_given=given)
        (file,) = files_of(number) - known
        before = journal.entries_of(number)
        for stranger in (other, cast.stranger):
            with pytest.raises(Refusal) as found:
                actions.open_material(number, file, by=stranger, now=at)
            assert found.value.status == 404
        assert journal.entries_of(number) == before
        assert actions.open_material(number, file, by=by, now=at)[2] == PDF


def test_a_post_acts_on_the_step_while_it_is_in_its_hands_and_under_its_mandate(cases: Cases) -> None:
    cast, number = cases.cast, ERRANDS.bring(cases.cast, "working")
    holder, mandated_only = mandated(cast.second_examiner), mandated(cast.examiner)
    assert tried(cases, ERRANDS, "finish", number, holder) == "yes"
    assert refused(number, "finish", mandated_only) == 403
    assert refused(number, "finish", cast.second_examiner) == 403  # the step, but no mandate for it
    actions.perform(number, "redirect", by=office(), now=ACTED, data={"post": "SCJG-HZ"})
    assert refused(number, "finish", holder) == 403
    assert refused(number, "finish", cast.approver) == 403
    actions.perform(number, "redirect", by=office(), now=ACTED, data={"post": HOLDER})
    actions.perform(number, "take_back", by=office(), now=ACTED)
    assert refused(number, "finish", holder) == 409


@pytest.fixture
def clients(cases: Cases, set_now: SetNow) -> dict[str, Client]:
    """The desks of both bodies, whose posts are mandated for errands; by body."""
    set_now(ACTED)
    found = {}
    for body, post, who in ((OFFICE, "SCJG-SC1", "examiner"), (OTHER, "ZRZY-SC1", "other_examiner")):
        mandate(post, body, now=ACTED)
        found[body] = cases.cast.client(who)
    return found


def answers(client: Client, number: str) -> set[int]:
    """What a client gets wherever the case stands, or may be acted on."""
    api = f"/api/v1/cases/{number}"
    body = json.dumps({"reason": "已经解决"})
    got = [client.get(reverse(name, args=[number])) for name in ("desk-case", "desk-history")]
    got += [client.get(reverse("desk-act", args=[number, "call_off"])), client.get(api)]
    if 404 in {one.status_code for one in got}:
        act = f"{api}/actions/call_off"
        got.append(client.post(act, body, content_type="application/json"))
        got.append(client.post(reverse("desk-act", args=[number, "call_off"]), {"reason": "已经解决"}))
    return {one.status_code for one in got}


def test_a_body_acts_on_the_case_exactly_while_it_has_it(cases: Cases, clients: dict[str, Client]) -> None:
    number = ERRANDS.bring(cases.cast, "working")  # the other body took it in and handed it on
    for has, had in ((OFFICE, OTHER), (OTHER, OFFICE), (OFFICE, OTHER)):
        case = casework.read(number)
        assert case.body_code == has
        assert answers(clients[has], number) == {200}
        entries = [one.event for one in journal.entries_of(number)]
        assert answers(clients[had], number) == {404}
        assert [one.event for one in journal.entries_of(number)] == entries
        assert casework.read(number) == case
        assert refused(number, "call_off", worker(had, "X", 3), reason="已经解决") == 404
        post = {OFFICE: "SCJG-SC1", OTHER: "ZRZY-SC1"}[has]
        data = {"body": had, "reason": "由那里办理"}
        actions.perform(number, "hand_on", by=worker(has, post, 4), now=ACTED, data=data)
    assert refused(number, "finish", mandated(cases.cast.second_examiner)) == 404
