"""What programs read and write of witnesses: cosignatures of our head, heads we cosigned, the trust file.

Standards: https://c2sp.org/tlog-witness
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from liuquan.journal.log.files import log_files
from liuquan.journal.log.plain_answers import CACHE_BRIEFLY, NO_CACHE, line_answer, plain, text_answer
from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.cosign import cosign
from liuquan.journal.witness.actions.cosignatures import publish_cosigned, store_cosignatures
from liuquan.journal.witness.keys import trust, witness_signer
from liuquan.journal.witness.rules import MAX_REQUEST_BYTES, WitnessRefusal
from liuquan.kernel import moments
from liuquan.kernel.refusals import TooLarge
from liuquan.merkle import RecordError, parse_note


@plain
@require_safe
def cosigned(request: HttpRequest) -> HttpResponse:
    """The newest head that enough witnesses cosigned: under load it is never quite the newest one."""
    note = queries.newest_cosigned()
    if note is None:
        return line_answer("还没有见证方签过名的检查点，请过一会儿再来，或者读取 /log/checkpoint。", 404)
    return text_answer(str(note), CACHE_BRIEFLY)


@plain
@require_POST
def add_cosignatures(request: HttpRequest) -> HttpResponse:
    """Take the cosignatures of a witness that fetched our head: the checkpoint's text with its lines."""
    try:
        note = parse_note(_body(request))
    except RecordError as error:
        return line_answer(error.sentence, 400)
    stored = store_cosignatures(note, now=moments.now())
    if not stored:
        return line_answer("没有本日志登记的见证方的签名，请先与本单位联系登记。", 403)
    publish_cosigned(log_files())
    return line_answer(f"已收到 {len(stored)} 个见证签名。", 200)


@plain
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign the head of a log we know, as C2SP tlog-witness says."""
    try:
        line = cosign(_body(request), signer=witness_signer(), now=moments.now())
    except WitnessRefusal as refusal:
        if refusal.status == 409 and refusal.size is not None:
            return HttpResponse(f"{refusal.size}\n", status=409, content_type="text/x.tlog.size")
        return line_answer(refusal.sentence, refusal.status)
    return text_answer(line, NO_CACHE)


@plain
@require_safe
def seen(request: HttpRequest, log: str) -> HttpResponse:
    """The last head of a log that we cosigned, so that witnesses can compare what they saw."""
    found = queries.known_log_by_id(log)
    if found is None or not found.note:
        return line_answer("本见证方没有见证过这个日志，请核对日志名称的 SHA-256。", 404)
    return text_answer(found.note, CACHE_BRIEFLY)


@plain
@require_safe
def evidence(request: HttpRequest, entry: uuid.UUID) -> HttpResponse:
    """Both signed heads of a refusal, so that anybody can check that they contradict each other."""
    found = queries.refused_head(entry)
    if found is None:
        return line_answer("没有这条记录，请核对编号。", 404)
    known = f"=== 已见证 / known ===\n{found.known_note}\n"
    return text_answer(
        f"{known}=== 被拒绝 / refused ({found.misdeed}) ===\n{found.offered_note}", CACHE_BRIEFLY
    )


@plain
@require_safe
def trust_file(request: HttpRequest) -> HttpResponse:
    """Whom a person who checks has to trust: the log's keys, its witnesses, how many of them."""
    response = HttpResponse(str(trust()), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="trust.json"'
    response["Cache-Control"] = CACHE_BRIEFLY
    return response


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
        raise TooLarge(f"请求最长 {MAX_REQUEST_BYTES // 1024} KB，请核对后重试。")
    return request.body
