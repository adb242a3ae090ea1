"""What the hotline tells of a legal channel: the limits in force on the day, none that nobody has read."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from liuquan.casework import queries as cases
from liuquan.hotline import legal_ways
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline.types import RequestKind
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput
from liuquan.law import load_law
from liuquan.testing.browsers import SetNow

MARKET = (
    "请向市场监督管理部门提出。法定期限——投诉受理决定：7个工作日；"
    "调解期限：45个工作日，检定、检验、检测、鉴定所需时间不计算在内；"
    "核查调解中发现的违法线索：15个工作日，可以延长15个工作日；告知实名举报人是否立案：5个工作日。"
)
PETITION = (
    "请向信访部门提出。法定期限——信访部门登记并转送、交办：15日（自然日）；书面告知信访人：15日（自然日）；"
    "信访事项办结期限：60日（自然日），可以延长30日（自然日）；请求复查的期限：30日（自然日）；"
    "提出复查意见：30日（自然日）；请求复核的期限：30日（自然日）；"
    "提出复核意见：30日（自然日），复核听证所需时间不计算在内。对复核意见不服，仍然以同一事实和理由提出的，不再受理。"
)


@pytest.mark.fact("H-09")
@pytest.mark.fact("H-10")
@pytest.mark.requirement("HOT-10")
@pytest.mark.parametrize(
    ("way", "on", "says"),
    [
        ("market", "2019-12-31", "请向市场监督管理部门提出。"),
        ("market", "2020-01-01", MARKET),
        ("market", "2026-04-14", MARKET),
        ("market", "2026-04-15", "请向市场监督管理部门提出。"),
        ("market", "2030-01-01", "请向市场监督管理部门提出。"),
        ("petition", "2026-04-15", PETITION),
        ("petition", "2022-05-01", PETITION),
        ("petition", "2022-04-30", "请向信访部门提出。"),
        ("litigation", "2026-04-15", "请向人民法院提出。"),
    ],
)
def test_a_channel_is_told_with_the_limits_in_force_on_the_day(way: str, on: str, says: str) -> None:
    assert legal_ways.told(way, load_law(), on=date.fromisoformat(on)) == says


@pytest.mark.fact("H-09")
@pytest.mark.fact("H-10")
@pytest.mark.parametrize(
    ("way", "at", "says"),
    [
        ("market", "2026-04-14T15:59:00+00:00", MARKET),  # a minute before midnight in Shanghai
        ("market", "2026-04-14T16:00:00+00:00", "请向市场监督管理部门提出。"),
        ("petition", "2026-04-14T16:00:00+00:00", PETITION),
    ],
)
def test_whoever_is_sent_to_a_channel_reads_its_limits_of_that_day(
    hotline: Hotline, set_now: SetNow, way: str, at: str, says: str
) -> None:
    now = datetime.fromisoformat(at)
    set_now(now)
    number = hotline.registered(at=now, request_kind=RequestKind.COMPLAINT)
    hotline.act(number, "tell_way", hotline.operator, now, way=way)
    assert journal.entries_of(number)[-1].public["told"] == says
    page = follow(number)
    assert says in page
    assert ("个工作日" in page) is (says == MARKET)


@pytest.mark.requirement("HOT-10")
def test_every_channel_of_rights_is_there() -> None:
    assert {one.label for one in legal_ways.WAYS.values()} == {
        *("信访", "行政复议", "诉讼", "政府信息公开申请", "市场监管投诉举报", "人民调解", "公安机关处理"),
        "劳动争议仲裁或者劳动保障监察",
    }


@pytest.mark.requirement("HOT-10")
@pytest.mark.parametrize("way", sorted(legal_ways.WAYS))
def test_what_belongs_to_a_legal_channel_is_led_there_told_and_recorded(
    hotline: Hotline, set_now: SetNow, way: str
) -> None:
    set_now(MONDAY)
    number = hotline.registered(request_kind=RequestKind.COMPLAINT)
    hotline.act(number, "tell_way", hotline.operator, way=way)
    case, entry = hotline.read(number), journal.entries_of(number)[-1]
    assert (case.state, case.outcome) == ("told", "told")
    assert case.closed_at == MONDAY
    assert not [clock for clock in case.deadlines if clock.is_open]
    channel = legal_ways.WAYS[way]
    assert (entry.event, entry.public["way"]) == ("ticket.way_told", way)
    assert entry.public["told"] == legal_ways.told(way, load_law(), on=date(2026, 3, 2))
    page = follow(number)
    for said in (
        "已告知法定途径",
        f"告知应当通过{channel.label}解决",
        f"请向{channel.to}提出",
        "请按告知的途径提出",
    ):
        assert said in page


@pytest.mark.requirement("HOT-10")
def test_a_channel_that_is_none_is_refused_and_the_ticket_stays(hotline: Hotline) -> None:
    number = hotline.registered()
    before = hotline.read(number)
    with pytest.raises(BadInput):
        hotline.act(number, "tell_way", hotline.operator, way="somebody else")
    assert hotline.read(number) == before


@pytest.mark.requirement("HOT-10")
def test_a_conflict_of_duties_is_coordinated_and_who_leads_is_decided_on_the_record(hotline: Hotline) -> None:
    number = hotline.dispatched()
    reason = "线路产权不明，双方都认为属于对方职责。"
    hotline.act(number, "return_ticket", hotline.contact, ground="not_ours", reason=reason)
    hotline.act(number, "dispute", hotline.dispatcher, reason=reason)
    running = [clock.key for clock in hotline.read(number).deadlines if clock.is_open]
    assert running == ["handling", "coordination"]
    decided = {"reason": "联席会议确定由城管局主办，住建局协办。", "meeting": "联席纪要〔2026〕3号"}
    hotline.act(number, "refuse_return", hotline.dispatcher, **decided)
    assert journal.entries_of(number)[-1].public["meeting"] == "联席纪要〔2026〕3号"
    case = hotline.read(number)
    assert (case.state, case.body_code) == ("handling", CITY_MANAGEMENT)
    assert [clock.key for clock in case.deadlines if clock.is_open] == ["handling"]


def follow(number: str) -> str:
    """The page of the holder of the slip."""
    visitor = Client()
    visitor.post("/track/", {"number": number, "code": cases.query_code(number)})
    return visitor.get(f"/track/{number}/").content.decode()
