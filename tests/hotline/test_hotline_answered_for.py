"""Whose duty a request is, what is published of it, how bodies are measured by it, and who answers for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from liuquan.casework import queries as cases
from liuquan.hotline.figures import figures, public_figures
from liuquan.hotline.queries import centre
from liuquan.hotline.queries.figures import by_body, published, tickets
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import NotAllowed, NotVisible
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.testing.browsers import SetNow
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


@pytest.mark.requirement("HOT-06")
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
    assert all(one.sentence in page for one in public_figures())
    assert [line.values for line in published(month=MARCH, now=APRIL_1)] == [
        tuple(value for value in line.values if not value.figure.is_internal) for line in board.values()
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


@pytest.mark.requirement("HOT-06")
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


@pytest.mark.requirement("HOT-06")
def test_a_dispute_waits_for_the_joint_meeting_on_a_clock_of_the_centre(hotline: Hotline) -> None:
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, **RETURN)
    hotline.act(
        number, "dispute", hotline.dispatcher, reason="两个单位都认为不是自己的职责，请联席会议确定。"
    )
    case = hotline.read(number)
    clock = case.deadline("coordination")
    assert clock is not None
    assert (case.state, clock.due_on) == ("disputed", date(2026, 3, 5))
    assert number in {one.number for one in cases.worklist(hotline.dispatcher, now=MONDAY)}
    rule = rulebook.rule("duty_past")
    late = [hit for hit in findings.judge(rule, now=clock.due_at) if "coordination" in hit.key]
    assert [(hit.subject_number, hit.body_code) for hit in late] == [(number, centre())]
    before = clock.due_at - timedelta(seconds=1)
    assert not [hit for hit in findings.judge(rule, now=before) if "coordination" in hit.key]


@pytest.mark.requirement("HOT-06")
@pytest.mark.parametrize("leads", [CITY_MANAGEMENT, HOUSING])
def test_what_the_joint_meeting_decided_stands_in_the_record_for_everybody_who_handles_it(
    hotline: Hotline, set_now: SetNow, leads: str
) -> None:
    set_now(MONDAY + HOUR)
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, **RETURN)
    hotline.act(
        number, "dispute", hotline.dispatcher, reason="两个单位都认为不是自己的职责，请联席会议确定。"
    )
    note = "联席会议确定由这个单位主办，另一个单位协办。"
    if leads == HOUSING:
        given = {"body": HOUSING, "limit": "complaint", "note": note, "meeting": MEETING}
        hotline.act(number, "redispatch", hotline.dispatcher, MONDAY + HOUR, **given)
    else:
        hotline.act(number, "refuse_return", hotline.dispatcher, MONDAY + HOUR, reason=note, meeting=MEETING)
    entry = journal.entries_of(number)[-1]
    assert entry.public["meeting"] == MEETING
    assert hotline.read(number).body_code == leads
    assert "coordination" not in {one.key for one in hotline.read(number).deadlines if one.is_open}
    unit = {HOUSING: "jianxiaore", CITY_MANAGEMENT: "chengxiaore"}[leads]
    for who in ("rexiaopai", unit):
        page = squeezed(hotline.cast.client(who).get(f"/desk/cases/{number}/").content.decode())
        assert f"依据联席会议纪要：{MEETING}" in page
    # without a meeting nothing is said of one
    other = hotline.dispatched()
    hotline.act(other, "return_ticket", hotline.contact, **RETURN)
    hotline.act(other, "refuse_return", hotline.dispatcher, MONDAY + HOUR, reason=note)
    page = squeezed(hotline.cast.client("rexiaopai").get(f"/desk/cases/{other}/").content.decode())
    assert "退单不成立" in page
    assert "联席会议纪要：" not in page


@pytest.mark.requirement("HOT-06")
def test_each_body_is_measured_by_figures_that_open_down_to_their_tickets(hotline: Hotline) -> None:
    number, good = disputed(hotline), hotline.answered()
    said = {"satisfied": "satisfied", "confirmed": "yes"}
    hotline.act(good, "call_back", hotline.caller_back, MONDAY + DAY, **said)
    watcher = hotline.cast.supervisor
    rows = {line.code: line for line in by_body(watcher, month=MARCH, now=APRIL_1)}
    percents = {
        code: {value.figure.id: (value.part, value.whole) for value in rows[code].values}
        for code in (CITY_MANAGEMENT, HOUSING)
    }
    assert percents[CITY_MANAGEMENT]["satisfaction"] == (1, 1)
    assert percents[HOUSING]["satisfaction"] == (0, 1)
    assert percents[CITY_MANAGEMENT]["on_time"] == (1, 1)
    assert percents[HOUSING]["on_time"] == (0, 1)
    for one in figures():
        counted = dict(next(v for v in rows[HOUSING].values if v.figure == one).counts)
        for part, many in counted.items():
            behind = tickets(watcher, one, month=MARCH, now=APRIL_1, body=HOUSING, part=part)
            assert [ticket.number for ticket in behind] == [number] * many
    for outsider in (hotline.contact, hotline.operator):
        with pytest.raises(NotAllowed):
            by_body(outsider, month=MARCH, now=APRIL_1)


@pytest.mark.requirement("HOT-06")
def test_a_body_answers_for_what_was_found_and_that_stays_on_record(hotline: Hotline) -> None:
    number, watcher, later = disputed(hotline), hotline.cast.supervisor, MONDAY + 17 * DAY
    supervision.run_all(now=later)
    found = next(
        one
        for one in findings.of_subject(number, by=watcher, now=later)
        if one.rule_name == "答复已解决而诉求人不认可"
    )
    supervision.ask_explanation(found.number, by=watcher, now=later)
    answers_for_it = hotline.cast.staff("building_head")
    assert answers_for_it.body_code == HOUSING
    with pytest.raises(NotVisible):
        supervision.explain(
            found.number, text="这件事不归本单位办理，请另找单位。", by=hotline.cast.head, now=later
        )
    text = "照明所当天没有到现场，只凭电话答复，已经责成返工。"
    supervision.explain(found.number, text=text, by=answers_for_it, now=later)
    assert [one.text for one in supervision.open_explanations(found.number, by=watcher, now=later)] == [text]
    note = "事实清楚，责令重新到场维修并通报批评。"
    supervision.order_correction(found.number, note=note, by=watcher, now=later)
    done = "三月二十日已经更换线路，诉求人确认照明恢复。"
    supervision.report_correction(found.number, text=done, by=answers_for_it, now=later + DAY)
    detail = findings.finding(found.number, by=watcher, now=later + DAY)
    assert (detail.line.state, detail.line.body_code) == ("closed", HOUSING)
    assert [entry.event for entry in findings.trail(detail)] == [
        "supervision.finding_raised",
        "disposal.asked",
        "disposal.explained",
        "supervision.explanation_opened",
        "disposal.correction_ordered",
        "disposal.corrected",
    ]
    supervision.run_all(now=later + 2 * DAY)
    assert findings.finding(found.number, by=watcher, now=later + 2 * DAY).line.state == "closed"


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
