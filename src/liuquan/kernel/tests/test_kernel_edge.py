"""The edge: hostile characters, refusals as problems, fragments and pages, failures without detail."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from ninja import NinjaAPI, Schema

from liuquan.kernel import pages, problems
from liuquan.kernel.middleware import BODY_LIMIT_BYTES, refuse_hostile
from liuquan.kernel.refusals import (
    BadInput,
    Malformed,
    NotVisible,
    Refusal,
    SomebodyWasFirst,
    TooLarge,
    TooMany,
)

SEEN: list[str] = []
RAISED: dict[str, Exception] = {
    "first": SomebodyWasFirst("另一位同事刚刚办理了这一步，请刷新后再看。", citation="行政许可法 第三十四条"),
    "fields": BadInput("有一处填写有误，请改正后重新提交。", fields={"phone": "电话号码应为 11 位。"}),
    "many": TooMany("查询次数过多，请 60 秒后再试。", details={"retry_after": 60}),
    "gone": Http404("no such case 110101199003070011"),
    "forbidden": PermissionDenied("secret"),
    "odd": SuspiciousOperation("secret"),
    "broken": RuntimeError("secret password"),
}


def taken(request: HttpRequest, rest: str = "") -> HttpResponse:
    SEEN.append(request.path)
    return HttpResponse("taken")


def refused(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


def listed(request: HttpRequest) -> HttpResponse:
    return pages.page(request, "kernel/refusal.html", {"refusal": RAISED["first"]})


class Asked(Schema):
    name: str
    count: int


def site_of_the_test() -> ModuleType:
    api = NinjaAPI(urls_namespace="edge-test")
    problems.speak_problems(api)

    @api.post("/ask")
    def ask(request: HttpRequest, body: Asked) -> dict[str, str]:
        SEEN.append(body.name)
        return {"name": body.name}

    @api.get("/first")
    def first(request: HttpRequest) -> dict[str, str]:
        raise RAISED["first"]

    @api.get("/gone")
    def gone(request: HttpRequest) -> dict[str, str]:
        raise RAISED["gone"]

    site = ModuleType("edge_test_site")
    vars(site).update(
        urlpatterns=[
            path("api/v1/", api.urls),
            path("refused/<str:what>", refused),
            path("desk/refused/<str:what>", refused),
            path("board/refused/<str:what>", refused),
            path("api/refused/<str:what>", refused),
            path("listed", listed),
            path("taken/<path:rest>", taken),
            path("taken", taken),
            path("", include("liuquan.kernel.urls")),
        ],
        handler400=problems.bad_request,
        handler403=problems.permission_denied,
        handler404=problems.page_not_found,
        handler500=problems.server_error,
    )
    return site


SITE = site_of_the_test()


@pytest.fixture(autouse=True)
def the_site(settings: Any) -> None:
    settings.ROOT_URLCONF = SITE
    settings.CSRF_FAILURE_VIEW = "liuquan.kernel.problems.csrf_failure"
    SEEN.clear()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


HOSTILE = ["a\0b", "a\x1bb", "a\x7fb", "a\u0085b", "张\u202e三", "张\u2066三", "a\uffffb"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_character_is_refused_in_path_query_form_json_and_cookie(client: Client, text: str) -> None:
    answers = [
        client.get("/taken/" + text),
        client.get("/taken", {"q": text}),
        client.get("/taken", {text: "1"}),
        client.post("/taken", {"name": text}),
        client.post("/taken", urlencode({text: "1"}), content_type="application/x-www-form-urlencoded"),
        client.post("/taken", {"name": text, "upload": ContentFile(b"x", "a.pdf")}),
        client.post("/taken", json.dumps({"a": [{"b": text}]}), content_type="application/json"),
        client.post("/taken", json.dumps({text: 1}), content_type="application/json"),
        client.post("/taken", text, content_type="text/plain"),
    ]
    as_sent = text.encode().decode("latin-1")  # how a server hands a header's bytes over
    answers.append(client.get("/taken", headers={"cookie": f"sessionid={as_sent}"}))
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert SEEN == []
    assert "看不见的控制字符" in answers[0].content.decode()


def test_a_nul_in_quoted_cookie_or_header_is_refused(client: Client) -> None:
    assert client.get("/taken", headers={"cookie": 'sessionid="a\\000b"'}).status_code == 400
    assert client.get("/taken", HTTP_ACCEPT_LANGUAGE="zh\0").status_code == 400
    assert client.get("/taken", headers={"cookie": "sessionid=abc"}).status_code == 200
    assert SEEN == ["/taken"]


def test_a_lone_surrogate_in_json_is_refused(client: Client) -> None:
    answer = client.post("/taken", b'{"name": "\\ud800"}', content_type="application/json")
    assert answer.status_code == 400
    assert SEEN == []


@pytest.mark.parametrize("body", [b"{", b"[NaN]", b"[" * 100_000, b"\xff\xfe", '{"a":"b"}'.encode("utf-16")])
def test_json_that_cannot_be_read_is_refused_with_a_sentence(client: Client, body: bytes) -> None:
    answer = client.post("/api/v1/ask", body, content_type="application/json")
    assert answer.status_code == 400
    assert "无法解析" in answer.json()["detail"]
    assert SEEN == []


@pytest.mark.parametrize("text", ["第一行\r\n第二行\t完", "ئۇيغۇر\u200cچە", "\u180b", "龘\U0002b36f", "😀"])
def test_text_that_people_type_passes(client: Client, text: str) -> None:
    assert client.post("/taken", {"name": text}).status_code == 200
    assert client.post("/taken", json.dumps({"a": text}), content_type="application/json").status_code == 200
    assert len(SEEN) == 2


def test_a_body_over_the_limit_is_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/taken", {"name": "a" * 200}, content_type="application/x-www-form-urlencoded")
    long = client.post("/api/v1/ask", json.dumps({"name": "a" * 200}), content_type="application/json")
    assert (answer.status_code, long.status_code, long.json()["code"]) == (413, 413, "too_large")
    assert SEEN == []


def test_a_body_that_says_it_is_huge_is_refused_before_it_is_read() -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    request = RequestFactory().post("/taken/", {"name": "x"})
    request.META["CONTENT_LENGTH"] = str(BODY_LIMIT_BYTES + 1)
    request._stream = Unread()  # type: ignore[attr-defined]
    with pytest.raises(TooLarge, match="200 MB"):
        refuse_hostile(request)


def test_a_cut_off_multipart_body_is_refused(client: Client) -> None:
    answer = client.post("/taken", b"--x\r\nbroken", content_type="multipart/form-data; boundary=\xff")
    assert answer.status_code == 400
    assert SEEN == []


def test_an_api_client_gets_a_problem_with_sentence_and_citation(client: Client) -> None:
    for address in ("/api/refused/first", "/api/v1/first"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (
            409,
            "application/problem+json; charset=utf-8",
        )
        problem = answer.json()
        assert problem["type"] == "urn:liuquan:problem:somebody_was_first"
        assert problem["citation"] == "行政许可法 第三十四条"
        assert "另一位同事".encode() in answer.content


def test_a_client_that_accepts_json_gets_a_problem_outside_the_api_too(client: Client) -> None:
    answer = client.get("/refused/fields", headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"phone": "电话号码应为 11 位。"}


def test_a_person_gets_a_page_with_status_sentence_citation_and_a_way_back(client: Client) -> None:
    answer = client.get(
        "/refused/first", headers={"accept": "text/html", "referer": "http://testserver/listed"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in (
        "另一位同事刚刚办理了这一步",
        "依据：行政许可法 第三十四条",
        'href="http://testserver/listed"',
        "回到首页",
    ):
        assert part in page
    assert answer["Cache-Control"] == "no-store"


def test_the_way_back_never_leads_to_another_site(client: Client) -> None:
    page = client.get("/refused/first", headers={"referer": "https://elsewhere.example/"}).content.decode()
    assert "elsewhere" not in page


def test_htmx_gets_a_fragment_into_the_alerts(client: Client) -> None:
    answer = client.get("/refused/fields", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#alerts")
    assert "<html" not in answer.content.decode()
    assert "电话号码应为 11 位" in answer.content.decode()


def test_too_many_tries_say_when_to_come_back(client: Client) -> None:
    assert client.get("/refused/many")["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("what", "status"), [("gone", 404), ("forbidden", 403), ("odd", 400), ("broken", 500)]
)
def test_djangos_own_refusals_and_failures_show_a_page_without_detail(
    client: Client, what: str, status: int
) -> None:
    page, problem = client.get(f"/refused/{what}"), client.get(f"/api/refused/{what}")
    assert (page.status_code, problem.status_code) == (status, status)
    assert problem["Content-Type"].startswith("application/problem+json")
    for answer in (page, problem):
        assert "secret" not in answer.content.decode()
        assert "110101199003070011" not in answer.content.decode()
    assert 'class="alert' in page.content.decode()


def test_an_unknown_address_is_not_found_in_our_words(client: Client) -> None:
    assert "没有找到" in client.get("/nowhere").content.decode()
    assert client.get("/api/nowhere").json()["code"] == "not_visible"
    assert client.get("/api/v1/gone").json()["status"] == 404


def test_a_form_without_its_token_is_told_that_the_page_is_out_of_date() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/taken", {"name": "张三"})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.content.decode()
    assert SEEN == []


def test_the_api_names_each_wrong_field(client: Client) -> None:
    answer = client.post("/api/v1/ask", json.dumps({"name": "a"}), content_type="application/json")
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["body.body.count"]
    assert SEEN == []


def test_a_page_is_a_fragment_for_htmx_and_whole_for_history(client: Client) -> None:
    whole = client.get("/listed")
    part = client.get("/listed", headers={"hx-request": "true"})
    again = client.get("/listed", headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert ["<html" in answer.content.decode() for answer in (whole, part, again)] == [True, False, True]
    assert "HX-Request" in whole["Vary"]


def asked(query: str) -> pages.Paging:
    return pages.Paging.asked(RequestFactory().get(f"/?{query}"), size=10)


def test_paging_counts_rows_and_keeps_the_other_parameters() -> None:
    paging = asked("page=3&q=餐馆&kind=a&kind=b").of(45)
    assert (paging.offset, paging.limit, paging.pages) == (20, 10, 5)
    assert paging.next == "?q=%E9%A4%90%E9%A6%86&kind=a&kind=b&page=4"
    assert [link.label for link in paging.links] == ["1", "2", "3", "4", "5"]
    assert [link.label for link in asked("page=9").of(200).links] == ["1", "…", "8", "9", "10", "…", "20"]
    assert [link.label for link in asked("page=4").of(60).links] == ["1", "2", "3", "4", "5", "6"]
    beyond = asked("page=9").of(60)
    assert [link.label for link in beyond.links] == ["1", "…", "5", "6"]
    assert (beyond.previous, beyond.next) == ("?page=6", "")
    assert asked("").of(0).pages == 1


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "９", "99999999999999999999"])
def test_a_page_number_that_is_none_is_refused(page: str) -> None:
    with pytest.raises(Malformed, match="页码不正确"):
        asked(f"page={page}")


def test_large_type_is_remembered_and_leads_back_to_our_own_page(client: Client) -> None:
    answer = client.post("/look/type-size", {"size": "large", "next": "/listed?page=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/listed?page=2")
    assert 'data-size="large"' in client.get("/listed").content.decode()
    away = client.post("/look/type-size", {"size": "normal", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"
    assert 'data-size="normal"' in client.get("/listed").content.decode()


def test_every_page_says_whose_it_is_and_the_demo_its_day(client: Client, settings: Any) -> None:
    settings.LIUQUAN_SITE_NAME, settings.LIUQUAN_SITE_BODY = "示例市政务服务中心", "示例市行政审批局"
    settings.LIUQUAN_DEMO = True
    page = client.get("/listed").content.decode()
    for part in ("示例市政务服务中心", "主办：示例市行政审批局", "内容虚构", "跳到正文"):
        assert part in page
    settings.LIUQUAN_DEMO = False
    assert "内容虚构" not in client.get("/listed").content.decode()


def test_pages_carry_no_inline_script_or_style_element(client: Client) -> None:
    page = client.get("/listed").content.decode()
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize("kind", [NotVisible, TooLarge, Malformed, SomebodyWasFirst])
def test_every_kind_of_refusal_answers_with_its_own_status(kind: type[Refusal]) -> None:
    answer = problems.problem(kind("请重试。"))
    assert answer.status_code == kind.status


@pytest.mark.parametrize("what", ["first", "gone", "broken"])
@pytest.mark.parametrize(
    ("folder", "face"), [("", "portal"), ("desk/", "desk"), ("board/", "board"), ("deskless/", "portal")]
)
def test_a_refusal_stands_in_the_frame_of_the_page_it_answers(
    client: Client, folder: str, face: str, what: str
) -> None:
    answer = client.get(f"/{folder}refused/{what}")
    assert answer.status_code >= 400
    assert f'<body class="{face}">' in answer.content.decode()


def test_what_was_written_is_shown_again_on_every_page_that_refuses_it() -> None:
    form = {
        "opinion": "现场核查合格，同意",
        "code": "A1B2C3",
        "note": "see file",
        "password": "secret123",
    }
    for what in ("first", "forbidden", "broken"):
        said = Client(raise_request_exception=False).post(f"/refused/{what}", form).content.decode()
        assert ">现场核查合格，同意</textarea>" in said
        assert ">see file</textarea>" in said
        assert "A1B2C3" not in said
        assert "secret1" not in said
    assert "<textarea" not in Client().get("/refused/first").content.decode()
    assert "<textarea" not in Client().post("/refused/odd", form).content.decode()
