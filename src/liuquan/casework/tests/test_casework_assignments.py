"""Work is given to a post that is chosen when it is given, handed on to another, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from liuquan.casework import queries, registry, time_by_holder
from liuquan.casework.effects import Assign, MoveBody
from liuquan.casework.queries import other_bodies, posts_for_work
from liuquan.casework.tests import bodies_kind as order
from liuquan.casework.tests.bodies_kind import BUILDING, HEALTH, LAND, OFFICE, POSTS, SECOND, officer
from liuquan.casework.tests.test_casework_bodies import act, agree, at, everything
from liuquan.casework.tests.test_casework_time_by_holder import BLANK
from liuquan.casework.types import Asking, AssignmentView, BodyRole, Offer, Snapshot
from liuquan.clock import shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, Refusal, WrongState
from liuquan.organisation.types import Actor
from liuquan.testing.entries import last_said


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    order.registered()


def hands(case: Snapshot) -> list[tuple[str, str, str, str]]:
    return [(a.step, a.post_code, a.body_code, a.state) for a in case.assignments]


def offers(number: str, by: Actor, action: str) -> list[Offer]:
    return [one for one in queries.offers(queries.read(number), by=by, now=at(2)) if one.action == action]


def refused(number: str, action: str, *, by: str | Actor = OFFICE, **data: Any) -> Refusal:
    """Why the act is refused on 3 March; nothing has changed."""
    before = everything(number)
    with pytest.raises(Refusal) as found:
        act(number, action, 3, by, **data)
    assert everything(number) == before
    return found.value


def test_a_step_that_the_terms_do_not_know_is_done_by_the_post_that_got_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    case = act(number, "give", 2, post=SECOND[OFFICE])
    assert hands(case) == [("handle", SECOND[OFFICE], OFFICE, "open")]
    assert last_said(number) == {"assigned": {"handle": {"post": SECOND[OFFICE], "body": OFFICE}}}
    holder = officer(post=SECOND[OFFICE])
    (line,) = queries.worklist(holder, now=at(2))
    assert [(duty.action, duty.step_name) for duty in line.duties if duty.assignment] == [("finish", "承办")]
    assert [d for one in queries.worklist(officer(), now=at(2)) for d in one.duties if d.assignment] == []
    assert isinstance(refused(number, "finish"), NotAllowed)
    case = act(number, "finish", 3, holder, result="solved")
    assert [(a.state, a.result) for a in case.assignments] == [("done", "solved")]
    public = journal.entries_of(number)[-1].public
    assert (public["step"], public["step_name"]) == ("handle", "承办")
    assert agree(number)


def test_a_step_beside_the_route_opens_nothing_on_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    assert [a.step for a in act(number, "finish", 2).assignments] == ["handle"]


def test_a_step_that_ended_undone_is_not_opened_again_by_what_others_finish(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    act(number, "hand_on", 2, body=LAND)
    case = act(number, "finish", 3, officer(HEALTH, SECOND[HEALTH]))
    assert {a.step: a.state for a in case.assignments} == {"check": "cancelled", "consult": "done"}


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (None, "请选择交给哪个岗位"),
        ("X-1", "没有这个岗位"),
        (OFFICE, "没有这个岗位"),
        (POSTS[LAND], "不属于承办或者协办本件的单位"),
        ("ZWFW-CK1", "不属于承办或者协办本件的单位"),
        (SECOND[OFFICE], "已经撤销"),
    ],
)
@pytest.mark.parametrize("action", ["give", "redirect"])
def test_a_post_that_cannot_get_the_work_is_refused_beside_the_field(
    city_db: str, post: str | None, said: str, action: str
) -> None:
    number = order.taken_in(at(2))
    if action == "redirect":
        act(number, "give", 2, post=POSTS[OFFICE])
    sql.run(
        "UPDATE post_sheet SET to_on = %(on)s FROM post WHERE post.id = post_id AND code = %(code)s",
        {"on": date(2026, 3, 3), "code": SECOND[OFFICE]},
    )
    why = refused(number, action, **({} if post is None else {"post": post}))
    assert isinstance(why, BadInput)
    assert said in why.fields["post"]


def test_a_post_of_a_body_that_is_dissolved_is_no_post(city_db: str) -> None:
    number = order.taken_in(at(2))
    sql.run(
        "UPDATE body_record SET to_on = %(on)s FROM body WHERE body.id = body_id AND code = %(code)s",
        {"on": date(2026, 3, 3), "code": HEALTH},
    )
    assert isinstance(refused(number, "give", post=POSTS[HEALTH]), BadInput)


def test_a_cooperating_bodys_post_gets_work_and_does_it_under_its_own_mandate(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "ask_for_help", 2, post=POSTS[HEALTH])
    act(number, "give", 3, post=POSTS[OFFICE])
    case = act(number, "finish", 5, HEALTH)
    assert hands(case) == [
        ("assist", POSTS[HEALTH], HEALTH, "done"),
        ("handle", POSTS[OFFICE], OFFICE, "open"),
    ]
    assert agree(number)


def test_a_day_on_which_only_a_cooperating_body_had_work_is_its_day(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "ask_for_help", 4, post=POSTS[HEALTH])
    case = act(number, "finish", 7, HEALTH)
    assert queries.days_spent(case, until=at(9).date()) == {"本机关": 4, "其他机关": 3}


def test_a_body_that_cooperated_once_gets_no_more_work(city_db: str) -> None:
    number = order.taken_in(at(2))
    sql.run("UPDATE casework_case_body SET to_at = %(at)s WHERE role = 'cooperating'", {"at": at(2, 12)})
    assert isinstance(refused(number, "give", post=POSTS[HEALTH]), BadInput)


def test_a_step_in_somebodys_hands_is_not_given_twice(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert offers(number, officer(), "give")
    act(number, "give", 2, post=POSTS[OFFICE])
    assert not offers(number, officer(), "give")
    why = refused(number, "give", post=SECOND[OFFICE])
    assert isinstance(why, WrongState)
    assert "承办" in why.sentence


def test_a_step_of_the_former_body_is_given_anew_in_the_act_that_hands_the_case_on(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    case = act(number, "dispatch", 3, body=LAND, post=POSTS[LAND])
    assert hands(case) == [
        ("handle", POSTS[OFFICE], OFFICE, "cancelled"),
        ("handle", POSTS[LAND], LAND, "open"),
    ]
    assert case.state == "working"
    assert [line.number for line in queries.worklist(officer(LAND), now=at(3))] == [number]
    assert agree(number)


def test_with_a_move_only_posts_of_the_new_body_get_the_work(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert isinstance(refused(number, "dispatch", body=LAND, post=POSTS[OFFICE]), BadInput)
    assert isinstance(refused(number, "dispatch", body=LAND, post=POSTS[BUILDING]), BadInput)
    assert act(number, "dispatch", 3, body=LAND, post=POSTS[HEALTH]).body_code == LAND


def test_a_move_leaves_a_cooperating_bodys_step_where_it_is_and_so_cannot_give_it_anew(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[HEALTH])
    assert isinstance(refused(number, "dispatch", body=LAND, post=POSTS[LAND]), WrongState)


def test_whoever_sends_an_order_back_has_done_with_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "dispatch", 2, body=LAND, post=POSTS[LAND])
    case = act(number, "send_back", 4, LAND, body=OFFICE, result="not_ours")
    assert (case.state, case.body_code) == ("open", OFFICE)
    assert [(a.state, a.result, a.done_by) for a in case.assignments] == [
        ("done", "not_ours", officer(LAND).staff_id)
    ]
    assert "taken_back" not in journal.entries_of(number)[-1].public
    assert agree(number)


def test_a_cooperating_body_hands_no_case_on_that_is_not_its_own(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "dispatch", 2, body=LAND, post=POSTS[HEALTH])
    assert not offers(number, officer(HEALTH), "send_back")
    assert offers(number, officer(HEALTH), "finish")
    assert isinstance(refused(number, "send_back", by=HEALTH, body=OFFICE), NotAllowed)


def test_the_same_step_is_done_and_given_to_the_next_in_one_act(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    case = act(number, "again", 3, post=SECOND[OFFICE], result="half")
    assert [(a.post_code, a.state, a.result) for a in case.assignments] == [
        (POSTS[OFFICE], "done", "half"),
        (SECOND[OFFICE], "open", ""),
    ]
    assert agree(number)


def test_an_open_step_goes_to_another_post_and_its_clock_goes_on(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    given = {a.step: a.id for a in queries.read(number).open_assignments}
    case = act(number, "redirect", 3, assignment=given["check"], post=POSTS[OFFICE])
    mine = [a for a in case.assignments if a.step == "check"]
    assert [(a.post_code, a.state, a.body_code, a.name) for a in mine] == [
        (SECOND[OFFICE], "cancelled", "", ""),
        (POSTS[OFFICE], "open", OFFICE, "核对"),
    ]
    assert mine[0].done_at == mine[1].opened_at == at(3)
    (clock,) = (d for d in case.deadlines if d.step == "check")
    assert (clock.state, clock.anchor_at) == ("running", at(2))
    act(number, "finish", 4, assignment=mine[1].id)
    (clock,) = (d for d in queries.read(number).deadlines if d.step == "check")
    assert clock.state == "met"
    assert agree(number)


def test_a_holder_passes_on_only_what_is_in_its_own_hands(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    assert isinstance(refused(number, "pass_on", by=HEALTH, post=POSTS[HEALTH]), NotAllowed)
    why = refused(number, "pass_on", post=POSTS[OFFICE])
    assert isinstance(why, BadInput)
    assert "现在就在这个岗位" in why.fields["post"]
    case = act(number, "pass_on", 3, post=POSTS[HEALTH])
    assert hands(case)[-1] == ("handle", POSTS[HEALTH], HEALTH, "open")
    assert case.step_name(case.assignments[-1]) == "承办"
    assert agree(number)


def test_who_disposes_of_steps_is_offered_each_and_has_to_say_which(city_db: str) -> None:
    number = order.taken_in(at(2))
    assert not offers(number, officer(), "take_back")
    assert isinstance(refused(number, "take_back"), WrongState)
    act(number, "give", 2, post=POSTS[OFFICE])
    act(number, "ask_for_help", 2, post=POSTS[HEALTH])
    found = offers(number, officer(), "take_back")
    assert [one.step_name for one in found] == ["承办", "协办"]
    why = refused(number, "take_back")
    assert isinstance(why, BadInput)
    assert "承办、协办" in why.fields["assignment"]
    assert isinstance(refused(number, "take_back", assignment=999), WrongState)
    case = act(number, "take_back", 3, assignment=found[1].assignment)
    assert [(a.step, a.state, a.done_by) for a in case.assignments] == [
        ("handle", "open", None),
        ("assist", "cancelled", None),
    ]
    assert last_said(number) == {
        "step": "assist",
        "step_name": "协办",
        "taken_back": ["assist"],
    }
    assert hands(act(number, "take_back", 3))[0] == ("handle", POSTS[OFFICE], OFFICE, "cancelled")
    assert hands(act(number, "give", 4, post=SECOND[OFFICE]))[-1][-1] == "open"
    assert agree(number)


def test_the_clock_of_a_step_that_is_taken_back_falls_with_it(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "check", 2)
    case = act(number, "take_back", 3, step="check")
    assert {(d.key, d.step): str(d.state) for d in case.deadlines} == {
        ("answer", ""): "running",
        ("step", "check"): "cancelled",
        ("step", "consult"): "running",
    }
    assert agree(number)
    case = act(number, "check", 4)
    assert [d.state for d in case.deadlines if d.step == "check"] == ["cancelled", "running"]
    assert agree(number)


def test_forms_offer_what_the_engine_takes(city_db: str) -> None:
    number = order.taken_in(at(2))
    act(number, "give", 2, post=POSTS[OFFICE])
    case = queries.read(number)
    asking = Asking(case, officer(), at(3), case.assignments[0].id)
    bodies = {one.value for one in other_bodies(asking)}
    assert LAND in bodies
    assert OFFICE not in bodies
    posts = {one.value for one in posts_for_work(asking)}
    assert posts >= {SECOND[OFFICE], POSTS[HEALTH]}
    assert posts.isdisjoint({POSTS[OFFICE], POSTS[LAND], "ZWFW-CK1"})
    for post in posts:
        act(number, "redirect", 3, post=post)


def test_a_step_of_no_named_body_was_the_body_that_had_the_case() -> None:
    """A route that names no body means the body of the case, also when the case went on since."""
    step = replace(order.terms().steps[0], body_code="")
    case = replace(
        BLANK,
        terms=replace(BLANK.terms, steps=(step,)),
        body_code=LAND,
        roles=(BodyRole(OFFICE, "lead", at(2), at(5)), BodyRole(LAND, "lead", at(5))),
        assignments=(AssignmentView(1, "check", SECOND[OFFICE], "done", at(2), at(4)),),
    )
    found = time_by_holder.spans(case, [(shanghai_day(at(2)), "office")], shanghai_day(at(8)))
    assert time_by_holder.days_by_holder(found) == {OFFICE: 3, LAND: 3}


def test_a_row_has_to_ask_for_the_body_and_the_post_it_reads() -> None:
    row = replace(order.PROCEDURE.rows[0], effects=(MoveBody("unit"), Assign("handle", "承办", "seat")))
    with pytest.raises(ValueError, match=r"reads unit, .*reads seat, "):
        registry.register(replace(order.PROCEDURE, rows=(row, *order.PROCEDURE.rows[1:])))
