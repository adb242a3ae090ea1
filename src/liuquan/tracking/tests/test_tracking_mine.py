"""我的办件: opened by a code sent to the mobile on record, for half an hour, and by nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.messages import actions as message_actions
from liuquan.messages import queries as messages
from liuquan.messages.types import Channel
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, ZHAO_YUANKE, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
ASKED = {"id_number": LI_YUNXI.id_number, "phone": LI_YUNXI.phone}


@pytest.fixture(autouse=True)
def outbox(settings: Settings, set_now: SetNow) -> None:
    """Letters are kept as in the demo."""
    path = "liuquan.messages.actions.outbox.OutboxGateway"
    settings.LIUQUAN_GATEWAYS = {"sms": path, "email": path}
    set_now(MONDAY)


@pytest.fixture
def number(city_db: str, cast: Cast) -> str:
    """An application of the person, who acts for nobody else."""
    return cast.applies("food", at=MONDAY)


def send_all(now: datetime = MONDAY) -> None:
    """Do the waiting jobs, as the worker would."""
    for row in sql.run("SELECT number::text AS number FROM message"):
        message_actions.send(row["number"], now=now)


def code() -> str:
    """The code of the letter that was kept last."""
    found = re.search(r"验证码(\d{6})", messages.outbox()[0].text)
    assert found
    return found[1]


def opened(client: Client) -> None:
    """Prove who it is."""
    assert client.post("/mine/", ASKED)["Location"] == "/mine/code/"
    send_all()
    assert client.post("/mine/code/", {"code": code()})["Location"] == "/mine/cases/"


def test_the_code_opens_the_list_and_each_case_without_its_query_code(
    number: str, cast: Cast, set_now: SetNow
) -> None:
    client = Client()
    opened(client)
    page = client.get("/mine/cases/").content.decode()
    for said in (number, "食品经营许可证核发", "最迟", "3月9日"):
        assert said in page
    assert LI_YUNXI.name not in page
    assert LI_YUNXI.phone not in page
    case = client.get(f"/mine/cases/{number}/")
    assert case["Location"] == f"/track/{number}/"
    assert client.get(f"/track/{number}/").status_code == 200
    set_now(MONDAY + timedelta(minutes=29))
    client.get(f"/mine/cases/{number}/")
    set_now(MONDAY + timedelta(minutes=30))
    assert client.get("/mine/cases/")["Location"] == "/mine/"
    assert (
        client.get(f"/track/{number}/").status_code == 302
    )  # half an hour from the code, not from the click


def test_somebody_else_sees_no_case_and_cannot_open_one(number: str, cast: Cast) -> None:
    assert cast.stranger.party_number
    client = Client()
    client.post("/mine/", {"id_number": ZHAO_YUANKE.id_number, "phone": ZHAO_YUANKE.phone})
    send_all()
    client.post("/mine/code/", {"code": code()})
    page = client.get("/mine/cases/")
    assert page.status_code == 200
    assert number not in page.content.decode()
    assert client.get(f"/mine/cases/{number}/").status_code == 404
    assert client.get("/mine/cases/20260302-9/").status_code == 404
    assert client.get(f"/track/{number}/").status_code == 302


def test_an_agent_sees_the_case_listed_but_does_not_stand_for_the_applicant(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY, agent=cast.agent.party_number)
    client = Client()
    client.post("/mine/", {"id_number": WANG_XIPAN.id_number, "phone": WANG_XIPAN.phone})
    send_all()
    client.post("/mine/code/", {"code": code()})
    page = client.get("/mine/cases/").content.decode()
    assert number in page
    assert f"/mine/cases/{number}/" not in page
    assert client.get(f"/mine/cases/{number}/").status_code == 404


def test_who_is_unknown_is_answered_like_who_is_known(number: str) -> None:
    pages = []
    for phone, id_number in (
        (LI_YUNXI.phone, LI_YUNXI.id_number),
        ("19900000009", LI_YUNXI.id_number),
        (LI_YUNXI.phone, "990101197505206518"),
    ):
        client = Client()
        answer = client.post("/mine/", {"id_number": id_number, "phone": phone}, follow=True)
        wrong = client.post("/mine/code/", {"code": "000000"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        told = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", wrong.content.decode())
        pages.append((answer.status_code, text, wrong.status_code, told))
    assert pages[0][0] == 200
    assert pages[0][2] == 422
    assert pages[0] == pages[1] == pages[2]
    send_all()
    assert len(messages.outbox()) == 1


@pytest.mark.parametrize("who", [ASKED, {"id_number": ZHAO_YUANKE.id_number, "phone": "19900000009"}])
def test_a_hundred_requests_send_three_codes_at_most_and_are_refused_politely(
    number: str, who: dict[str, str]
) -> None:
    client = Client()
    answers = [client.post("/mine/", who) for _ in range(100)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 97
    page = answers[-1].content.decode()
    assert "半小时后再试" in page
    assert f'value="{who["phone"]}"' in page
    assert answers[-1]["Retry-After"] == "1800"
    send_all()
    assert len(messages.outbox()) <= 3


def wrong_one(right: str) -> str:
    """Another code."""
    return f"{(int(right) + 500) % 10**6:06d}"


def test_a_hundred_guesses_open_nothing(number: str) -> None:
    client = Client()
    client.post("/mine/", ASKED)
    send_all()
    right = code()
    assert "还可以再试4次" in client.post("/mine/code/", {"code": wrong_one(right)}).content.decode()
    assert "还可以再试3次" in client.post("/mine/code/", {"code": wrong_one(right)}).content.decode()
    for _ in range(3):
        last = client.post("/mine/code/", {"code": wrong_one(right)})
    assert "请重新获取" in last.content.decode()
    guesses = [f"{(int(right) + n) % 10**6:06d}" for n in range(1, 100)]
    assert {client.post("/mine/code/", {"code": guess}).status_code for guess in guesses} <= {422, 429}
    assert client.post("/mine/code/", {"code": right}).status_code in (422, 429)
    assert client.get("/mine/cases/")["Location"] == "/mine/"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("id_number", "", "没有填写"),
        ("phone", "123", "手机"),
        ("id_number", "990101199003076549", "有一位不对"),
        ("id_number", "990101197505206516", "有一位不对"),  # fits as an organisation's code
    ],
)
def test_what_can_be_no_number_is_said_beside_its_field(
    number: str, name: str, value: str, said: str
) -> None:
    answer = Client().post("/mine/", ASKED | {name: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert messages.outbox() == []


def test_leaving_forgets_everything(number: str) -> None:
    client = Client()
    opened(client)
    client.get(f"/mine/cases/{number}/")
    assert client.post("/mine/leave/")["Location"] == "/"
    assert client.get("/mine/cases/")["Location"] == "/mine/"
    assert client.get(f"/track/{number}/").status_code == 302


def test_where_no_sms_is_open_the_page_says_so_and_sends_nothing(number: str, settings: Settings) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": ""}
    client = Client()
    assert "还没有开通短信" in client.get("/mine/").content.decode()
    assert client.post("/mine/", ASKED).status_code == 422
    assert client.get("/mine/code/")["Location"] == "/mine/"


def test_ways_are_chosen_and_taken_back(number: str, cast: Cast) -> None:
    client, party = Client(), cast.applicant.party_number
    opened(client)
    refused = client.post("/mine/messages/", {"ways": ["sms", "email"], "email": "li@"})
    assert refused.status_code == 422
    assert "电子邮箱的写法不对" in refused.content.decode()
    asked = client.post("/mine/messages/", {"ways": ["sms", "email"], "email": "li@example.cn"})
    assert asked["Location"] == "/mine/messages/email/"
    assert messages.agreed(party) == {Channel.SMS}
    send_all()
    assert client.post("/mine/messages/email/", {"code": wrong_one(code())}).status_code == 422
    assert messages.agreed(party) == {Channel.SMS}
    assert client.post("/mine/messages/email/", {"code": code()})["Location"] == "/mine/messages/"
    assert messages.agreed(party) == {Channel.SMS, Channel.EMAIL}
    assert "li@example.cn" not in client.get("/mine/messages/").content.decode()
    client.post("/mine/messages/", {"ways": ["email"]})  # the address is kept
    assert messages.agreed(party) == {Channel.EMAIL}
    client.post("/mine/messages/", {})
    assert messages.agreed(party) == frozenset()


def test_the_slip_agrees_to_sms_shows_what_was_sent_and_withdraws(number: str, cast: Cast) -> None:
    client = Client()
    client.post("/track/", {"number": number, "code": query_code(number)})
    here = f"/track/{number}/messages/"
    assert "没有同意接收" in client.get(here).content.decode()
    client.post(here, {"agree": "email", "email": "thief@example.cn"})
    assert messages.agreed(cast.applicant.party_number) == frozenset()
    assert client.post(here, {"agree": "sms"})["Location"] == here
    taken = casework.perform(number, "accept", by=cast.clerk, now=MONDAY)
    message_actions.prepare(number, entry=UUID(taken.entry), event="application.accepted", now=MONDAY)
    send_all()
    page = client.get(here).content.decode()
    assert "已发出" in page
    assert "3月2日 10:00" in page
    assert LI_YUNXI.phone not in page
    assert "****" not in page
    client.post(here, {"withdraw": "sms"})
    assert messages.agreed(cast.applicant.party_number) == frozenset()
    assert "已发出" in client.get(here).content.decode()


def test_the_outbox_is_there_in_a_demo_alone(number: str, settings: Settings) -> None:
    client = Client()
    client.post("/mine/", ASKED)
    send_all()
    assert client.get("/outbox/").status_code == 404
    settings.LIUQUAN_DEMO = True
    page = client.get("/outbox/").content.decode()
    assert code() in page
    assert LI_YUNXI.phone not in page


def query_code(number: str) -> str:
    """Of the slip."""
    return cases.query_code(number)
