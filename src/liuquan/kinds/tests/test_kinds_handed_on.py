"""A case that was handed to another body: every page and paper names the body that is meant."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.effects import Issue, MoveBody, Reassign
from liuquan.casework.events import OF_A_MOVE, OF_THE_ENGINE
from liuquan.casework.types import Field, Outcome, Transition, Who
from liuquan.journal.events import declare
from liuquan.journal.types import Event
from liuquan.kinds.act_models import act_model
from liuquan.kinds.tests.questions import BODY, Question, questioned
from liuquan.kinds.types import CaseKind
from liuquan.papers import actions as papers
from liuquan.papers import queries as verifying
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.kind import CONSULTATION
from liuquan.testing.consultation.mandates import mandate
from liuquan.testing.consultation.procedure import in_writing
from liuquan.testing.kinds import registered
from liuquan.testing.sources import squeezed

OLD, NEW, LAND = "云溪市市场监督管理局", "云溪市自然资源和规划局", "11990100MB99010402"

(HANDED_ON,) = declare(
    Event("consultation.handed_on", "转办", "已转办", OF_THE_ENGINE | OF_A_MOVE, frozenset({"staff"}))
)
ROW = Transition(
    "hand_on",
    "转办",
    ("asked",),
    None,
    (Who.POST,),
    HANDED_ON.name,
    fields=(Field("body", "转给"),),
    effects=(MoveBody(), Issue("slip")),
)


@pytest.fixture
def kind() -> Iterator[CaseKind]:
    """The small kind, whose questions may be handed on; then the slip is printed anew."""
    procedure = replace(CONSULTATION.procedure, rows=(*CONSULTATION.procedure.rows, ROW))
    with registered(replace(CONSULTATION, procedure=procedure)) as kind:
        yield kind


@pytest.fixture
def moved(city_db: str, kind: CaseKind, cast: Cast, set_now: SetNow) -> tuple[Question, Outcome]:
    """Asked on 2 March, handed on on the 4th, looked at on the 6th."""
    cache.clear()
    set_now(FOUNDED)
    question = questioned(cast)
    mandate("SCJG-SC1", "consultation.hand_on", body_code=BODY, now=FOUNDED)
    mandate("ZRZY-SC1", "consultation.answer", body_code=LAND, now=FOUNDED)
    hander = cast.staff("examiner")
    outcome = casework_actions.perform(question.number, "hand_on", by=hander, now=at(4), data={"body": LAND})
    set_now(at(6))
    return question, outcome


def at(day: int) -> datetime:
    """Ten o'clock in Shanghai on a day of March 2026."""
    return datetime(2026, 3, day, 2, tzinfo=UTC)


def words(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return squeezed(answer.content.decode())


def printed(pdf: bytes) -> str:
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", said)


def fact(page: str, label: str) -> str:
    """The value of a fact on a page."""
    found = re.search(rf"<dt[^>]*>\s*{label}\s*</dt>\s*<dd[^>]*>(.*?)</dd>", page)
    assert found, label
    return found[1].strip()


def test_lists_and_pages_of_staff_name_the_body_that_has_the_case_now(
    moved: tuple[Question, Outcome], cast: Cast
) -> None:
    number = moved[0].number
    old, new = cast.client("examiner"), cast.client("other_examiner")
    assert number not in words(old.get(reverse("desk")))
    assert old.get(reverse("desk-case", args=[number])).status_code == 404
    (row,) = re.findall(rf"<tr\b(?:(?!</tr>).)*{number}.*?</tr>", words(new.get(reverse("desk"))))
    assert NEW in row
    assert OLD not in row
    (row,) = re.findall(rf"<tr\b(?:(?!</tr>).)*{number}.*?</tr>", words(new.get(reverse("desk-cases"))))
    assert number in row
    page = words(new.get(reverse("desk-case", args=[number])))
    assert fact(page, "承办单位") == NEW
    assert (fact(page, OLD), fact(page, NEW)) == ("2日", "2日")
    assert "本机关" not in page
    sheet = words(new.get(reverse("desk-case-print", args=[number])))
    assert fact(sheet, "承办单位") == NEW


def test_the_holder_of_the_slip_sees_whom_to_ask_now(moved: tuple[Question, Outcome]) -> None:
    question = moved[0]
    question.slip.post("/track/", {"number": question.number, "code": question.code})
    page = words(question.slip.get(reverse("track_case", args=[question.number])))
    assert f"{NEW}最迟3月9日（周一）答复您" in page
    assert OLD not in page


def test_the_past_names_the_body_that_had_the_case_then(
    moved: tuple[Question, Outcome], cast: Cast, settings: Any
) -> None:
    settings.LIUQUAN_DEMO = True  # March 2026 is played, whatever day the database's clock shows
    client: Client = cast.client("other_examiner")
    address = reverse("desk-history", args=[moved[0].number])
    assert f"{OLD} 编号" in words(client.get(address, {"on": "2026-03-03"})).replace("　", " ")
    now = words(client.get(address, {"on": "2026-03-05"})).replace("　", " ")
    assert f"{NEW} 编号" in now


def test_a_paper_is_the_bodys_that_had_the_case_when_the_act_was_done(
    moved: tuple[Question, Outcome], cast: Cast
) -> None:
    """The slip of the act that hands the case on is the former body's, whenever it is printed."""
    question, outcome = moved
    papers.issue_papers(question.number, entry=UUID(outcome.entry), now=at(5))
    answerer = cast.staff("other_examiner")
    answered = casework_actions.perform(
        question.number, "answer", by=answerer, now=at(6), data=in_writing("可以")
    )
    papers.issue_now(answered, now=at(6))
    notices = casework.notices(question.number)
    assert [verifying.issued_paper(one.short_code).body for one in notices] == [OLD, OLD, NEW]
    texts = [printed(papers.open_paper(one.number, by=answerer, now=at(6))[1]) for one in notices]
    assert [(OLD in one, NEW in one) for one in texts] == [(True, False), (True, False), (False, True)]


def test_the_api_says_which_body_has_the_case(moved: tuple[Question, Outcome], cast: Cast) -> None:
    (work,) = cast.client("other_examiner").get("/api/v1/worklist").json()
    assert (work["number"], work["body_code"]) == (moved[0].number, LAND)


def test_a_program_names_the_step_that_goes_to_another_post(kind: CaseKind) -> None:
    """Only acts about a step take its number."""
    row = replace(ROW, action="redirect", fields=(Field("post", "岗位"),), effects=(Reassign(),))
    assert "assignment" in act_model(kind.key, row).model_fields
    assert "assignment" not in act_model(kind.key, ROW).model_fields
