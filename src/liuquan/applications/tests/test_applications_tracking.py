"""Following a case by its slip: the code, supplements, withdrawal, results."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from liuquan.applications import actions
from liuquan.applications.kind import APPLICATION
from liuquan.applications.procedure import PROCEDURE
from liuquan.applications.tests.visiting import NOW, grouped, papers_of, pdf, shown, words
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import Unavailable
from liuquan.papers import actions as papers_actions
from liuquan.testing import kinds as licence
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.sources import cells, texts


def test_number_and_code_open_the_case_without_a_name(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    response = visitor.post(
        reverse("track"), {"number": number, "code": grouped(casework.query_code(number))}
    )
    assert response["Location"] == reverse("track_case", args=[number])
    assert casework.query_code(number) not in response["Location"]
    page = words(visitor.get(response["Location"]), 200)
    state = casework.procedure_of(casework.read(number)).state("received").label
    for said in (state, "3月11日", "第1天", "办理经过", "接下来"):
        assert said in page, said
    assert LI_YUNXI.name not in page
    assert LI_YUNXI.id_number not in page
    assert LI_YUNXI.phone not in page


def test_a_wrong_code_and_an_unknown_number_answer_alike(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    wrong = words(visitor.post(reverse("track"), {"number": number, "code": "ABCDEFGHJK"}), 404)
    unknown = words(visitor.post(reverse("track"), {"number": "X" + number, "code": "ABCDEFGHJK"}), 404)

    def said(page: str) -> list[str]:
        return re.findall('class="alert alert-error".*?</div> </div>', page, re.DOTALL)

    assert said(wrong) == said(unknown)
    assert said(wrong)
    assert f'value="{number}"' in wrong


def test_five_wrong_codes_close_the_case_to_this_address_only(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    code = casework.query_code(number)
    for _ in range(5):
        words(visitor.post(reverse("track"), {"number": number, "code": "ABCDEFGHJK"}), 404)
    refused = visitor.post(reverse("track"), {"number": number, "code": code})
    assert "请 15 分钟后再试" in words(refused, 429)
    assert refused["Retry-After"] == "900"
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert elsewhere.post(reverse("track"), {"number": number, "code": code}).status_code == 302


def test_a_wrong_code_keeps_what_was_typed_and_says_how_many_tries_are_left(
    visitor: Client, cast: Cast
) -> None:
    number = cast.applies("food", at=NOW)
    short = words(visitor.post(reverse("track"), {"number": number, "code": "ABCDEFGHJ"}), 422)
    assert "查询码应为10位，现在是9位" in short
    given = {"number": number, "code": "ABCDEFGHJK"}
    for left in (4, 3, 2, 1):
        page = words(visitor.post(reverse("track"), given), 404)
        assert f"还可以再试{left}次" in page
        assert f'value="{number}"' in page
        assert f'href="{reverse("mine")}"' in page
    assert "请 15 分钟后再试" in words(visitor.post(reverse("track"), given), 404)
    assert f'value="{number}"' in words(visitor.post(reverse("track"), given), 429)


@pytest.mark.parametrize("name", ["track", "mine", "verify"])
def test_no_field_for_a_number_cuts_what_is_pasted(visitor: Client, name: str) -> None:
    assert "maxlength" not in words(visitor.get(reverse(name)), 200)


def test_a_withdrawn_case_promises_nothing_more_and_leads_to_applying_anew(
    visitor: Client, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "liuquan.messages.actions.outbox.OutboxGateway", "email": ""}
    number = cast.applies("food", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    withdraw = reverse("track_act", args=[number, "withdraw"])
    asked = words(visitor.get(withdraw), 200)
    assert "点“确定撤回申请”以后，本件为“已撤回”，不再办理" in asked
    assert visitor.post(withdraw, {"reason": "不办了"}).status_code == 302
    refused = words(visitor.post(withdraw, {"reason": "不办了"}), 409)
    assert "本件现在的状态是“已撤回”" in refused
    assert f'href="{reverse("track_case", args=[number])}"' in refused
    page = words(visitor.get(reverse("track_case", args=[number])), 200)
    again = reverse("item_guide", args=[casework.read(number).terms.subject_code])
    assert f'href="{again}"' in page
    told = words(visitor.get(reverse("track_messages", args=[number])), 200)
    assert "本件已经终结" in told
    for promise in ("下一步办好就会告诉您", "同意接收短信", "看办到哪一步"):
        assert promise not in told
    slip = words(visitor.get(reverse("track_submitted", args=[number])), 200)
    for promise in ("最迟答复", "用短信告诉我"):
        assert promise not in slip


def test_whoever_agreed_is_told_of_every_act_that_ends_the_case_or_issues_a_paper() -> None:
    ends = {state.key for state in PROCEDURE.states if state.closed}
    told = {row.event for row in PROCEDURE.rows if row.papers or row.target in ends}
    assert told <= APPLICATION.message_templates.keys()


def test_right_codes_are_not_counted(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    for _ in range(7):
        given = {"number": number, "code": casework.query_code(number)}
        assert visitor.post(reverse("track"), given).status_code == 302


@pytest.mark.parametrize("name", ["track_case", "track_submitted", "track_supplement", "track_history"])
def test_without_the_code_no_page_of_a_case_opens(visitor: Client, cast: Cast, name: str) -> None:
    number = cast.applies("food", at=NOW)
    for one in (number, "NO-SUCH"):
        response = visitor.get(reverse(name, args=[one]))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("track") + "?number=")
    [paper] = papers_of(number)
    response = visitor.get(reverse("track_paper", args=[number, paper]))
    assert response.status_code == 302


def test_the_code_opens_for_half_an_hour(visitor: Client, cast: Cast, set_now: SetNow) -> None:
    number = cast.applies("food", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    set_now(NOW + timedelta(minutes=29))
    words(visitor.get(reverse("track_case", args=[number])), 200)
    set_now(NOW + timedelta(minutes=31))
    assert visitor.get(reverse("track_case", args=[number])).status_code == 302


def test_a_paper_of_another_case_is_not_found(visitor: Client, cast: Cast) -> None:
    mine, other = cast.applies("food", at=NOW), cast.applies("food", at=NOW)
    [paper] = papers_of(other)
    visitor.post(reverse("track"), {"number": mine, "code": casework.query_code(mine)})
    assert "没有这份文书" in words(visitor.get(reverse("track_paper", args=[mine, paper])), 404)


def notified(visitor: Client, cast: Cast, *keys: str) -> str:
    number = cast.applies("food", at=NOW, materials=[k for k in cast.materials("food") if k not in keys])
    casework_actions.perform(
        number, "notify_supplement", by=cast.clerk, now=NOW, data={"items": list(keys), "remarks": ""}
    )
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    return number


def test_what_was_asked_for_is_handed_in_and_the_case_goes_on(visitor: Client, cast: Cast) -> None:
    first, second = cast.materials("food")[:2]
    number = notified(visitor, cast, first, second)
    page = words(visitor.get(reverse("track_case", args=[number])), 200)
    assert reverse("track_supplement", args=[number]) in page
    address = reverse("track_supplement", args=[number])
    short = words(shown(visitor, visitor.post(address, {f"file_{first}": pdf()})), 422)
    assert "这一项还没有选择文件" in short
    assert casework.read(number).state == "supplementing"
    done = visitor.post(address, {f"file_{first}": pdf(), f"file_{second}": pdf()})
    assert done["Location"] == reverse("track_case", args=[number])
    assert casework.read(number).state == "received"
    assert all(m.received for m in casework.materials(casework.read(number)) if m.key in (first, second))
    assert "补正材料已经收到" in words(visitor.get(done["Location"]), 200)


def test_a_file_for_a_supplement_stays_when_another_is_lacking_or_wrong(visitor: Client, cast: Cast) -> None:
    first, second = cast.materials("food")[:2]
    number = notified(visitor, cast, first, second)
    address = reverse("track_supplement", args=[number])
    page = words(shown(visitor, visitor.post(address, {f"file_{first}": pdf("好.pdf")})), 422)
    assert "已存好，不用再选：好.pdf" in page
    draft = page.split('name="draft" value="')[1][:12]
    bad = {"draft": draft, f"file_{second}": pdf("坏.pdf", b"MZ")}
    wrong = words(shown(visitor, visitor.post(address, bad)), 422)
    assert "已存好，不用再选：好.pdf" in wrong
    assert casework.read(number).state == "supplementing"
    assert visitor.post(address, {"draft": draft, f"file_{second}": pdf("新.pdf")}).status_code == 302
    found = {m.key: len(m.files) for m in casework.materials(casework.read(number))}
    assert (found[first], found[second]) == (1, 1)
    assert sql.run("SELECT 1 FROM kernel_draft") == []


def test_a_supplement_that_cannot_be_taken_just_now_keeps_its_files(
    visitor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jammed(*args: object, **kwargs: object) -> None:
        raise Unavailable("暂时不能收件，请稍后再交。")

    first = cast.materials("food")[0]
    number = notified(visitor, cast, first)
    address = reverse("track_supplement", args=[number])
    with monkeypatch.context() as broken:
        broken.setattr("liuquan.casework.actions.perform", jammed)
        page = words(shown(visitor, visitor.post(address, {f"file_{first}": pdf("好.pdf")})), 422)
    assert "暂时不能收件，请稍后再交。" in page
    assert "已存好，不用再选：好.pdf" in page
    assert casework.read(number).state == "supplementing"
    draft = page.split('name="draft" value="')[1][:12]
    assert visitor.post(address, {"draft": draft}).status_code == 302


def test_part_may_be_handed_in_when_the_rest_comes_to_the_window(visitor: Client, cast: Cast) -> None:
    first, second = cast.materials("food")[:2]
    number = notified(visitor, cast, first, second)
    given = {f"file_{first}": pdf(), "rest_at_window": "1"}
    assert visitor.post(reverse("track_supplement", args=[number]), given).status_code == 302
    assert casework.read(number).state == "received"


def test_an_empty_supplement_is_refused_and_changes_nothing(visitor: Client, cast: Cast) -> None:
    first = cast.materials("food")[0]
    number = notified(visitor, cast, first)
    words(shown(visitor, visitor.post(reverse("track_supplement", args=[number]), {})), 422)
    at_window = {"rest_at_window": "1"}
    words(shown(visitor, visitor.post(reverse("track_supplement", args=[number]), at_window)), 422)
    assert casework.read(number).state == "supplementing"


def test_nothing_can_be_added_once_the_office_has_answered(visitor: Client, cast: Cast) -> None:
    number = cast.accepted("food", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    page = words(visitor.post(reverse("track_supplement", args=[number]), {"file_form": pdf()}), 409)
    assert "不需要补材料" in page


def test_withdrawing_asks_first_and_then_ends_the_case(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    address = reverse("track_act", args=[number, "withdraw"])
    assert "确定要撤回申请吗" in words(visitor.get(address), 200)
    assert casework.read(number).state == "received"
    visitor.post(address, {"reason": "不开了"})
    assert casework.read(number).state == "withdrawn"
    page = words(visitor.get(reverse("track_case", args=[number])), 200)
    assert "已撤回" in page
    assert address not in page
    assert "不能撤回" in words(visitor.post(address, {}), 409)


def follows(visitor: Client, number: str) -> str:
    """The page of a case, opened with its slip."""
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    for entry in journal.entries_of(number):
        papers_actions.issue_papers(number, entry=entry.number, now=NOW)
    return words(visitor.get(reverse("track_case", args=[number])), 200)


HEARD = ("向云溪市人民政府申请行政复议", "向云溪市溪南区人民法院提起行政诉讼")


def test_a_refusal_stands_first_with_its_reason_its_paper_and_who_hears_complaints(
    visitor: Client, cast: Cast
) -> None:
    number = cast.examined("device", at=NOW)
    given = {**cast.decision("device"), "reason": "消防通道只有一条"}
    casework_actions.perform(number, "refuse", by=cast.approver, now=NOW, data=given)
    for delivered in (False, True):
        if delivered:
            casework_actions.perform(number, "deliver", by=cast.clerk, now=NOW)
        page = follows(visitor, number)
        assert "<h1>不予</h1>" in page
        assert page.partition("<title>")[2].startswith("不予 ")
        first = page.partition("<h1>")[2].partition("办理进度")[0]
        for said in ("理由：消防通道只有一条", "下载不予行政许可决定书", *HEARD):
            assert said in first
    opened = [one for one in journal.entries_of(number) if one.event == "casework.texts_opened"]
    assert [one.sentence for one in opened] == ["查看了“不予”告知的内容"] * 2


@pytest.mark.parametrize(
    ("action", "word", "said"),
    [
        ("refuse_not_needed", "不予受理", "理由：属于住建部门职权"),
        ("refuse_not_ours", "不予受理", "请向云溪市住房和城乡建设局申请"),
        ("withdraw", "已撤回", "可以重新申请"),
        ("", "", ""),
    ],
)
def test_every_way_a_case_ends_is_the_heading_of_its_page(
    visitor: Client, cast: Cast, action: str, word: str, said: str
) -> None:
    number = cast.applies("food", at=NOW)
    reason = {"reason": "属于住建部门职权"}
    given = reason | ({"refer_to": "云溪市住房和城乡建设局"} if action == "refuse_not_ours" else {})
    if action:
        by = cast.applicant if action == "withdraw" else cast.clerk
        casework_actions.perform(number, action, by=by, now=NOW, data=given)
    page = follows(visitor, number)
    assert f"<h1>{word or '已收件，待受理'}</h1>" in page
    assert said in page
    assert all(heard in page for heard in HEARD) is (word == "不予受理")
    events = [one.event for one in journal.entries_of(number)]
    assert events.count("casework.texts_opened") == bool(action)


def decided(cast: Cast) -> str:
    number = cast.applies("stall", at=NOW)
    casework_actions.perform(number, "accept", by=cast.clerk, now=NOW, data={})
    given = {"reason": "材料齐全，符合规定", "standard": cast.standard("stall")}
    casework_actions.perform(number, "grant", by=cast.chief_rep, now=NOW, data=given)
    actions.publicise(number, now=NOW)
    return number


@pytest.mark.requirement("GUIDE-09")
def test_results_are_published_with_their_days_and_free_to_read(visitor: Client, cast: Cast) -> None:
    waiting = cast.applies("food", at=NOW)
    number = cast.examined("device", at=NOW)
    later = NOW + timedelta(days=1)
    casework_actions.perform(number, "grant", by=cast.approver, now=later, data=cast.decision("device"))
    assert number not in words(visitor.get(reverse("results")), 200)
    actions.publicise(number, now=later)
    page = words(visitor.get(reverse("results")), 200)
    shown = [row for _, row in cells(page.replace("<tr>", '<tr data-row="">'), "data-row") if row]
    case = casework.read(number)
    assert shown == [
        {
            "办件编号": number,
            "事项": case.terms.subject_name,
            "办理机关": case.terms.body_name,
            "收件": "2026-03-04",
            "受理": "2026-03-04",
            "决定": "2026-03-05",
            "结果": "准予",
        }
    ]
    assert waiting not in page
    assert LI_YUNXI.name not in page


def test_published_results_are_found_by_words_body_item_and_day_of_decision(
    visitor: Client, cast: Cast
) -> None:
    stall = decided(cast)
    device = cast.examined("device", at=NOW)
    later = NOW + timedelta(days=1)
    casework_actions.perform(device, "grant", by=cast.approver, now=later, data=cast.decision("device"))
    actions.publicise(device, now=later)
    terms = casework.read(device).terms

    def numbers(**asked: str) -> list[str]:
        page = words(visitor.get(reverse("results"), asked), 200)
        found = [one for one in (device, stall) if one in page]
        assert (f"共 {len(found)} 件，本页是第 1 件到第 {len(found)} 件" in page) == bool(found)
        assert ("没有符合条件的结果" in page) == (not found)
        return found

    assert numbers() == [device, stall]
    for typed in (
        "特种设备",
        "特種設備",
        "tzsb",
        "tezhongshebei",
        device.lower(),
        device[-6:],
    ):
        assert device in numbers(q=typed)
    assert numbers(q="特种设备") == [device]
    assert numbers(q="市场 个体") == [stall]
    assert numbers(q="量子") == []
    assert numbers(item=terms.subject_name, body=terms.body_name) == [device]
    assert numbers(body="没有的机关") == []
    assert numbers(to_on="2026-03-04") == [stall]
    assert numbers(from_on="2026-03-05") == [device]
    assert numbers(from_on="2026-03-04", to_on="2026-03-05") == [device, stall]
    for wrong in ({"from_on": "昨天"}, {"from_on": "2026-03-05", "to_on": "2026-03-04"}):
        page = words(visitor.get(reverse("results"), wrong), 400)
        assert device not in page
        assert stall not in page
    assert numbers(q=LI_YUNXI.name) == []


@pytest.mark.requirement("GUIDE-09")
def test_the_figures_of_each_day_count_received_accepted_and_decided(visitor: Client, cast: Cast) -> None:
    cast.applies("food", at=NOW - timedelta(days=1))
    cast.accepted("device", at=NOW)
    decided(cast)
    page = words(visitor.get(reverse("statistics") + "?days=14"), 200)
    for label, count in (("收件", 3), ("受理", 2), ("办结", 1)):
        assert f"{label}<tspan" in page
        assert f"共{count}件" in page
    figures = texts(page, "data-figure")
    assert figures == {"收件": "收件 3件", "受理": "受理 2件", "办结": "办结 1件"}
    days = texts(page, "data-day")
    assert [days[on] for on in ("2026-03-04", "2026-03-03")] == ["2026-03-04 2 2 1", "2026-03-03 1 0 0"]


def test_public_figures_of_applications_count_no_case_of_another_kind(visitor: Client, cast: Cast) -> None:
    cast.applies("food", at=NOW)
    body = casework.read(licence.receive(NOW)).body_code  # of the same body, in a state of the same name
    page = words(visitor.get(reverse("statistics")), 200)
    assert texts(page, "data-figure")["收件"] == "收件 1件"
    rows = [row for _, row in cells(page, "data-body")]
    assert [(row["待受理"], row["审查中"]) for row in rows] == [("1", "0")]
    assert casework.counts(body_code=body) == {
        ("application", body, "received"): 1,
        ("test_licence", body, "received"): 1,
    }


@pytest.mark.requirement("GUIDE-09")
def test_whoever_holds_the_slip_follows_receipt_acceptance_progress_and_result_with_their_days(
    visitor: Client, cast: Cast
) -> None:
    number = cast.applies("device", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    address = reverse("track_case", args=[number])
    page = words(visitor.get(address), 200)
    assert "已收件，待受理" in page
    assert "受理申请" not in page
    casework_actions.perform(number, "accept", by=cast.clerk, now=NOW + timedelta(days=1))
    page = words(visitor.get(address), 200)
    for said in ("审查中", "3月5日 10:00", "受理申请"):
        assert said in page
    cast.examines(number, at=NOW + timedelta(days=2))
    page = words(visitor.get(address), 200)
    for said in ("3月6日 10:00", "完成“审查”"):
        assert said in page
    assert "作出准予决定" not in page
    third = NOW + timedelta(days=5)
    casework_actions.perform(number, "grant", by=cast.approver, now=third, data=cast.decision("device"))
    page = words(visitor.get(address), 200)
    for said in ("已准予", "3月9日 10:00", "作出准予决定"):
        assert said in page
    assert LI_YUNXI.name not in page
