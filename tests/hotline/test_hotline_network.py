"""A request goes down the network of four levels, each with somebody named who signs for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.queries.figures import by_body
from liuquan.hotline.queries.network import network
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, TOWN, Hotline
from liuquan.hotline.types import CatalogueLine, HotlineData
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import (
    SYSTEM,
    Actor,
    BodyData,
    HoldingData,
    MandateData,
    OrganisationData,
    PostData,
    StaffData,
    UnitData,
)
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FROM = date(2024, 1, 1)
APRIL_1 = datetime.fromisoformat("2026-04-01T01:00:00+00:00")
COUNTY, VILLAGE = "11990121MB9901202W", "54990121MB9901210A"
PLACE = "990121100201"  #: 桃园村
REPLY = {"reply": "村道已经填平压实，今天通车。", "fixed": "fixed", "contact": "phone"}
REASON = "这段路由下级单位养护，请到现场处理并答复诉求人。"
RETURN = {"ground": "not_ours", "reason": "这段路是乡道，不归村里养护，由镇里养护。"}
ACTS = ("sign", "return_ticket", "hand_down", "answer", "ask_help")


def unit(code: str, name: str, division: str, key: str, who: str) -> OrganisationData:
    """A body with a named contact."""
    return OrganisationData(
        source=key,
        bodies=(BodyData(code, name, division, FROM, key=key, phone="0990-5550900"),),
        units=(UnitData(f"{key}-BG", "办公室", code),),
        posts=(
            PostData(
                f"{key}-RX",
                f"{name}热线联系人",
                code,
                f"{key}-BG",
                ("unit_contact",),
                ("签收和答复工单",),
                ("签收工单",),
                ("按期答复",),
                ("按工单的时限",),
                FROM,
            ),
        ),
        staff=(StaffData(f"{key}-1", who, login=f"{key.lower()}-rx", password="a password of the tests"),),
        holdings=(HoldingData(f"{key}-1", f"{key}-RX", FROM),),
        mandates=(
            MandateData(
                posts=(f"{key}-RX",),
                actions=tuple(f"ticket.{act}" for act in ACTS),
                items=("*",),
                granted_by="云热线演〔2024〕1号",
                from_on=FROM,
                body=code,
            ),
        ),
    )


@pytest.fixture
def ground(hotline: Hotline) -> Hotline:
    """The hotline with a county's bureau and a village below it, whose roads the catalogue gives to them."""
    for data in (
        unit(COUNTY, "云上县住房和城乡建设局", "990121000000", "XZJ", "县小热"),
        unit(VILLAGE, "桃园村村民委员会", PLACE, "TYCW", "村小热"),
    ):
        organisation.load_organisation(data, by=SYSTEM, now=MONDAY - 30 * DAY, complete=False)
    basis = "桃溪镇村道养护责任清单（测试）"
    line = CatalogueLine("0602", VILLAGE, basis, FROM, division=PLACE)
    actions.load(HotlineData("ground", queries.centre(), catalogue=(line,)))
    return hotline


def contact(hotline: Hotline, body: str) -> Actor:
    logins = {HOUSING: "jianxiaore", COUNTY: "xzj-rx", TOWN: "taoxiaore", VILLAGE: "tycw-rx"}
    return hotline.cast.staff(logins[body])


def at_housing(hotline: Hotline) -> str:
    """A complaint about a village's road, in the hands of the city's department."""
    number = hotline.registered(class_code="0602", division=PLACE)
    hotline.act(number, "dispatch", hotline.dispatcher, body=HOUSING, limit="complaint")
    hotline.act(number, "sign", hotline.housing)
    return number


