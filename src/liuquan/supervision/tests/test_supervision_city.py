"""Supervision of real applications in the fictional city, and the pages of the board."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liuquan.casework import actions as casework
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput
from liuquan.supervision import actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def found(case: str) -> list[tuple[str, str]]:
    rows = sql.run(
        "SELECT rule, state FROM supervision_finding WHERE subject_number = %(n)s ORDER BY id", {"n": case}
    )
    return [(row["rule"], row["state"]) for row in rows]


@pytest.mark.requirement("CASE-04")
def test_a_later_notice_that_asks_for_something_new_is_flagged_at_once(city: str, cast: Cast) -> None:
    first, second, *others = cast.materials("device")
    case = cast.applies("device", at=at(3, 3), materials=others)
    actions.watch(now=at(3, 3))
    missing = [first, second]
    with pytest.raises(BadInput, match="必须一次告知全部"):
        casework.perform(case, "notify_supplement", by=cast.clerk, now=at(3, 4), data={"items": [first]})
    casework.perform(case, "notify_supplement", by=cast.clerk, now=at(3, 4), data={"items": missing})
    actions.watch(now=at(3, 4, 11))
    assert found(case) == []  # the first notice names everything: nothing to flag
    casework.perform(case, "receive_supplement", by=cast.clerk, now=at(3, 5), data={"materials": [second]})
    casework.perform(case, "notify_supplement", by=cast.clerk, now=at(3, 6), data={"items": missing})
    assert actions.watch(now=at(3, 6, 10)).raised == 1
    assert found(case) == [("second_notice", "open")]
    row = sql.run("SELECT body_code, evidence FROM supervision_finding")[0]
    assert row["evidence"]["post_code"] == cast.clerk.post_code
    assert row["body_code"] != cast.clerk.body_code  # the item's body answers for it


@pytest.mark.requirement("CASE-04")
def test_asking_again_for_what_is_still_owed_is_not_flagged(city: str, cast: Cast) -> None:
    first, second, *others = cast.materials("device")
    case = cast.applies("device", at=at(3, 3), materials=others)
    named = {"items": [first, second]}
    casework.perform(case, "notify_supplement", by=cast.clerk, now=at(3, 4), data=named)
    casework.perform(case, "receive_supplement", by=cast.clerk, now=at(3, 5), data={"materials": [first]})
    casework.perform(case, "notify_supplement", by=cast.clerk, now=at(3, 6), data={"items": [second]})
    actions.watch(now=at(3, 6))
    assert found(case) == []


@pytest.mark.requirement("SUPV-06")
def test_a_silent_office_is_found_late_although_nobody_reported_anything(city: str, cast: Cast) -> None:
    case = cast.applies("device", at=at(3, 3))
    actions.watch(now=at(3, 3))
    casework.sweep(now=at(3, 11, 0))  # 5 working days ended with the 10th: deemed accepted, and flagged
    assert actions.watch(now=at(3, 11, 0)).raised >= 1
    assert ("acceptance_late", "open") in found(case)
    event = sql.run("SELECT event FROM caselog.events WHERE event = 'application.deemed_accepted'")
    assert len(event) == 1


PAGES = (
    "",
    "?screen=1",
    "?print=1",
    "findings/",
    "findings/?severity=red&state=pending",
    "cases/",
    "cases/?show=late",
)


@pytest.fixture
def late(city: str, cast: Cast, set_now: SetNow) -> str:
    """A case whose acceptance was late, on 12 March; the number of its finding."""
    cast.applies("device", at=at(3, 3))
    casework.sweep(now=at(3, 11, 0))
    actions.run_all(now=at(3, 11, 0))
    set_now(at(3, 12))
    rows = sql.run("SELECT number FROM supervision_finding WHERE rule = 'acceptance_late'")
    return str(rows[0]["number"])


def test_the_board_opens_to_those_who_supervise(late: str, cast: Cast) -> None:
    expected = {"supervisor": 200, "leader": 200, "overseer": 200, "clerk": 403, "chief_rep": 403, "": 302}
    for who, status in expected.items():
        client = cast.client(who)
        answers = {address: client.get(f"/board/{address}").status_code for address in PAGES}
        assert answers == dict.fromkeys(PAGES, status), who


def test_the_share_decided_in_time_opens_the_cases_it_counts(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    at = datetime(2026, 3, 3, 2, tzinfo=UTC)
    set_now(at)
    number = cast.examined("food", at=at)
    casework.perform(number, "grant", by=cast.approver, now=at, data=cast.decision("food"))
    page = squeezed(cast.client("supervisor").get("/board/").content.decode())
    figure = page[page.index("按时决定") :].partition("</div>")[0]
    assert 'href="/board/cases/?show=decided"' in figure
    assert "100" in figure


#: who → the answers to: the finding, the unit's page of it, asking for an explanation (who may comes last)
MATRIX = {
    "leader": (200, 200, 403),
    "overseer": (200, 200, 403),
    "chief_rep": (200, 200, 403),
    "examiner": (200, 200, 403),
    "other_examiner": (404, 404, 404),
    "sysadmin": (404, 404, 404),
    "": (302, 302, 302),
    "supervisor": (200, 200, 302),
}


def test_each_page_answers_each_role_as_the_matrix_says(late: str, cast: Cast) -> None:
    for who, expected in MATRIX.items():
        client, address = cast.client(who), f"/board/findings/{late}/"
        form = {"points": ["cause"], "days": "3"}
        assert (
            client.get(address).status_code,
            client.get(f"{address}explain/").status_code,
            client.post(f"{address}ask/", form).status_code,
        ) == expected, who
        for common in ("own/", "rules/"):
            assert client.get(f"/board/{common}").status_code == (200 if who else 302), who
        assert bool(sql.run("SELECT 1 FROM casework_case WHERE kind = 'disposal'")) == (
            who == "supervisor"
        ), who


def test_a_finding_is_disposed_of_by_the_pages_without_scripts(late: str, cast: Cast) -> None:
    officer, unit = cast.client("supervisor"), cast.client("chief_rep")
    address = f"/board/findings/{late}/"
    page = officer.get(address).content.decode()
    assert "逾期未告知" in page
    assert "行政许可法 第三十二条第一款第四项" in page
    assert "怎么算的" in page
    assert "李云溪" not in page
    assert "3月17日" in page  # three working days from the 12th
    officer.post(f"{address}ask/", {"points": ["cause", "remedy"], "days": "3"})
    work = unit.get("/desk/").content.decode()
    assert "<strong>提交说明</strong>" in work
    assert "2026-03-17" in work
    assert "提交说明" not in cast.client("examiner").get("/desk/").content.decode()
    asked = unit.get(f"{address}explain/").content.decode()
    assert "整改措施和完成日期" in asked
    disposal = sql.run("SELECT disposal FROM supervision_finding WHERE disposal <> ''")[0]["disposal"]
    form = unit.get(f"/desk/cases/{disposal}/explain/").content.decode()
    assert "整改措施和完成日期" in form
    assert unit.post(f"{address}explain/", {"text": "短"}).status_code == 422
    assert unit.post(f"{address}explain/", {"text": "当日窗口无人值守，已安排补位。"}).status_code == 302
    assert "提交说明" not in unit.get("/desk/").content.decode()
    assert "当日窗口无人值守" not in officer.get(address).content.decode()
    assert "当日窗口无人值守" in officer.post(f"{address}texts/").content.decode()
    wrong = officer.post(f"{address}close/", {"ruling": "excused", "note": "没有选择免责事由的理由。"})
    assert wrong.status_code == 422
    assert "请选择免责事由" in wrong.content.decode()
    assert "没有选择免责事由的理由" in wrong.content.decode()  # what was written is not lost
    closed = officer.post(f"{address}close/", {"ruling": "founded", "note": "事实清楚，责令整改。"})
    assert closed.status_code == 302
    assert "情况属实" in officer.get(address).content.decode()
    late = officer.post(f"{address}close/", {"ruling": "founded", "note": "事实清楚，责令整改。"})
    assert late.status_code == 409
    assert ">事实清楚，责令整改。</textarea>" in late.content.decode()


def test_what_waits_for_a_verdict_is_counted_for_who_may_give_it(late: str, cast: Cast) -> None:
    officer, unit = cast.client("supervisor"), cast.client("chief_rep")
    assert "等您认定 0张，查看明细" in officer.get("/board/").content.decode()
    officer.post(f"/board/findings/{late}/ask/", {"points": ["cause"], "days": "3"})
    unit.post(f"/board/findings/{late}/explain/", {"text": "当日窗口无人值守，已安排补位。"})
    board = officer.get("/board/").content.decode()
    assert "等您认定 1张，查看明细" in board
    assert 'href="/board/findings/?state=explained"' in board
    assert late in officer.get("/board/findings/?state=explained").content.decode()
    assert "等您认定" not in cast.client("leader").get("/board/").content.decode()


def test_a_correction_is_ordered_and_reported_by_the_pages_without_scripts(late: str, cast: Cast) -> None:
    officer, unit = cast.client("supervisor"), cast.client("chief_rep")
    address = f"/board/findings/{late}/"
    assert "责令10个工作日内改正" not in officer.get(address).content.decode()
    officer.post(f"{address}ask/", {"points": ["cause"], "days": "3"})
    unit.post(f"{address}explain/", {"text": "当日窗口无人值守，已安排补位。"})
    assert "责令10个工作日内改正" in officer.get(address).content.decode()
    ordered = officer.post(f"{address}close/", {"ruling": "correct", "note": "事实清楚，责令补办。"})
    assert ordered.status_code == 302
    assert "责令改正中" in officer.get(address).content.decode()
    assert "<strong>报告改正情况</strong>" in unit.get("/desk/").content.decode()
    assert "3月26日" in unit.get(f"{address}explain/").content.decode()
    assert unit.post(f"{address}explain/", {"text": "短"}).status_code == 422
    assert unit.post(f"{address}explain/", {"text": "已经补办，并调整了值守。"}).status_code == 302
    assert "报告改正情况" not in unit.get("/desk/").content.decode()
    page = officer.get(address).content.decode()
    assert "责任单位报告了改正情况" in page
    assert "已经补办" not in page


def test_figures_open_down_to_the_finding_and_the_case(late: str, cast: Cast) -> None:
    client = cast.client("supervisor")
    board = client.get("/board/").content.decode()
    assert "/board/findings/?severity=red&amp;state=pending" in board
    lines = client.get("/board/findings/?severity=red&state=pending").content.decode()
    assert f"/board/findings/{late}/" in lines
    case = sql.run("SELECT subject_number FROM supervision_finding")[0]["subject_number"]
    assert f"/desk/cases/{case}/" in client.get(f"/board/findings/{late}/").content.decode()
    assert (
        f"/desk/cases/{case}/" not in cast.client("overseer").get(f"/board/findings/{late}/").content.decode()
    )


def test_the_board_refreshes_a_part_of_itself(late: str, cast: Cast) -> None:
    part: Any = cast.client("supervisor").get("/board/", headers={"HX-Request": "true"})
    text = squeezed(part.content.decode())
    assert text.startswith('<div id="board"')
    assert 'hx-trigger="every 20s"' in text
    assert "<html" not in text
    assert "<script" not in text


def test_a_part_for_the_case_page_names_its_findings(late: str, cast: Cast) -> None:
    case = sql.run("SELECT subject_number FROM supervision_finding")[0]["subject_number"]
    address = f"/board/cases/{case}/findings/"
    part = cast.client("chief_rep").get(address, headers={"HX-Request": "true"}).content.decode()
    assert late in part
    assert late not in cast.client("other_examiner").get(address).content.decode()


def test_an_empty_board_says_that_all_is_well(city: str, cast: Cast, set_now: SetNow) -> None:
    set_now(at(3, 2))
    page = cast.client("supervisor").get("/board/").content.decode()
    assert "没有要处理的牌" in page
    assert "还没有案件" in page


def test_an_address_with_a_wrong_page_or_number_is_refused_calmly(late: str, cast: Cast) -> None:
    client = cast.client("supervisor")
    assert client.get("/board/findings/?page=x").status_code == 400
    assert client.get("/board/findings/JC0/").status_code == 404
    assert client.get("/board/findings/?body=%00").status_code == 400
    assert client.post(f"/board/findings/{late}/ask/", {"points": ["cause"], "days": "²"}).status_code == 422
    assert sql.run("SELECT 1 FROM casework_case WHERE kind = 'disposal'") == []


def test_a_finding_offers_only_what_may_be_done_now(late: str, cast: Cast) -> None:
    officer, unit = cast.client("supervisor"), cast.client("chief_rep")
    address, verdict = f"/board/findings/{late}/", {"ruling": "founded", "note": "事实清楚，责令整改。"}
    for step in ("open", "asked"):
        page = squeezed(officer.get(address).content.decode())
        assert "情况属实" not in page, step
        assert 'value="unfounded" checked' in page
        assert "免责事由" not in page
        assert pressed(page, "close") == "button-plain"
        refused = officer.post(f"{address}close/", verdict)
        told = refused.content.decode()
        assert refused.status_code == 409
        assert 'id="close"' in told
        assert verdict["note"] in told
        state = "SELECT state FROM supervision_finding WHERE number = %(number)s"
        assert sql.run(state, {"number": late})[0]["state"] == step
        if step == "open":
            assert pressed(page, "ask") == "button-primary"
            officer.post(f"{address}ask/", {"points": ["cause"], "days": "3"})
    unit.post(f"{address}explain/", {"text": "当日窗口无人值守，已安排补位。"})
    page = squeezed(officer.get(address).content.decode())
    assert "情况属实" in page
    assert "免责事由" in page
    assert (pressed(page, "close"), pressed(page, "ask")) == ("button-primary", "button-plain")
    assert page.index('id="close"') < page.index('id="ask"')


def pressed(page: str, section: str) -> str:
    """How the button of this section looks."""
    button = re.search(r'class="button (button-\w+)', page[page.index(f'<h2 id="{section}"') :])
    assert button
    return button[1]


def test_each_figure_of_a_body_opens_what_it_counts(late: str, cast: Cast, set_now: SetNow) -> None:
    client = cast.client("supervisor")
    client.post(f"/board/findings/{late}/ask/", {"points": ["cause"], "days": "3"})
    board = client.get("/board/").content.decode()
    opened = re.findall(r'href="(/board/[a-z]+/\?body=[^"]+)"', board.replace("&amp;", "&"))
    for asked in ("severity=red&state=pending", "state=asked"):
        (address,) = [one for one in opened if one.endswith(f"&{asked}")]
        assert late in client.get(address).content.decode()
    assert "/board/" not in client.get("/board/?screen=1").content.decode().partition("各单位")[2]


def test_outside_of_tables_the_board_writes_days_in_words(late: str, cast: Cast) -> None:
    client = cast.client("supervisor")
    client.post(f"/board/findings/{late}/ask/", {"points": ["cause"], "days": "3"})
    for page in ("", "findings/", "cases/", f"findings/{late}/"):
        html = client.get(f"/board/{page}").content.decode()
        shown = re.sub(r"<[^>]*>", "", re.sub(r"<table.*?</table>", "", html, flags=re.DOTALL))
        assert re.search(r"\d{4}-\d{2}-\d{2}|\b\d{1,2}-\d{1,2}\b", shown) is None, page
