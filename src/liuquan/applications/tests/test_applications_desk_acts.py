"""Acting from the desk: a form for every row of the procedure, and what is said when it may not be done."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.applications.procedure import PROCEDURE
from liuquan.applications.tests.acting import (
    CORRECTION,
    MONDAY,
    PICKED_UP,
    REASON,
    confirmed,
    deciding,
    do,
    entries,
    examining,
    granted,
    incomplete,
    late,
    named,
    received,
    supplementing,
    suspended,
    unmet,
)
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Who
from liuquan.journal import queries as journal
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.sources import squeezed


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


@dataclass(frozen=True)
class Played:
    """One row of the procedure played from its form: from which case, by whom, with what, leading where."""

    case: Callable[[Cast], str]
    who: str
    data: dict[str, Any]
    state: str
    confirm: bool = False


def rows(cast: Cast) -> dict[str, Played]:
    standard = {**REASON, "standard": cast.standard("device")}
    special = {"ground": "expert_review", "until": "2026-03-13", "document": "专家评审告知书"}
    other = "云溪市卫生健康委员会"
    return {
        "accept": Played(incomplete, "clerk", {"materials": cast.materials("device")}, "examining"),
        "accept_corrected": Played(
            incomplete,
            "clerk",
            {"materials": cast.materials("device"), "corrections": "更正设备编号"},
            "examining",
        ),
        "notify_supplement": Played(incomplete, "clerk", named(*cast.materials("device")), "supplementing"),
        "receive_supplement": Played(
            supplementing, "clerk", {"materials": cast.materials("device")}, "received"
        ),
        "refuse_not_needed": Played(received, "clerk", REASON, "not_accepted", True),
        "refuse_not_ours": Played(received, "clerk", {**REASON, "refer_to": other}, "not_accepted", True),
        "complete_step": Played(
            examining, "examiner", {"result": "agree", "opinion": "符合要求"}, "deciding"
        ),
        "start_special": Played(examining, "examiner", special, "examining"),
        "end_special": Played(suspended, "examiner", {}, "examining"),
        "extend": Played(examining, "head", {**REASON, "days": "5"}, "examining", True),
        "correct_anchor": Played(examining, "head", CORRECTION, "examining", True),
        "explain_late": Played(late, "chief_rep", {"cause": "volume"}, "examining"),
        "send_back": Played(deciding, "approver", REASON, "examining"),
        "grant": Played(deciding, "approver", standard, "granted", True),
        "refuse": Played(deciding, "approver", unmet(cast), "refused", True),
        "deliver": Played(granted, "clerk", PICKED_UP, "closed", True),
        "withdraw_at_window": Played(
            received, "clerk", {**REASON, "request": "3月2日李云溪签名的撤回申请书"}, "withdrawn", True
        ),
    }


BY_STAFF = [row.action for row in PROCEDURE.rows if row.who not in ((Who.SYSTEM,), (Who.PARTY,))]


@pytest.mark.parametrize("action", BY_STAFF)
def test_every_row_has_its_form_and_does_what_it_says(cast: Cast, action: str) -> None:
    played, row = rows(cast)[action], PROCEDURE.row(action)
    assert row is not None
    number = played.case(cast)
    client = cast.client(played.who)
    before = len(casework.notices(number))
    assert f"/desk/cases/{number}/{action}/" in client.get(f"/desk/cases/{number}/").content.decode()
    form = client.get(reverse("desk-act", args=[number, action])).content.decode()
    replaced = {one.instead_of for one in row.recorded}
    for field in (one for one in row.fields if one.name not in replaced):
        if field.asked_if is None and field.kind != "amount":  # shown only where somebody must say it
            assert f'name="{field.name}"' in form
    assert "、".join(row.cites) in form
    confirmed = {"confirmed": "1"} if played.confirm else {}
    answer = do(client, number, action, {**played.data, **confirmed})
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/desk/cases/{number}/"), (
        answer.content.decode()
    )
    assert casework.read(number).state == played.state
    assert row.event in entries(number)
    assert len(casework.notices(number)) == before + len(row.papers)
    assert f"已办理“{row.label}" in client.get(f"/desk/cases/{number}/").content.decode()


@pytest.mark.parametrize("action", [a for a in BY_STAFF if PROCEDURE.row(a).confirm])  # type: ignore[union-attr]
def test_what_is_final_is_asked_first_and_keeps_what_was_typed(cast: Cast, action: str) -> None:
    played, row = rows(cast)[action], PROCEDURE.row(action)
    assert row is not None
    number = played.case(cast)
    before = entries(number)
    answer = do(cast.client(played.who), number, action, played.data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert row.confirm in html
    assert "请确认后再提交" in html
    assert all(value in html for value in played.data.values() if isinstance(value, str))
    assert entries(number) == before


@pytest.mark.parametrize(
    ("action", "data", "sentence"),
    [
        ("grant", {"reason": "好", "standard": "x"}, "请写明理由（至少四个字）"),
        (
            "grant",
            {"reason": "审查中发现的事实清楚", "standard": "我认为可以"},
            "请从本事项公布的审查标准中选择",
        ),
        ("grant", {"reason": ""}, "请填写“理由”"),
        ("grant", {"reason": "长" * 2001}, "最多写2000字"),
    ],
)
def test_a_decision_without_reason_or_standard_is_refused_beside_its_field(
    cast: Cast, action: str, data: dict[str, str], sentence: str
) -> None:
    number = deciding(cast)
    before = entries(number)
    answer = do(cast.client("approver"), number, action, {**data, "confirmed": "1"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert sentence in html
    assert 'aria-invalid="true"' in html or 'class="wrong"' in html
    assert data["reason"] in html
    assert entries(number) == before


def test_the_notice_begins_with_all_that_is_missing_and_may_leave_nothing_out(cast: Cast) -> None:
    number = incomplete(cast)
    client = cast.client("clerk")
    form = squeezed(client.get(reverse("desk-act", args=[number, "notify_supplement"])).content.decode())
    missing = cast.materials("device")
    assert all(f'value="{key}" checked' in form for key in missing)
    answer = do(client, number, "notify_supplement", named(missing[0]))
    assert answer.status_code == 422
    assert "还漏了" in answer.content.decode()
    assert casework.read(number).state == "received"


def test_pressing_twice_does_it_once_and_says_how_it_stands(cast: Cast) -> None:
    number = received(cast)
    client = cast.client("clerk")
    assert do(client, number, "accept", {}).status_code == 302
    before = entries(number)
    answer = do(client, number, "accept", {})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "不能办理“受理”" in html
    assert "审查中" in html
    assert entries(number) == before


def test_what_was_typed_while_somebody_else_acted_is_not_lost(cast: Cast) -> None:
    number = deciding(cast)
    approver, head = cast.client("approver"), cast.client("head")
    assert head.get(reverse("desk-act", args=[number, "send_back"])).status_code == 200
    assert do(approver, number, "grant", confirmed(cast)).status_code == 302
    before = entries(number)
    answer = do(head, number, "send_back", REASON)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "已准予，待送达" in html
    assert f"3月2日 10:00　{cast.approver.post_name}　<strong>准予</strong>" in squeezed(html)
    assert "刷新" not in html
    assert "看看能不能办了" in html
    assert f">{REASON['reason']}</textarea>" in html
    assert f'name="reason" value="{REASON["reason"]}"' in html
    assert do(head, number, "send_back", {**REASON, "again": "1"}).status_code == 409
    assert entries(number) == before


def test_a_closed_case_does_not_offer_to_try_again(cast: Cast) -> None:
    number, clerk = granted(cast), cast.client("clerk")
    casework_actions.perform(number, "deliver", by=cast.clerk, now=MONDAY, data={"way": "pick_up"})
    before = entries(number)
    answer = do(clerk, number, "deliver", {**PICKED_UP, "confirmed": "1"})
    html = squeezed(answer.content.decode())
    assert answer.status_code == 409
    assert f"{cast.clerk.post_name}　<strong>送达</strong>" in html
    assert "看看能不能办了" not in html
    assert LI_YUNXI.name in html
    assert entries(number) == before


def test_what_was_typed_goes_back_into_the_form_once_the_act_is_possible(cast: Cast) -> None:
    number, examiner = received(cast), cast.client("examiner")
    opinion = {"result": "agree", "opinion": "材料齐全，数据一致"}
    refused = do(examiner, number, "complete_step", opinion)
    assert refused.status_code == 409
    assert f">{opinion['opinion']}</textarea>" in refused.content.decode()
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    before = entries(number)
    again = do(examiner, number, "complete_step", {**opinion, "again": "1"})
    assert again.status_code == 200
    assert f">{opinion['opinion']}</textarea>" in again.content.decode()
    assert 'value="agree" checked' in squeezed(again.content.decode())
    assert entries(number) == before


def test_a_post_without_mandate_is_told_so(cast: Cast) -> None:
    number = deciding(cast)
    for method in ("get", "post"):
        answer = getattr(cast.client("examiner"), method)(reverse("desk-act", args=[number, "grant"]), {})
        assert answer.status_code == 403
        assert "没有“准予”的授权" in answer.content.decode()
    assert cast.client("approver").get(reverse("desk-act", args=[number, "no_such"])).status_code == 404


def test_a_step_in_other_hands_names_them(cast: Cast) -> None:
    number = examining(cast)
    answer = cast.client("second_examiner").get(reverse("desk-act", args=[number, "complete_step"]))
    assert answer.status_code == 403
    assert "现在由市市场监管局审查岗一办理" in answer.content.decode()


@pytest.mark.requirement("CASE-08")
def test_who_reviewed_in_whatever_post_finds_no_button_to_decide_but_the_reason(cast: Cast) -> None:
    """一审一核 binds the person: the approver who stood in for the examiner may not decide this case."""
    organisation.record_absence(
        post_code="SCJG-SC1",
        cover_post_code="SCJG-HZ",
        from_on=MONDAY.date(),
        to_on=(MONDAY + timedelta(days=5)).date(),
        reason="外出学习",
        by=SYSTEM,
        now=MONDAY,
    )
    number = examining(cast)
    client = cast.client("approver")
    assert client.post("/desk/post/", {"post": "SCJG-SC1"}).status_code == 302
    assert "市市场监管局审查岗一（代）" in client.get("/desk/").content.decode()
    assert do(client, number, "complete_step", {"result": "agree", "opinion": "符合要求"}).status_code == 302
    assert client.post("/desk/post/", {"post": "SCJG-HZ"}).status_code == 302
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert f"/desk/cases/{number}/grant/" not in page
    assert "一审一核不得由同一人完成" in page
    answer = do(client, number, "grant", confirmed(cast))
    assert answer.status_code == 403
    assert "一审一核不得由同一人完成" in answer.content.decode()
    assert casework.read(number).state == "deciding"
    assert do(cast.client("head"), number, "grant", confirmed(cast)).status_code == 302
    assert casework.read(number).state == "granted"


@pytest.mark.fact("L-07")
def test_a_site_check_asks_for_a_second_officer_of_ones_own(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    client, opinion = cast.client("second_examiner"), {"result": "agree", "opinion": "现场与申请一致"}
    form = client.get(reverse("desk-act", args=[number, "complete_step"])).content.decode()
    offered = set(re.findall(r'<option value="(YX\d+)"', form))
    assert "YX0015" in offered
    assert not offered & {"YX0016", "YX0017", "YX0021"}  # oneself, who decides, somebody of another body
    for second in ("", "YX0016", "YX9999", "YX0017"):
        answer = do(client, number, "complete_step", {**opinion, "second_officer": second})
        assert answer.status_code == 422
        assert "现场与申请一致" in answer.content.decode()
    assert do(client, number, "complete_step", {**opinion, "second_officer": "YX0015"}).status_code == 302
    assert "application.step_completed" in entries(number)


@pytest.mark.requirement("CASE-23")
def test_every_step_leaves_a_trace_and_the_decision_shows_its_reason_and_standard(cast: Cast) -> None:
    number = received(cast)
    standard = cast.standard("device")
    do(cast.client("clerk"), number, "accept", {})
    do(cast.client("examiner"), number, "complete_step", {"result": "agree", "opinion": "设备合格证齐全"})
    do(cast.client("approver"), number, "grant", {**confirmed(cast), "reason": "检验合格，资料完整"})
    do(cast.client("clerk"), number, "deliver", {**PICKED_UP, "confirmed": "1"})
    assert [e for e in entries(number) if e.startswith("application.")] == [
        "application.submitted",
        "application.accepted",
        "application.step_completed",
        "application.granted",
        "application.delivered",
    ]
    page = cast.client("approver").get(f"/desk/cases/{number}/").content.decode()
    for said in (
        "设备合格证齐全",
        "检验合格，资料完整",
        "综合窗口1号",
        "市市场监管局审查岗一",
        "市市场监管局核准岗",
    ):
        assert said in page
    decision = next(e for e in journal.entries_of(number) if e.event == "application.granted")
    assert decision.public["standard"] == standard
    undecided = deciding(cast)
    for lacking in ({"reason": "检验合格，资料完整"}, {"standard": standard}):
        assert do(cast.client("approver"), undecided, "grant", lacking).status_code == 422
    assert casework.read(undecided).state == "deciding"


def test_the_one_time_notice_says_of_each_material_what_is_wanted(cast: Cast) -> None:
    number, clerk = incomplete(cast), cast.client("clerk")
    first, second = cast.materials("device")[:2]
    before = entries(number)
    given = {"items": cast.materials("device"), f"requirements.{first}": "须盖章"}
    answer = do(clerk, number, "notify_supplement", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_requirements.{second}_error"' in page
    assert f'id="id_requirements.{first}_error"' not in page
    assert 'value="须盖章"' in page
    assert entries(number) == before
    assert do(clerk, number, "notify_supplement", named(*cast.materials("device"))).status_code == 302
    names = {m.key: m.name for m in casework.read(number).materials}
    assert f"{names[first]}：{first}须盖章" in clerk.get(f"/desk/cases/{number}/").content.decode()
    holder = Client()
    holder.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    page = holder.get(reverse("track_supplement", args=[number])).content.decode()
    for key in (first, second):
        assert f"要求：{key}须盖章" in page
    paper = next(one for one in casework.notices(number) if one.kind == "supplement")
    pdf = papers_actions.open_paper(paper.number, by=cast.clerk, now=MONDAY)[1]
    printed = "".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf)).pages)
    assert f"{first}须盖章。" in re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))


def test_nul_in_a_form_is_refused_and_nothing_happens(cast: Cast) -> None:
    number = deciding(cast)
    before = entries(number)
    assert (
        do(cast.client("approver"), number, "grant", {"reason": "事实\x00清楚", "standard": "x"}).status_code
        == 400
    )
    assert entries(number) == before


def test_an_act_of_an_old_form_without_its_token_is_refused(cast: Cast) -> None:
    number = received(cast)
    signed_in = cast.client("clerk")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    answer = do(strict, number, "accept", {})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.content.decode()
    assert casework.read(number).state == "received"