@pytest.mark.requirement("HOT-04")
def test_a_request_is_handed_from_the_hotline_to_a_department_its_county_the_town_and_the_village(
    ground: Hotline,
) -> None:
    number = at_housing(ground)
    whole = ground.read(number).deadline("handling")
    assert whole is not None
    chain = [HOUSING, COUNTY, TOWN, VILLAGE]
    for step, (above, body) in enumerate(zip(chain, chain[1:], strict=False), start=1):
        at = MONDAY + step * HOUR
        given = {"body": body, "reason": REASON}
        ground.act(number, "hand_down", contact(ground, above), at, **given)
        case = ground.read(number)
        assert (case.state, case.body_code) == ("dispatched", body)
        clocks = {clock.key: clock for clock in case.deadlines if clock.is_open}
        # the new unit has its own time to sign; the time to answer stays the ticket's
        assert clocks["sign"].anchor_at == at
        assert (clocks["handling"].anchor_at, clocks["handling"].due_at) == (MONDAY, whole.due_at)
        assert set(clocks) == {"sign", "handling"}
        entry = journal.entries_of(number)[-1]
        assert entry.event == "ticket.handed_down"
        assert (entry.public["body"], entry.public["body_from"]) == (body, above)
        # whoever handed it down follows it and acts on it no more
        assert cases.can_see(case, contact(ground, above))
        with pytest.raises(NotAllowed):
            ground.act(number, "sign", contact(ground, above), at)
        assert number in {one.number for one in cases.worklist(contact(ground, body), now=at)}
        ground.act(number, "sign", contact(ground, body), at)
    ground.act(number, "answer", contact(ground, VILLAGE), MONDAY + DAY, **REPLY)
    said = {"satisfied": "satisfied", "confirmed": "yes"}
    ground.act(number, "call_back", ground.caller_back, MONDAY + 2 * DAY, **said)
    case = ground.read(number)
    assert (case.state, [role.body_code for role in case.leads]) == ("closed", [queries.centre(), *chain])
    client = Client()
    client.post("/track/", {"number": number, "code": cases.query_code(number)})
    page = squeezed(client.get(f"/track/{number}/").content.decode())
    for name in ("云上县住房和城乡建设局", "云上县桃溪镇人民政府", "桃园村村民委员会"):
        assert f"交{name}办理，办理时限不变" in page
    assert REASON not in page


@pytest.mark.requirement("HOT-04")
def test_each_level_of_the_network_names_its_bodies_and_who_signs_for_them(ground: Hotline) -> None:
    levels = network(ground.contact, on=MONDAY.date())
    assert [(one.number, one.name) for one in levels] == [
        (1, "热线中心"),
        (2, "县（市、区）和部门、公共服务企业"),
        (3, "乡镇、街道和所属单位"),
        (4, "村、社区和站点"),
    ]
    named = {
        body.code: (level.number, [holder for one in body.contacts for holder in one.holders])
        for level in levels
        for body in level.bodies
    }
    assert named[queries.centre()][0] == 1
    assert {"热小派", "热小访"} <= set(named[queries.centre()][1])
    assert named[CITY_MANAGEMENT] == (2, ["城小热"])
    assert named[COUNTY] == (2, ["县小热"])
    assert named[TOWN] == (3, ["桃小热"])
    assert named[VILLAGE] == (4, ["村小热"])
    page = squeezed(ground.cast.client("rexiaopai").get("/desk/hotline/network/").content.decode())
    parts = page.split("<h2 id=")[1:]
    assert len(parts) == 4
    for number, names in ((1, "云溪市市长热线受理中心"), (2, "县小热"), (3, "桃小热"), (4, "村小热")):
        assert f"第{number}级" in parts[number - 1]
        assert names in parts[number - 1]
    # a body without a named contact is counted and stands first
    silent = [body for level in levels for body in level.bodies if not body.contacts]
    assert silent
    assert sum(level.lacking for level in levels) == len(silent)


@pytest.mark.requirement("HOT-04")
@pytest.mark.parametrize("body", [COUNTY, TOWN, VILLAGE])
def test_the_hotline_reaches_each_level_itself(ground: Hotline, body: str) -> None:
    number = ground.registered(class_code="0602", division=PLACE)
    note = "县里养护的路段，请县住建局办理。"
    ground.act(number, "dispatch", ground.dispatcher, body=body, limit="complaint", note=note)
    ground.act(number, "sign", contact(ground, body))
    ground.act(number, "answer", contact(ground, body), MONDAY + DAY, **REPLY)
    assert (ground.read(number).state, ground.read(number).body_code) == ("answered", body)


