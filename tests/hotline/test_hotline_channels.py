"""Every channel ends in the one line: the same clocks, the same acts, the same supervision and figures."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import queries as cases
from liuquan.exchange import actions as keys
from liuquan.hotline import actions, queries
from liuquan.hotline.actions.consulting import PASS, Consultation
from liuquan.hotline.programmes import ProgrammeGiven, ProgrammeKind, QuestionGiven
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline.tests.mailing import mail
from liuquan.hotline.types import Inlet
from liuquan.kernel import moments
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

DAY = timedelta(days=1)
TODAY = moments.today(MONDAY)
LAMP = "门前的路灯连续三天不亮，晚上看不见路"


def by_phone(hotline: Hotline) -> str:
    form = {
        "phone": "19900000001",
        "name": "李云溪",
        "identity": "open",
        "request_kind": "complaint",
        "class_code": "0103",
        "division": "990102001000",
        "text": f"打电话说：{LAMP}。",
        "inlet": "phone",
        "submission_key": str(uuid.uuid4()),
        "decide": "register",
    }
    sent = hotline.cast.client("rexiaojie").post("/desk/hotline/new/", form)
    return str(sent["Location"].split("/")[-2])


def by_web(hotline: Hotline) -> str:
    del hotline
    return _asked_online("")


def by_app(hotline: Hotline) -> str:
    del hotline
    form = {
        "api_key": keys.issue_key("市民通应用", now=MONDAY),
        "service_code": "0103",
        "description": f"应用里写的：{LAMP}。",
        "address_string": "溪畔大道30号",
    }
    return str(Client().post("/open311/v2/requests.json", form).json()[0]["service_request_id"])


def by_mailbox(hotline: Hotline) -> str:
    del hotline
    return actions.take_mail(mail(f"来信说：{LAMP}。").as_bytes(), arrived_at=MONDAY, now=MONDAY)


def by_window(hotline: Hotline) -> str:
    given = Consultation(PASS, "", "0103", f"窗口问的：{LAMP}。", name="李云溪", phone="19900000001")
    return actions.consult(given, by=hotline.cast.clerk, now=MONDAY)


def by_programme(hotline: Hotline) -> str:
    programme = planned(hotline, ProgrammeKind.BROADCAST, "行风热线第九期")
    question = QuestionGiven(f"节目里问的：{LAMP}。", "0103", division="990102001000")
    return actions.take_question(programme, question, by=hotline.operator, now=MONDAY)


def by_forum(hotline: Hotline) -> str:
    del hotline
    return str(posted(keys.issue_key("云溪论坛", now=MONDAY))["number"])


def planned(hotline: Hotline, kind: ProgrammeKind, title: str) -> str:
    given = ProgrammeGiven(kind, title, TODAY, CITY_MANAGEMENT, "城小管，局长")
    return actions.plan_programme(given, by=hotline.operator, now=MONDAY)


def posted(key: str, **changed: str) -> dict[str, Any]:
    post = {
        "thread": "t-100",
        "post": "1",
        "url": "https://bbs.yunxi.example.cn/t/100",
        "title": "路灯",
        "text": f"论坛里写的：{LAMP}。",
        "author": "溪边散步的人",
        "posted_at": MONDAY.isoformat(),
        **changed,
    }
    said, shows = json.dumps(post), {"Authorization": f"Bearer {key}"}
    answer = Client().post("/api/forum/v1/posts/", said, content_type="application/json", headers=shows)
    found: dict[str, Any] = answer.json()
    return found


def _asked_online(programme: str, text: str = f"网上写的：{LAMP}。") -> str:
    form = {
        "text": text,
        "request_kind": "complaint",
        "division": "990102001000",
        "identity": "anonymous",
        "submission_key": str(uuid.uuid4()),
        "may_publish": "yes",
        "programme": programme,
        "go": "send",
    }
    return str(Client().post("/hotline/", form)["Location"].split("/")[2])


WAYS: dict[Inlet, Callable[[Hotline], str]] = {
    Inlet.PHONE: by_phone,
    Inlet.WEB: by_web,
    Inlet.APP: by_app,
    Inlet.MAILBOX: by_mailbox,
    Inlet.WINDOW: by_window,
    Inlet.PROGRAMME: by_programme,
    Inlet.FORUM: by_forum,
}
#: the same ways once more, with other words: these are left lying
SECOND: dict[Inlet, Callable[[Hotline], str]] = {
    Inlet.PHONE: lambda hotline: hotline.registered(inlet=Inlet.PHONE),
    Inlet.WEB: lambda hotline: _asked_online("", "公园的长椅坏了，坐不得人。"),
    Inlet.APP: lambda hotline: hotline.registered(inlet=Inlet.APP),
    Inlet.MAILBOX: lambda hotline: actions.take_mail(
        mail("公交站牌倒了。", key="two").as_bytes(), arrived_at=MONDAY, now=MONDAY
    ),
    Inlet.WINDOW: lambda hotline: hotline.registered(inlet=Inlet.WINDOW),
    Inlet.PROGRAMME: lambda hotline: actions.take_question(
        queries.programmes.programmes(now=MONDAY)[0].number,
        QuestionGiven("公园几点关灯？", "0103", division="990102001000"),
        by=hotline.operator,
        now=MONDAY,
    ),
    Inlet.FORUM: lambda hotline: str(
        posted(keys.issue_key("河东论坛", now=MONDAY), text="菜市场门口总是积水。")["number"]
    ),
}
_ANSWER = {"reply": "已更换灯具，今晚恢复照明。", "fixed": "fixed", "contact": "phone"}


@pytest.mark.requirement("HOT-03")
def test_every_channel_is_taken_in_handled_and_supervised_on_one_platform(
    hotline: Hotline, set_now: SetNow
) -> None:
    set_now(MONDAY)
    assert set(WAYS) == set(Inlet)
    came = {inlet: way(hotline) for inlet, way in WAYS.items()}
    late = {inlet: way(hotline) for inlet, way in SECOND.items()}
    taken_in(hotline, came)
    handled(hotline, came)
    then = MONDAY + 10 * DAY
    supervision.watch(now=then)
    for inlet in Inlet:
        assert red(hotline, late[inlet]), inlet
        assert not red(hotline, came[inlet]), inlet
    set_now(then)
    page = squeezed(hotline.cast.client("jianxiaocha").get("/board/hotline/signs/").content.decode())
    for inlet in Inlet:
        counted(hotline, page, inlet, {came[inlet], late[inlet]}, {*came.values(), *late.values()})


def taken_in(hotline: Hotline, came: dict[Inlet, str]) -> None:
    """Intake: one line, where each waits for its dispatch by the same clock."""
    for inlet, number in came.items():
        ticket, case = hotline.ticket(number), hotline.read(number)
        assert ticket is not None
        assert (ticket.inlet, case.state) == (inlet, "registered"), inlet
    waits = [hotline.read(number).deadline("dispatch") for number in came.values()]
    assert all(waits)
    assert len({clock.due_at for clock in waits if clock}) == 1


def handled(hotline: Hotline, came: dict[Inlet, str]) -> None:
    """Management: the same acts with the same limits, to the call-back."""
    due = []
    for number in came.values():
        dispatch(hotline, number)
        due.append(hotline.read(number).deadline("handling"))
        _answer(hotline, number)
        hotline.act(number, "call_back", hotline.dispatcher, satisfied="satisfied", confirmed="yes")
        assert cases.read(number).state == "closed"
    assert all(due)
    assert len({clock.due_at for clock in due if clock}) == 1


def red(hotline: Hotline, number: str) -> bool:
    """Supervision: whether it was found lying for too long."""
    found = findings.of_subject(number, by=hotline.cast.supervisor, now=MONDAY + 10 * DAY)
    return any(one.severity == "red" for one in found)


def counted(hotline: Hotline, page: str, inlet: Inlet, own: set[str], every: set[str]) -> None:
    """The figures: two came by this channel, one is open and late; the number leads to both of them."""
    address = f"?span=grid&amp;inlet={inlet.value}"
    row = page.partition(f"{inlet.label}</td>")[2].partition("</tr>")[0]
    assert address in row, inlet
    cells = [one.rpartition(">")[2] for one in row.replace("</a>", "").split("</td>")[:3]]
    assert [one.strip() for one in cells] == ["2", "1", "1"], (inlet, row)
    listed = f"/board/hotline/signs/tickets/{address.replace('&amp;', '&')}"
    behind = hotline.cast.client("jianxiaocha").get(listed).content.decode()
    assert {one for one in every if one in behind} == own


@pytest.mark.requirement("HOT-09")
def test_the_programme_the_interview_and_the_forum_are_inlets_and_get_their_answers(
    hotline: Hotline, set_now: SetNow
) -> None:
    set_now(MONDAY)
    on_air(hotline)
    online(hotline)
    on_the_forum(hotline)


PUBLISHED = {"question": "街上的路灯坏了找谁修？", "answer": "由城管局负责，打12345就行。"}


def on_air(hotline: Hotline) -> None:
    """行风热线: one question answered on air, the next followed up; by the day, the body and who answers."""
    air = planned(hotline, ProgrammeKind.BROADCAST, "行风热线第九期")
    given = QuestionGiven("路灯坏了找谁修？", "0103", division="990102001000", reply=PUBLISHED["answer"])
    answered = actions.take_question(air, given, by=hotline.operator, now=MONDAY)
    given = QuestionGiven(f"{LAMP}，谁管？", "0103", division="990102001000")
    waiting = actions.take_question(air, given, by=hotline.operator, now=MONDAY)
    assert (cases.read(answered).state, cases.read(waiting).state) == ("closed", "registered")
    page = squeezed(hotline.cast.client("rexiaojie").get(f"/desk/hotline/programmes/{air}/").content.decode())
    for word in ("2026年3月2日", "云溪市城市管理局", "城小管，局长", "当场答复", "已登记，待派单"):
        assert word in page
    assert answered in page
    assert waiting in page
    hotline.act(answered, "publish", hotline.dispatcher, **PUBLISHED)
    shown = squeezed(Client().get(f"/hotline/programmes/{air}/").content.decode())
    assert PUBLISHED["question"] in shown
    assert PUBLISHED["answer"] in shown
    assert LAMP not in shown


def online(hotline: Hotline) -> None:
    """Online interaction: anybody asks, the answer stands below the interview."""
    talk = planned(hotline, ProgrammeKind.INTERVIEW, "城管局在线访谈")
    address = f"/hotline/programmes/{talk}/"
    assert f"/hotline/?programme={talk}" in Client().get(address).content.decode()
    asked = _asked_online(talk, "公园夜里能不能晚一点关灯？")
    dispatch(hotline, asked)
    _answer(hotline, asked)
    said = {"question": "公园夜里能不能晚一点关灯？", "answer": "夏季延长到二十二时，冬季不变。"}
    hotline.act(asked, "publish", hotline.dispatcher, **said)
    assert said["answer"] in Client().get(address).content.decode()


def on_the_forum(hotline: Hotline) -> None:
    """The forum: a post is a ticket once, a second one joins it, the public answer comes back."""
    key = keys.issue_key("云溪论坛", now=MONDAY)
    number = posted(key)["number"]
    assert posted(key)["number"] == posted(key, post="2", text="我家门口也是。")["number"] == number
    assert _of_thread(key) == [{"number": number, "state": "正在派单", "answer": None}]
    dispatch(hotline, number)
    _answer(hotline, number)
    hotline.act(number, "publish", hotline.dispatcher, **PUBLISHED)
    assert _of_thread(key) == [{"number": number, "state": "已答复", "answer": PUBLISHED["answer"]}]


def dispatch(hotline: Hotline, number: str) -> None:
    filed = {"request_kind": "complaint", "class_code": "0103", "reason": "按内容归类为路灯照明。"}
    ticket = queries.ticket(number)
    if ticket is None or (ticket.request_kind, ticket.class_code) != ("complaint", "0103"):
        hotline.act(number, "refile", hotline.dispatcher, **filed)
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")


def _answer(hotline: Hotline, number: str) -> None:
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, **_ANSWER)


def _of_thread(key: str) -> list[dict[str, Any]]:
    answer = Client().get("/api/forum/v1/threads/t-100/", headers={"Authorization": f"Bearer {key}"}).json()
    return [{name: one[name] for name in ("number", "state", "answer")} for one in answer["tickets"]]
