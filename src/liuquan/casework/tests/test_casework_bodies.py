"""A case goes to another body and comes back: whose it is, who sees it, how its time and the cases are
counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from liuquan.casework import actions, queries, registry
from liuquan.casework.tests import bodies_kind as order
from liuquan.casework.tests.bodies_kind import BUILDING, HEALTH, LAND, OFFICE, POSTS, officer
from liuquan.casework.tests.test_casework_round_trips import MOST, round_trips
from liuquan.casework.types import Snapshot
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, SomebodyWasFirst
from liuquan.organisation.types import Actor
from liuquan.testing.entries import last_said

TABLES = ("case", "case_body", "assignment", "deadline", "count_delta")


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    order.registered()


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, 1, hour - 8, tzinfo=UTC) + timedelta(days=day - 1)


def act(number: str, action: str, day: int, by: str | Actor = OFFICE, **data: Any) -> Snapshot:
    who = by if isinstance(by, Actor) else officer(by)
    actions.perform(number, action, by=who, now=at(day), data=data)
    return queries.read(number)


def everything(number: str) -> dict[str, Any]:
    """All that is stored of cases, and how many entries there are."""
    kept: dict[str, Any] = {name: sql.run(f"SELECT * FROM casework_{name} ORDER BY id") for name in TABLES}
    return kept | {"entries": len(journal.entries_of(number))}


def recorded(number: str) -> Snapshot | None:
    case = queries.read(number)
    return queries.as_it_stood(case, journal.entries_of(number), at=at(60))


def agree(number: str) -> bool:
    """Whether tables and record say the same about the case."""
    stood = recorded(number)
    return stood is not None and queries.differences(queries.read(number), stood) == ()


def test_the_case_is_the_new_bodys_with_everything_that_goes_by_body(city_db: str) -> None:
    number = order.taken_in(at(2))
    case = act(number, "hand_on", 3, body=LAND)
    assert (case.body_code, case.body_name, case.revision) == (LAND, order.LAND_NAME, 2)
    assert (case.terms.body_code, case.terms.body_name) == (OFFICE, order.NAME)
    assert case.bodies == {LAND, HEALTH, order.WINDOW}
    assert [(r.body_code, r.from_at, r.to_at) for r in case.leads] == [
        (OFFICE, at(2), at(3)),
        (LAND, at(3), None),
    ]
    assert queries.counts(kind="order") == {("order", LAND, "open"): 1}
    (entry,) = journal.entries_of(number)[1:]
    assert (entry.body_code, entry.to_state) == (OFFICE, None)
    assert last_said(number) == {"body": LAND, "body_from": OFFICE}
    assert [d.state for d in case.deadlines] == ["running"], "the limit binds the case"
    (row,) = sql.run(f"SELECT body_code, body_name FROM {queries.CASES} c WHERE number = '{number}'")
    assert row == {"body_code": LAND, "body_name": order.LAND_NAME}
    (row,) = sql.run(f"SELECT body_code FROM caselog.cases WHERE case_number = '{number}'")
    assert row["body_code"] == LAND
    assert agree(number)


def test_the_former_body_no_longer_sees_the_case_and_the_new_one_works_on_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert [one.number for one in queries.worklist(officer(), now=at(2))] == [number]
    with pytest.raises(NotVisible):
        act(number, "close", 2, LAND)
    act(number, "hand_on", 3, body=LAND)
    assert queries.worklist(officer(), now=at(3)) == []
    assert queries.handled(officer()) == ([], 0)
    with pytest.raises(NotVisible):
        queries.visible(number, by=officer())
    with pytest.raises(NotVisible):
        act(number, "hand_on", 3, body=BUILDING)
    with pytest.raises(NotAllowed):
        act(number, "hand_on", 3, HEALTH, body=BUILDING)
    (line,) = queries.worklist(officer(LAND), now=at(3))
    assert (line.number, line.body_code, line.body_name) == (number, LAND, order.LAND_NAME)
    assert queries.is_handler(queries.read(number), officer(LAND))
    assert queries.visible(number, by=officer(HEALTH)).number == number
    assert act(number, "close", 4, LAND).state == "closed"
    assert queries.counts(kind="order") == {("order", LAND, "closed"): 1}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "请选择把本件转给哪个单位"),
        ("  ", "请选择把本件转给哪个单位"),
        ("11990100MB9900000X", "没有这个单位"),
        (POSTS[LAND], "没有这个单位"),
        (BUILDING, "已经撤销"),
        (OFFICE, "现在就由这个单位办理"),
    ],
)
def test_a_body_that_cannot_get_the_case_is_refused_beside_the_field(
    city_db: str, body: str | None, said: str
) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    sql.run(
        "UPDATE body_record SET to_on = %(on)s FROM body WHERE body.id = body_id AND code = %(code)s",
        {"on": date(2026, 3, 3), "code": BUILDING},
    )
    before = everything(number)
    with pytest.raises(BadInput) as refused:
        act(number, "hand_on", 3, **({} if body is None else {"body": body}))
    assert said in refused.value.fields["body"]
    assert refused.value.status == 422
    assert everything(number) == before


def test_a_body_can_get_the_case_until_the_day_it_is_dissolved(city_db: str) -> None:
    number = order.taken_in(at(2))
    sql.run(
        "UPDATE body_record SET to_on = %(on)s FROM body WHERE body.id = body_id AND code = %(code)s",
        {"on": date(2026, 3, 4), "code": BUILDING},
    )
    case = act(number, "hand_on", 3, body=BUILDING)
    assert case.body_name == "云溪市住房和城乡建设局", "also when it is gone"


def test_a_case_that_comes_back_is_the_first_bodys_again(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "hand_on", 4, body=LAND)
    act(number, "hand_on", 9, LAND, body=OFFICE)
    act(number, "hand_on", 10, body=LAND)
    case = act(number, "hand_on", 11, LAND, body=OFFICE)
    assert [r.body_code for r in case.leads] == [OFFICE, LAND, OFFICE, LAND, OFFICE]
    assert [r.to_at is None for r in case.leads] == [False, False, False, False, True]
    assert (case.body_code, case.body_name) == (OFFICE, order.NAME)
    assert queries.worklist(officer(LAND), now=at(11)) == []
    assert len(queries.worklist(officer(), now=at(11))) == 1
    assert queries.counts(kind="order") == {("order", OFFICE, "open"): 1}
    actions.fold_counts()
    assert queries.counts(kind="order") == {("order", OFFICE, "open"): 1}
    assert agree(number)


def test_each_bodys_days_are_counted_to_it_and_pages_name_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert queries.days_spent(queries.read(number), until=at(4).date()) == {"本机关": 2}
    act(number, "hand_on", 4, body=LAND)
    act(number, "hand_on", 9, LAND, body=OFFICE)
    act(number, "ask", 12)
    case = act(number, "told", 14)
    spent = queries.days_spent(case, until=at(20).date())
    assert spent == {order.NAME: 2 + 3 + 6, order.LAND_NAME: 5, "当事人": 2}
    assert sum(spent.values()) == 18


def test_steps_of_the_former_body_end_with_their_clocks_and_all_others_go_on(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    act(number, "give", 2, post=POSTS[OFFICE])
    act(number, "ask_for_help", 2, post=POSTS[HEALTH])
    case = act(number, "hand_on", 3, body=LAND)
    assert {a.step: a.state for a in case.assignments} == {
        "check": "cancelled",
        "consult": "open",
        "handle": "cancelled",
        "assist": "open",
    }
    assert {(d.key, d.step): str(d.state) for d in case.deadlines} == {
        ("answer", ""): "running",
        ("step", "check"): "cancelled",
        ("step", "consult"): "running",
    }
    assert journal.entries_of(number)[-1].public["taken_back"] == ["check", "handle"]
    assert agree(number)


def test_a_post_that_was_abolished_still_counts_to_its_body(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    act(number, "ask_for_help", 2, post=POSTS[HEALTH])
    sql.run(
        "UPDATE post_sheet SET to_on = %(on)s FROM post WHERE post.id = post_id AND code = ANY(%(codes)s)",
        {"on": date(2026, 3, 3), "codes": [POSTS[OFFICE], POSTS[HEALTH]]},
    )
    sql.run("UPDATE casework_assignment SET body_code = ''")
    case = act(number, "hand_on", 3, body=LAND)
    assert [a.state for a in case.assignments] == ["cancelled", "open"]


def test_a_post_that_nobody_knows_counts_to_the_body_of_its_step(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    sql.run("UPDATE casework_assignment SET post_code = 'X-1'")
    case = act(number, "hand_on", 3, body=LAND)
    assert {a.step: a.state for a in case.assignments} == {"check": "cancelled", "consult": "open"}


def test_a_step_that_goes_along_to_the_new_body_keeps_its_clock(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    case = act(number, "dispatch_check", 3, body=LAND, post=POSTS[LAND])
    assert [(a.post_code, a.state) for a in case.assignments if a.step == "check"] == [
        (order.SECOND[OFFICE], "cancelled"),
        (POSTS[LAND], "open"),
    ]
    assert [(str(d.state), d.anchor_at) for d in case.deadlines if d.step == "check"] == [("running", at(2))]
    assert agree(number)


def test_a_cooperating_body_that_had_the_case_cooperates_again(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "hand_on", 3, body=HEALTH)
    case = act(number, "hand_on", 4, HEALTH, body=LAND)
    roles = [(r.role, r.to_at) for r in case.roles if r.body_code == HEALTH]
    assert roles == [("cooperating", None), ("lead", at(4))]
    assert queries.visible(number, by=officer(HEALTH)).body_code == LAND
    assert agree(number)


def test_the_row_can_stop_a_clock_with_the_move(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert [d.state for d in act(number, "hand_on_afresh", 3, body=LAND).deadlines] == ["cancelled"]
    assert agree(number)


def test_the_case_log_keeps_each_step_with_the_body_that_did_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    act(number, "finish", 2)
    act(number, "dispatch", 3, body=LAND, post=POSTS[LAND])
    rows = sql.run(
        "SELECT step, step_name, post_code, body_code, state FROM caselog.steps ORDER BY opened_at"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("handle", "承办", POSTS[OFFICE], OFFICE, "done"),
        ("handle", "承办", POSTS[LAND], LAND, "open"),
    ]


def test_a_step_without_a_body_of_its_own_stays_with_the_body_that_did_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    act(number, "finish", 2)
    sql.run("UPDATE casework_assignment SET body_code = ''")
    act(number, "hand_on", 3, body=LAND)
    assert [row["body_code"] for row in sql.run("SELECT body_code FROM caselog.steps")] == [OFFICE]


def test_the_past_shows_the_body_that_had_the_case_then(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "dispatch", 4, body=LAND, post=POSTS[LAND])
    act(number, "send_back", 6, LAND, body=OFFICE, result="not_ours")
    act(number, "dispatch", 8, body=BUILDING, post=POSTS[BUILDING])
    case, entries = queries.read(number), journal.entries_of(number)
    then = [queries.as_it_stood(case, entries[:n], at=entries[n - 1].effective_at) for n in range(1, 5)]
    assert [one and one.body_code for one in then] == [OFFICE, LAND, OFFICE, BUILDING]
    assert [one and one.body_name for one in then][:2] == [order.NAME, order.LAND_NAME]
    assert [one and sorted(one.bodies - {HEALTH, order.WINDOW}) for one in then] == [
        [OFFICE],
        [LAND],
        [OFFICE],
        [BUILDING],
    ]
    last = then[-1]
    assert last is not None
    assert [(a.step, a.post_code, a.body_code, a.state, a.result, a.name) for a in last.assignments] == [
        ("handle", POSTS[LAND], LAND, "done", "not_ours", "承办"),
        ("handle", POSTS[BUILDING], BUILDING, "open", "", "承办"),
    ]
    assert agree(number)


@pytest.mark.parametrize(
    "changed",
    [
        {"body_code": BUILDING},
        {"roles": ()},
        {"assignments": ()},
    ],
)
def test_a_body_or_post_that_the_record_does_not_know_is_a_difference(
    city_db: str, changed: dict[str, Any]
) -> None:
    number = order.taken_in(at(2))
    case = act(number, "dispatch", 4, body=LAND, post=POSTS[LAND])
    stood = recorded(number)
    assert stood is not None
    label = "环节" if "assignments" in changed else "承办单位"
    assert queries.differences(replace(case, **changed), stood) == (label,)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The results or refusals of calls begun at the same moment, each on its own connection."""
    ready, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            ready.wait(10)
            found[place] = work()
        except Refusal as refusal:
            found[place] = refusal  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_of_two_moves_at_once_one_wins_and_the_other_changes_nothing(city: str) -> None:
    for _ in range(4):
        number = order.taken_in(at(2))
        found = at_once(
            partial(act, number, "dispatch", 3, body=LAND, post=POSTS[LAND]),
            partial(act, number, "dispatch", 3, body=BUILDING, post=POSTS[BUILDING]),
        )
        (refused,) = [one for one in found if isinstance(one, Refusal)]
        # who reads after the other's move finds that the case is not theirs any more
        assert isinstance(refused, SomebodyWasFirst | NotVisible)
        case = queries.read(number)
        assert case.body_code in (LAND, BUILDING)
        assert [r.body_code for r in case.leads] == [OFFICE, case.body_code]
        assert [a.body_code for a in case.assignments] == [case.body_code]
        assert (case.revision, len(journal.entries_of(number))) == (2, 2)
    counted = Counter({key[1]: n for key, n in queries.counts(kind="order").items()})
    assert counted == Counter(row["body_code"] for row in sql.run("SELECT body_code FROM casework_case"))


