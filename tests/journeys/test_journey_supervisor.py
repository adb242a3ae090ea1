"""Supervision as it goes: cards come by themselves, open down to the case, the rule and the law; the unit is
asked, answers from its work list, and the supervisor closes with a verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.supervision import actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

pytestmark = pytest.mark.browser

TOLD = "三月六日至九日承办人外出核查设备，已经补派人手，三月十二日前办结"
JUDGED = "单位说明属实，但没有提前告知申请人，承诺确已违反"


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - 8)


class Seat:
    """A screen at which one person after the other sits down."""

    def __init__(self, page: Page, site: str, cast: Cast) -> None:
        self.page, self.site, self.cast = page, site, cast

    def sit(self, who: str, path: str) -> None:
        session = self.cast.client(who).cookies["sessionid"].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        self.page.goto(self.site + path)
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def sees(self, *words: str) -> None:
        for said in words:
            expect(self.page.locator("body")).to_contain_text(said)

    def figure(self, label: str) -> Locator:
        """One figure of the board."""
        return self.page.locator(".figure", has_text=label)

    def cards(self, number: str) -> Locator:
        """The lines of the board about one case."""
        return self.page.get_by_role("region", name="要处理的牌").locator("tbody tr", has_text=number)


@pytest.fixture
def seat(live_city: str, cast: Cast, page: Page) -> Seat:
    page.set_viewport_size({"width": 1366, "height": 768})
    return Seat(page, live_city, cast)


def time_passes(now: datetime, set_now: SetNow) -> None:
    """The clock goes on and the live run looks, as it does every 20 seconds."""
    set_now(now)
    actions.watch(now=now)


def turns_yellow_then_red(seat: Seat, number: str, set_now: SetNow) -> None:
    """The board, left open, shows each card as it comes: nobody presses anything."""
    time_passes(at(3, 6, 23), set_now)
    seat.sit("supervisor", "/board/")
    seat.sees("没有要处理的牌")
    time_passes(at(3, 9, 0), set_now)  # the fifth counted day of five
    expect(seat.cards(number)).to_contain_text("黄牌")
    expect(seat.figure("黄牌")).to_contain_text("1")
    time_passes(at(3, 10, 0), set_now)
    expect(seat.cards(number).filter(has_text="红牌")).to_contain_text("待处理")
    expect(seat.cards(number).filter(has_text="黄牌")).to_have_count(0)
    expect(seat.figure("红牌")).to_contain_text("1")


def opens_down(seat: Seat, number: str) -> None:
    """From the figure to the card, its rule and law, and to the case itself."""
    seat.figure("红牌").get_by_role("link").click()
    seat.sees(number)
    seat.follow("超过承诺时限")
    seat.sees("承诺", "2026年3月9日", "规则和依据", "优化营商环境条例 第三十六条")
    seat.page.get_by_text("规则原文和选出的证据").click()
    expect(seat.page.locator("pre.code")).to_contain_text("SELECT")
    seat.page.get_by_role("link", name=number).first.click()
    expect(seat.page).to_have_url(f"{seat.site}/desk/cases/{number}/")
    seat.sees("待决定")
    seat.page.go_back()
    seat.page.wait_for_load_state()


def asks(seat: Seat) -> str:
    """For the cause and the remedy, within three working days; the address of the finding."""
    seat.page.get_by_label("延误或者违规的原因").check()
    seat.page.get_by_label("整改措施和完成日期").check()
    seat.page.get_by_label("答复期限").select_option("3")
    order = seat.page.get_by_role("button", name="要求说明")
    seat.page.get_by_role("heading").first.click()
    seat.page.keyboard.press("a")  # one letter leads there and orders nothing
    expect(order).to_be_focused()
    expect(seat.page.get_by_text("已要求说明")).to_have_count(0)
    seat.page.keyboard.press("Enter")
    seat.sees("已要求说明", "最迟 3月13日")
    return seat.page.url.removeprefix(seat.site)


def answers(seat: Seat, number: str) -> None:
    """The chief representative finds it on the work list with its last day, and answers."""
    seat.sit("chief_rep", "/desk/")
    line = seat.page.locator("tbody tr", has_text="提交说明")
    expect(line).to_contain_text("监察处置")
    expect(line).to_contain_text("2026-03-13")
    line.get_by_role("link").click()
    seat.sees(number, "要求责任单位说明", "整改措施和完成日期")
    seat.page.get_by_role("link", name="提交说明").first.click()
    seat.sees("要求说明：延误或者违规的原因、整改措施和完成日期")
    seat.page.get_by_label("说明", exact=True).fill(TOLD)
    seat.page.get_by_role("button", name="提交说明").click()
    seat.sees("已说明，待认定")
    seat.page.goto(f"{seat.site}/desk/")
    expect(seat.page.get_by_text("提交说明")).to_have_count(0)


def closes(seat: Seat, finding: str) -> None:
    """The supervisor opens what was said, which is entered, and gives the verdict."""
    seat.sit("supervisor", finding)
    seat.page.get_by_role("button", name="查看说明原文").click()
    seat.sees(TOLD, "您的本次查看已经记入日志")
    seat.sit("supervisor", finding)
    seat.page.get_by_label("情况属实", exact=True).check()
    seat.page.get_by_label("理由").fill(JUDGED)
    seat.page.get_by_role("button", name="认定").click()
    seat.sees("已认定", "情况属实")


def shows_the_newest_days_on_a_phone(seat: Seat) -> None:
    """The chart is wider than a phone: today is in sight, the oldest days hang over on the left."""
    seat.page.set_viewport_size({"width": 360, "height": 740})
    seat.sit("supervisor", "/board/")
    box, drawn = (seat.page.locator(one).bounding_box() for one in (".chart", ".chart > svg"))
    assert box
    assert drawn
    assert drawn["width"] > box["width"]
    assert box["x"] + box["width"] - 16 <= drawn["x"] + drawn["width"] <= box["x"] + box["width"]


def test_cards_come_as_it_happens_and_go_from_explanation_to_verdict(
    seat: Seat, cast: Cast, set_now: SetNow
) -> None:
    set_now(at(3, 2))
    number = cast.accepted("device", at=at(3, 2))
    cast.examines(number, at=at(3, 3))
    turns_yellow_then_red(seat, number, set_now)
    opens_down(seat, number)
    finding = asks(seat)
    time_passes(at(3, 11), set_now)
    answers(seat, number)
    time_passes(at(3, 12), set_now)
    closes(seat, finding)
    seat.sit("supervisor", "/board/")
    expect(seat.cards(number)).to_have_count(0)
    expect(seat.figure("本月已认定")).to_contain_text("1")
    shows_the_newest_days_on_a_phone(seat)
    row = sql.run("SELECT number, disposal FROM supervision_finding WHERE state = 'closed'")[0]
    assert row["number"] == finding.split("/")[-2]
    assert [e.event for e in journal.entries_of(row["number"])] == ["supervision.finding_raised"]
    entered = [e.event for e in journal.entries_of(row["disposal"]) if e.event != "casework.file_opened"]
    assert entered == [
        *("disposal.asked", "disposal.explained", "supervision.explanation_opened", "disposal.judged"),
    ]
    assert sql.run("SELECT count(*) AS n FROM supervision_finding WHERE state = 'closed'") == [{"n": 1}]
