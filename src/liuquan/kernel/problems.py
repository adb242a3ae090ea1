"""How a refusal is shown: problem+json (RFC 9457), a fragment, or a calm page.

Also the pages for what Django itself refuses (400, 403, 404, CSRF) and for failures (500), and the same
answers for the API (``speak_problems``). A failure never shows its detail: that is in the log.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from liuquan.kernel import pages, rate_limits
from liuquan.kernel.refusals import (
    BadInput,
    Expired,
    Malformed,
    NotAllowed,
    NotVisible,
    Refusal,
    SignedOut,
    TooLarge,
    Unavailable,
)

if TYPE_CHECKING:
    from ninja import NinjaAPI

PROBLEM_TYPE: Final = "application/problem+json; charset=utf-8"
API_PREFIX: Final = "/api/"
_SHORTEST: Final = 4  #: characters of a text that is shown again
_FACES: Final = {"/desk/": "desk", "/board/": "board"}
_FAILURE_SENTENCE: Final = "系统出了故障，您刚才的操作没有生效；请稍后重试，仍不行请拨打服务电话。"


class Failure(Refusal):
    """Something broke on our side (500); the reason is in the log, not in the answer."""

    status = 500
    title = "系统故障"
    default_code = "failure"


def answer(request: HttpRequest, refusal: Refusal, *, case_page: str = "") -> HttpResponse:
    """The refusal in the form the asker reads. `case_page`: the address of the case that it is about, for
    those who may open it."""
    if wants_json(request):
        response = problem(refusal)
    elif pages.wants_fragment(request):
        response = _html("kernel/_refusal.html", request, refusal, case_page)
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML show:window:top"
    else:
        response = _html("kernel/refusal.html", request, refusal, case_page)
    response["Cache-Control"] = "no-store"
    return rate_limits.say_wait(response, refusal)


def problem(refusal: Refusal) -> HttpResponse:
    """The refusal as problem+json, Chinese unescaped."""
    body = json.dumps(refusal.problem(), ensure_ascii=False, default=str)
    return HttpResponse(body, status=refusal.status, content_type=PROBLEM_TYPE)


def wants_json(request: HttpRequest) -> bool:
    """Programs: everything below /api/, and whoever accepts JSON and not HTML."""
    if request.path.startswith(API_PREFIX):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return answer(request, Malformed("请求无法识别，请从首页重新进入。"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return answer(request, NotAllowed("您的岗位没有这项权限；如确需办理，请联系本单位负责人授权。"))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return answer(request, NotVisible("没有找到这个页面，请核对网址，或从首页重新查找。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a form that was open too long."""
    sentence = "页面已经过期，您的内容还没有提交；请返回上一页刷新后重新提交，并允许本站使用 Cookie。"
    return answer(request, Expired(sentence))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: asks neither session nor database, which may be what broke."""
    failure = Failure(_FAILURE_SENTENCE)
    if wants_json(request):
        return problem(failure)
    template = "kernel/_refusal.html" if pages.wants_fragment(request) else "kernel/refusal.html"
    words = {
        **pages.site_words(),
        **{"refusal": failure, "back": "", "home": _home(), "frame": _frame(request)},
        "typed": _typed(request, failure),
    }
    response = HttpResponse(render_to_string(template, words), status=500)
    if pages.wants_fragment(request):
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def speak_problems(api: NinjaAPI) -> None:
    """Make a ninja API answer every refusal, and its own, as problem+json."""
    from ninja.errors import AuthenticationError, HttpError, ValidationError

    def known(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, error)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        fields = {".".join(str(part) for part in row["loc"]): str(row["msg"]) for row in error.errors}
        return answer(
            request, BadInput("提交的内容不符合接口文档，请按 fields 所列逐项改正后重试。", fields=fields)
        )

    def unknown(request: HttpRequest, error: Any) -> HttpResponse:
        return page_not_found(request)

    def stranger(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, SignedOut("请先登录或提供有效凭证后重试。", code="not_signed_in"))

    def plain(request: HttpRequest, error: Any) -> HttpResponse:
        kinds: dict[int, type[Refusal]] = {403: NotAllowed, 404: NotVisible, 422: BadInput, 503: Unavailable}
        kind = kinds.get(error.status_code, Malformed)
        return answer(request, kind("接口不能这样调用，请按接口文档核对后重试。"))

    api.add_exception_handler(Refusal, known)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(Http404, unknown)
    api.add_exception_handler(AuthenticationError, stranger)
    api.add_exception_handler(HttpError, plain)


def _html(template: str, request: HttpRequest, refusal: Refusal, case_page: str) -> HttpResponse:
    words = {
        "refusal": refusal,
        "case_page": case_page,
        "typed": _typed(request, refusal),
        "back": _back(request),
        "home": _home(),
        "frame": _frame(request),
    }
    return HttpResponse(render_to_string(template, words, request=request), status=refusal.status)


def _typed(request: HttpRequest, refusal: Refusal) -> list[tuple[str, str]]:
    labels = refusal.labels if isinstance(refusal, SignedOut) else {}
    return [(labels.get(name, ""), text) for text, name in typed_texts(request, refusal).items()]


def typed_texts(request: HttpRequest, refusal: Refusal) -> dict[str, str]:
    """What a person wrote in their own words into a form that was not taken, so that it can be copied, with
    the name of its field. Codes,
    numbers, passwords and choices are left out: a text has a blank or a sign that is not ASCII. Nothing of a
    form that could not be read or holds what nobody types."""
    if request.method != "POST" or isinstance(refusal, Malformed | TooLarge):
        return {}
    try:
        values = [(value.strip(), name) for name, several in request.POST.lists() for value in several]
    except Exception:  # the page of a refusal or failure must not fail for what it could add
        return {}
    first: dict[str, str] = {}
    for text, name in values:
        if _is_written(text):
            first.setdefault(text, name)
    return first


def _is_written(text: str) -> bool:
    return len(text) >= _SHORTEST and any(not sign.isascii() or sign.isspace() for sign in text)


def _frame(request: HttpRequest) -> str:
    """The base template of the part of the site that was asked."""
    faces = (face for prefix, face in _FACES.items() if request.path.startswith(prefix))
    return f"base_{next(faces, 'portal')}.html"


def _back(request: HttpRequest) -> str:
    """The page the asker came from, when it is one of ours and not the refused one itself."""
    referer = request.headers.get("Referer", "")
    try:
        ours = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    except Exception:  # a refused Host header is one of the things this page reports
        return ""
    return referer if ours and referer != request.build_absolute_uri() else ""


def _home() -> str:
    try:
        return reverse("home")
    except NoReverseMatch:
        return "/"
