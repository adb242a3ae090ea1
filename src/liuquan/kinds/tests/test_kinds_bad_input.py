"""What is wrong for a kind is refused by act, page and API alike, and then nothing has happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, Malformed, NotAllowed
from liuquan.kinds.tests.cases import CONSULTANT
from liuquan.kinds.tests.questions import BODY, QUESTION, Question
from liuquan.testing.cast import Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.asking import ask
from liuquan.testing.consultation.mandates import mandate
from liuquan.testing.consultation.procedure import in_writing

API = "/api/v1"
WRITTEN = dict(in_writing())
#: what is given, the field that is wrong, and what is said beside it
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({**WRITTEN, "meets_on": "2026-03-05"}, "meets_on", "“见面日期”只在“答复方式”为“当面答复”时填写"),
    ({**WRITTEN, "way": "meeting"}, "meets_on", "请填写“见面日期”。"),
    ({**WRITTEN, "refers": True}, "reason", "请填写“找哪个单位、为什么”。"),
    ({**WRITTEN, "reason": "问税务"}, "reason", "只在勾选了“请咨询人另找其他单位”时填写"),
    ({**WRITTEN, "way": "pigeon"}, "way", "请从“答复方式”列出的选项中选择。"),
    ({**WRITTEN, "way": "meeting", "meets_on": "2026-03-02"}, "meets_on", "应当晚于今天。"),
    ({"way": "written"}, "answer", "请填写“答复内容”。"),
    ({**WRITTEN, "standard": "一般情形"}, "standard", "“答复”不需要填写“standard”"),  # of another kind
]


def happened(question: Question) -> tuple[Any, ...]:
    """Everything that an act on the case could have changed."""
    files = sql.run("SELECT count(*) AS n FROM kernel_storedfile")
    jobs = sql.run("SELECT count(*) AS n FROM procrastinate_jobs")
    case = question.case
    return case, question.acts, cases.notices(case.number), cases.received(case), files, jobs


def acts_of(question: Question, action: str) -> str:
    return f"{API}/cases/{question.number}/actions/{action}"


@pytest.mark.parametrize(("given", "field", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_wrong_value_is_named_beside_its_field_and_changes_nothing(
    question: Question, officer: Client, given: dict[str, Any], field: str, said: str
) -> None:
    before = happened(question)
    with pytest.raises(BadInput) as refused:
        casework.perform(question.number, "answer", by=CONSULTANT, now=FOUNDED, data=given)
    assert said in refused.value.fields[field]
    answer = officer.post(acts_of(question, "answer"), given, content_type="application/json")
    assert answer.status_code == 422, answer.content.decode()
    assert field in {name.removeprefix("json.") for name in answer.json()["fields"]}
    assert happened(question) == before


@pytest.mark.parametrize(("given", "field", "said"), WRONG[:4], ids=[said for _, _, said in WRONG[:4]])
def test_the_form_says_beside_a_hidden_or_a_missing_field_what_is_wrong(
    question: Question, officer: Client, given: dict[str, Any], field: str, said: str
) -> None:
    before = happened(question)
    typed = {name: "yes" if value is True else value for name, value in given.items()}
    page = officer.post(reverse("desk-act", args=[question.number, "answer"]), typed)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert f"id_{field}_error" in page.content.decode()
    assert happened(question) == before


def test_an_act_of_another_kind_is_unknown_here(question: Question, officer: Client, cast: Cast) -> None:
    before, decision = happened(question), cast.decision("device")
    with pytest.raises(Malformed, match="没有这一操作，请刷新"):
        casework.perform(question.number, "grant", by=CONSULTANT, now=FOUNDED, data=decision)
    answer = officer.post(acts_of(question, "grant"), decision, content_type="application/json")
    assert answer.status_code == 400
    assert officer.get(reverse("desk-act", args=[question.number, "grant"])).status_code == 404
    held = Client().post(f"{API}/track/{question.number}/actions/withdraw", {}, headers=question.holder)
    assert held.status_code == 400
    assert question.slip.get(reverse("track_act", args=[question.number, "withdraw"])).status_code == 404
    assert happened(question) == before


def test_a_mandate_of_another_kind_gives_nothing_here(question: Question, cast: Cast) -> None:
    """The approver's post may decide applications of the same body, and that is all."""
    approver, desk = cast.approver, cast.client("approver")
    assert approver.body_code == BODY
    before = happened(question)
    with pytest.raises(NotAllowed, match="没有“答复”的授权"):
        casework.perform(question.number, "answer", by=approver, now=FOUNDED, data=WRITTEN)
    answer = desk.post(acts_of(question, "answer"), WRITTEN, content_type="application/json")
    assert (answer.status_code, "授权" in answer.json()["detail"]) == (403, True)
    assert desk.post(reverse("desk-act", args=[question.number, "answer"]), WRITTEN).status_code == 403
    assert cases.offers(question.case, by=approver, now=FOUNDED) == []
    page = desk.get(reverse("desk-case", args=[question.number])).content.decode()
    assert QUESTION not in page
    assert happened(question) == before
    mandate(approver.post_code, "consultation.answer", body_code=BODY, now=FOUNDED)
    allowed = cast.client("approver").post(
        acts_of(question, "answer"), WRITTEN, content_type="application/json"
    )
    assert allowed.status_code == 200


