"""Replies judged: complete, explaining, on time. All messages are invented."""

from __future__ import annotations

from datetime import date

import pytest

from liuquan import law
from liuquan.hotline.analysis import Judgement, Message, judge_replies, judge_reply

GOOD = (
    "市民您好！您的来信收悉，现回复如下：经现场核实，石桥路有三盏路灯线路老化。"
    "根据《城市照明管理规定》，由路灯所在3月20日前更换。感谢您的支持。"
)


def judged(
    reply: str, asked: date | None = date(2026, 3, 2), answered: date | None = date(2026, 3, 9)
) -> Judgement:
    message = Message("7", "石桥路路灯不亮", "石桥路的路灯一个月不亮了。", "u", asked, reply, answered)
    return judge_reply(message, limit=5, calendar=law.national_calendar())


def test_a_full_reply_is_complete_and_explains_each_with_its_sentence() -> None:
    found = judged(GOOD)
    assert (found.complete, found.explains, found.on_time) == (True, True, True)
    assert found.complete_because == "经现场核实，石桥路有三盏路灯线路老化。"
    assert "城市照明管理规定" in found.explains_because or "核实" in found.explains_because


@pytest.mark.parametrize(
    "reply",
    [
        "您好！您反映的问题已转有关部门处理，请耐心等待。",
        "您好！感谢您的来信。",
        "您的留言已收悉，将进一步调查核实。",
    ],
)
def test_a_receipt_is_no_answer(reply: str) -> None:
    found = judged(reply)
    assert (found.complete, found.explains) == (False, False)
    assert found.complete_because


def test_an_answer_to_something_else_is_not_complete() -> None:
    assert judged("申请公租房的，到社区窗口领表，带上收入证明和户口簿。").complete is False


def test_an_answer_without_a_ground_does_not_explain() -> None:
    found = judged("石桥路的路灯本周内可以修好，届时恢复照明，请您留意。")
    assert (found.complete, found.explains) == (True, False)


@pytest.mark.parametrize(("answered", "on_time"), [(date(2026, 3, 9), True), (date(2026, 3, 10), False)])
def test_the_last_working_day_is_in_time_and_the_day_after_is_late(answered: date, on_time: bool) -> None:
    found = judged(GOOD, answered=answered)
    assert (found.on_time, found.is_late) == (on_time, not on_time)
    assert found.due_on == date(2026, 3, 9)
    assert "2026-03-09" in found.on_time_because


def test_a_rest_day_after_the_last_working_day_is_late() -> None:
    assert judged(GOOD, asked=date(2026, 3, 6), answered=date(2026, 3, 14)).on_time is False


@pytest.mark.parametrize(
    ("asked", "answered", "says"),
    [
        (None, date(2026, 3, 9), "留言时间读不出日期"),
        (date(2026, 3, 2), None, "答复时间读不出日期"),
        (date(2026, 3, 9), date(2026, 3, 2), "早于留言时间"),
        (date(2026, 12, 30), date(2027, 1, 12), "没有公布"),
    ],
)
def test_what_cannot_be_judged_stays_open_and_says_why(
    asked: date | None, answered: date | None, says: str
) -> None:
    found = judged(GOOD, asked, answered)
    assert (found.on_time, found.is_late) == (None, False)
    assert says in found.on_time_because
    assert found.complete is True


def test_an_answer_before_an_unannounced_day_is_judged() -> None:
    assert judged(GOOD, date(2026, 12, 30), date(2026, 12, 31)).on_time is True


def test_no_reply_is_neither_complete_nor_incomplete() -> None:
    found = judged("", answered=None)
    assert (found.complete, found.explains, found.complete_because) == (None, None, "没有答复。")


def test_replies_keep_the_order_of_the_file() -> None:
    rows = [Message(str(one), "路灯", "", "", date(2026, 3, 2), GOOD, date(2026, 3, 3)) for one in (3, 1, 2)]
    found = judge_replies(rows, limit=5, calendar=law.national_calendar())
    assert [one.message for one in found] == ["3", "1", "2"]
