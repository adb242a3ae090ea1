"""The pages of the knowledge base, of the windows and of what governs the hotline."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from liuquan.casework import queries as cases
from liuquan.hotline import actions, models, queries
from liuquan.hotline.queries import governing
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, Hotline
from liuquan.journal import queries as journal
from liuquan.testing.browsers import SetNow

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
ON = date(2026, 3, 2)
LAMPS, STALLS, FEES, INTERNAL = "ZS00001", "ZS00003", "ZS00005", "ZS00011"
KEY = "6c716c71-0000-4000-8000-000000000001"
ARTICLE = {
    "question": "窨井盖丢了找谁？",
    "answer": "城市道路上的井盖由市城市管理局协调。",
    "document": "《云溪市井盖管理办法（演示）》",
    "clause": "第四条",
    "owner_body": CITY_MANAGEMENT,
    "class_codes": "0101",
    "words": "井盖没了、井盖丢了",
    "valid_from": "2026年3月2日",
    "valid_to": "",
    "review_due": "2027-03-01",
    "is_public": "yes",
}


@pytest.fixture(autouse=True)
def on_monday(hotline: Hotline, set_now: SetNow) -> None:
    set_now(NOW)


def get(hotline: Hotline, who: str, path: str, **query: str) -> str:
    answer = hotline.cast.client(who).get(path, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def post(hotline: Hotline, who: str, path: str, **data: Any) -> Any:
    return hotline.cast.client(who).post(path, data)


def test_the_list_shows_source_owner_review_and_standing(hotline: Hotline) -> None:
    page = get(hotline, "rexiaojie", reverse("hotline-knowledge"))
    for said in ("《云溪市城市照明管理办法（演示）》第八条", "云溪市城市管理局", "2025-06-10", "2026-06-10"):
        assert said in page
    assert "有效，待复核" in page
    assert "已失效" in page
    only = get(hotline, "rexiaojie", reverse("hotline-knowledge"), q="ludeng")
    assert (LAMPS in only, FEES in only) == (True, False)


def test_a_contact_sees_what_their_body_has_to_review(hotline: Hotline) -> None:
    assert "请本单位复核" in get(hotline, "jianxiaore", reverse("hotline-knowledge"))
    assert "请本单位复核" not in get(hotline, "shexiaore", reverse("hotline-knowledge"))


def test_an_expired_article_says_on_its_page_that_it_cannot_be_quoted_and_whom_to_ask(
    hotline: Hotline,
) -> None:
    page = get(hotline, "rexiaojie", reverse("hotline-article", args=[STALLS]))
    assert "已于2026年1月1日失效，不能引用，请向责任单位云溪市城市管理局核实" in page


def test_an_article_goes_from_the_proposal_to_the_public_page(hotline: Hotline) -> None:
    sent = post(hotline, "chengxiaore", reverse("hotline-article-new"), **ARTICLE)
    assert sent.status_code == 302
    here = sent.headers["Location"]
    number = here.split("/")[-3]
    assert "核对无误，发布" not in get(hotline, "chengxiaore", here)
    assert "核对无误，发布" in get(hotline, "rexiaofang", here)
    public = reverse("hotline-article-public", args=[number])
    assert hotline.cast.client().get(public).status_code == 404
    published = post(hotline, "rexiaofang", reverse("hotline-article-publish", args=[number, 1]))
    assert published.status_code == 302
    page = get(hotline, "", public)
    for said in (
        "窨井盖丢了找谁？",
        "《云溪市井盖管理办法（演示）》第四条",
        "云溪市城市管理局",
        "2026年3月2日",
    ):
        assert said in page
    assert number in get(hotline, "", reverse("hotline-articles"), q="井盖丢了")


def test_a_wrong_proposal_keeps_what_was_typed_and_says_what_is_wrong(hotline: Hotline) -> None:
    wrong = post(
        hotline, "chengxiaore", reverse("hotline-article-new"), **{**ARTICLE, "review_due": "3月1日"}
    )
    page = wrong.content.decode()
    assert (wrong.status_code, "日期少了年份" in page, "窨井盖丢了找谁？" in page) == (422, True, True)
    empty = post(
        hotline, "chengxiaore", reverse("hotline-article-new"), **{**ARTICLE, "class_codes": "", "clause": ""}
    )
    page = empty.content.decode()
    assert (empty.status_code, "请填写条款" in page, "请选择至少一个归类" in page) == (422, True, True)
    assert queries.search("井盖", on=ON) == []


def test_a_review_without_change_is_one_form_sent_as_it_is(hotline: Hotline) -> None:
    here = reverse("hotline-article-again", args=[FEES])
    page = get(hotline, "jianxiaore", here)
    assert "小区物业费按什么标准交？" in page
    assert re.search(r'value="0301"\s+id=|value="0301"[^>]*checked|value="0301"\s+checked', page)
    newest = queries.versions(FEES, on=ON)[0]
    sent = post(
        hotline,
        "jianxiaore",
        here,
        **{
            **ARTICLE,
            **{name: getattr(newest, name) for name in ("question", "answer", "document", "clause")},
            "owner_body": HOUSING,
            "class_codes": "0301",
        },
    )
    assert sent.headers["Location"] == reverse("hotline-article-version", args=[FEES, 2])


def test_withdrawing_wants_its_reason(hotline: Hotline) -> None:
    here = reverse("hotline-article-withdraw", args=[LAMPS, 1])
    short = post(hotline, "rexiaofang", here, reason="旧")
    assert (short.status_code, "请写明理由" in short.content.decode()) == (422, True)
    assert queries.present(LAMPS, on=ON).withdrawn_at is None
    assert post(hotline, "rexiaofang", here, reason="照明所已经改隶").status_code == 302
    assert hotline.cast.client().get(reverse("hotline-article-public", args=[LAMPS])).status_code == 404


@pytest.mark.parametrize("number", [STALLS, INTERNAL, "ZS99999", "；"])
def test_what_expired_or_is_internal_is_not_shown_to_the_public(hotline: Hotline, number: str) -> None:
    answer = hotline.cast.client().get(reverse("hotline-article-public", args=[number]))
    assert (answer.status_code, "拨打 12345" in answer.content.decode()) == (404, True)


def test_a_stale_answer_says_to_the_public_that_it_is_being_reviewed(hotline: Hotline) -> None:
    assert "正在复核" in get(hotline, "", reverse("hotline-article-public", args=[FEES]))


def test_the_form_of_an_answer_offers_only_what_may_be_quoted_today(hotline: Hotline) -> None:
    number = hotline.registered()
    page = get(hotline, "rexiaojie", reverse("desk-act", args=[number, "answer_now"]))
    offered = re.findall(r'<option value="(ZS\d+)"', page)
    assert offered[0] == LAMPS
    assert FEES in offered
    assert STALLS not in offered


def test_whoever_asked_reads_the_source_of_the_answer(hotline: Hotline) -> None:
    number = hotline.registered()
    hotline.act(number, "answer_now", hotline.operator, reply="照明所今晚到场。", article=LAMPS)
    page = get(hotline, "rexiaojie", reverse("desk-case", args=[number]))
    source = "依据《云溪市城市照明管理办法（演示）》第八条（知识条目ZS00001第1版）"
    assert source in page
    visitor = hotline.cast.client()
    typed = {"number": number, "code": cases.query_code(number)}
    assert source in visitor.post(reverse("track"), typed, follow=True).content.decode()


@pytest.mark.requirement("HOT-07")
def test_a_window_answers_from_the_same_knowledge_base_and_the_consultation_is_counted(
    hotline: Hotline,
) -> None:
    here = reverse("hotline-consult")
    found = get(hotline, "clerk", here, q="路灯坏了找谁")
    assert "由市城市管理局的照明所养护" in found
    expired = get(hotline, "clerk", here, q="夜市摆摊")
    assert "已于2026年1月1日失效，不能引用，请向责任单位云溪市城市管理局核实" in expired
    assert "用ZS00003答复" not in expired
    chosen = get(hotline, "clerk", here, q="路灯坏了找谁", article=LAMPS)
    for said in ("《云溪市城市照明管理办法（演示）》第八条", "云溪市城市管理局", "2025年6月10日"):
        assert said in chosen
    assert re.search(r'name="way" value="count"\s+checked', chosen)
    assert "已答复，留工单" in chosen
    assert re.search(r'<option value="0103" selected>\s*城市管理：路灯照明', chosen)
    assert re.search(r">路灯坏了找谁</textarea>", chosen)
    assert re.search(r">城市道路、背街小巷的路灯[^<]*</textarea>", chosen)
    assert re.search(r'name="submission_key" value="[0-9a-f-]{36}"', chosen)
    assert "答不了，转热线中心" not in chosen
    data = {"article": LAMPS, "class_code": "0103", "submission_key": KEY}
    for _ in range(2):
        sent = hotline.cast.client("clerk").post(here, {"way": "count", **data}, follow=True)
        assert "已计数，可以接待下一位" in sent.content.decode()
    assert "本窗口今天 1 次，其中工单 0 件" in get(hotline, "clerk", here)
    (entry,) = journal.entries_of(LAMPS)
    assert (entry.event, entry.body_code, entry.post_code, entry.actor_kind) == (
        "hotline.consulted",
        "11990100MB9901016H",
        "ZWFW-CK1",
        "staff",
    )
    assert entry.public == {
        "version": 1,
        "class_code": "0103",
        "article_source": "《云溪市城市照明管理办法（演示）》第八条",
    }


@pytest.mark.requirement("HOT-07")
def test_a_window_keeps_an_answered_question_as_a_ticket_of_the_hotline(hotline: Hotline) -> None:
    here = reverse("hotline-consult")
    data = {
        "way": "ticket",
        "article": LAMPS,
        "class_code": "0103",
        "question": "门前路灯坏了找谁修？",
        "reply": "由照明所养护，已告知报修的办法。",
        "submission_key": KEY,
    }
    assert post(hotline, "clerk", here, **data).status_code == 302
    again = hotline.cast.client("clerk").post(here, data, follow=True)
    (row,) = models.Consultation.objects.all()
    assert f"已答复并留工单{row.ticket}。" in again.content.decode()
    assert journal.entries_of(LAMPS) == []
    case, ticket = cases.read(row.ticket), queries.ticket(row.ticket)
    assert (case.state, case.outcome) == ("closed", "answered")
    assert ticket is not None
    assert (ticket.inlet.label, ticket.request_kind.label) == ("大厅窗口", "咨询")
    assert (row.article, row.version) == (LAMPS, 1)
    assert journal.entries_of(row.ticket)[-1].public["article"] == LAMPS


@pytest.mark.requirement("HOT-07")
def test_a_question_that_the_base_does_not_answer_goes_to_the_centre_with_who_asks(hotline: Hotline) -> None:
    here = reverse("hotline-consult")
    assert "答不了，转热线中心" in get(hotline, "clerk", here, q="宇宙飞船在哪里停")
    data = {"way": "pass", "class_code": "0702", "question": "宇宙飞船在哪里停？"}
    nobody = post(hotline, "clerk", here, **data)
    page = nobody.content.decode()
    assert (nobody.status_code, "请填写姓名和手机号码" in page, "宇宙飞船" in page) == (422, True, True)
    assert not models.Consultation.objects.exists()
    assert "id_name_error" in page
    assert post(hotline, "clerk", here, **data, name="李云溪").status_code == 422
    who = {"name": "李云溪", "phone": "19900000001", "article": LAMPS}
    passed = hotline.cast.client("clerk").post(here, {**data, **who}, follow=True)
    row = models.Consultation.objects.get()
    assert f"已转热线中心，工单编号{row.ticket}" in passed.content.decode()
    assert (cases.read(row.ticket).state, row.article) == ("registered", "")


@pytest.mark.requirement("HOT-07")
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"way": "count", "article": STALLS, "class_code": "0102"}, "不能引用"),
        ({"way": "count", "article": "", "class_code": "0102"}, "请选择引用的知识条目"),
        ({"way": "count", "article": LAMPS, "class_code": "01"}, "选到第二级"),
        ({"way": "ticket", "article": LAMPS, "class_code": "0103"}, "请写下问的是什么"),
        (
            {"way": "ticket", "article": LAMPS, "class_code": "0103", "question": "路灯"},
            "请写下答复的内容",
        ),
        ({"way": "guess", "article": LAMPS, "class_code": "0103"}, "请选择怎样记录"),
    ],
)
def test_a_window_cannot_quote_what_expired_nor_answer_from_nothing(
    hotline: Hotline, data: dict[str, str], says: str
) -> None:
    answer = post(hotline, "clerk", reverse("hotline-consult"), **data, submission_key=KEY)
    page = answer.content.decode()
    assert (answer.status_code, says in page) == (422, True)
    assert f'value="{KEY}"' in page
    assert not models.Consultation.objects.exists()


@pytest.mark.parametrize("question", ["", "门前路灯坏了找谁修？"])
@pytest.mark.parametrize("way", ["count", "ticket"])
def test_an_answer_that_was_typed_outlives_the_article_it_was_to_quote(
    hotline: Hotline, set_now: SetNow, question: str, way: str
) -> None:
    here = reverse("hotline-consult")
    reply = "照明所今晚来修，修好以前请绕行。"
    data = {"way": way, "class_code": "0103", "question": question, "reply": reply, "submission_key": KEY}
    assert LAMPS in get(hotline, "clerk", here, article=LAMPS)
    actions.withdraw(LAMPS, 1, "改由住建局答复。", by=hotline.dispatcher, now=NOW)
    refused = post(hotline, "clerk", here, **data, article=LAMPS)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "已经撤下，不能引用" in page
    assert reply in page
    assert question in page
    assert f'value="{KEY}"' in page
    assert re.search(rf'value="{way}"[^>]*checked', page)
    assert page.count('id="id_reply"') == page.count('id="id_question"') == page.count('id="id_name"') == 1
    assert f'<option value="{LAMPS}"' not in page
    assert not models.Consultation.objects.exists()
    # the page goes on from what it kept
    (other,) = re.findall(r'<option value="(ZS00002)"', page)
    assert "答不了，转热线中心" in page
    data["question"] = question or "门前路灯坏了找谁修？"
    assert post(hotline, "clerk", here, **data, article=other).status_code == 302
    assert models.Consultation.objects.get().article == other


@pytest.mark.requirement("HOT-07")
def test_a_window_may_quote_what_is_overdue_and_is_told_of_what_expired_only_where_it_was_asked_for(
    hotline: Hotline,
) -> None:
    here = reverse("hotline-consult")
    overdue = get(hotline, "clerk", here, q="物业费")
    assert "用ZS00005答复" in overdue
    assert "有效，待复核" in overdue
    assert "不能引用" not in overdue
    assert "alert-warning" not in overdue
    assert "用ZS" not in get(hotline, "clerk", here)
    nothing = get(hotline, "clerk", here, q="路灯", article="ZS99999")
    assert "用ZS00001答复" in nothing


def test_the_catalogue_is_shown_as_it_stood_on_a_day_and_narrowed(hotline: Hotline) -> None:
    here = reverse("hotline-catalogue")
    page = get(hotline, "rexiaopai", here)
    assert "云溪市城市管理局三定方案（演示）" in page
    before = get(hotline, "rexiaopai", here, on="2023-12-31")
    assert "2023年12月31日有效的共0项" in before
    only = get(hotline, "rexiaopai", here, body=HOUSING)
    assert ("道路建设" in only, "市容、照明" in only) == (True, False)
    assert "少了年份" in get(hotline, "rexiaopai", here, on="3月2日")
    limits = get(hotline, "rexiaopai", here, show="limits")
    for said in ("办理时限（投诉）", "5个工作日", "最多延长10个工作日", "示例取值，参照各地热线办法"):
        assert said in limits
    assert "路灯照明" in get(hotline, "rexiaopai", here, show="classes")


def test_a_change_goes_from_the_proposal_to_the_approval_by_pages(hotline: Hotline) -> None:
    typed = {
        "key": "handling:complaint",
        "amount": "4",
        "unit": "working_day",
        "extension": "5",
        "document": "云溪市市长热线办理规定（演示）",
        "starts_on": "2026年4月1日",
    }
    form = reverse("hotline-change-new", args=["limit_new"])
    wrong = post(hotline, "rexiaopai", form, **{**typed, "starts_on": "2026-03-02"})
    assert (wrong.status_code, "最早从明天起生效" in wrong.content.decode()) == (422, True)
    odd = post(hotline, "rexiaopai", form, **{**typed, "amount": "很快"})
    assert (odd.status_code, "很快" in odd.content.decode()) == (422, True)
    sent = post(hotline, "rexiaopai", form, **typed)
    here = sent.headers["Location"]
    assert "同意</button>" not in re.sub(r"\s", "", get(hotline, "rexiaopai", here))
    assert post(hotline, "rexiaopai", here, decision="approve").status_code == 403
    assert post(hotline, "chengxiaore", here, decision="approve").status_code == 403
    bare = post(hotline, "rexiaofang", here, decision="refuse", reason="")
    assert (bare.status_code, "请写明不同意的理由" in bare.content.decode()) == (422, True)
    assert post(hotline, "rexiaofang", here, decision="approve").status_code == 302
    assert post(hotline, "rexiaofang", here, decision="approve").status_code == 409
    page = get(hotline, "rexiaopai", reverse("hotline-catalogue"), show="limits")
    assert "2026年4月1日起，办理时限（投诉）4个工作日，最多延长5个工作日" in page
    assert "4个工作日" in get(
        hotline, "rexiaopai", reverse("hotline-catalogue"), show="limits", on="20260401"
    )


def test_a_line_is_ended_from_its_row(hotline: Hotline) -> None:
    page = get(hotline, "rexiaopai", reverse("hotline-catalogue"), **{"class": "0601"})
    (link,) = re.findall(r'href="([^"]*line_end[^"]*)"', page)
    form = get(hotline, "rexiaopai", link.replace("&amp;", "&"))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    hidden.pop("csrfmiddlewaretoken", None)
    sent = post(
        hotline,
        "rexiaopai",
        reverse("hotline-change-new", args=["line_end"]),
        **hidden,
        document="桃溪镇权责清单调整（演示）",
        starts_on="2026-04-01",
    )
    assert post(hotline, "rexiaofang", sent.headers["Location"], decision="approve").status_code == 302
    assert governing.lines_on(date(2026, 4, 1), class_code="0601") == []


def test_a_broken_line_is_shown_with_who_must_mend_it(hotline: Hotline) -> None:
    models.CatalogueLine.objects.filter(class_code="02").update(body_code="11990100MB9909999X")
    page = get(hotline, "rexiaopai", reverse("hotline-catalogue"))
    for said in ("派单目录有断行", "热线派单质检一岗、热线派单质检二岗", "断行"):
        assert said in page


def test_a_form_for_no_such_change_is_not_there(hotline: Hotline) -> None:
    assert hotline.cast.client("rexiaopai").get("/desk/hotline/catalogue/new/law/").status_code == 404
    assert hotline.cast.client("rexiaopai").get("/desk/hotline/catalogue/changes/GZ9/").status_code == 404
