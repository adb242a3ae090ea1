"""Time itself: silence that accepts, a clock that begins anew with each supplement, an extension that moves
the statutory clock alone. Seen by whoever waits, on a phone, and by whoever is at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import Cast

pytestmark = pytest.mark.browser

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - 8)


class Waiting:
    """The applicant's phone, which runs no script, with the slip of one case in hand."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, number: str) -> None:
        """From the page for numbers and codes to the case."""
        self.page.goto("/track/")
        self.page.get_by_label("编号", exact=True).fill(number)
        self.page.get_by_label("查询码").fill(cases.query_code(number))
        self.page.get_by_role("button", name="查进度").click()
        self.sees(number)

    def sees(self, *words: str) -> None:
        for said in words:
            expect(self.page.locator("main")).to_contain_text(said)
        self.page.wait_for_load_state()

    def sees_no(self, *words: str) -> None:
        for said in words:
            expect(self.page.locator("main")).not_to_contain_text(said)

    def clock(self, name: str, due: str) -> None:
        """This clock stands on the page with this last day."""
        shown = self.page.locator(".deadline", has_text=name)
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text(due)

    def hands_in(self, *materials: str) -> None:
        """What the notice asked for, from the page."""
        self.page.get_by_role("link", name="去补材料").click()
        for name in materials:
            file = {"name": "补正.pdf", "mimeType": "application/pdf", "buffer": PDF}
            self.page.get_by_label(name).set_input_files(file)
        self.page.get_by_role("button", name="提交补正材料").click()
        expect(self.page.locator("body")).to_contain_text("补正材料已经收到")


class Desk:
    """A browser at which staff sit down one after the other."""

    def __init__(self, page: Page, site: str, cast: Cast) -> None:
        self.page, self.site, self.cast = page, site, cast

    def sit(self, who: str, path: str = "/desk/") -> None:
        session = self.cast.client(who).cookies["sessionid"].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        self.page.goto(self.site + path)
        self.page.wait_for_load_state()

    def line(self, number: str, *words: str) -> None:
        """The line of the work list, with what stands in it."""
        row = self.page.locator("tbody tr", has_text=number)
        for said in words:
            expect(row).to_contain_text(said)

    def asks_for(self, number: str, *materials: str) -> None:
        """The one-time notice, by the clerk: what is missing is ticked already, the rest is ticked now."""
        self.sit("clerk", f"/desk/cases/{number}/notify_supplement/")
        for name in materials:
            self.page.get_by_role("checkbox", name=name).check()
        for box in self.page.locator("[name=items]:checked").all():
            self.page.locator(f'[name="requirements.{box.input_value()}"]').fill("还没有收到，请补交")
        self.page.get_by_role("button", name="一次性告知补正").click()
        expect(self.page.get_by_text("已办理“一次性告知补正”")).to_be_visible()


@pytest.fixture
def waiting(browser: Browser, live_city: str) -> Iterator[Waiting]:
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=live_city,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    yield Waiting(context.new_page())
    context.close()


@pytest.fixture
def desk(live_city: str, cast: Cast, page: Page) -> Desk:
    page.set_viewport_size({"width": 1366, "height": 768})
    return Desk(page, live_city, cast)


@pytest.mark.fact("L-04")
def test_five_working_days_of_silence_accept_as_of_the_day_of_receipt(
    waiting: Waiting, desk: Desk, cast: Cast, set_now: SetNow
) -> None:
    set_now(at(3, 2))
    number = cast.applies("device", at=at(3, 2))
    waiting.opens(number)
    waiting.sees("已收件，待受理", "最迟2026年3月9日告知您是否受理")
    waiting.clock("受理期限", "3月9日（周一）")

    # the last moment of the fifth working day: nothing has followed yet
    set_now(at(3, 9, 23))
    assert casework.sweep(now=at(3, 9, 23)) == 0
    waiting.opens(number)
    waiting.sees("今天截止")
    desk.sit("clerk")
    desk.line(number, "受理", "2026-03-09")

    set_now(at(3, 10, 0))
    assert casework.sweep(now=at(3, 10, 0)) >= 1
    waiting.opens(number)
    waiting.sees("审查中", "视为受理", "登记于3月10日 00:00，自3月2日起生效")
    waiting.sees("逾期未告知补正，自收到材料之日起视为受理")
    waiting.clock("承诺期限", "3月9日（周一）")  # five days from receipt: the silence has eaten the promise
    waiting.clock("法定期限", "3月30日（周一）")
    accepted = cases.read(number).accepted_at
    assert accepted is not None
    assert accepted == at(3, 2)

    desk.sit("clerk")
    expect(desk.page.get_by_text(number)).to_have_count(0)
    desk.sit("examiner")
    desk.line(number, "超期", "2026-03-09", "审查")
    desk.sit("examiner", f"/desk/cases/{number}/")
    expect(desk.page.locator("main")).to_contain_text("视为受理")


