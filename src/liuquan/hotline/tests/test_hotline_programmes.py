"""行风热线 on air and interviews online: questions become tickets, answered there or followed up."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, models, queries
from liuquan.hotline.programmes import ProgrammeGiven, ProgrammeKind, QuestionGiven
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline.types import Identity, Inlet
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
GIVEN = ProgrammeGiven(
    ProgrammeKind.BROADCAST, "行风热线第九期", TODAY, CITY_MANAGEMENT, "城小管，局长", "主小持"
)
OPEN = QuestionGiven("溪畔大道的路灯什么时候修？", "0103", division="990102001000")
ANSWERED = replace(OPEN, text="路灯坏了找谁修？", reply="城市照明由城管局负责，打12345就行。")
PLACE = "/desk/hotline/programmes/"


def planned(hotline: Hotline, **changed: Any) -> str:
    return actions.plan_programme(replace(GIVEN, **changed), by=hotline.operator, now=MONDAY)


def asked(hotline: Hotline, programme: str, given: QuestionGiven = OPEN, **more: Any) -> str:
    return actions.take_question(programme, given, by=hotline.operator, now=MONDAY, **more)


def test_a_question_on_air_is_a_ticket_and_one_answered_there_is_closed(hotline: Hotline) -> None:
    programme = planned(hotline)
    answered, waiting = asked(hotline, programme, ANSWERED), asked(hotline, programme)
    ticket = hotline.ticket(waiting)
    assert ticket is not None
    assert (ticket.inlet, ticket.identity, ticket.state) == (
        Inlet.PROGRAMME,
        Identity.ANONYMOUS,
        "registered",
    )
    assert hotline.read(answered).state == "closed"
    texts = casework.open_case_file(answered, by=hotline.dispatcher, now=MONDAY).texts
    (reply,) = [said["reply"] for said in texts.values() if "reply" in said]
    assert reply == (
        "云溪市城市管理局城小管，局长在2026-03-02的行风热线节目“行风热线第九期”里答复："
        "城市照明由城管局负责，打12345就行。"
    )
    (view,) = queries.programmes.programmes(now=MONDAY)
    assert (view.questions, view.on_air, view.open, view.published) == (2, 1, 1, 0)
    listed = queries.programmes.questions(programme, by=hotline.dispatcher)
    assert [(one.number, one.on_air, one.state) for one in listed] == [
        (waiting, False, "registered"),
        (answered, True, "closed"),
    ]


def test_an_open_question_is_followed_as_every_ticket_is(hotline: Hotline) -> None:
    programme = planned(hotline)
    number = asked(hotline, programme)
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="consult")
    assert {one.key for one in hotline.read(number).deadlines} >= {"dispatch", "sign", "handling"}
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    (one,) = queries.programmes.questions(programme, by=hotline.dispatcher)
    assert (one.state, one.body_name) == ("answered", "云溪市城市管理局")
    assert queries.programmes.programme(programme, now=MONDAY).open == 0


def test_who_asks_may_leave_a_name_and_the_same_form_twice_is_one_question(hotline: Hotline) -> None:
    programme, key = planned(hotline), uuid.uuid4()
    named = replace(OPEN, name="李云溪", phone="19900000001")
    first = asked(hotline, programme, named, submission_key=key)
    assert asked(hotline, programme, named, submission_key=key) == first
    assert models.ProgrammeQuestion.objects.count() == models.Ticket.objects.count() == 1
    ticket = hotline.ticket(first)
    assert ticket is not None
    assert ticket.identity is Identity.OPEN


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": ""}, "text"),
        ({"class_code": "01"}, "class_code"),
        ({"reply": "好"}, "reply"),
        ({"phone": "19900000001"}, "name"),
        ({"division": "110000000000"}, "division"),
    ],
)
def test_a_question_that_is_not_complete_is_refused_by_its_field(
    hotline: Hotline, changed: dict[str, str], field: str
) -> None:
    programme = planned(hotline)
    with pytest.raises(BadInput) as refused:
        asked(hotline, programme, replace(OPEN, **changed))
    assert field in refused.value.fields
    assert models.Ticket.objects.count() == 0


def test_nothing_is_answered_on_air_before_the_day(hotline: Hotline) -> None:
    programme = planned(hotline, airs_on=TODAY + DAY)
    with pytest.raises(BadInput, match="还没有播出"):
        asked(hotline, programme, ANSWERED)
    assert models.Ticket.objects.count() == 0
    assert asked(hotline, programme, OPEN)  # a question may come before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"guest": "长" * 61}, "guest"),
        ({"body_code": "nobody"}, "body_code"),
        ({"presenter": "长" * 61}, "presenter"),
    ],
)
def test_a_programme_that_is_not_complete_is_refused_by_its_field(
    hotline: Hotline, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        planned(hotline, **changed)
    assert list(refused.value.fields) == [field]
    assert models.Programme.objects.count() == 0


def test_a_programme_is_set_up_once_and_by_the_centre(hotline: Hotline) -> None:
    programme = planned(hotline)
    with pytest.raises(BadInput, match="已经有同名的节目"):
        planned(hotline)
    with pytest.raises(NotAllowed):
        actions.plan_programme(replace(GIVEN, title="别的"), by=hotline.contact, now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.take_question(programme, OPEN, by=hotline.contact, now=MONDAY)
    with pytest.raises(NotAllowed):
        queries.programmes.questions(programme, by=hotline.contact)
    assert (models.Programme.objects.count(), models.Ticket.objects.count()) == (1, 0)


def test_the_pages_set_up_enter_and_follow(hotline: Hotline, set_now: SetNow) -> None:
    set_now(MONDAY)
    visitor = hotline.cast.client("rexiaojie")
    form = {
        "kind": "broadcast",
        "title": "行风热线第九期",
        "airs_on": "2026-03-02",
        "body_code": CITY_MANAGEMENT,
        "guest": "城小管，局长",
    }
    wrong = visitor.post(PLACE, {**form, "guest": "", "title": "行风热线第九期"})
    assert wrong.status_code == 422
    assert "行风热线第九期" in wrong.content.decode()
    address = visitor.post(PLACE, form)["Location"]
    assert address.startswith(PLACE)
    question = {
        "text": "路灯坏了找谁修？",
        "class_code": "0103",
        "request_kind": "consult",
        "division": "990102001000",
        "reply": "城市照明由城管局负责。",
        "submission_key": str(uuid.uuid4()),
    }
    refused = visitor.post(address, {**question, "reply": "好"})
    assert refused.status_code == 422
    assert "路灯坏了找谁修？" in refused.content.decode()
    assert visitor.post(address, question)["Location"] == address
    page = squeezed(visitor.get(address).content.decode())
    assert "当场答复" in page
    assert "已办结" in page
    number = queries.programmes.questions(address.split("/")[-2], by=hotline.operator)[0].number
    case = hotline.cast.client("rexiaopai").get(f"/desk/cases/{number}/").content.decode()
    assert "来自行风热线节目“行风热线第九期”（2026年3月2日，云溪市城市管理局，城小管，局长）" in case


def test_anybody_reads_the_programme_with_the_answers_that_were_published(
    hotline: Hotline, set_now: SetNow
) -> None:
    set_now(MONDAY)
    programme = planned(hotline)
    number = asked(hotline, programme, ANSWERED)
    address = f"/hotline/programmes/{programme}/"
    before = Client().get(address).content.decode()
    assert "还没有公开的" in before
    assert "路灯坏了" not in before
    said = {"question": "街上的路灯坏了找谁修？", "answer": "由城管局负责，打12345就行。"}
    hotline.act(number, "publish", hotline.dispatcher, **said)
    after = Client().get(address).content.decode()
    assert "街上的路灯坏了找谁修？" in after
    assert "城小管，局长" in after
    assert "行风热线第九期" in Client().get("/hotline/programmes/").content.decode()
    assert Client().get(f"/hotline/programmes/{uuid.uuid4()}/").status_code == 404


def form(programme: str, **changed: str) -> dict[str, str]:
    return {
        "text": "公园夜里能不能晚一点关灯？",
        "request_kind": "suggestion",
        "division": "990102001000",
        "identity": "anonymous",
        "submission_key": str(uuid.uuid4()),
        "programme": programme,
        "go": "send",
        **changed,
    }


def test_anybody_asks_an_interview_online_until_its_day_ends(hotline: Hotline, set_now: SetNow) -> None:
    set_now(MONDAY)
    programme = planned(hotline, kind=ProgrammeKind.INTERVIEW, title="城管局在线访谈")
    shown = Client().get(f"/hotline/programmes/{programme}/").content.decode()
    assert f"/hotline/?programme={programme}" in shown
    assert "城管局在线访谈" in Client().get(f"/hotline/?programme={programme}").content.decode()
    assert (
        "城管局在线访谈"
        in Client().post("/hotline/", form(programme, go="back"), follow=True).content.decode()
    )
    assert programme in Client().post("/hotline/", form(programme, go="next"), follow=True).content.decode()
    sent = Client().post("/hotline/", form(programme))
    number = sent["Location"].split("/")[2]
    ticket = hotline.ticket(number)
    assert ticket is not None
    assert ticket.inlet is Inlet.PROGRAMME
    assert [one.number for one in queries.programmes.questions(programme, by=hotline.operator)] == [number]
    set_now(MONDAY + DAY)
    assert f"?programme={programme}" not in Client().get(f"/hotline/programmes/{programme}/").content.decode()
    late = Client().post("/hotline/", form(programme, text="公园的厕所几点开门？"))["Location"].split("/")[2]
    assert len(queries.programmes.questions(programme, by=hotline.operator)) == 1
    other = hotline.ticket(late)
    assert other is not None
    assert other.inlet is Inlet.WEB


@pytest.mark.parametrize("given", ["x", "00000000-0000-0000-0000-000000000000", "broadcast"])
def test_a_wrong_programme_loses_no_request(hotline: Hotline, set_now: SetNow, given: str) -> None:
    set_now(MONDAY)
    named = planned(hotline) if given == "broadcast" else given
    assert Client().get(f"/hotline/?programme={named}").status_code == 200
    number = Client().post("/hotline/", form(named))["Location"].split("/")[2]
    assert cases.read(number).state == "registered"
    assert models.ProgrammeQuestion.objects.count() == 0