def test_of_two_who_saw_the_same_case_and_move_it_at_once_the_second_is_refused(
    city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, both_read = order.taken_in(at(2)), threading.Barrier(2)
    act(number, "give", 2, post=POSTS[OFFICE])
    read = actions.acts.read

    def read_together(number: str) -> Snapshot:
        case = read(number)
        both_read.wait(10)
        return case

    monkeypatch.setattr(actions.acts, "read", read_together)
    found = at_once(
        partial(act, number, "dispatch", 3, body=LAND, post=POSTS[LAND]),
        partial(act, number, "dispatch", 3, body=BUILDING, post=POSTS[BUILDING]),
    )
    (refused,) = [one for one in found if isinstance(one, Refusal)]
    (moved,) = [one for one in found if isinstance(one, Snapshot)]
    assert (type(refused), refused.status) == (SomebodyWasFirst, 409)
    assert queries.read(number) == moved
    assert [r.body_code for r in moved.leads] == [OFFICE, moved.body_code]
    assert [(a.body_code, a.state) for a in moved.assignments] == [
        (OFFICE, "cancelled"),
        (moved.body_code, "open"),
    ]
    assert (moved.revision, len(journal.entries_of(number))) == (3, 3)
    assert queries.counts(kind="order") == {("order", moved.body_code, "working"): 1}


def test_a_move_decided_on_what_somebody_changed_meanwhile_is_refused_and_changes_nothing(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = order.taken_in(at(2))
    seen = queries.read(number)
    act(number, "give", 2, post=POSTS[OFFICE])
    before = everything(number)
    monkeypatch.setattr(actions.acts, "read", lambda _number: seen)
    with pytest.raises(SomebodyWasFirst) as refused:
        act(number, "dispatch", 3, body=LAND, post=POSTS[LAND])
    assert refused.value.status == 409
    assert everything(number) == before


def test_a_move_with_a_new_assignment_is_three_round_trips(city_db: str) -> None:
    needed = []
    for _ in range(3):
        number = order.taken_in(at(2))
        act(number, "give", 2, post=POSTS[OFFICE])
        data = {"body": LAND, "post": POSTS[LAND]}
        move = partial(actions.perform, number, "dispatch", by=officer(), now=at(3), data=data)
        needed.append(round_trips(move))
    assert needed[-1] <= MOST


def test_counts_equal_a_recount_after_any_moves(city_db: str) -> None:
    numbers = [order.taken_in(at(2)) for _ in range(3)]
    for day, (which, body) in enumerate([(0, LAND), (1, BUILDING), (0, BUILDING), (2, LAND), (0, OFFICE)], 3):
        lead = queries.read(numbers[which]).body_code
        act(numbers[which], "dispatch", day, lead, body=body, post=POSTS[body])
        if day == 5:
            actions.fold_counts()
        recount = Counter(
            (row["kind"], row["body_code"], row["state"])
            for row in sql.run("SELECT kind, body_code, state FROM casework_case WHERE kind = 'order'")
        )
        assert queries.counts(kind="order") == recount
        assert all(agree(number) for number in numbers)
