"""Deciding and delivering from the desk: what must be said, and how it is printed."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.applications.tests.acting import (
    MONDAY,
    PICKED_UP,
    REASON,
    confirmed,
    deciding,
    do,
    entries,
    examining,
    granted,
    unmet,
)
from liuquan.casework import queries as casework
from liuquan.journal import queries as journal
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, Cast


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


PROPOSED = {
    "result": "agree_with_conditions",
    "opinion": "其余符合要求",
    "proposed": "每半年复检一次方可使用",
}


def test_an_opinion_with_conditions_names_them_and_the_decision_answers_them(cast: Cast) -> None:
    number, examiner, approver = examining(cast), cast.client("examiner"), cast.client("approver")
    before = entries(number)
    answer = do(examiner, number, "complete_step", {**PROPOSED, "proposed": ""})
    assert answer.status_code == 422
    assert "请填写“建议附带的条件”。" in answer.content.decode()
    assert entries(number) == before
    assert do(examiner, number, "complete_step", PROPOSED).status_code == 302
    before = entries(number)
    for lacking, said in (
        ({}, "请填写“审查意见建议附带的条件”。"),
        ({"taken": "take"}, "请填写“附带的条件”。"),
        ({"taken": "leave"}, "请填写“不采纳的理由”。"),
    ):
        answer = do(approver, number, "grant", {**confirmed(cast), **lacking})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert entries(number) == before
    left = {**confirmed(cast), "taken": "leave", "why_without": "检验周期已有国家标准"}
    assert do(approver, number, "grant", left).status_code == 302
    assert "不采纳条件的理由：</span>检验周期" in approver.get(f"/desk/cases/{number}/").content.decode()
    other = approver.get(reverse("desk-act", args=[deciding(cast), "grant"])).content.decode()
    assert "附带的条件" not in other


def test_a_condition_of_an_examiner_counts_only_if_the_decision_takes_it_over(cast: Cast) -> None:
    number, approver = examining(cast), cast.client("approver")
    assert do(cast.client("examiner"), number, "complete_step", PROPOSED).status_code == 302
    assert "作出决定" in approver.get("/desk/").content.decode()
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    for said in (
        "附带的条件",
        "每半年复检一次方可使用",
        "有条件同意",
        casework.read(number).materials[0].name,
    ):
        assert said in form
    holder = Client()
    holder.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    address = reverse("track_case", args=[number])
    told = holder.get(address).content.decode()
    assert "完成“" in told
    assert "有条件同意" not in told
    assert "每半年复检" not in told
    decision = {**confirmed(cast), "taken": "take", "conditions": "每半年复检一次"}
    assert do(approver, number, "grant", decision).status_code == 302
    after = holder.get(address).content.decode()
    assert "附带的条件：每半年复检一次" in after
    assert "有条件同意" not in after + holder.get(f"{address}history/?on=2026-03-20").content.decode()
    paper = next(one for one in casework.notices(number) if one.kind == "grant")
    pdf = papers_actions.open_paper(paper.number, by=cast.clerk, now=MONDAY)[1]
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "附带的条件:每半年复检一次" in re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))


def test_a_grant_shows_what_is_issued_to_whom_and_wants_one_more_press(cast: Cast) -> None:
    number, approver = deciding(cast), cast.client("approver")
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    for said in ("《准予行政许可决定书》", LI_YUNXI.name, "不能撤回", "颁发的证照"):
        assert said in form
    refusing = approver.get(reverse("desk-act", args=[number, "refuse"])).content.decode()
    assert "《不予行政许可决定书》" in refusing
    assert "颁发的证照" not in refusing
    answer = do(approver, number, "grant", {**confirmed(cast), "confirmed": ""})
    assert answer.status_code == 422
    assert casework.read(number).state == "deciding"
    assert do(approver, number, "grant", confirmed(cast)).status_code == 302


def test_a_delivery_says_who_received_it_by_which_number_and_is_confirmed(cast: Cast) -> None:
    number, clerk = granted(cast), cast.client("clerk")
    before = entries(number)
    posted = {"way": "post", "received_by": "applicant", "receiver": "李云溪", "waybill": "SF1234567"}
    for given, said in (
        ({"way": "pick_up"}, "请填写“领取人”。"),
        ({**PICKED_UP, "received_by": ""}, "请填写“谁领取”。"),
        ({**PICKED_UP, "received_by": "other"}, "请填写“与申请人的关系和凭据”。"),
        ({**PICKED_UP, "credential": WANG_XIPAN.id_number, "confirmed": "1"}, "不是申请人的证件号码"),
        ({**PICKED_UP, "credential": ""}, "请填写“领取人证件号码”。"),
        ({**PICKED_UP, "credential_kind": ""}, "请填写“领取人证件”。"),
        ({**PICKED_UP, "credential": "123", "confirmed": "1"}, "身份证号应为18位"),
        ({**PICKED_UP, "credential_kind": "passport", "credential": "12", "confirmed": "1"}, "护照号码为"),
        ({**PICKED_UP, "credential_kind": "library", "confirmed": "1"}, "请从“领取人证件”列出的选项中选择"),
        ({**posted, "waybill": ""}, "请填写“运单号”。"),
        ({"way": "electronic"}, "请填写“送达到”。"),
        (PICKED_UP, "请先勾选确认"),
    ):
        answer = do(clerk, number, "deliver", given)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert entries(number) == before
    assert do(clerk, number, "deliver", {**posted, "confirmed": "1"}).status_code == 302
    entry = journal.entries_of(number)[-1]
    assert entry.public.get("way") == "post"
    assert "李云溪" not in str(entry.public)
    page = clerk.get(f"/desk/cases/{number}/").content.decode()
    for said in ("谁领取：</span>申请人", "领取人：</span>李云溪", "运单号：</span>SF1234567"):
        assert said in page


def test_a_refusal_asks_what_is_not_met_and_what_was_found_and_the_paper_says_it(cast: Cast) -> None:
    number, approver = deciding(cast), cast.client("approver")
    standard, before = cast.standard("device"), entries(number)
    form = approver.get(reverse("desk-act", args=[number, "refuse"])).content.decode()
    assert "不符合哪些条件" in form
    assert 'name="standard"' not in form
    assert f"没有达到：{standard}" in form
    confirmed = {**REASON, "confirmed": "1", "why_against": "审查时没有看到检定证书"}
    for posted, said in (
        (confirmed, "请填写“不符合哪些条件”"),
        ({**confirmed, "unmet": [standard]}, "请填写“查明的情况”"),
        ({**confirmed, "unmet": ["领导不同意"], "found.领导不同意": "不行"}, "公布的"),
    ):
        answer = do(approver, number, "refuse", posted)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert REASON["reason"] in answer.content.decode()
        assert entries(number) == before
    given = {**confirmed, "unmet": [standard], f"found.{standard}": "锅炉安全阀没有检定"}
    assert do(approver, number, "refuse", given).status_code == 302
    assert casework.read(number).state == "refused"
    paper = next(one for one in casework.notices(number) if one.kind == "refusal")
    pdf = papers_actions.open_paper(paper.number, by=cast.approver, now=MONDAY)[1]
    printed = "".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf)).pages)
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))
    assert "不符合下列条件" in text
    assert "经查明:锅炉安全阀没有检定。" in text


def test_conditions_that_are_taken_over_need_not_be_typed_again(cast: Cast) -> None:
    number, approver = examining(cast), cast.client("approver")
    assert do(cast.client("examiner"), number, "complete_step", PROPOSED).status_code == 302
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    assert _text_in(form, "conditions") == PROPOSED["proposed"]
    given = {**confirmed(cast), "taken": "take", "conditions": "每年复检一次", "reason": ""}
    again = do(approver, number, "grant", given)
    assert again.status_code == 422
    assert _text_in(again.content.decode(), "conditions") == "每年复检一次"
    emptied = do(approver, number, "grant", {**given, "conditions": ""}).content.decode()
    assert _text_in(emptied, "conditions") == ""


def test_of_a_review_done_again_only_the_last_conditions_are_taken_over(cast: Cast) -> None:
    number, examiner, approver = examining(cast), cast.client("examiner"), cast.client("approver")
    do(examiner, number, "complete_step", PROPOSED)
    assert do(approver, number, "send_back", REASON).status_code == 302
    do(examiner, number, "complete_step", {**PROPOSED, "proposed": "每年复检一次"})
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    assert _text_in(form, "conditions") == "每年复检一次"
    assert do(approver, number, "send_back", REASON).status_code == 302
    do(examiner, number, "complete_step", {"result": "agree", "opinion": "已经符合"})
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    assert 'name="conditions"' not in form


def test_whoever_acts_beyond_recall_sees_whose_case_it_is_and_confirms_what_is_sent(cast: Cast) -> None:
    number, clerk = granted(cast), cast.client("clerk")
    assert LI_YUNXI.name in clerk.get(reverse("desk-act", args=[number, "deliver"])).content.decode()
    wrong = {**PICKED_UP, "credential": "123", "confirmed": "1"}
    for action, who, given, case in (
        ("deliver", clerk, wrong, number),
        ("grant", cast.client("approver"), {**confirmed(cast), "reason": "无"}, deciding(cast)),
        ("refuse", cast.client("approver"), {"reason": "无", "confirmed": "1"}, deciding(cast)),
    ):
        answer = do(who, case, action, given)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert LI_YUNXI.name in page
        assert re.search(r'name="confirmed"[^>]*checked', page) is None


def test_a_result_fetched_by_somebody_else_says_by_which_authority(cast: Cast) -> None:
    number, clerk = granted(cast), cast.client("clerk")
    fetched = {**PICKED_UP, "received_by": "other", "receiver": "王溪畔", "confirmed": "1"}
    fetched |= {"credential": WANG_XIPAN.id_number, "authority": "女儿，凭签名的授权委托书"}
    assert do(clerk, number, "deliver", fetched).status_code == 302
    assert "女儿" not in str(journal.entries_of(number)[-1].public)
    page = clerk.get(f"/desk/cases/{number}/").content.decode()
    assert "领取人与申请人的关系和凭据：</span>女儿，凭签名的授权委托书" in page


def test_an_examiner_reads_the_materials_and_what_was_said_before(cast: Cast) -> None:
    number, examiner = examining(cast), cast.client("examiner")
    form = examiner.get(reverse("desk-act", args=[number, "complete_step"])).content.decode()
    for said in (LI_YUNXI.name, casework.read(number).materials[0].name, "还没有审查意见"):
        assert said in form
    do(examiner, number, "complete_step", {"result": "disagree", "opinion": "安全阀没有检定"})
    do(cast.client("approver"), number, "send_back", REASON)
    form = examiner.get(reverse("desk-act", args=[number, "complete_step"])).content.decode()
    assert "安全阀没有检定" in form


def test_a_decision_against_the_review_says_why(cast: Cast) -> None:
    agreed, against = deciding(cast), examining(cast)
    approver = cast.client("approver")
    do(cast.client("examiner"), against, "complete_step", {"result": "disagree", "opinion": "没有检定证书"})
    for number, action, given, question in (
        (agreed, "refuse", {**unmet(cast), "confirmed": "1"}, "审查意见都是同意，为什么不予"),
        (against, "grant", confirmed(cast), "审查意见有不同意的，为什么准予"),
    ):
        before, given = entries(number), {**given, "why_against": ""}
        answer = do(approver, number, action, given)
        assert answer.status_code == 422
        assert f"请填写“{question}”。" in answer.content.decode()
        assert entries(number) == before
        assert do(approver, number, action, {**given, "why_against": "证书刚刚核对过"}).status_code == 302
        page = approver.get(f"/desk/cases/{number}/").content.decode()
        assert "没有照审查意见决定的理由：</span>证书刚刚核对过" in page
    other = deciding(cast)
    assert "why_against" not in approver.get(reverse("desk-act", args=[other, "grant"])).content.decode()


def _text_in(page: str, name: str) -> str:
    """What stands in this text field."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1].strip()
