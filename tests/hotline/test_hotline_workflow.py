"""Taken in by one centre, handled by class and kind, closed within its limit, called back, published."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.actions.consulting import PASS, Consultation
from liuquan.hotline.checks import LEAST_REASON
from liuquan.hotline.kind import TICKET
from liuquan.hotline.queries.figures import by_body, published
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, TOWN, Hotline
from liuquan.hotline.types import HANDLING, Inlet, RequestKind
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = date(2026, 3, 1)
APRIL_1 = datetime.fromisoformat("2026-04-01T01:00:00+00:00")
MARKET, LABOUR, HEALTH = "11990100MB9901024C", "11990100MB9901067R", "11990100MB9901059Y"
VILLAGE = "990121100000"  #: the town whose village roads are the town's own
REPLY = {"reply": "已更换灯具，今晚恢复照明。", "fixed": "fixed", "contact": "phone"}
SAID = {"satisfied": "satisfied", "confirmed": "yes"}


@pytest.mark.requirement("HOT-05")
@pytest.mark.parametrize("inlet", list(Inlet))
def test_whatever_way_a_request_comes_in_it_is_one_ticket_of_the_centre(
    hotline: Hotline, inlet: Inlet
) -> None:
    number = hotline.registered(inlet=inlet)
    case, ticket = hotline.read(number), hotline.ticket(number)
    assert ticket is not None
    assert (case.kind, case.state, case.body_code) == ("ticket", "registered", queries.centre())
    assert (number[:10], ticket.inlet, ticket.received_at) == ("RX20260302", inlet, MONDAY)
    assert [clock.key for clock in case.deadlines if clock.is_open] == ["dispatch"]
    assert number in {one.number for one in cases.worklist(hotline.dispatcher, now=MONDAY)}


@pytest.mark.requirement("HOT-05")
def test_the_portal_and_the_window_lead_to_the_same_centre(hotline: Hotline, set_now: SetNow) -> None:
    cache.clear()
    set_now(MONDAY)
    typed = {
        "text": "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
        "request_kind": "complaint",
        "division": "990102001000",
        "place": "",
        "identity": "open",
        "name": "李云溪",
        "phone": "19900000001",
        "go": "send",
    }
    online = Client().post("/hotline/", typed)["Location"].split("/")[2]
    asked = Consultation(
        PASS, class_code="0702", question="补缴养老保险到哪里办？", name="李云溪", phone="19900000001"
    )
    window = actions.consult(asked, by=hotline.cast.clerk, now=MONDAY)
    for number, inlet in ((online, Inlet.WEB), (window, Inlet.WINDOW)):
        ticket = hotline.ticket(number)
        assert ticket is not None
        assert (ticket.inlet, hotline.read(number).body_code) == (inlet, queries.centre())
        assert number in {one.number for one in cases.worklist(hotline.dispatcher, now=MONDAY)}


@pytest.mark.requirement("HOT-05")
@pytest.mark.parametrize(
    ("class_code", "division", "body", "others"),
    [
        ("0103", "990102001000", CITY_MANAGEMENT, []),
        ("0201", "990102001000", MARKET, []),
        ("0303", "990102001000", HOUSING, []),
        ("0401", "990102001000", LABOUR, []),
        ("0501", "990102001000", HEALTH, []),
        ("0602", VILLAGE, TOWN, [HOUSING]),  # the nearest first
        ("0602", "990102001000", HOUSING, []),
    ],
)
def test_a_class_at_a_place_goes_to_the_body_whose_duty_it_is(
    hotline: Hotline, class_code: str, division: str, body: str, others: list[str]
) -> None:
    number = hotline.registered(class_code=class_code, division=division)
    found = queries.suggestions(class_code, division, on=MONDAY.date())
    assert [one.body_code for one in found] == [body, *others]
    assert all(one.reason for one in found)
    hotline.act(number, "dispatch", hotline.dispatcher, body=body, limit="complaint")
    case = hotline.read(number)
    assert (case.state, case.body_code) == ("dispatched", body)


@pytest.mark.requirement("HOT-05")
@pytest.mark.parametrize("kind", list(RequestKind))
def test_each_kind_is_closed_within_its_own_limit_and_what_is_late_is_found(
    hotline: Hotline, kind: RequestKind
) -> None:
    number = hotline.registered(request_kind=kind)
    before = hotline.read(number)
    for other in set(HANDLING) - {kind.value, "urgent"}:
        with pytest.raises(BadInput, match=f"本件归类为{kind.label}"):
            hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit=other)
    assert hotline.read(number) == before
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit=kind.value)
    clock = hotline.read(number).deadline("handling")
    assert clock is not None
    days = {"consult": date(2026, 3, 5), "help": date(2026, 3, 5)}.get(kind.value, date(2026, 3, 9))
    assert (clock.limit_key, clock.anchor_at, clock.due_on) == (f"handling:{kind.value}", MONDAY, days)
    duty = rulebook.rule("duty_past")
    late = {hit.subject_number for hit in findings.judge(duty, now=clock.due_at) if "handling" in hit.key}
    in_time = findings.judge(duty, now=clock.due_at - timedelta(seconds=1))
    assert (late, [hit for hit in in_time if "handling" in hit.key]) == ({number}, [])
    hotline.act(number, "sign", hotline.contact, MONDAY + HOUR)
    hotline.act(number, "answer", hotline.contact, MONDAY + DAY, **REPLY)
    met = next(one for one in hotline.read(number).deadlines if one.key == "handling")
    assert (met.is_open, met.met_at) == (False, MONDAY + DAY)
    assert not [hit for hit in findings.judge(duty, now=clock.due_at) if "handling" in hit.key]


@pytest.mark.requirement("HOT-05")
def test_what_cannot_wait_is_closed_the_same_day(hotline: Hotline) -> None:
    number = hotline.registered(is_urgent=True)
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="urgent")
    clock = hotline.read(number).deadline("handling")
    assert clock is not None
    assert (clock.limit_key, clock.due_on) == ("handling:urgent", date(2026, 3, 2))


@pytest.mark.requirement("HOT-05")
def test_a_limit_is_extended_once_as_far_as_the_place_allows_and_the_requester_sees_it(
    hotline: Hotline,
) -> None:
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    before = hotline.read(number)
    reason = {"reason": "灯杆要从外地调来，需要延长办理时间。"}
    for days in (0, 11):
        with pytest.raises(BadInput, match="可以申请延长1至10个工作日"):
            hotline.act(number, "ask_extension", hotline.contact, **reason, days=days)
    with pytest.raises(BadInput, match=f"至少{LEAST_REASON}个字"):
        hotline.act(number, "ask_extension", hotline.contact, reason="来不及", days=3)
    assert hotline.read(number) == before
    hotline.act(number, "ask_extension", hotline.contact, **reason, days=3)
    hotline.act(number, "extend", hotline.dispatcher, **reason, days=3)
    clock = hotline.read(number).deadline("handling")
    assert clock is not None
    assert clock.due_on == date(2026, 3, 12)
    again = {one.action: one for one in cases.offers(hotline.read(number), by=hotline.dispatcher, now=MONDAY)}
    assert "extend" not in again
    client = Client()
    client.post("/track/", {"number": number, "code": cases.query_code(number)})
    page = squeezed(client.get(f"/track/{number}/").content.decode())
    assert "热线中心同意延长3个工作日" in page
    assert "由云溪市城市管理局办理，最迟3月12日" in page


@pytest.mark.requirement("HOT-05")
def test_the_results_are_published_the_answer_without_names_and_the_figures_by_body(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hotline.answered()
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + DAY, **SAID)
    text = {
        "question": "李云溪家门前的路灯三天不亮，请派人修好。",
        "answer": "已更换灯具，今晚恢复照明，李云溪可以拨打0350-1234567报修。",
    }
    hotline.act(number, "publish", hotline.dispatcher, MONDAY + DAY, **text)
    page = squeezed(Client().get("/hotline/answers/").content.decode())
    assert "李某家门前的路灯三天不亮，请派人修好。" in page
    assert "路灯照明" in page
    assert "云溪市城市管理局" in page
    (one,) = queries.answers()
    assert (one.received_at, one.published_at) == (MONDAY, MONDAY + DAY)
    shown = squeezed(Client().get(f"/hotline/answers/{one.key}/").content.decode())
    assert "已更换灯具，今晚恢复照明，李某可以拨打0350-1234567报修。" in shown
    for each in (page, shown, Client().get("/hotline/answers.atom").content.decode()):
        assert "李云溪" not in each
        assert number not in each
    monkeypatch.setattr(moments, "now", lambda: APRIL_1)
    rows = {row.code: row for row in published(month=MARCH, now=APRIL_1)}
    counted = {value.figure.id: dict(value.counts) for value in rows[CITY_MANAGEMENT].values}
    assert (counted["on_time"], counted["satisfaction"]) == ({"on_time": 1}, {"satisfied": 1})
    figures = squeezed(Client().get("/hotline/figures/?month=2026-03").content.decode())
    assert "市城管局" in figures
    told = [
        tuple(value for value in row.values if not value.figure.is_internal)
        for row in by_body(hotline.dispatcher, month=MARCH, now=APRIL_1)
    ]
    assert told == [row.values for row in published(month=MARCH, now=APRIL_1)]


@pytest.mark.requirement("HOT-05")
def test_the_requester_follows_the_five_steps(hotline: Hotline) -> None:
    assert [stage.label for stage in TICKET.stages] == ["登记", "派单", "办理", "答复", "办结"]
    number = hotline.answered()
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + DAY, **SAID)
    client = Client()
    client.post("/track/", {"number": number, "code": cases.query_code(number)})
    page = squeezed(client.get(f"/track/{number}/").content.decode())
    for said in (
        "派给云溪市城市管理局办理",
        "承办单位签收",
        "承办单位答复诉求人：已解决",
        "回访诉求人：满意",
    ):
        assert said in page
