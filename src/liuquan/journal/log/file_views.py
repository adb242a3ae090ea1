"""The log's files for programs: its signed head, tiles of hashes, bundles of entries.

Standards: https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-checkpoint
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from liuquan.journal.log.plain_answers import BYTES, CACHE_BRIEFLY, CACHE_FOR_EVER, TEXT, line_answer, plain
from liuquan.journal.log.queries import log_file
from liuquan.merkle import CHECKPOINT_PATH


@plain
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The log's signed head, with the cosignatures gathered so far."""
    return _file(CHECKPOINT_PATH, TEXT, CACHE_BRIEFLY)


@plain
@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries. Nothing else of the folder can be named."""
    return _file(f"tile/{rest}", BYTES, CACHE_FOR_EVER)


def _file(path: str, kind: str, cache: str) -> HttpResponse:
    content = log_file(path)
    if content is None:
        return line_answer("没有这个文件，请核对地址。", 404)
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": cache})
