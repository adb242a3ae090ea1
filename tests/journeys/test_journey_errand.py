"""A case that changes after it is opened, in a real browser: at the desks of three bodies, and on the phone
of its party. Nothing of these pages knows the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import LI_YUNXI, ZHAO_YUANKE, Cast
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.procedure import ACTS
from liuquan.testing.errand.taking_in import mandate, taken_in
from liuquan.testing.kinds import registered
from liuquan.testing.pages import DESK, HEIGHT, PHONE

pytestmark = pytest.mark.browser

OFFICE, BUILDING, LAND = "11990100MB9901024C", "11990100MB99010327", "11990100MB99010402"
BUILDING_NAME = "云溪市住房和城乡建设局"
OFFICE_NAME = "云溪市市场监督管理局"
#: who may do what with errands of their body: post → body, acts
MANDATES = {
    "SCJG-SC1": (OFFICE, ACTS),
    "ZJJ-SC1": (BUILDING, ACTS),
    "ZJJ-SC2": (BUILDING, frozenset({"errand.finish"})),
    "ZRZY-SC1": (LAND, ACTS),
}
DESKS = {OFFICE: "examiner", BUILDING: "building_examiner", LAND: "other_examiner"}
FIVE = f"{OFFICE} 5\n{BUILDING} 6\n{LAND} 7\n{BUILDING} 8\n{LAND} 9"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Desk = Callable[[str], Page]


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


@pytest.fixture
def errand(live_city: str, cast: Cast, set_now: SetNow, settings: Any) -> Iterator[str]:
    """Taken in by the clerk of the market office on Monday 2 March 2026, to be reported by 1 April."""
    cache.clear()
    settings.LIUQUAN_DEMO = True  # March 2026 is played
    set_now(at(2))
    with registered(ERRAND):
        for post, (body, acts) in MANDATES.items():
            mandate(post, body, acts=acts, now=at(2))
        applicant = {cast.applicant.party_number: "applicant"}
        clerk = cast.staff("examiner", post_code="SCJG-SC1")
        yield taken_in(applicant, body_code=OFFICE, by=clerk, now=at(2), days=30)


@pytest.fixture(params=[DESK, PHONE])
def desk(request: pytest.FixtureRequest, browser: Browser, live_city: str, cast: Cast) -> Iterator[Desk]:
    """The page of a member of staff, signed in, on a screen of this width."""
    opened: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in opened:
            context = new_context(browser, live_city, request.param)
            session = cast.client(who).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_city}])
            opened[who] = context.new_page()
        return opened[who]

    yield page_of
    for page in opened.values():
        page.context.close()


def new_context(browser: Browser, address: str, width: int, **more: Any) -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=address,
        **more,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    return context


@pytest.fixture
def phone(browser: Browser, live_city: str) -> Iterator[Page]:
    """A small phone that runs no script."""
    context = new_context(browser, live_city, PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def shows(page: Page, *words: str, hides: tuple[str, ...] = ()) -> None:
    """The page says all of this, and is no wider than the screen."""
    body = page.locator("body")
    for said in words:
        expect(body).to_contain_text(said)
    for secret in hides:
        expect(body).not_to_contain_text(secret)
    page.wait_for_load_state()
    assert page.evaluate(WIDER) <= 0, page.url


def act(page: Page, number: str, label: str, fields: dict[str, str]) -> None:
    """From the case page by its button to the form of an act, and back after it is sent."""
    page.goto(f"/desk/cases/{number}/")
    page.get_by_role("link", name=label).first.click()
    for name, value in fields.items():
        control = page.locator(f"form [name={name}]").first
        if control.get_attribute("type") == "radio":
            page.locator(f"form [name={name}][value='{value}']").check()
        elif control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    shows(page)
    page.locator("form[data-once] button.button-primary").click()
    shows(page, f"已办理“{label}”")


def follow(phone: Page, number: str) -> None:
    """Number and code typed in from the slip, as on every day."""
    phone.goto("/track/")
    phone.get_by_label("编号").fill(number)
    phone.get_by_label("查询码").fill(casework.query_code(number))
    phone.get_by_role("button", name="查进度", exact=True).click()


def lots(case: Snapshot) -> set[str]:
    return {clock.part for clock in case.deadlines if clock.is_open and clock.key == "lot"}


def test_a_case_goes_to_another_body_and_back_and_a_post_chosen_on_the_page_does_the_work(
    errand: str, desk: Desk, cast: Cast, set_now: SetNow
) -> None:
    office, building, worker = desk("examiner"), desk("building_examiner"), desk("building_second")
    act(office, errand, "当事人加入", {"party": cast.stranger.party_number})
    act(office, errand, "列出分项", {"lot": "A", "days": "5", "from_on": "2026-03-02"})
    act(office, errand, "列出分项", {"lot": "B", "days": "9", "from_on": "2026-03-05"})
    shows(office, LI_YUNXI.name, ZHAO_YUANKE.name, "利害关系人", "分项期限（A）", "分项期限（B）")
    set_now(at(4))
    act(office, errand, "转给其他单位", {"body": BUILDING, "reason": "房屋安全由住建部门管"})
    office.goto(f"/desk/cases/{errand}/")
    shows(office, "没有找到", hides=(LI_YUNXI.name,))
    set_now(at(9))
    building.goto("/desk/")
    shows(building, errand, BUILDING_NAME)
    act(building, errand, "交给岗位", {"post": "ZJJ-SC2", "days": "3"})
    shows(building, "市住建局审查岗二", "办理中，3月9日（周一）开始", "承办期限")
    worker.goto("/desk/")
    shows(worker, errand)
    set_now(at(11))
    act(worker, errand, "承办完毕", {"result": "solved"})
    shows(worker, "3月11日（周三）完成", "已解决")
    act(building, errand, "转给其他单位", {"body": OFFICE, "reason": "已经办完"})
    set_now(at(12))
    act(office, errand, "办结分项", {"lot": "A"})
    assert lots(casework.read(errand)) == {"B"}
    shows(office, OFFICE_NAME, "市住建局审查岗二", "按时完成")
    office.goto(f"/desk/cases/{errand}/history/?on=2026-03-10")
    shows(office, "承办中", BUILDING_NAME, "分项期限（A）", "分项期限（B）", "承办期限", hides=(OFFICE_NAME,))
    office.goto(f"/desk/cases/{errand}/print/")
    shows(office, "案卷", "市住建局审查岗二", LI_YUNXI.name)


def test_five_cases_are_opened_from_the_page_and_closed_before_the_errand_is_reported(
    errand: str, desk: Desk, set_now: SetNow
) -> None:
    office = desk("examiner")
    set_now(at(3))
    act(office, errand, "分解", {"to": FIVE})
    children = casework.read(errand).children
    assert len(children) == 5
    shows(office, "子件一览", *(child.number for child in children))
    expect(office.get_by_role("link", name="回报")).to_have_count(0)
    set_now(at(6))
    for child in children:
        page = desk(DESKS[child.body_code])
        act(page, child.number, "回报", {})
        shows(page, errand, "已回报", "本件已经终结", hides=(child.body_code,))
    office.goto(f"/desk/cases/{errand}/")
    expect(office.get_by_text("✓ 已回报")).to_have_count(5)
    act(office, errand, "回报", {})
    assert casework.read(errand).state == "reported"
    office.goto(f"/desk/cases/{errand}/history/?on=2026-03-04")
    shows(office, "待交办", "回报期限")


@pytest.mark.parametrize("desk", [DESK], indirect=True)
def test_its_party_follows_it_on_a_phone_and_says_more(
    errand: str, desk: Desk, phone: Page, set_now: SetNow
) -> None:
    office = desk("examiner")
    act(office, errand, "列出分项", {"lot": "A", "days": "5", "from_on": "2026-03-02"})
    act(office, errand, "列出分项", {"lot": "B", "days": "9", "from_on": "2026-03-05"})
    set_now(at(3))
    follow(phone, errand)
    shows(
        phone,
        "待交办",
        "您现在可以办理",
        "分项期限（A）",
        "分项期限（B）",
        OFFICE_NAME,
        hides=(LI_YUNXI.name, "还没有文书"),
    )
    phone.get_by_role("link", name="补充说明").click()
    phone.get_by_label("补充什么").fill("楼上还在漏水")
    file = {"name": "照片.pdf", "mimeType": "application/pdf", "buffer": PDF}
    phone.locator("[name=file_page]").set_input_files(file)
    shows(phone, "补充说明")
    phone.get_by_role("button", name="补充说明", exact=True).click()
    shows(phone, "已经补充说明", hides=("楼上还在漏水",))
    act(office, errand, "转给其他单位", {"body": BUILDING, "reason": "房屋安全由住建部门管"})
    building = desk("building_examiner")
    building.goto(f"/desk/cases/{errand}/")
    shows(building, "楼上还在漏水", "有关的文件")
    set_now(at(5))
    follow(phone, errand)
    shows(phone, BUILDING_NAME, "转给其他单位", hides=("房屋安全由住建部门管",))
    phone.goto(f"/track/{errand}/history/?on=2026-03-02")
    shows(phone, "当时的情况", OFFICE_NAME, "分项期限（A）", "分项期限（B）", hides=(BUILDING_NAME,))
