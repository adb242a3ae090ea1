"""At the desks of examiners and approvers: one route with two officers on site, one with parallel branches
that join, one with an expert review that stops the clock; by keyboard from the work list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Running
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


class Desk:
    """One browser at which the staff of the city sit down one after the other."""

    def __init__(self, page: Page, site: str, cast: Cast) -> None:
        self.page, self.site, self.cast = page, site, cast

    def sit(self, who: str) -> None:
        """Another person signs in and sees the work list."""
        session = self.cast.client(who).cookies["sessionid"].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        self.page.goto(f"{self.site}/desk/")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def take(self, number: str) -> None:
        """The first line of the list, then its first button: j, Enter, Alt+1."""
        expect(self.page.locator("tbody tr").first).to_contain_text(number)
        self.press("j", "Enter")
        self.page.wait_for_url(f"**/desk/cases/{number}/")  # waits for the load as well
        self.press("Alt+1")
        self.page.wait_for_url(f"**/desk/cases/{number}/*/*")
        self.ready()

    def ready(self) -> None:
        """The form is there and the hands are on it."""
        expect(self.page.locator("main form [autofocus]").first).to_be_focused()
        self.page.wait_for_load_state()

    def opine(self, opinion: str, second: str = "") -> None:
        """Agree, say why, and send, without the mouse."""
        self.press("Space", "Tab")
        self.page.keyboard.type(opinion)
        self.press("Tab")
        if second:
            expect(self.page.locator("[name=second_officer]")).to_be_focused()
            self.page.locator("[name=second_officer]").select_option(second)
            self.press("Tab")
        self.press("Enter")
        expect(self.page.get_by_text("已办理“完成环节”")).to_be_visible()

    def grant(self, reason: str) -> None:
        """Give the reason, choose the first standard, answer the question, and decide."""
        self.page.keyboard.type(reason)
        self.press("Tab", "Space", "Tab", "Space", "Tab", "Enter")
        expect(self.page.get_by_text("已办理“准予”，出具文书1份")).to_be_visible()


@pytest.fixture
def desk(live_city: str, cast: Cast, page: Page, set_now: SetNow) -> Desk:
    set_now(MONDAY)
    page.set_viewport_size({"width": 1366, "height": 768})
    return Desk(page, live_city, cast)


def accepted(cast: Cast, item: str) -> str:
    number = cast.applies(item, at=MONDAY)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    return number


@pytest.mark.fact("L-07")
def test_two_officers_check_on_site_then_one_reviews_and_another_decides(desk: Desk, cast: Cast) -> None:
    number = accepted(cast, "food")
    desk.sit("second_examiner")
    desk.take(number)
    expect(desk.page.get_by_label("另一名核查人员")).to_be_visible()
    desk.opine("现场与申请一致，两人核查签名", second="YX0015")
    desk.sit("examiner")
    desk.take(number)
    desk.opine("材料与现场相符，建议准予")
    desk.sit("examiner")
    expect(desk.page.get_by_text("现在没有待办")).to_be_visible()
    desk.sit("approver")
    desk.take(number)
    desk.grant("审查意见属实，符合规定的条件")
    assert casework.read(number).state == "granted"
    expect(desk.page.get_by_role("link", name="准予行政许可决定书", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("现场与申请一致，两人核查签名")).to_be_visible()


def test_parallel_branches_run_beside_each_other_and_the_join_waits_for_the_last(
    desk: Desk, cast: Cast
) -> None:
    number = accepted(cast, "hoarding")
    for who, opinion in (("other_examiner", "符合城市规划"), ("building_second", "结构安全")):
        desk.sit(who)
        desk.take(number)
        desk.opine(opinion)
    expect(desk.page.get_by_text("2/3 已完成")).to_be_visible()
    assert len(casework.read(number).open_assignments) == 1
    desk.sit("building_examiner")
    desk.take(number)
    desk.opine("与街景协调")
    case = casework.read(number)
    assert [case.step(a.step).name for a in case.open_assignments] == ["汇总审查"]  # type: ignore[union-attr]
    desk.sit("building_examiner")
    desk.take(number)
    desk.opine("三方意见一致，建议准予")
    assert casework.read(number).state == "deciding"


@pytest.mark.fact("L-14")
def test_an_expert_review_stops_the_clock_after_a_written_notice(
    desk: Desk, cast: Cast, set_now: SetNow
) -> None:
    number = accepted(cast, "radiology")
    desk.sit("health_examiner")
    desk.take(number)
    desk.opine("请专家判断屏蔽设计")
    due = casework.read(number).deadline("promised")
    assert due is not None
    start = f"{desk.site}/desk/cases/{number}/start_special/"
    desk.sit("health_second")
    desk.page.goto(start)
    desk.page.get_by_label("事由").select_option("expert_review")
    desk.page.get_by_label("预计结束日期").fill("2026-03-13")
    desk.page.get_by_label("告知文书说明").fill("专家评审需九个工作日")
    desk.page.get_by_role("button", name="启动特别程序").click()
    expect(desk.page.get_by_role("link", name="特别程序告知书", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("不计时").first).to_be_visible()
    paused = casework.read(number).deadline("promised")
    assert paused is not None
    assert paused.state is Running.PAUSED
    set_now(MONDAY + timedelta(days=11))
    desk.sit("health_second")
    desk.page.goto(f"{desk.site}/desk/cases/{number}/end_special/")
    desk.ready()
    desk.press("Enter")
    expect(desk.page.get_by_text("已办理“结束特别程序”")).to_be_visible()
    resumed = casework.read(number).deadline("promised")
    assert resumed is not None
    assert resumed.state is Running.RUNNING
    assert resumed.due_on > due.due_on
    expect(desk.page.get_by_text("所需时间不计入", exact=False).first).to_be_attached()


def test_a_button_pressed_a_moment_too_late_says_who_was_first_and_what_is_now(
    desk: Desk, cast: Cast
) -> None:
    number = accepted(cast, "device")
    opinion = {"result": "agree", "opinion": "齐全"}
    casework_actions.perform(number, "complete_step", by=cast.examiner, now=MONDAY, data=opinion)
    desk.sit("approver")
    desk.take(number)
    reason = {"reason": "负责人已经决定", "standard": cast.standard("device")}
    casework_actions.perform(number, "grant", by=cast.head, now=MONDAY, data=reason)
    desk.page.keyboard.type("审查意见属实，符合规定的条件")
    desk.press("Tab", "Space", "Tab", "Enter")
    expect(desk.page.get_by_text("不能办理“准予”")).to_be_visible()
    expect(desk.page.get_by_text("已准予，待送达").first).to_be_visible()
