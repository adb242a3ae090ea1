"""A kind of case gets everything from its `CaseKind` alone: nothing outside its folder and its registration
knows it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.caselog import queries as caselog
from liuquan.caselog.types import View
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.kinds import queries as kinds
from liuquan.kinds.tests.cases import CONSULTANT, CONSULTATIONS
from liuquan.kinds.tests.questions import BODY, QUESTION, Question
from liuquan.kinds.types import CaseKind
from liuquan.organisation import queries as organisation
from liuquan.papers import actions as papers
from liuquan.testing import transitions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import Cases
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.procedure import in_writing
from liuquan.testing.role_classes import IN_PROCEDURES
from liuquan.testing.sources import squeezed

API = "/api/v1"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WRITTEN = {"way": "written", "answer": "周末不办，工作日九点至十七点可以办。"}
MEETING = {**WRITTEN, "way": "meeting", "meets_on": "2026-03-05"}


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def words(answer: Any, status: int = 200) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == status, page[:3000]
    return squeezed(page)


def good(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def scan(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def printed(pdf: bytes) -> str:
    """The text of a paper, without blanks."""
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", said)


def test_the_lists_of_the_desk_find_an_item_however_its_name_is_typed(
    question: Question, officer: Client, cast: Cast
) -> None:
    for face in ("desk", "desk-cases"):
        for typed in ("政策", "政策諮詢", "zczx", "ZX", "zhengce", "正策咨询", question.number[-5:].lower()):
            assert question.number in words(officer.get(reverse(face), {"q": typed})), (face, typed)
        for typed in ("食品", "spjy", "hengce"):
            assert question.number not in words(officer.get(reverse(face), {"q": typed})), (face, typed)


def test_the_work_list_says_kind_item_body_and_the_masked_party(
    question: Question, officer: Client, cast: Cast
) -> None:
    page = words(officer.get(reverse("desk")))
    body = organisation.body(BODY, on=FOUNDED.date()).name
    (row,) = re.findall(rf"<tr\b(?:(?!</tr>).)*{question.number}.*?</tr>", page)
    for said in ("咨询", "政策咨询", body, "李*溪", "答复", "待答复", "2026-03-09 周一", "还剩5个工作日"):
        assert said in row, (said, row)
    assert LI_YUNXI.name not in row
    (work,) = good(officer.get(f"{API}/worklist"))
    assert (work["number"], work["kind"], work["item"]) == (question.number, "consultation", "政策咨询")
    assert [duty["action"] for duty in work["duties"]] == ["answer"]
    assert question.number not in words(cast.client("other_examiner").get(reverse("desk")))


def test_the_case_page_shows_who_asks_what_and_what_may_be_done(question: Question, officer: Client) -> None:
    page = words(officer.get(reverse("desk-case", args=[question.number])))
    for said in (LI_YUNXI.name, QUESTION, "咨询编号", "答复期限", "5个工作日", "答复咨询。", "咨询登记单"):
        assert said in page, said
    assert reverse("desk-act", args=[question.number, "answer"]) in page
    assert reverse("desk-act", args=[question.number, "add"]) not in page
    for of_applications in ("申请人", "申请内容", "办件"):
        assert of_applications not in page, of_applications
    read = good(officer.get(f"{API}/cases/{question.number}"))
    assert (read["kind"], read["state_label"], read["item"]) == ("consultation", "待答复", "政策咨询")
    assert [offer["action"] for offer in read["offers"]] == ["answer"]
    assert [one["key"] for one in read["materials"]] == ["page", "basis"]
    file = good(officer.post(f"{API}/cases/{question.number}/file"))
    assert (file["matter"], list(file["names"].values())) == (QUESTION, [LI_YUNXI.name])


def test_the_form_of_an_act_shows_fields_by_what_was_answered_and_keeps_what_was_typed(
    question: Question, officer: Client
) -> None:
    address = reverse("desk-act", args=[question.number, "answer"])
    page = words(officer.get(address))
    for said in (
        'data-shown-if-field="way" data-shown-if-operator="is" data-shown-if-values="[&quot;meeting&quot;]"',
        'data-shown-if-field="refers" data-shown-if-operator="filled"',
        "只在“答复方式”为“当面答复”时填写",
        "只在勾选了“请咨询人另找其他单位”时填写",
        "答复所依据的文件",
    ):
        assert said in page, said
    kept = words(officer.post(address, {**MEETING, "meets_on": ""}), 422)
    assert "请填写“见面日期”。" in kept
    assert WRITTEN["answer"] in kept
    assert question.acts == ["consultation.asked", "casework.notice_issued"]
    sent = {**MEETING, "refers": "yes", "reason": "税务大厅办理税务登记", "file_basis": scan("办法.pdf")}
    assert officer.post(address, sent).status_code == 302
    assert question.case.state == "answered"
    assert question.acts[2:] == ["consultation.answered", "casework.notice_issued"]
    after = words(officer.get(reverse("desk-case", args=[question.number])))
    for said in (
        "已办理“答复”，出具文书1份",
        WRITTEN["answer"],
        "税务大厅办理税务登记",
        "咨询答复书",
        "已答复（当面答复）",
    ):
        assert said in after, said
    assert "申请人" not in after


def test_staff_and_the_holder_act_by_api_with_texts_and_files(question: Question, officer: Client) -> None:
    tracked = f"{API}/track/{question.number}"
    seen = good(Client().get(tracked, headers=question.holder))
    assert [(act["action"], [f["name"] for f in act["fields"]]) for act in seen["acts"]] == [
        ("add", ["more", "files"])
    ]
    added = {"json": json.dumps({"more": "想周六上午来"}), "page": scan("照片.pdf")}
    assert [one["key"] for one in seen["asked"]] == ["page"]
    good(Client().post(f"{tracked}/actions/add", added, headers=question.holder))
    assert good(Client().get(tracked, headers=question.holder))["asked"] == []
    offers = good(officer.get(f"{API}/cases/{question.number}"))["offers"]
    shown = {f["name"]: f["shown_if"] for f in offers[0]["fields"] if f["shown_if"]}
    assert shown["meets_on"] == {"field": "way", "operator": "is", "values": ["meeting"]}
    path = f"{API}/cases/{question.number}/actions/answer"
    done = good(officer.post(path, MEETING, content_type="application/json"))
    assert (done["state"], len(done["papers"]), done["paper_trouble"]) == ("answered", 1, "")
    read = good(officer.get(f"{API}/cases/{question.number}"))
    assert [(m["key"], m["received"], len(m["files"])) for m in read["materials"]] == [
        ("page", True, 1),
        ("basis", False, 0),
    ]
    paper = officer.get(f"{API}/cases/{question.number}/papers/{done['papers'][0]}")
    assert "2026年3月5日" in printed(paper.content)


def test_the_document_of_the_api_says_what_each_act_takes(kind: CaseKind) -> None:
    (answer,) = kinds.staff_models(kind.procedure)
    (add,) = kinds.party_models(kind.procedure)
    schema = answer.model_json_schema()
    assert (answer.__name__, schema["required"]) == ("ConsultationAnswer", ["way", "answer"])
    assert schema["properties"]["way"]["enum"] == ["written", "meeting"]
    assert schema["properties"]["meets_on"]["x-shown-if"]["values"] == ["meeting"]
    assert "只在“答复方式”为“当面答复”时填写" in schema["properties"]["meets_on"]["description"]
    assert (add.__name__, set(add.model_json_schema()["properties"])) == (
        "ConsultationAdd",
        {"more", "files"},
    )


def test_what_if_the_day_were_another(question: Question, officer: Client) -> None:
    asked = {"clock": "answer", "to": "2026-03-03"}
    page = words(officer.get(reverse("desk-what-if", args=[question.number]), asked))
    for said in ("答复期限", "2026-03-09 周一", "2026-03-10 周二", "晚1日"):
        assert said in page, said
    assert question.acts == ["consultation.asked", "casework.notice_issued"]


def test_the_history_shows_the_case_as_it_stood(
    question: Question, officer: Client, set_now: SetNow, settings: Any
) -> None:
    settings.LIUQUAN_DEMO = True  # March 2026 is played, whatever day the database's clock shows
    set_now(at(4))
    address = reverse("desk-act", args=[question.number, "answer"])
    assert officer.post(address, {**WRITTEN, "file_basis": scan("办法.pdf")}).status_code == 302
    set_now(at(5))
    for client, name in ((officer, "desk-history"), (question.slip, "track_history")):
        question.slip.post("/track/", {"number": question.number, "code": question.code})
        then = words(client.get(reverse(name, args=[question.number]), {"on": "2026-03-03"}))
        for said in ("待答复", "答复期限", "咨询登记单", "后来又有2条记录", "○ 答复所依据的文件"):
            assert said in then, (name, said)
        now = words(client.get(reverse(name, args=[question.number]), {"on": "2026-03-04"}))
        for said in ("已答复", "咨询答复书", "✓ 答复所依据的文件", "后来没有新的记录"):
            assert said in now, (name, said)
        for page in (then, now):
            assert "咨询人" in page
            assert (LI_YUNXI.name in page) == (name == "desk-history")


def test_the_print_view_is_one_sheet_with_everything(question: Question, officer: Client) -> None:
    page = words(officer.get(reverse("desk-case-print", args=[question.number])))
    for said in (
        "案卷",
        "咨询编号",
        question.number,
        LI_YUNXI.name,
        LI_YUNXI.id_number,
        QUESTION,
        "咨询登记单",
    ):
        assert said in page, said
    for of_applications in ("申请人", "申请内容", "办件"):
        assert of_applications not in page, of_applications
    assert 'class="actions"' not in page


def test_the_holder_of_the_slip_follows_it_adds_and_gets_the_answer(
    question: Question, officer: Client
) -> None:
    slip, address = question.slip, reverse("track_case", args=[question.number])
    page = words(slip.get(address))
    for said in ("待答复", "最迟3月9日（周一）答复您", "咨询登记单", "补充说明", "收到咨询：政策咨询"):
        assert said in page, said
    form = reverse("track_act", args=[question.number, "add"])
    assert "图片或者文件" in words(slip.get(form))
    assert slip.post(form, {"more": "想周六来", "file_page": scan("照片.pdf")}).status_code == 302
    assert question.case.state == "asked"
    desk = words(officer.get(reverse("desk-case", args=[question.number])))
    assert "想周六来" in desk
    assert "想周六来" not in words(slip.get(address))
    answered = officer.post(reverse("desk-act", args=[question.number, "answer"]), WRITTEN)
    assert answered.status_code == 302
    done = words(slip.get(address))
    for said in ("已答复", "已经答复，请看下面的咨询答复书。", "咨询人补充了说明", "咨询答复书"):
        assert said in done, said
    assert form not in done
    assert LI_YUNXI.name not in page + done
    assert WRITTEN["answer"] not in done


def test_the_person_sees_which_post_read_the_case_and_why(question: Question, officer: Client) -> None:
    address = reverse("track_readings", args=[question.number])
    assert "还没有工作人员看过" in words(question.slip.get(address))
    words(officer.get(reverse("desk-case", args=[question.number])))
    page = words(question.slip.get(address))
    for said in ("一共1次", organisation.body(BODY, on=FOUNDED.date()).name, "案卷", "办理本件"):
        assert said in page, said
    assert good(officer.get(f"{API}/me"))["name"] not in page


def test_every_act_stands_in_the_permission_matrix_and_is_held_to_it(cases: Cases, kind: CaseKind) -> None:
    acts: Sequence[Any] = (kind.procedure.creation, *kind.procedure.rows)
    rows = [key for key in transitions.table() if key[0] == kind.key]
    assert {action for _, action, _ in rows} == {act.action for act in acts}
    played = CONSULTATIONS
    for state in kind.procedure.states:
        number = played.bring(cases.cast, state.key)
        assert transitions.wrong_in(cases, played, state.key, number, {}) == []
        assert casework.read(number).state == state.key
    wanted = {"ask": {"applicant", "agent", "stranger"}, "add": {"applicant"}, "answer": set()}
    for _, action, state_key in rows:
        row = transitions.table()[kind.key, action, state_key]
        assert {role for role in IN_PROCEDURES if row[role] == "yes"} == wanted[action]


def test_the_register_of_authorisations_names_its_acts(question: Question) -> None:
    lines = organisation.authorisation_register(
        on=FOUNDED.date(), body_code=BODY, item_code="consultation", action="consultation.answer"
    )
    assert [line.post_code for line in lines] == ["SCJG-SC1"]


def test_the_case_log_has_its_case_clock_events_and_papers(question: Question, officer: Client) -> None:
    assert officer.post(reverse("desk-act", args=[question.number, "answer"]), WRITTEN).status_code == 302

    def rows(view: View) -> list[dict[str, Any]]:
        return caselog.rows(view, case_numbers=[question.number])

    (case,) = rows(View.CASES)
    assert (case["kind"], case["state"], case["item_name"], case["channel"]) == (
        "consultation",
        "answered",
        "政策咨询",
        "portal",
    )
    (clock,) = rows(View.CLOCKS)
    assert (clock["key"], clock["label"], clock["amount"], clock["state"]) == ("answer", "答复期限", 5, "met")
    events = {row["event"] for row in rows(View.EVENTS)}
    assert {"consultation.asked", "consultation.answered", "casework.notice_issued"} <= events
    assert [row["kind"] for row in rows(View.NOTICES)] == ["slip", "answer"]
    (subject,) = [row for row in rows(View.SUBJECTS) if row["number"] == question.number]
    assert (subject["kind"], subject["is_case"]) == ("consultation", True)


def test_a_paper_that_the_page_did_not_issue_is_issued_by_the_periodic_job(question: Question) -> None:
    done = casework_actions.perform(
        question.number, "answer", by=CONSULTANT, now=FOUNDED, data={**in_writing(), "refers": False}
    )
    assert done.notices == ("answer",)
    assert [one.kind for one in casework.notices(question.number)] == ["slip"]
    assert papers.issue_missing(since=at(1), before=datetime(2100, 1, 1, tzinfo=UTC), now=FOUNDED) == 1
    assert [one.kind for one in casework.notices(question.number)] == ["slip", "answer"]