@pytest.mark.fact("L-04")
def test_each_supplement_starts_a_clock_of_five_working_days(
    waiting: Waiting, desk: Desk, cast: Cast, set_now: SetNow
) -> None:
    layout, rules = "经营场所布局和操作流程说明", "食品安全规章制度目录"
    set_now(at(3, 2))
    number = cast.applies("food", at=at(3, 2), materials=["form"])
    waiting.opens(number)
    waiting.clock("受理期限", "3月9日（周一）")

    set_now(at(3, 4))
    desk.asks_for(number)
    waiting.opens(number)
    waiting.sees("待申请人补正", "您补正所用的时间不计入办理期限")
    waiting.sees_no("受理期限")

    set_now(at(3, 12))  # the old clock would be long over: none ran
    assert casework.sweep(now=at(3, 12)) == 0
    waiting.opens(number)
    waiting.hands_in(layout, rules)
    waiting.opens(number)
    waiting.clock("受理期限", "3月19日（周四）")

    set_now(at(3, 18))  # the layout cannot be read: asked for again, brought again
    desk.asks_for(number, layout)
    set_now(at(3, 20))
    waiting.opens(number)
    waiting.hands_in(layout)
    waiting.opens(number)
    waiting.clock("受理期限", "3月27日（周五）")

    # nobody answers this time either: accepted as of the day the last supplement came
    set_now(at(3, 28, 0))
    assert casework.sweep(now=at(3, 28, 0)) >= 1
    waiting.opens(number)
    waiting.sees("审查中", "视为受理", "自3月20日起生效")
    waiting.clock("承诺期限", "4月1日（周三）")
    desk.sit("second_examiner")
    desk.line(number, "现场核查")


@pytest.mark.fact("L-11")
def test_the_head_extends_once_before_the_end_and_the_promise_stays(
    waiting: Waiting, desk: Desk, cast: Cast, set_now: SetNow
) -> None:
    set_now(at(3, 3))
    number = cast.accepted("food", at=at(3, 2))
    waiting.opens(number)
    waiting.clock("法定期限", "3月30日（周一）")
    waiting.clock("承诺期限", "3月12日（周四）")
    form = f"/desk/cases/{number}/extend/"
    for who in ("examiner", "approver", "clerk"):
        desk.sit(who, form)
        expect(desk.page.locator("main")).to_contain_text("授权")
        expect(desk.page.get_by_role("button", name="批准延长期限")).to_have_count(0)

    set_now(at(3, 9))
    desk.sit("head", f"/desk/cases/{number}/")
    desk.page.get_by_role("link", name="批准延长期限").first.click()
    desk.page.get_by_label("延长的工作日").fill("10")
    desk.page.get_by_label("理由").fill("需要向设备厂家核实检测数据")
    desk.page.get_by_label("已经核对，确定办理“批准延长期限”").check()
    desk.page.get_by_role("button", name="批准延长期限").click()
    expect(desk.page.get_by_text("已办理“批准延长期限”，出具文书1份")).to_be_visible()
    expect(desk.page.get_by_role("link", name="批准延长期限")).to_have_count(0)  # once

    waiting.opens(number)
    waiting.sees("延长10个工作日", "延长办理期限告知书")
    waiting.clock("法定期限", "4月14日（周二）")
    waiting.clock("承诺期限", "3月12日（周四）")
    statutory = cases.read(number).deadline("statutory")
    assert statutory is not None
    assert (statutory.due_on, statutory.times_extended) == (date(2026, 4, 14), 1)
    desk.sit("head", form)
    expect(desk.page.get_by_role("button", name="批准延长期限")).to_have_count(0)


@pytest.mark.fact("L-11")
def test_after_the_end_nothing_is_left_to_extend(desk: Desk, cast: Cast, set_now: SetNow) -> None:
    set_now(at(3, 2))
    number = cast.accepted("food", at=at(3, 2))
    set_now(at(3, 31))
    casework.perform(number, "complete_step", by=cast.second_examiner, now=at(3, 3), data=CHECKED)
    desk.sit("head", f"/desk/cases/{number}/")
    expect(desk.page.get_by_role("link", name="批准延长期限")).to_have_count(0)
    desk.sit("head", f"/desk/cases/{number}/extend/")
    expect(desk.page.get_by_role("button", name="批准延长期限")).to_have_count(0)
    assert cases.read(number).deadline("statutory") is not None


CHECKED = {"result": "agree", "opinion": "现场符合要求", "second_officer": "YX0015"}
