"""Acting from the desk: a form for every row of the procedure, and what is said when it may not be done."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Who
from liuquan.journal import queries as journal
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


def received(cast: Cast) -> str:
    return cast.applies("device", at=MONDAY)


def incomplete(cast: Cast) -> str:
    return cast.applies("device", at=MONDAY, materials=())


def supplementing(cast: Cast) -> str:
    number = incomplete(cast)
    casework_actions.perform(
        number, "notify_supplement", by=cast.clerk, now=MONDAY, data={"items": cast.materials("device")}
    )
    return number


def examining(cast: Cast) -> str:
    number = received(cast)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    return number


def late(cast: Cast) -> str:
    return cast.accepted("device", at=datetime(2026, 2, 2, 2, tzinfo=UTC))


def suspended(cast: Cast) -> str:
    number = examining(cast)
    data = {"ground": "expert_review", "until": "2026-03-13", "document": "专家评审告知书"}
    casework_actions.perform(number, "start_special", by=cast.examiner, now=MONDAY, data=data)
    return number


def deciding(cast: Cast) -> str:
    number = examining(cast)
    casework_actions.perform(
        number,
        "complete_step",
        by=cast.examiner,
        now=MONDAY,
        data={"result": "agree", "opinion": "材料齐全，符合要求"},
    )
    return number


def granted(cast: Cast) -> str:
    number = deciding(cast)
    data = {"reason": "材料齐全，符合规定", "standard": cast.standard("device")}
    casework_actions.perform(number, "grant", by=cast.approver, now=MONDAY, data=data)
    return number


PICKED_UP = {"way": "pick_up", "receiver": "李云溪", "credential": "990101199003076543"}


def named(*keys: str) -> dict[str, Any]:
    """A one-time notice that names these materials and says of each what is wanted."""
    return {"items": list(keys), **{f"requirements.{key}": f"{key}须盖章" for key in keys}}


REASON = {"reason": "经审查，事实清楚"}
CORRECTION = {**REASON, "clock": "statutory", "to": "2026-02-27", "evidence": "登记簿第3页"}


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
        "grant": Played(deciding, "approver", standard, "granted"),
        "refuse": Played(deciding, "approver", standard, "refused", True),
        "deliver": Played(granted, "clerk", PICKED_UP, "closed", True),
        "withdraw_at_window": Played(
            received, "clerk", {**REASON, "request": "3月2日李云溪签名的撤回申请书"}, "withdrawn", True
        ),
    }


BY_STAFF = [row.action for row in PROCEDURE.rows if row.who not in ((Who.SYSTEM,), (Who.PARTY,))]


def do(client: Client, number: str, action: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("desk-act", args=[number, action]), data)


def entries(number: str) -> list[str]:
    reading = {"casework.file_opened", "casework.notice_opened"}
    return [e.event for e in journal.entries_of(number) if e.event not in reading]


@pytest.mark.parametrize("action", BY_STAFF)
def test_every_row_has_its_form_and_does_what_it_says(cast: Cast, action: str) -> None:
    played, row = rows(cast)[action], PROCEDURE.row(action)
    assert row is not None
    number = played.case(cast)
    client = cast.client(played.who)
    before = len(casework.notices(number))
    assert f"/desk/cases/{number}/{action}/" in client.get(f"/desk/cases/{number}/").content.decode()
    form = client.get(reverse("desk-act", args=[number, action])).content.decode()
    for field in row.fields:
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
    answer = do(cast.client("approver"), number, action, data)
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


def test_a_form_that_lay_open_while_somebody_else_acted_answers_with_the_fresh_state(cast: Cast) -> None:
    number = deciding(cast)
    approver, head = cast.client("approver"), cast.client("head")
    assert head.get(reverse("desk-act", args=[number, "send_back"])).status_code == 200
    assert do(approver, number, "grant", {**REASON, "standard": cast.standard("device")}).status_code == 302
    answer = do(head, number, "send_back", REASON)
    assert answer.status_code == 409
    assert "已准予，待送达" in answer.content.decode()
    assert casework.read(number).state == "granted"


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
    answer = do(client, number, "grant", {**REASON, "standard": cast.standard("device")})
    assert answer.status_code == 403
    assert "一审一核不得由同一人完成" in answer.content.decode()
    assert casework.read(number).state == "deciding"
    assert (
        do(cast.client("head"), number, "grant", {**REASON, "standard": cast.standard("device")}).status_code
        == 302
    )
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
    do(cast.client("approver"), number, "grant", {"reason": "检验合格，资料完整", "standard": standard})
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


def test_a_condition_of_an_examiner_counts_only_if_the_decision_takes_it_over(cast: Cast) -> None:
    number, approver = examining(cast), cast.client("approver")
    given = {"result": "agree_with_conditions", "opinion": "每半年复检一次方可使用"}
    casework_actions.perform(number, "complete_step", by=cast.examiner, now=MONDAY, data=given)
    assert "作出决定" in approver.get("/desk/").content.decode()
    form = approver.get(reverse("desk-act", args=[number, "grant"])).content.decode()
    for said in (
        "附带的条件",
        "每半年复检一次方可使用",
        "有条件同意",
        casework.read(number).materials[0].name,
    ):
        assert said in form
    other = approver.get(reverse("desk-act", args=[deciding(cast), "grant"])).content.decode()
    assert "附带的条件" not in other
    holder = Client()
    holder.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    address = reverse("track_case", args=[number])
    before = holder.get(address).content.decode()
    assert "完成“" in before
    assert "有条件同意" not in before
    decision = {**REASON, "standard": cast.standard("device"), "conditions": "每半年复检一次"}
    assert do(approver, number, "grant", decision).status_code == 302
    after = holder.get(address).content.decode()
    assert "附带的条件：每半年复检一次" in after
    assert "有条件同意" not in after + holder.get(f"{address}history/?on=2026-03-20").content.decode()
    paper = next(one for one in casework.notices(number) if one.kind == "grant")
    pdf = papers_actions.open_paper(paper.number, by=cast.clerk, now=MONDAY)[1]
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "附带的条件:每半年复检一次" in re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))


def test_a_delivery_says_who_received_it_by_which_number_and_is_confirmed(cast: Cast) -> None:
    number, clerk = granted(cast), cast.client("clerk")
    before = entries(number)
    posted = {"way": "post", "receiver": "李云溪", "waybill": "SF1234567"}
    for given, said in (
        ({"way": "pick_up"}, "请填写“领取人”。"),
        ({**PICKED_UP, "credential": ""}, "请填写“领取人证件号码”。"),
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
    for said in ("领取人：</span>李云溪", "运单号：</span>SF1234567"):
        assert said in page


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
