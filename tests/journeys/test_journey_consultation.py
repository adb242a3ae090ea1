"""A small kind of case in a real browser: at the desk, and on the phone of whoever asked. Nothing of
these pages knows the kind."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from liuquan.casework import queries as casework
from liuquan.journal import actions as journal_actions
from liuquan.journal import queries as journal
from liuquan.journal.witness.keys import trust
from liuquan.kinds.tests.questions import QUESTION, Question, questioned
from liuquan.merkle import parse_receipt, verify
from liuquan.testing.browsers import PATIENCE_SECONDS, SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.kind import CONSULTATION
from liuquan.testing.kinds import registered

pytestmark = pytest.mark.browser

TUESDAY = datetime(2026, 3, 3, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ANSWER = "周末不办理营业执照，工作日九点至十七点在三号窗口办理。"


@pytest.fixture
def question(
    live_city: str, log_home: Path, cast: Cast, set_now: SetNow, settings: Any
) -> Iterator[Question]:
    """Asked on Monday, in a city whose record is this test's own."""
    cache.clear()
    settings.LIUQUAN_DEMO = True  # March 2026 is played
    set_now(FOUNDED)
    with registered(CONSULTATION):
        yield questioned(cast)


@pytest.fixture
def desk(question: Question, live_city: str, cast: Cast, page: Page) -> Page:
    """The officer, signed in, before the work list."""
    session = cast.client("examiner").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_city}])
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{live_city}/desk/")
    return page


@pytest.fixture
def phone(browser: Browser, live_city: str, question: Question) -> Iterator[Page]:
    """A small phone that runs no script, with number and code typed in from the slip."""
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=live_city,
    )
    context.set_default_timeout(2 * PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.goto("/track/")
    page.get_by_label("编号").fill(question.number)
    page.get_by_label("查询码").fill(question.code.lower())
    press(page, "查进度")
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def shows(page: Page, name: str, *words: str) -> None:
    """The page says all of this, and nothing of it stands out on a phone or on a desk. `name`: of the page,
    for whoever reads the failure."""
    for said in words:
        expect(page.locator("body"), name).to_contain_text(said)
    page.wait_for_load_state()
    was = page.viewport_size
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, (name, width)
    page.set_viewport_size(was)  # type: ignore[arg-type]


def keep(page: Page, link: str) -> bytes:
    """Download what the link gives."""
    with page.expect_download() as download:
        follow(page, link)
    return Path(download.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", said)


def fill_the_answer(desk: Page) -> None:
    """The form of the act: fields appear and go by what is answered."""
    meets_on, reason = desk.get_by_label("见面日期"), desk.get_by_label("找哪个单位、为什么")
    expect(meets_on).to_be_hidden()
    expect(reason).to_be_hidden()
    desk.get_by_label("当面答复").check()
    expect(meets_on).to_be_visible()
    meets_on.fill("2026-03-06")
    desk.get_by_label("书面答复").check()
    expect(meets_on).to_be_hidden()
    desk.get_by_label("当面答复").check()
    desk.locator("[name=refers]").check()
    expect(reason).to_be_visible()
    reason.fill("税务登记请到税务大厅")
    shows(desk, "act form", "答复内容", "附件", "答复期限")
    desk.locator("[name=refers]").uncheck()
    expect(reason).to_be_hidden()
    meets_on.fill("2026-03-06")
    desk.get_by_label("答复内容").fill(ANSWER)


def test_an_officer_reads_weighs_and_answers_a_question(
    desk: Page, question: Question, live_city: str, set_now: SetNow
) -> None:
    set_now(TUESDAY)
    desk.reload()
    shows(desk, "work list", "政策咨询", "咨询　云溪市市场监督管理局", "李*溪", "还剩4个工作日", "待答复")
    desk.get_by_role("link", name=question.number).click()
    case = desk.url
    shows(desk, "case", "咨询人和咨询内容", QUESTION, LI_YUNXI.name, "最迟3月9日（周一）")
    desk.goto(f"{case}what-if/")
    desk.get_by_label("改到哪天").fill("2026-03-04")
    press(desk, "试算")
    shows(desk, "what if", "晚2日", "2026-03-11 周三")
    desk.goto(case)
    follow(desk, "答复")
    fill_the_answer(desk)
    press(desk, "答复")
    shows(desk, "case answered", "已办理“答复”，出具文书1份，请打印交给咨询人", ANSWER, "本件已经终结")
    assert question.case.state == "answered"
    desk.goto(f"{case}history/?on=2026-03-02&axis=record")
    shows(desk, "history", "待答复", "后来又有2条记录")
    desk.goto(f"{case}print/")
    shows(desk, "print", "案卷", QUESTION, LI_YUNXI.id_number, "咨询答复书")
    desk.goto(f"{live_city}/desk/cases/")
    shows(desk, "cases", question.number, "已答复")


def test_whoever_asked_follows_it_adds_to_it_and_gets_the_answer(
    desk: Page, phone: Page, question: Question, set_now: SetNow
) -> None:
    shows(phone, "tracked", "待答复", "最迟3月9日（周一）答复您", "咨询登记单")
    follow(phone, "补充说明")
    phone.get_by_label("补充什么").fill("  ")
    press(phone, "补充说明")
    shows(phone, "added nothing", "请填写“补充什么”")
    phone.get_by_label("补充什么").fill("最好是周六上午")
    phone.locator("[name=file_page]").set_input_files(
        {"name": "照片.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    shows(phone, "adding", "补充说明")
    press(phone, "补充说明")
    shows(phone, "added", "已经补充说明", "咨询人补充了说明")
    assert [(one.key, bool(one.file)) for one in casework.received(question.case)] == [("page", True)]

    desk.goto(f"{desk.url}cases/{question.number}/answer/")
    desk.get_by_label("书面答复").check()
    desk.get_by_label("答复内容").fill(ANSWER)
    press(desk, "答复")
    shows(desk, "case of two", "最好是周六上午", "图片或者文件")
    phone.reload()
    shows(phone, "answered", "已答复", "已经答复，请看下面的咨询答复书")
    assert LI_YUNXI.name not in phone.content()
    pdf = keep(phone, "咨询答复书（PDF）")
    for said in ("咨询答复书", LI_YUNXI.name, ANSWER, question.number, "政策咨询专用章", "核验码"):
        assert said in text_of(pdf), text_of(pdf)
    while journal.log_status().unsealed:
        journal_actions.seal(now=FOUNDED)
    follow(phone, "咨询答复书的核验凭证")
    shows(phone, "verified", "本站签发过这份文书", "咨询答复书", "已经入册")
    receipt = keep(phone, "下载核验凭证").decode()
    assert verify(parse_receipt(receipt), trust(), document=pdf).passed
    phone.goto(f"/track/{question.number}/history/?on=2026-03-02")
    shows(phone, "history of the slip", "当时的情况")
    phone.goto(f"/track/{question.number}/readings/")
    shows(phone, "readings", "云溪市市场监督管理局", "办理本件", "案卷")
