"""A window clerk with a queue: from signing in to the next person, by keyboard alone, strokes counted."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, Response, expect

from liuquan.casework import queries as casework
from liuquan.journal import queries as journal
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, STAFF, WANG_XIPAN, Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
PASSWORD = "窗口-2026-很长的口令"
#: what a clerk presses for a known person with everything there; 18 of them are the identity number
MOST_STROKES = 30


class Hands:
    """Ten fingers on a keyboard, and how often they came down."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            if key.startswith("Alt+"):
                answered(self.page)
            self.page.keyboard.press(key)
            self.strokes += len(key.split("+"))

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)


def answered(page: Page) -> None:
    """No request of the page is open: while one is, what is shown will change, and digits do nothing."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request")).to_have_count(0)


def ask_for(hands: Hands, words: str) -> None:
    """Type what is wanted, and wait for the answer to all of it: on a slow machine the first characters alone
    are asked for as well."""

    def to_all_of_it(response: Response) -> bool:
        return response.url.endswith("/item/") and quote(words) in (response.request.post_data or "")

    with hands.page.expect_response(to_all_of_it):
        hands.write(words)
    expect(hands.page.get_by_text("材料清单：食品经营许可证核发")).to_be_visible()
    answered(hands.page)


def number_of(page: Page) -> str:
    """The case number of the page after the intake."""
    page.wait_for_url("**/desk/intake/*/")  # waits for the load as well
    return page.url.rstrip("/").rpartition("/")[2]


@pytest.fixture
def desk(live_city: str, cast: Cast, page: Page, set_now: SetNow) -> Page:
    """窗小云 signs in with name and password, by keyboard, and stands before the intake."""
    set_now(MONDAY)
    user = User.objects.get(username=STAFF["clerk"])
    user.set_password(PASSWORD)
    user.save()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{live_city}/desk/")
    expect(page.locator("[name=login]")).to_be_focused()  # the browser gives the focus after the load
    page.keyboard.type(STAFF["clerk"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    page.wait_for_load_state()  # a heading is there before the script that hears the keys
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="收件")).to_be_visible()
    page.wait_for_load_state()
    expect(page.locator("#id_id_number")).to_be_focused()
    return page


def find_food(hands: Hands) -> None:
    """From the field for the number to the checklist of the item."""
    hands.press("Tab", "Tab", "Tab", "Tab")
    expect(hands.page.locator("#id_q")).to_be_focused()
    ask_for(hands, "开餐馆")


def test_a_known_person_with_everything_is_accepted_with_few_strokes(desk: Page, cast: Cast) -> None:
    registered = cast.applicant.party_number
    hands = Hands(desk)
    hands.write(LI_YUNXI.id_number)
    find_food(hands)
    expect(desk.get_by_text("已登记：李*溪")).to_be_visible()
    hands.press("Escape", "a")
    expect(desk.locator("[name=materials]:checked")).to_have_count(3)
    hands.press("Alt+1")
    number = number_of(desk)
    case = casework.read(number)
    assert (case.state, list(case.parties)) == ("examining", [registered])
    expect(desk.get_by_role("link", name="打印《受理通知书》")).to_be_visible()
    expect(desk.get_by_text("3月12日（周四）")).to_be_visible()
    hands.press("Enter")
    expect(desk.locator("#id_id_number")).to_be_focused()
    assert hands.strokes <= MOST_STROKES
    assert {n.kind for n in casework.notices(number)} == {"receipt", "acceptance"}


def test_alt_and_a_digit_decide_from_within_a_field(desk: Page, cast: Cast) -> None:
    assert cast.applicant.party_number
    hands = Hands(desk)
    hands.write(LI_YUNXI.id_number)
    find_food(hands)
    expect(desk.get_by_text("已登记：李*溪")).to_be_visible()
    hands.press("Escape", "a")
    expect(desk.locator("[name=materials]:checked")).to_have_count(3)
    desk.locator("#id_matter").focus()
    hands.write("1")
    expect(desk.locator("#id_matter")).to_have_value("1")
    hands.press("Alt+1")
    number = number_of(desk)
    assert casework.read(number).state == "examining"
    assert desk.evaluate("document.activeElement.textContent").strip().startswith("下一位")


def test_digits_of_a_scanner_decide_nothing(desk: Page, cast: Cast) -> None:
    assert cast.applicant.party_number
    hands = Hands(desk)
    hands.write(LI_YUNXI.id_number)
    find_food(hands)
    expect(desk.get_by_text("已登记：李*溪")).to_be_visible()
    hands.press("Escape", "a")
    expect(desk.locator("[name=materials]:checked")).to_have_count(3)
    hands.write("12345")
    hands.press("Alt+Numpad1")
    desk.evaluate("document.body.classList.add('htmx-request')")
    desk.keyboard.press("Alt+1")
    hands.press("?")  # answered after the digits: whatever they had started would show by now
    expect(desk.locator(".keys kbd").get_by_text("Alt+1", exact=True)).to_be_visible()
    assert desk.url.endswith("/desk/intake/")
    assert desk.locator("[name=decide][autofocus]").count() == 0
    desk.evaluate("document.body.classList.remove('htmx-request')")
    hands.press("Alt+1")
    assert casework.read(number_of(desk)).state == "examining"


@pytest.mark.fact("L-04")
def test_a_newcomer_without_papers_is_told_everything_at_once(desk: Page) -> None:
    hands = Hands(desk)
    hands.write(WANG_XIPAN.id_number)
    hands.press("Tab")
    expect(desk.get_by_text("第一次来办事", exact=False).first).to_be_visible()
    hands.write(WANG_XIPAN.name)
    hands.press("Tab")
    hands.write(WANG_XIPAN.phone)
    hands.press("Tab", "Tab")
    ask_for(hands, "开餐馆")
    hands.press("Escape", "Alt+3")
    expect(desk.get_by_text("需要补正的内容（缺的已经勾好）")).to_be_visible()
    expect(desk.locator("[name=items]:checked")).to_have_count(3)
    named = [box.input_value() for box in desk.locator("[name=items]:checked").all()]
    expect(desk.locator(f'[name="requirements.{named[0]}"]')).to_be_focused()
    expect(desk.locator('[name^="requirements."]:visible')).to_have_count(3)
    for key in named:
        desk.locator(f'[name="requirements.{key}"]').focus()
        hands.write("还没有收到，请补交")
    hands.press("Alt+3")
    number = number_of(desk)
    assert casework.read(number).state == "supplementing"
    notified = next(e for e in journal.entries_of(number) if e.event == "application.supplement_notified")
    assert notified.public["count"] == 3
    expect(desk.get_by_role("link", name="打印《补正材料一次性告知书》")).to_be_visible()
    back = desk.go_back()
    assert back is None or back.request.method == "GET"
    expect(desk.locator("#id_id_number")).to_have_value("")
    assert desk.url.endswith("/desk/intake/")


@pytest.mark.fact("L-02")
def test_what_is_not_ours_is_refused_with_the_body_to_go_to(desk: Page, cast: Cast) -> None:
    assert cast.applicant.party_number
    hands = Hands(desk)
    hands.write(LI_YUNXI.id_number)
    find_food(hands)
    desk.get_by_label("不予受理的理由").focus()
    hands.write("申请的是医疗机构，属卫生健康部门")
    hands.press("Tab")
    hands.press(*["ArrowDown"] * 5, "Escape", "Alt+5")
    expect(desk.get_by_text("不予受理后本件即告终结")).to_be_visible()
    hands.press("Enter")
    number = number_of(desk)
    assert casework.read(number).outcome == "not_ours"
    refused = next(e for e in journal.entries_of(number) if e.event == "application.not_ours")
    assert refused.public["refer_to"] == "云溪市卫生健康委员会"


def test_a_slip_is_answered_where_the_hand_is(desk: Page) -> None:
    hands = Hands(desk)
    hands.write(LI_YUNXI.id_number[:-1] + "1")
    hands.press("Tab")
    expect(desk.get_by_text("身份证号有一位不对")).to_be_visible()
    expect(desk.locator("#id_id_number")).to_be_focused()
    hands.press("Enter")
    expect(desk.locator("#id_id_number")).to_be_focused()
    answered(desk)
    hands.press("Escape", "?")
    expect(desk.get_by_text("一次性告知补正").last).to_be_visible()


def test_the_same_screen_works_without_scripts(
    live_city: str, cast: Cast, browser: Browser, set_now: SetNow
) -> None:
    set_now(MONDAY)
    context = browser.new_context(java_script_enabled=False, base_url=live_city, locale="zh-CN")
    session = cast.client("clerk").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_city}])
    page = context.new_page()
    page.goto("/desk/intake/")
    page.get_by_label("身份证号或者统一社会信用代码").fill(LI_YUNXI.id_number)
    page.get_by_label("姓名或者单位名称").first.fill(LI_YUNXI.name)
    page.get_by_label("要办的事").fill("开餐馆")
    page.keyboard.press("Enter")
    expect(page.get_by_text("号码正确，第一次来办事")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="必要的都收齐了").click()
    expect(page.locator("[name=materials]:checked")).to_have_count(3)
    page.locator("[name=decide][value=accept]").click()
    assert casework.read(number_of(page)).state == "examining"
    context.close()
