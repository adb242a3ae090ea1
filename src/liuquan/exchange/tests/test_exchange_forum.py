"""The city's online forum: its posts become tickets, once; the answers come back to its threads."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.exchange import actions as keys
from liuquan.exchange.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline import queries
from liuquan.hotline.types import Identity, Inlet
from liuquan.testing.browsers import SetNow

POSTS = "/api/forum/v1/posts/"
POST = {
    "thread": "t-100",
    "post": "1",
    "url": "https://bbs.yunxi.example.cn/t/100",
    "title": "溪畔大道的路灯",
    "text": "溪畔大道三十号门前的路灯连续三天不亮。",
    "author": "溪边散步的人",
    "posted_at": "2026-03-02T09:50:00+08:00",
}


@pytest.fixture
def forum(hotline: Hotline, set_now: SetNow) -> str:
    """The key of a forum."""
    set_now(MONDAY)
    return keys.issue_key("云溪论坛", now=MONDAY)


def push(key: str, **changed: Any) -> Any:
    return Client().post(
        POSTS, json.dumps({**POST, **changed}), content_type="application/json", headers=bearer(key)
    )


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def pushed(key: str, **changed: Any) -> dict[str, Any]:
    response = push(key, **changed)
    assert response.status_code in (200, 201), response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def told(key: str, thread: str = "t-100") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        Client().get(f"/api/forum/v1/threads/{thread}/", headers=bearer(key)).json()["tickets"]
    )
    return found


def matter(hotline: Hotline, number: str) -> str:
    return casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY).matter


def more(hotline: Hotline, number: str) -> list[str]:
    texts = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY).texts
    return [said["more"] for said in texts.values() if "more" in said]


def received() -> list[Any]:
    return list(queries.shown_requests(from_at=MONDAY - timedelta(days=1), to_at=MONDAY, limit=50))


def test_a_post_becomes_a_ticket_of_the_channel_forum(hotline: Hotline, forum: str) -> None:
    response = push(forum)
    assert response.status_code == 201
    number = response.json()["number"]
    ticket = queries.ticket(number)
    assert ticket is not None
    assert (ticket.inlet, ticket.identity, ticket.class_code) == (Inlet.FORUM, Identity.ANONYMOUS, "unfiled")
    assert matter(hotline, number) == (
        "溪畔大道的路灯\n溪畔大道三十号门前的路灯连续三天不亮。\n"
        "【溪边散步的人发表于2026-03-02 09:50，https://bbs.yunxi.example.cn/t/100】"
    )
    assert cases.read(number).state == "registered"


def test_the_same_post_again_changes_nothing(hotline: Hotline, forum: str) -> None:
    first = pushed(forum)
    again = push(forum)
    assert (again.status_code, again.json()["number"]) == (200, first["number"])
    assert more(hotline, first["number"]) == []
    assert len(told(forum)) == 1


def test_an_edit_and_a_second_post_join_the_ticket_until_it_is_answered(hotline: Hotline, forum: str) -> None:
    number = pushed(forum)["number"]
    edited = pushed(forum, text="溪畔大道三十号和三十二号门前的路灯都不亮。")
    second = pushed(forum, post="2", text="我家门口也是。", author="邻居")
    assert (edited["number"], edited["joined"]) == (second["number"], second["joined"]) == (number, True)
    said = more(hotline, number)
    assert said[0].startswith("改过的帖子：溪畔大道三十号和三十二号门前")
    assert said[1].startswith("同一主题的帖子：我家门口也是。\n【邻居发表于")
    assert len(told(forum)) == 1
    hotline.act(number, "tell_way", hotline.dispatcher, way="petition")
    third = pushed(forum, post="3", text="还是不亮。")
    assert third["joined"] is False
    assert third["number"] != number
    assert f"【同一主题以前的工单：{number}】" in matter(hotline, third["number"])
    assert [one["number"] for one in told(forum)] == [third["number"], number]


def test_what_broke_in_the_middle_is_finished_and_not_doubled(
    hotline: Hotline, forum: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "liuquan.hotline.actions.forum.registering.register"
    with monkeypatch.context() as broken:

        def breaks(*_: object, **__: object) -> None:
            raise RuntimeError("the power went off")

        broken.setattr(place, breaks)
        with pytest.raises(RuntimeError):
            push(forum)
    first = pushed(forum)
    assert pushed(forum)["number"] == first["number"]
    assert len(received()) == 1


def test_the_forum_gets_the_answer_once_it_is_public(hotline: Hotline, forum: str) -> None:
    number = pushed(forum)["number"]
    filed = {"request_kind": "complaint", "class_code": "0103", "reason": "按内容归类为路灯照明。"}
    hotline.act(number, "refile", hotline.dispatcher, **filed)
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    (before,) = told(forum)
    assert (before["state"], before["answer"], before["is_closed"]) == ("已答复", None, False)
    said = {"question": "溪畔大道的路灯不亮。", "answer": "已更换灯具，联系电话19900000001。"}
    hotline.act(number, "publish", hotline.dispatcher, **said)
    (after,) = told(forum)
    assert after["answer"].startswith("已更换灯具，联系电话")
    assert "19900000001" not in after["answer"]
    assert after["body"] == "云溪市城市管理局"


def test_a_forum_sees_its_own_threads_alone(hotline: Hotline, forum: str) -> None:
    pushed(forum)
    other = keys.issue_key("别的论坛", now=MONDAY)
    assert Client().get("/api/forum/v1/threads/t-100/", headers=bearer(other)).status_code == 404
    assert Client().get("/api/forum/v1/threads/t-1/", headers=bearer(forum)).status_code == 404
    assert pushed(other)["number"] != pushed(forum)["number"]  # the same ids of another forum


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic KEY"}])
def test_nobody_writes_or_reads_without_a_key(forum: str, headers: dict[str, str]) -> None:
    said = {name: value.replace("KEY", forum) for name, value in headers.items()}
    refused = Client().post(POSTS, json.dumps(POST), content_type="application/json", headers=said)
    assert (refused.status_code, refused["Content-Type"].split(";")[0]) == (403, "application/problem+json")
    assert Client().get("/api/forum/v1/threads/t-100/", headers=said).status_code == 403
    assert received() == []


def test_a_key_that_was_taken_back_writes_nothing(hotline: Hotline, forum: str) -> None:
    keys.revoke_key("云溪论坛", now=MONDAY)
    assert push(forum).status_code == 403
    assert received() == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"thread": ""}, "thread"),
        ({"thread": "a/b"}, "斜线"),
        ({"post": "x" * 65}, "post"),
        ({"text": " "}, "text"),
        ({"text": "长" * 20_001}, "20000"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"author": ""}, "author"),
        ({"posted_at": "yesterday"}, "posted_at"),
        ({"posted_at": "2026-03-02T09:50:00"}, "posted_at"),
        ({"posted_at": "2026-03-03T09:50:00+08:00"}, "posted_at"),
    ],
)
def test_a_post_that_is_wrong_is_refused_with_what_is_wrong(
    hotline: Hotline, forum: str, changed: dict[str, str], word: str
) -> None:
    refused = push(forum, **changed)
    assert refused.status_code == 422
    assert word in refused.content.decode()
    assert received() == []


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "[" * 50_000])
def test_what_is_no_post_is_refused(hotline: Hotline, forum: str, body: str) -> None:
    sent = Client().post(POSTS, body, content_type="application/json", headers=bearer(forum))
    assert sent.status_code in (400, 422)
    assert received() == []


def test_a_post_that_is_too_large_is_refused(hotline: Hotline, forum: str) -> None:
    assert push(forum, text="a" * 300_000).status_code == 413
    assert received() == []
