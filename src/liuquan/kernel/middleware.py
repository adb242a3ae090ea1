"""At the edge: hostile characters are refused before any view runs, and every refusal gets its answer.

Refused with 400 wherever they are (path, query, form, JSON, cookies, headers):

* NUL and the other control characters (C0 except tab and line ends in values; DEL; C1): PostgreSQL cannot
  hold NUL, and the rest hide in logs and papers;
* lone surrogates and the non-characters U+FFFE and U+FFFF: no encoding can carry them;
* the bidirectional controls U+202A–202E and U+2066–2069: on a paper they make a name read as another.

Zero-width joiners, variation selectors and direction *marks* stay allowed: Uyghur, Mongolian and rare Chinese
characters need them. Names of uploaded files are judged by ``kernel.uploads``, which has its own sentences.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from liuquan.kernel import problems
from liuquan.kernel.refusals import Malformed, NotAllowed, NotVisible, Refusal, TooLarge
from liuquan.kernel.uploads import LIMIT_BYTES

_log = logging.getLogger("liuquan.kernel")

_EVERYWHERE: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff"
_IN_VALUES: Final = re.compile(f"[{_EVERYWHERE}]")
_IN_NAMES: Final = re.compile(f"[{_EVERYWHERE}\t\n\r]")
_IN_HEADERS: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


#: ten of the largest files at once
BODY_LIMIT_BYTES: Final = 10 * LIMIT_BYTES


class EdgeMiddleware:
    """Checks the characters of a request and turns refusals into answers. Stands first in the list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            refuse_hostile(request)
        except Refusal as refusal:
            return problems.answer(request, refusal)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An answer for what we know; anything else is left to the page for failures, without detail."""
        refusal = as_refusal(exception)
        return problems.answer(request, refusal) if refusal is not None else None


def as_refusal(exception: Exception) -> Refusal | None:
    """Django's own refusals in our words; None for a failure."""
    match exception:
        case Refusal():
            return exception
        case Http404():
            return NotVisible("没有找到这个页面，请核对网址，或从首页重新查找。")
        case PermissionDenied():
            return NotAllowed("您的岗位没有这项权限；如确需办理，请联系本单位负责人授权。")
        case RequestDataTooBig():
            return TooLarge("提交的内容过大，请减少附件或分几次提交。")
        case TooManyFieldsSent() | TooManyFilesSent():
            return TooLarge("一次提交的项目过多，请分几次提交。")
        case SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return Malformed("提交的内容没有传完整，请返回上一页重新提交。")
    return None


def refuse_hostile(request: HttpRequest) -> None:
    """Refuse (400) a request with a character nobody types; 413 where the body is over Django's limits."""
    _check_names([request.path])
    for key, value in request.META.items():
        if key.startswith("HTTP_") and isinstance(value, str) and _IN_HEADERS.search(value):
            _refuse()
    _check_names(request.COOKIES)
    _check_names(request.COOKIES.values())
    for name, values in request.GET.lists():
        _check_names([name])
        _check_values(values)
    if request.method in {"POST", "PUT", "PATCH", "DELETE"}:
        _check_body(request)


def _check_size(request: HttpRequest) -> None:
    """Before a byte of the body is read: nobody fills the disk with one request."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit():
        raise _unreadable()
    if int(length) > BODY_LIMIT_BYTES:
        raise TooLarge(
            f"一次提交的内容超过了 {BODY_LIMIT_BYTES // 1024 // 1024} MB，请减少附件或者分几次提交。"
        )


def _check_body(request: HttpRequest) -> None:
    _check_size(request)
    kind = request.content_type or ""
    try:
        if kind in _FORMS:
            for name, values in request.POST.lists():
                _check_names([name])
                _check_values(values)
            _check_names(request.FILES)
        elif kind == "application/json" or kind.endswith("+json"):
            _check_json(request.body)
        elif kind.startswith("text/"):
            _check_values([request.body.decode()])
    except Refusal:
        raise
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError) as error:
        raise as_refusal(error) or _unreadable() from error
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _check_json(body: bytes) -> None:
    if not body.strip():
        return  # a POST without a body may call itself JSON
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant)
        _walk(value)
    except (ValueError, RecursionError) as error:
        raise Malformed("提交的 JSON 无法解析，请按接口文档核对格式与 UTF-8 编码后重试。") from error


def _walk(value: Any) -> None:
    if isinstance(value, str):
        _check_values([value])
    elif isinstance(value, list):
        for inner in value:
            _walk(inner)
    elif isinstance(value, dict):
        _check_names(value)
        for inner in value.values():
            _walk(inner)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_names(texts: Iterable[str]) -> None:
    if any(_IN_NAMES.search(text) for text in texts):
        _refuse()


def _check_values(texts: Iterable[object]) -> None:
    if any(isinstance(text, str) and _IN_VALUES.search(text) for text in texts):
        _refuse()


def _refuse() -> NoReturn:
    raise Malformed(
        "提交的内容里有看不见的控制字符，请删去后重新输入，不要从其他软件直接粘贴。",
        code="hostile_characters",
    )


def _unreadable() -> Malformed:
    return Malformed("提交的内容不是 UTF-8 编码，无法识别，请转换编码后重试。")
