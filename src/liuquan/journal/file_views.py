"""What programs read and write of the record: files of the log, heads, cosignatures. Plain text and bytes.

These answers know no session, no cookie and no page: `PlainAnswers` gives them before the site's own
middleware runs, so that any cache between here and the reader may keep them.

Standards: https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-witness
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from liuquan.journal import actions, keys, queries
from liuquan.journal.actions.cosignatures import publish_cosigned
from liuquan.journal.log_files import log_files
from liuquan.journal.witness_queries import known_log_by_id
from liuquan.journal.witnessing import MAX_REQUEST_BYTES, WitnessRefusal
from liuquan.kernel import moments
from liuquan.kernel.refusals import Refusal, TooLarge
from liuquan.merkle import CHECKPOINT_PATH, RecordError, parse_note

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
A_MOMENT: Final = "public, max-age=3"
NOT_AT_ALL: Final = "no-store"
PLACES: Final = ("/log/", "/witness/")

View = Callable[..., HttpResponse]


def plain(view: View) -> View:
    """Answer for programs: refusals as one line of text, and no session before or after."""

    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        try:
            response = view(request, **given)
        except Refusal as refusal:
            response = _line(refusal.sentence, refusal.status)
        response.headers.setdefault("Cache-Control", NOT_AT_ALL)
        response["Access-Control-Allow-Origin"] = "*"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    answer.__doc__ = view.__doc__
    exempt: View = csrf_exempt(answer)
    exempt.__dict__["plain_answer"] = True
    return exempt


class PlainAnswers:
    """Stands before the sessions: answers what is marked `plain`, and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PLACES):
            try:
                found = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(found.func, "plain_answer", False):
                answered: HttpResponse = found.func(request, *found.args, **found.kwargs)
                return answered
        return self.get_response(request)


@plain
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The log's signed head, with the cosignatures gathered so far."""
    return _file(CHECKPOINT_PATH, TEXT, A_MOMENT)


@plain
@require_safe
def cosigned(request: HttpRequest) -> HttpResponse:
    """The newest head that enough witnesses cosigned: under load it is never quite the newest one."""
    note = queries.newest_cosigned()
    if note is None:
        return _line("还没有见证方签过名的检查点，请过一会儿再来，或者读取 /log/checkpoint。", 404)
    return _text(str(note), A_MOMENT)


@plain
@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries. Nothing else of the folder can be named."""
    return _file(f"tile/{rest}", BYTES, FOR_GOOD)


@plain
@require_POST
def add_cosignatures(request: HttpRequest) -> HttpResponse:
    """Take the cosignatures of a witness that fetched our head: the checkpoint's text with its lines."""
    try:
        note = parse_note(_body(request))
    except RecordError as error:
        return _line(error.sentence, 400)
    kept = actions.keep_cosignatures(note, now=moments.now())
    if not kept:
        return _line("没有本日志登记的见证方的签名，请先与本单位联系登记。", 403)
    publish_cosigned(log_files())
    return _line(f"已收到 {len(kept)} 个见证签名。", 200)


@plain
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign the head of a log we know, as C2SP tlog-witness says."""
    try:
        line = actions.cosign(_body(request), signer=keys.witness_signer(), now=moments.now())
    except WitnessRefusal as refusal:
        if refusal.status == 409 and refusal.size is not None:
            return HttpResponse(f"{refusal.size}\n", status=409, content_type="text/x.tlog.size")
        return _line(refusal.sentence, refusal.status)
    return _text(line, NOT_AT_ALL)


@plain
@require_safe
def seen(request: HttpRequest, log: str) -> HttpResponse:
    """The last head of a log that we cosigned, so that witnesses can compare what they saw."""
    found = known_log_by_id(log)
    if found is None or not found.note:
        return _line("本见证方没有见证过这个日志，请核对日志名称的 SHA-256。", 404)
    return _text(found.note, A_MOMENT)


@plain
@require_safe
def evidence(request: HttpRequest, entry: uuid.UUID) -> HttpResponse:
    """Both signed heads of a refusal, so that anybody can check that they contradict each other."""
    found = queries.refused_head(entry)
    if found is None:
        return _line("没有这条记录，请核对编号。", 404)
    known = f"=== 已见证 / known ===\n{found.known_note}\n"
    return _text(f"{known}=== 被拒绝 / refused ({found.misdeed}) ===\n{found.offered_note}", A_MOMENT)


@plain
@require_safe
def trust_file(request: HttpRequest) -> HttpResponse:
    """Whom a person who checks has to trust: the log's keys, its witnesses, how many of them."""
    response = HttpResponse(str(keys.trust()), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="trust.json"'
    response["Cache-Control"] = A_MOMENT
    return response


def _body(request: HttpRequest) -> bytes:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdigit() or int(told) > MAX_REQUEST_BYTES:
        raise TooLarge(f"请求最长 {MAX_REQUEST_BYTES // 1024} KB，请核对后重试。")
    return request.body


def _file(path: str, kind: str, kept: str) -> HttpResponse:
    content = queries.log_file(path)
    if content is None:
        return _line("没有这个文件，请核对地址。", 404)
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": kept})


def _text(text: str, kept: str) -> HttpResponse:
    return HttpResponse(text, content_type=TEXT, headers={"Cache-Control": kept})


def _line(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type=TEXT)
