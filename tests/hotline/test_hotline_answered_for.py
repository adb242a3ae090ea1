"""Whose duty a request is, what is published of it, how bodies are measured by it, and who answers for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from liuquan.hotline.figures import figures
from liuquan.hotline.queries import centre
from liuquan.hotline.queries.figures import by_body, published
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import NotVisible
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = date(2026, 3, 1)
APRIL_1 = datetime.fromisoformat("2026-04-01T01:00:00+00:00")
MEETING = "市政府热线联席会议纪要〔2026〕3号"
RETURN = {"ground": "not_ours", "reason": "路灯由住建局的照明所养护，不属于城管。"}
REPLY = {"reply": "已更换灯具。", "fixed": "fixed", "contact": "phone"}


def disputed(hotline: Hotline) -> str:
    """A ticket that two bodies did not want, given to the second by a joint meeting."""
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, MONDAY + HOUR, **RETURN)
    reason = {"reason": "两个单位都认为不是自己的职责，请联席会议确定。"}
    hotline.act(number, "dispute", hotline.dispatcher, MONDAY + 2 * HOUR, **reason)
    given = {"body": HOUSING, "limit": "complaint", "meeting": MEETING, "note": "联席会议确定由住建局主办。"}
    hotline.act(number, "redispatch", hotline.dispatcher, MONDAY + DAY, **given)
    hotline.act(number, "sign", hotline.housing, MONDAY + DAY)
    hotline.act(number, "answer", hotline.housing, MONDAY + 15 * DAY, **REPLY)
    said = {"satisfied": "not", "confirmed": "no", "note": "诉求人说路灯仍然不亮，没有人来修过。"}
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + 16 * DAY, **said)
    return number


def public_page(month: str = "") -> str:
    response = Client().get("/hotline/figures/", {"month": month} if month else {})
    assert response.status_code == 200
    return squeezed(response.content.decode())


def test_a_joint_meeting_decides_the_figures_are_published_bodies_measured_and_faults_answered_for(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = disputed(hotline)
    events = {entry.event: entry for entry in journal.entries_of(number)}
    assert events["ticket.disputed"].to_state == "disputed"
    assert events["ticket.redispatched"].public["meeting"] == MEETING
    assert [one.body_code for one in hotline.read(number).leads][-1] == HOUSING
    # measured: late, and by a requester who is not satisfied; the one who returned it is charged with nothing
    board = {line.code: line for line in by_body(hotline.cast.supervisor, month=MARCH, now=APRIL_1)}
    measured = {value.figure.id: dict(value.counts) for value in board[HOUSING].values}
    assert measured["on_time"] == {"late": 1}
    assert measured["satisfaction"] == {"not": 1}
    assert measured["fixed"] == {"denied": 1}
    former = {value.figure.id: dict(value.counts) for value in board[CITY_MANAGEMENT].values}
    assert (former["satisfaction"], former["returns"]) == ({}, {"accepted": 1})
    # published: when the month is over, by body, with how it is counted, and the same as on the board
    monkeypatch.setattr(moments, "now", lambda: APRIL_1)
    page = public_page()
    assert "2026年3月" in page
    assert all(one.sentence in page for one in figures())
    assert [line.values for line in published(month=MARCH, now=APRIL_1)] == [
        line.values for line in board.values()
    ]
    assert number not in page
    # answered for: the finding, and the explanation that is ordered
    supervision.run_all(now=MONDAY + 17 * DAY)
    found = findings.of_subject(number, by=hotline.cast.supervisor, now=MONDAY + 17 * DAY)
    untrue = next(one for one in found if one.rule_name == "答复已解决而诉求人不认可")
    assert (untrue.body_code, untrue.state) == (HOUSING, "open")
    supervision.ask_explanation(untrue.number, by=hotline.cast.supervisor, now=MONDAY + 17 * DAY)
    asked = findings.of_subject(number, by=hotline.cast.supervisor, now=MONDAY + 17 * DAY)
    assert next(one.state for one in asked if one.number == untrue.number) == "asked"


def test_a_month_that_is_not_over_is_not_published(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    disputed(hotline)
    with pytest.raises(NotVisible, match="还没有结束"):
        published(month=MARCH, now=APRIL_1 - DAY)
    monkeypatch.setattr(moments, "now", lambda: APRIL_1 - DAY)
    for month in ("", "2026-03", "no month"):
        page = public_page(month)
        assert "2026年2月" in page
        assert "这个月没有办结的诉求" in page
    assert len(published(month=MARCH, now=APRIL_1)) == 3


@pytest.mark.fact("H-02")
def test_the_loop_is_closed_from_intake_to_the_requesters_verdict(hotline: Hotline) -> None:
    number = hotline.registered()
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "supervise", hotline.dispatcher, level="letter", note="请于本周内办结并答复。")
    hotline.act(number, "answer", hotline.contact, MONDAY + DAY, **REPLY)
    hotline.act(
        number, "call_back", hotline.caller_back, MONDAY + 2 * DAY, satisfied="satisfied", confirmed="yes"
    )
    case = hotline.read(number)
    assert [entry.event for entry in journal.entries_of(number)] == [
        "ticket.registered",
        "ticket.dispatched",
        "ticket.signed",
        "ticket.supervised",
        "ticket.answered",
        "ticket.called_back",
    ]
    assert (case.state, case.terms.body_code) == ("closed", centre())
    total = by_body(hotline.dispatcher, month=MARCH, now=APRIL_1)[0]
    assert dict(total.values[0].counts) == {"satisfied": 1}
