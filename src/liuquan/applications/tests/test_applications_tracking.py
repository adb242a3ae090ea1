"""Following a case by its slip: the code, supplements, withdrawal, results."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.applications import actions
from liuquan.applications.tests.visiting import NOW, grouped, papers_of, pdf, words
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
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
    short = words(visitor.post(address, {f"file_{first}": pdf()}), 422)
    assert "这一项还没有选择文件" in short
    assert casework.read(number).state == "supplementing"
    done = visitor.post(address, {f"file_{first}": pdf(), f"file_{second}": pdf()})
    assert done["Location"] == reverse("track_case", args=[number])
    assert casework.read(number).state == "received"
    assert all(m.received for m in casework.materials(casework.read(number)) if m.key in (first, second))
    assert "补正材料已经收到" in words(visitor.get(done["Location"]), 200)


def test_part_may_be_handed_in_when_the_rest_comes_to_the_window(visitor: Client, cast: Cast) -> None:
    first, second = cast.materials("food")[:2]
    number = notified(visitor, cast, first, second)
    given = {f"file_{first}": pdf(), "rest_at_window": "1"}
    assert visitor.post(reverse("track_supplement", args=[number]), given).status_code == 302
    assert casework.read(number).state == "received"


def test_an_empty_supplement_is_refused_and_changes_nothing(visitor: Client, cast: Cast) -> None:
    first = cast.materials("food")[0]
    number = notified(visitor, cast, first)
    words(visitor.post(reverse("track_supplement", args=[number]), {}), 422)
    words(visitor.post(reverse("track_supplement", args=[number]), {"rest_at_window": "1"}), 422)
    assert casework.read(number).state == "supplementing"


def test_nothing_can_be_added_when_nothing_was_asked_for(visitor: Client, cast: Cast) -> None:
    number = cast.applies("food", at=NOW)
    visitor.post(reverse("track"), {"number": number, "code": casework.query_code(number)})
    page = words(visitor.post(reverse("track_supplement", args=[number]), {"file_form": pdf()}), 409)
    assert "不需要补正" in page


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
    assert [days[on] for on in ("2026-03-04", "2026-03-03")] == ["3月4日 2 2 1", "3月3日 1 0 0"]


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
    for said in ("3月6日 10:00", "完成“审查”，意见：同意"):
        assert said in page
    assert "作出准予决定" not in page
    third = NOW + timedelta(days=5)
    casework_actions.perform(number, "grant", by=cast.approver, now=third, data=cast.decision("device"))
    page = words(visitor.get(address), 200)
    for said in ("已准予", "3月9日 10:00", "作出准予决定"):
        assert said in page
    assert LI_YUNXI.name not in page
