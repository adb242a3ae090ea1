"""Parties join and leave a case: who may act, who sees what, and how it stood then."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuquan.casework import actions, history, queries, registry, rules
from liuquan.casework.tests import parties_kind
from liuquan.casework.tests.parties_kind import NOW, act, begun, officer, people
from liuquan.casework.tests.test_casework_round_trips import MOST, round_trips
from liuquan.casework.types import Decision, NewNotice, PartyView, Snapshot, Upload
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, SomebodyWasFirst, WrongState
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import actions as registering
from liuquan.parties.queries import ERASED
from liuquan.testing.entries import last_said

BODY = parties_kind.BODY
CENTRE = Actor(kind="staff", staff_id=2, roles=frozenset({"centre_officer"}))
LATER = NOW + timedelta(days=1)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    parties_kind.registered()


@pytest.fixture
def known(committed_db: str) -> list[str]:
    """Who is registered: a tenderee, two bidders, somebody else."""
    return people()


@pytest.fixture
def tender(known: list[str]) -> str:
    return begun({known[0]: "applicant"})


def as_recorded(number: str, at: datetime | None = None) -> Snapshot:
    """The case rebuilt from its record (as it stood at a moment)."""
    case = queries.read(number)
    entries = [e for e in journal.entries_of(number) if at is None or journal.acted_at(e) <= at]
    found = history.rebuilt(case, parties_kind.PROCEDURE, entries, queries.calendar_of(case))
    assert found is not None
    return history.state_at(found, at) if at else found


def rows(number: str) -> list[tuple[str, str, datetime, datetime | None]]:
    found = sql.run(
        "SELECT p.party_number::text, p.role, p.from_at, p.to_at FROM casework_case_party p "
        "JOIN casework_case c ON c.id = p.case_id WHERE c.number = %(number)s ORDER BY p.id",
        {"number": number},
    )
    return [(one["party_number"], one["role"], one["from_at"], one["to_at"]) for one in found]


def unchanged(number: str, before: Snapshot, entries: int) -> bool:
    return queries.read(number) == before and len(journal.entries_of(number)) == entries


def test_a_bidder_joins_late_and_the_entry_has_its_number_and_role_alone(
    tender: str, known: list[str]
) -> None:
    act(tender, "join", LATER, party=known[1].upper())
    case = queries.read(tender)
    assert case.parties == {known[0]: "applicant", known[1]: "bidder"}
    assert rows(tender) == [
        (known[0], "applicant", NOW, None),
        (known[1], "bidder", LATER, None),
    ]
    assert last_said(tender) == {"party": known[1], "party_role": "bidder"}
    assert history.differences(case, as_recorded(tender)) == ()


def test_who_leaves_is_a_former_party_and_may_join_again(tender: str, known: list[str]) -> None:
    act(tender, "join", LATER, party=known[1])
    act(tender, "drop", LATER + timedelta(hours=1), party=known[1])
    case = queries.read(tender)
    gone = PartyView(known[1], "bidder", LATER, LATER + timedelta(hours=1))
    assert (case.parties, case.former_parties) == ({known[0]: "applicant"}, (gone,))
    assert last_said(tender) == {"party": known[1], "party_role": "bidder"}
    act(tender, "admit", LATER + timedelta(hours=2), party=known[1])
    again = queries.read(tender)
    assert (again.parties[known[1]], again.former_parties) == ("interested_party", (gone,))
    assert history.differences(again, as_recorded(tender)) == ()


@pytest.mark.parametrize(
    ("party", "said"),
    [
        ("", "请选择当事人"),
        ("张三", "编号不对"),
        ("019d0000-0000-7000-8000-000000000000", "没有找到"),
        ("applicant", "已经是本件的当事人"),
    ],
)
def test_who_may_not_join_is_refused_beside_the_field(
    tender: str, known: list[str], party: str, said: str
) -> None:
    before = queries.read(tender)
    with pytest.raises(BadInput, match=said) as refused:
        act(tender, "join", LATER, party=known[0] if party == "applicant" else party)
    assert refused.value.status == 422
    assert said in refused.value.fields["party"]
    assert unchanged(tender, before, 1)


def test_a_party_whose_data_are_erased_joins_no_case(tender: str, known: list[str]) -> None:
    erases = CENTRE
    registering.erase(known[1], by=erases, now=NOW)
    before = queries.read(tender)
    with pytest.raises(BadInput, match="没有找到"):
        act(tender, "join", LATER, party=known[1])
    assert unchanged(tender, before, 1)


@pytest.mark.parametrize(("party", "said"), [(3, "没有这位"), (0, "没有这位"), (None, "请选择当事人")])
def test_nobody_leaves_who_is_no_party_with_such_a_role(
    tender: str, known: list[str], party: int | None, said: str
) -> None:
    act(tender, "join", LATER, party=known[1])
    before = queries.read(tender)
    with pytest.raises(BadInput, match=said) as refused:
        act(tender, "exclude", LATER, party=known[party] if party is not None else "")
    assert refused.value.fields.keys() == {"party"}
    assert unchanged(tender, before, 2)


def test_the_last_party_cannot_leave_and_has_no_button_for_it(tender: str, known: list[str]) -> None:
    before = queries.read(tender)
    with pytest.raises(WrongState, match="唯一的当事人"):
        act(tender, "drop", LATER, party=known[0])
    assert unchanged(tender, before, 1)
    assert "drop" not in {one.action for one in queries.offers(before, by=officer(), now=LATER)}
    act(tender, "join", LATER, party=known[1])
    after = queries.read(tender)
    assert "drop" in {one.action for one in queries.offers(after, by=officer(), now=LATER)}


def test_nobody_can_be_excluded_while_nobody_has_such_a_role(tender: str, known: list[str]) -> None:
    act(tender, "admit", LATER, party=known[1])
    before = queries.read(tender)
    with pytest.raises(WrongState, match="没有可以办理“exclude”的当事人"):
        act(tender, "exclude", LATER, party=known[1])
    assert unchanged(tender, before, 2)
    assert "exclude" not in {one.action for one in queries.offers(before, by=officer(), now=LATER)}


def test_one_act_may_put_a_new_agent_in_the_place_of_the_old_one(known: list[str]) -> None:
    number = begun({known[0]: "applicant", known[1]: "agent"})
    act(number, "change_agent", LATER, new=known[2], old=known[1])
    case = queries.read(number)
    assert case.parties == {known[0]: "applicant", known[2]: "agent"}
    assert last_said(number) == {
        "new": known[2],
        "new_role": "agent",
        "old": known[1],
        "old_role": "agent",
    }
    assert history.differences(case, as_recorded(number)) == ()


def test_the_only_party_may_be_replaced_in_one_act(known: list[str]) -> None:
    number = begun({known[1]: "agent"})
    act(number, "change_agent", LATER, new=known[2], old=known[1])
    assert queries.read(number).parties == {known[2]: "agent"}


def test_one_act_cannot_add_the_same_party_twice(tender: str, known: list[str]) -> None:
    before = queries.read(tender)
    with pytest.raises(BadInput, match="已经是本件的当事人"):
        act(tender, "join_both", LATER, party=known[1], new=known[1])
    assert unchanged(tender, before, 1)
    act(tender, "join_both", LATER, party=known[1], new=known[2])
    assert len(queries.read(tender).parties) == 3


def test_a_procedure_says_which_parties_may_take_a_row_of_parties() -> None:
    known = parties_kind.PROCEDURE
    nobodys = [replace(row, parties=()) for row in known.rows if row.action == "ask"]
    with pytest.raises(ValueError, match="ask says not which parties"):
        registry.register(replace(known, rows=tuple(nobodys)))


def test_a_row_names_the_roles_of_the_parties_who_may_take_it(tender: str, known: list[str]) -> None:
    applicant, bidder, other = (party_actor(one) for one in known[:3])
    act(tender, "join", LATER, party=known[1])
    act(tender, "admit", LATER, party=known[2])
    case = queries.read(tender)
    offered = {
        one.party_number: {offer.action for offer in queries.offers(case, by=one, now=LATER)}
        for one in (applicant, bidder, other)
    }
    assert offered == {
        known[0]: {"ask"},
        known[1]: {"bid", "withdraw_bid"},
        known[2]: {"object"},
    }
    for by, action, said in ((applicant, "bid", "相应身份"), (bidder, "ask", "当事人或其代理人")):
        with pytest.raises(NotAllowed, match=said):
            act(tender, action, LATER, by=by)
    assert unchanged(tender, case, 3)


def test_a_party_leaves_by_itself_and_cannot_send_another_away(tender: str, known: list[str]) -> None:
    act(tender, "join", LATER, party=known[1])
    act(tender, "join", LATER, party=known[2])
    before = queries.read(tender)
    bidder = party_actor(known[1])
    with pytest.raises(BadInput, match="不需要填写“party”"):
        act(tender, "withdraw_bid", LATER, by=bidder, party=known[2])
    assert unchanged(tender, before, 3)
    act(tender, "withdraw_bid", LATER, by=bidder)
    case = queries.read(tender)
    assert case.parties == {known[0]: "applicant", known[2]: "bidder"}
    assert history.differences(case, as_recorded(tender)) == ()


def test_a_party_sees_the_case_from_when_it_joins_until_it_leaves(tender: str, known: list[str]) -> None:
    bidder = party_actor(known[1])

    def sees() -> list[bool]:
        return [queries.can_see(queries.read(tender), bidder), bool(queries.of_parties([known[1]]))]

    before = sees()
    act(tender, "join", LATER, party=known[1])
    during = sees()
    act(tender, "drop", LATER, party=known[1])
    assert (before, during, sees()) == ([False] * 2, [True] * 2, [False] * 2)
    for tries in (
        lambda: queries.visible(tender, by=bidder),
        lambda: queries.timeline(queries.read(tender), by=bidder),
        lambda: act(tender, "bid", LATER, by=bidder),
    ):
        with pytest.raises(NotVisible):
            tries()
    assert len(journal.entries_of(tender)) == 3


def test_bidders_see_neither_acts_nor_papers_nor_files_of_each_other(tender: str, known: list[str]) -> None:
    applicant, one, other = (party_actor(number) for number in known[:3])
    for minute, number in enumerate(known[1:3]):
        act(tender, "join", LATER + timedelta(minutes=minute), party=number)
    at = LATER + timedelta(hours=1)
    actions.perform(tender, "bid", by=one, now=at, data={}, files_given=[Upload("copies", "标书.pdf", PDF)])
    bid = journal.entries_of(tender)[-1]
    paper = NewNotice(tender, "receipt", "N-1", "回执", bid.number, uuid4(), "0" * 64, "C1", BODY, "P-1")
    actions.issue_notice(paper, now=at)
    case, (notice,) = queries.read(tender), queries.notices(tender)
    (file,) = [m.file for m in queries.received(case) if m.file]
    told = {
        by.party_number: [e.event for e in queries.timeline(case, by=by)] for by in (applicant, one, other)
    }
    mine = ["tender.begin", "tender.join", "tender.bid", "casework.notice_issued"]
    assert told == {
        known[0]: ["tender.begin", "tender.join", "tender.join", "tender.bid", "casework.notice_issued"],
        known[1]: mine,
        known[2]: ["tender.begin", "tender.join"],
    }
    assert [queries.sees_paper(case, notice, party=number) for number in known[:3]] == [True, True, False]
    assert [actions.open_material(tender, file, by=by, now=at)[2] for by in (applicant, one)] == [PDF] * 2
    entries = len(journal.entries_of(tender))
    with pytest.raises(NotVisible):
        actions.open_material(tender, file, by=other, now=at)
    assert len(journal.entries_of(tender)) == entries


def test_the_file_names_who_left_too_and_says_who_was_erased(tender: str, known: list[str]) -> None:
    for number in known[1:3]:
        act(tender, "join", LATER, party=number)
        act(tender, "drop", LATER, party=number)
    registering.erase(known[2], by=CENTRE, now=LATER)
    file = actions.open_case_file(tender, by=officer(), now=LATER)
    assert file.names == {known[0]: "李云溪", known[1]: "王溪畔", known[2]: ERASED}
    assert (file.erased, file.is_closed) == ((known[2],), False)
    for number in known[:2]:
        registering.erase(number, by=CENTRE, now=LATER)
    assert actions.open_case_file(tender, by=officer(), now=LATER).is_closed


def test_a_past_moment_has_the_parties_of_that_moment(tender: str, known: list[str]) -> None:
    act(tender, "join", LATER, party=known[1])
    act(tender, "drop", LATER + timedelta(days=1), party=known[1])
    before = as_recorded(tender, NOW + timedelta(hours=1))
    during = as_recorded(tender, LATER + timedelta(hours=1))
    assert (before.parties, during.parties) == (
        {known[0]: "applicant"},
        {known[0]: "applicant", known[1]: "bidder"},
    )
    assert not during.former_parties


@pytest.mark.parametrize(
    "change", ["role = 'agent'", "to_at = from_at", "from_at = from_at - interval '1 hour'"]
)
def test_a_change_of_the_tables_alone_is_found(tender: str, known: list[str], change: str) -> None:
    act(tender, "join", LATER, party=known[1])
    assert history.differences(queries.read(tender), as_recorded(tender)) == ()
    sql.run(
        f"UPDATE casework_case_party SET {change} WHERE party_number = %(number)s RETURNING id",
        {"number": known[1]},
    )
    assert history.differences(queries.read(tender), as_recorded(tender)) == ("当事人",)


def test_of_two_changes_at_once_one_wins(
    tender: str, known: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    act(tender, "join", LATER, party=known[1])
    ready, found = threading.Barrier(2), list[str]()
    decide = rules.decide

    def at_once(*args: Any, **more: Any) -> Decision:
        ready.wait(10)
        return decide(*args, **more)

    def drop(number: str) -> None:
        try:
            act(tender, "drop", LATER, party=number)
            found.append("done")
        except SomebodyWasFirst:
            found.append("late")
        finally:
            connections.close_all()

    monkeypatch.setattr(rules, "decide", at_once)
    threads = [threading.Thread(target=drop, args=(number,)) for number in known[:2]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == ["done", "late"]
    assert len(queries.read(tender).parties) == 1
    assert len(journal.entries_of(tender)) == 3


def test_joining_and_leaving_take_three_round_trips_at_most(known: list[str]) -> None:
    needed: dict[str, int] = {}
    for _ in range(2):  # the first prepares the statements
        number = begun({known[0]: "applicant"})
        for action in ("join", "drop"):
            needed[action] = round_trips(lambda a=action, n=number: act(n, a, LATER, party=known[1]))
    assert {action: trips for action, trips in needed.items() if trips > MOST} == {}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["join", "admit", "drop", "exclude"]), st.integers(0, 3), st.integers(0, 2)
        ),
        max_size=12,
    )
)
def test_any_joins_and_leaves_keep_tables_snapshot_and_past_equal(
    known: list[str], steps: list[tuple[str, int, int]]
) -> None:
    number, at = begun({known[0]: "applicant", known[1]: "bidder"}), NOW
    stood: dict[datetime, dict[str, str]] = {NOW: {known[0]: "applicant", known[1]: "bidder"}}
    for action, who, hours in steps:
        at += timedelta(hours=hours)
        before = stood[max(stood)]
        try:
            act(number, action, at, party=known[who])
        except Refusal:
            assert queries.read(number).parties == before
        case = queries.read(number)
        assert case.parties
        assert {n: r for n, r, _, to_at in rows(number) if to_at is None} == case.parties
        assert history.differences(case, as_recorded(number)) == ()
        stood[at] = dict(case.parties)
    whole = as_recorded(number)
    for moment, parties in stood.items():
        assert as_recorded(number, moment).parties == parties
        assert history.state_at(whole, moment).parties == parties
