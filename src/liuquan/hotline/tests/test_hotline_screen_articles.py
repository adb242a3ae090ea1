"""The operator's screen quotes an article: the one that was read, while it holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from liuquan.hotline import actions, queries
from liuquan.hotline.articles import ArticleGiven
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.tests.test_hotline_screen import NEW, done, given, operator, press, tickets
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.testing.sources import squeezed

__all__ = ["operator"]
LAMPS, STALLS = "ZS00001", "ZS00003"
CONSULT = {"request_kind": "consult", "reply": "照明所今晚到场，请留意路灯。"}


@pytest.mark.parametrize("typed", [LAMPS, "zs00001", "ZS00001 第1版 路灯不亮找谁修？"])
def test_the_answer_at_once_quotes_the_article_with_its_version(operator: Client, typed: str) -> None:
    number = done(press(operator, "answer_now", article=typed, **CONSULT))
    entry = journal.entries_of(number)[-1]
    assert entry.event == "ticket.answered_now"
    assert (entry.public["article"], entry.public["article_version"]) == (LAMPS, 1)


def test_without_an_article_nothing_is_quoted(operator: Client) -> None:
    number = done(press(operator, "answer_now", **CONSULT))
    assert journal.entries_of(number)[-1].public["article"] == ""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (STALLS, "知识条目ZS00003第1版已于2026年1月1日失效，不能引用，请向责任单位云溪市城市管理局核实"),
        ("ZS00003 第1版 早市和夜市可以在哪里摆摊？", "已于2026年1月1日失效"),
        ("ZS99999", "知识库里没有条目“ZS99999”"),
        ("路灯", "知识库里没有条目“路灯”"),
        ("ZS00001 第2版", "现在是第1版，不是第2版"),
    ],
)
def test_an_article_that_may_not_be_quoted_is_refused_before_anything_is_registered(
    operator: Client, typed: str, says: str
) -> None:
    answer = press(operator, "answer_now", article=typed, **CONSULT)
    page = squeezed(answer.content.decode())
    assert (answer.status_code, tickets()) == (422, 0)
    assert says in page
    for kept in (typed, CONSULT["reply"], given()["text"]):
        assert kept in page


def test_a_version_that_was_replaced_meanwhile_is_asked_to_be_read_anew(
    operator: Client, hotline: Hotline
) -> None:
    on = moments.today(MONDAY)
    old = queries.present(LAMPS, on=on)
    names = ("question", "document", "clause", "owner_body", "class_codes")
    newer = ArticleGiven(
        **{name: getattr(old, name) for name in names},
        answer="路灯由照明所养护，当天到场。",
        valid_from=on,
        review_due=on + timedelta(days=300),
    )
    _, version = actions.propose(newer, number=LAMPS, by=hotline.contact, now=MONDAY)
    actions.publish(LAMPS, version, by=hotline.dispatcher, now=MONDAY)
    answer = press(operator, "answer_now", article="ZS00001 第1版", **CONSULT)
    assert (answer.status_code, tickets()) == (422, 0)
    assert "知识条目ZS00001现在是第2版" in answer.content.decode()
    number = done(press(operator, "answer_now", article="ZS00001 第2版", **CONSULT))
    assert journal.entries_of(number)[-1].public["article_version"] == 2


def test_only_what_may_be_quoted_today_is_offered(operator: Client) -> None:
    page = operator.get(NEW).content.decode()
    assert "ZS00001 第1版" in page
    assert STALLS not in page
