"""The public page of the record, in plain words: what is kept, how long it is, who cosigned up to where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.journal import queries
from liuquan.journal.log import keys
from liuquan.journal.log.types import CheckpointView
from liuquan.journal.log.views import read_aloud
from liuquan.journal.witness.types import WitnessView
from liuquan.merkle import TrustedKey


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What the record is, how long it is, who cosigned it, and how to check it."""
    head, witnesses, quorum = queries.latest_checkpoint(), queries.witnesses(), queries.quorum()
    context = {
        **_shown_head(head),
        "witnesses": [(each, *_status_of(each, head)) for each in witnesses],
        "quorum": quorum,
        "asked_for": f"要求至少 {quorum} 家" if quorum else "",
        "log_keys": [(each, _period_of(each)) for each in keys.log_keys()],
        "origin": keys.origin(),
        "site_url": settings.LIUQUAN_PUBLIC_URL,
        "trail": [("首页", reverse("home")), ("记录公开", "")],
    }
    return render(request, "journal/record.html", context)


def _shown_head(head: CheckpointView | None) -> dict[str, Any]:
    return {"head": head, "lines": read_aloud(head.root) if head else []}


def _status_of(witness: WitnessView, head: CheckpointView | None) -> tuple[str, str]:
    """The status of a witness, as colour and words."""
    if witness.replaced:
        return "grey", "旧公钥，已换新"
    if witness.size is None:
        return "grey", "还没有见证"
    if head is None or witness.size >= head.size:
        return "green", "已见证到最新"
    return ("yellow", "暂时联系不上") if witness.failures else ("green", "正常，稍后跟上")


def _period_of(key: TrustedKey) -> str:
    """The part of the log for which a key counts, in words."""
    from_text = f"第 {key.from_size + 1} 条起" if key.from_size else "自始"
    if key.until_size == TrustedKey(key.key).until_size:
        return f"{from_text}使用"
    return f"{from_text}，到第 {key.until_size} 条止（已停用）"