@pytest.mark.requirement("HOT-04")
def test_what_may_not_go_down_stays_where_it_is(ground: Hotline) -> None:
    number = at_housing(ground)
    before = ground.read(number)
    for body, reason, says in (
        (CITY_MANAGEMENT, REASON, "只能交给下级单位"),
        (HOUSING, REASON, "本件现在就由这个单位办理"),
        ("no such body", REASON, "没有这个单位"),
        ("", REASON, "还有必填内容没有填写"),
        (TOWN, "请办", "请写明理由"),
    ):
        with pytest.raises(BadInput, match=says):
            ground.act(number, "hand_down", ground.housing, body=body, reason=reason)
    with pytest.raises(NotAllowed):
        ground.act(number, "hand_down", ground.dispatcher, body=TOWN, reason=REASON)
    assert ground.read(number) == before
    offer = next(
        one for one in cases.offers(before, by=ground.housing, now=MONDAY) if one.action == "hand_down"
    )
    (asked,) = cases.asked([offer], before, by=ground.housing, now=MONDAY)
    offered = [option.value for option in asked.asked[0].options]
    assert offered == [VILLAGE, TOWN, COUNTY]
    # the duty of a department goes to no town and no village
    lamp = ground.dispatched()
    ground.act(lamp, "sign", ground.contact)
    with pytest.raises(BadInput, match="不能交给乡镇、街道或者村、社区"):
        ground.act(lamp, "hand_down", ground.contact, body=TOWN, reason=REASON)
    assert ground.read(lamp).body_code == CITY_MANAGEMENT


@pytest.mark.requirement("HOT-04")
def test_a_ticket_goes_down_when_whoever_was_asked_for_help_has_replied(ground: Hotline) -> None:
    number = at_housing(ground)
    given = {"bodies": [CITY_MANAGEMENT], "what": "请查这段路由谁养护。", "days": 2}
    ground.act(number, "ask_help", ground.housing, **given)
    with pytest.raises(WrongState):
        ground.act(number, "hand_down", ground.housing, body=TOWN, reason=REASON)
    assert ground.read(number).body_code == HOUSING


@pytest.mark.requirement("HOT-04")
def test_a_report_is_handed_down_to_none_that_it_is_about(ground: Hotline) -> None:
    number = ground.registered(class_code="0602", division=PLACE, about_body=TOWN)
    ground.act(number, "dispatch", ground.dispatcher, body=HOUSING, limit="complaint")
    ground.act(number, "sign", ground.housing)
    with pytest.raises(BadInput, match="举报的材料不能交给它"):
        ground.act(number, "hand_down", ground.housing, body=TOWN, reason=REASON)
    assert ground.read(number).body_code == HOUSING


@pytest.mark.requirement("HOT-04")
def test_each_level_is_measured_by_its_own_signing_and_returns(ground: Hotline) -> None:
    number = at_housing(ground)
    ground.act(number, "hand_down", ground.housing, MONDAY + HOUR, body=VILLAGE, reason=REASON)
    ground.act(number, "return_ticket", contact(ground, VILLAGE), MONDAY + 2 * HOUR, **RETURN)
    assert ground.read(number).state == "returned"
    again = {"body": TOWN, "limit": "complaint"}
    ground.act(number, "redispatch", ground.dispatcher, MONDAY + 3 * HOUR, **again)
    rows = by_body(ground.dispatcher, month=date(2026, 3, 1), now=APRIL_1)
    counts = {row.code: {value.figure.id: dict(value.counts) for value in row.values} for row in rows}
    assert counts[HOUSING]["returns"] == {"kept": 1}
    assert counts[VILLAGE]["returns"] == {"accepted": 1}
    assert (counts[HOUSING]["taken"], counts[VILLAGE]["taken"]) == ({"in_time": 1}, {"in_time": 1})
