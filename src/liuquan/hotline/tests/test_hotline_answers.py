"""Published answers: only with consent, without names, the original kept, and taken back again."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from liuquan.hotline import queries
from liuquan.hotline.queries import catalogue
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline.types import Identity, RequestKind
from liuquan.journal import actions as record
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.kernel.sql import run_one
from liuquan.testing.sources import squeezed

ATOM = "{http://www.w3.org/2005/Atom}"
QUESTION = "李云溪家门前的路灯三天不亮，电话19900000001，身份证990101199003076548。"
ANSWER = "已更换灯具。李云溪可以拨打0350-1234567报修。"


def published(hotline: Hotline, **changed: Any) -> str:
    number = hotline.answered(**changed)
    hotline.act(number, "publish", hotline.dispatcher, question=QUESTION, answer=ANSWER)
    return number


def test_an_answer_becomes_public_without_names_and_numbers_and_the_original_is_kept(
    hotline: Hotline,
) -> None:
    number = published(hotline)
    (one,) = queries.answers()
    assert one.question == "李某家门前的路灯三天不亮，电话（电话已隐去），身份证（号码已隐去）。"
    assert one.answer == "已更换灯具。李某可以拨打0350-1234567报修。"
    assert (one.class_name, one.body_name) == ("路灯照明", "云溪市城市管理局")
    page = squeezed(Client().get(f"/hotline/answers/{one.key}/").content.decode())
    assert one.question in page
    assert number not in page
    entry = next(e for e in journal.entries_of(number) if e.event == "ticket.published")
    assert not {"question", "answer"} & set(entry.public)
    row = run_one("SELECT count(*) AS n FROM hotline_publication WHERE question LIKE '%%李云溪%%'")
    assert row == {"n": 0}
    receipt = journal.entries_of(number)[-1].number
    assert (
        record.open_private_of(number, receipt=receipt, erased="")[str(entry.number)]["question"] == QUESTION
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"may_publish": False}, "没有同意公开"),
        ({"identity": Identity.CONFIDENTIAL}, "没有同意公开"),
    ],
)
def test_what_nobody_agreed_to_stays_unpublished(
    hotline: Hotline, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongState, match=says):
        published(hotline, **changed)
    assert queries.count_answers() == 0


def test_a_report_is_never_published(hotline: Hotline) -> None:
    number = hotline.registered(request_kind=RequestKind.REPORT)
    hotline.act(number, "answer_now", hotline.operator, reply="已转有权机关。")
    with pytest.raises(WrongState, match="举报件不公开"):
        hotline.act(number, "publish", hotline.dispatcher, question=QUESTION, answer=ANSWER)
    assert queries.count_answers() == 0


def test_a_question_of_a_few_words_and_a_unit_that_publishes_are_refused(hotline: Hotline) -> None:
    number = hotline.answered()
    with pytest.raises(BadInput, match="公开的问题至少写10个字"):
        hotline.act(number, "publish", hotline.dispatcher, question="路灯", answer=ANSWER)
    with pytest.raises(NotAllowed):
        hotline.act(number, "publish", hotline.contact, question=QUESTION, answer=ANSWER)
    assert queries.count_answers() == 0


def test_what_was_taken_back_is_nowhere_and_can_be_published_again(hotline: Hotline) -> None:
    number = published(hotline)
    (one,) = queries.answers()
    with pytest.raises(WrongState, match="已经公开"):
        hotline.act(number, "publish", hotline.dispatcher, question=QUESTION, answer=ANSWER)
    hotline.act(number, "unpublish", hotline.dispatcher, reason="答复单位要更正其中的期限。")
    assert Client().get(f"/hotline/answers/{one.key}/").status_code == 404
    assert "路灯三天不亮" not in Client().get("/hotline/answers/").content.decode()
    assert "路灯三天不亮" not in Client().get("/hotline/answers.atom").content.decode()
    with pytest.raises(WrongState, match="没有公开"):
        hotline.act(number, "unpublish", hotline.dispatcher, reason="答复单位要更正其中的期限。")
    hotline.act(number, "publish", hotline.dispatcher, question=QUESTION, answer=f"{ANSWER}期限已更正。")
    assert [each.answer for each in queries.answers()] == [
        "已更换灯具。李某可以拨打0350-1234567报修。期限已更正。"
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True),
        ("?q=路灯", True),
        ("?q=路灯 灯具", True),
        ("?q=电梯", False),
        ("?q=%25", False),
        ("?class=01", True),
        ("?class=0103", True),
        ("?class=02", False),
        ("?division=990102000000", True),
        ("?division=990121000000", False),
        ("?q=路灯&class=0103&division=990102001000", True),
    ],
)
def test_answers_are_found_by_words_class_and_place(hotline: Hotline, asked: str, found: bool) -> None:
    published(hotline)
    response = Client().get(f"/hotline/answers/{asked}")
    assert response.status_code == 200
    assert ("路灯三天不亮" in response.content.decode()) is found


def test_the_feed_is_atom_with_the_newest_first(hotline: Hotline) -> None:
    published(hotline)
    response = Client().get("/hotline/answers.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None, name
    (entry,) = feed.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated", "content"):
        assert entry.findtext(f"{ATOM}{name}"), name
    assert entry.findtext(f"{ATOM}updated") == f"{MONDAY:%Y-%m-%dT%H:%M:%S}Z"
    assert "李云溪" not in response.content.decode()


def test_a_request_is_taken_in_filed_handled_in_time_called_back_and_its_result_published(
    hotline: Hotline,
) -> None:
    number = hotline.registered(class_code="0101")
    assert [clock.key for clock in hotline.read(number).deadlines if clock.is_open] == ["dispatch"]
    reason = "内容说的是路灯，不是垃圾，照目录归类。"
    hotline.act(
        number,
        "refile",
        hotline.dispatcher,
        request_kind="complaint",
        class_code="0103",
        reason=reason,
    )
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    case = hotline.read(number)
    assert {clock.key for clock in case.deadlines if clock.is_open} == {"sign", "handling"}
    with pytest.raises(WrongState):
        hotline.act(number, "call_back", hotline.caller_back, satisfied="satisfied", confirmed="yes")
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    clock = next(one for one in hotline.read(number).deadlines if one.key == "handling")
    assert clock.met_at is not None
    assert clock.met_at < clock.due_at
    hotline.act(number, "call_back", hotline.caller_back, satisfied="satisfied", confirmed="yes")
    assert hotline.read(number).state == "closed"
    hotline.act(number, "publish", hotline.dispatcher, question=QUESTION, answer=ANSWER)
    (one,) = queries.answers()
    assert (one.class_name, one.question[:4]) == ("路灯照明", "李某家门")
    assert one.question in squeezed(Client().get("/hotline/answers/").content.decode())


@pytest.mark.parametrize(
    ("division", "prefix"),
    [
        ("990000000000", "99"),
        ("990100000000", "9901"),
        ("990110000000", "990110"),
        ("990121000000", "990121"),
        ("990102010000", "990102010"),
        ("990102001010", "990102001010"),
    ],
)
def test_a_place_is_found_with_those_below_it_and_with_no_other(division: str, prefix: str) -> None:
    assert catalogue.prefix_of(division) == prefix