def test_a_post_without_the_mandate_asks_for_nobody(question: Question, cast: Cast) -> None:
    count = "SELECT count(*) AS n FROM casework_case"
    before = sql.run(count)
    with pytest.raises(NotAllowed, match="没有“提出咨询”的授权"):
        ask("代问", party=cast.applicant.party_number, body_code=BODY, by=cast.approver, now=FOUNDED)
    assert sql.run(count) == before


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"more": ""}, 422, "请填写“补充什么”。"),
        ({"more": "问" * 2001}, 422, "最多写2000字"),
        ({"more": "周六", "file_page": b"MZ this is a program"}, 422, "的内容是程序"),
        ({"more": "周六", "files": ["page"]}, 422, "“附件”请上传文件；纸质的请交到窗口。"),
        ({"more": "周六", "answer": "可以"}, 302, ""),  # a form reads only its own fields
    ],
)
def test_the_holder_of_the_slip_is_told_what_is_wrong_and_may_try_again(
    question: Question, given: Mapping[str, Any], status: int, said: str
) -> None:
    before = happened(question)
    sent = {
        name: SimpleUploadedFile("照片.pdf", value, "application/pdf") if isinstance(value, bytes) else value
        for name, value in given.items()
    }
    answer = question.slip.post(reverse("track_act", args=[question.number, "add"]), sent)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert (happened(question) == before) is (status != 302)


def test_a_file_of_the_holder_stays_when_a_word_is_missing(question: Question) -> None:
    address = reverse("track_act", args=[question.number, "add"])
    photo = SimpleUploadedFile("照片.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    page = question.slip.post(address, {"more": "", "file_page": photo})
    assert page.status_code == 422
    html = page.content.decode()
    assert "已存好，不用再选：照片.pdf" in html
    assert cases.received(question.case) == []
    draft = html.split('name="draft" value="')[1][:12]
    assert question.slip.post(address, {"more": "周六", "draft": draft}).status_code == 302
    assert [one.key for one in cases.received(question.case)] == ["page"]
    assert sql.run("SELECT 1 FROM kernel_draft") == []


def test_only_a_window_says_what_came_on_paper(question: Question) -> None:
    before, path = happened(question), f"{API}/track/{question.number}/actions/add"
    sent = {"more": "周六", "files": ["page"]}
    ticked = Client().post(path, sent, headers=question.holder, content_type="application/json")
    assert (ticked.status_code, list(ticked.json()["fields"])) == (422, ["files"])
    assert happened(question) == before


def test_after_the_answer_nobody_adds_or_answers_again(question: Question, officer: Client) -> None:
    casework.perform(question.number, "answer", by=CONSULTANT, now=FOUNDED, data=WRITTEN)
    before = happened(question)
    added = Client().post(
        f"{API}/track/{question.number}/actions/add",
        {"more": "还有"},
        headers=question.holder,
        content_type="application/json",
    )
    again = officer.post(acts_of(question, "answer"), WRITTEN, content_type="application/json")
    assert (added.status_code, again.status_code) == (409, 409)
    assert "已答复" in again.json()["detail"]
    assert question.slip.get(reverse("track_act", args=[question.number, "add"])).status_code == 409
    assert happened(question) == before


def test_a_late_answer_is_entered_as_late(question: Question) -> None:
    late = datetime(2026, 3, 11, 2, tzinfo=UTC)
    casework.perform(question.number, "answer", by=CONSULTANT, now=late, data=WRITTEN)
    assert question.acts[-2:] == ["casework.deadline_breached", "consultation.answered"]
