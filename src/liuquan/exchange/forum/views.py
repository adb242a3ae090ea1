"""Posts of an online forum, as JSON, with the forum's own key in `Authorization: Bearer KEY`.

`POST /api/forum/v1/posts/` hands a post over: `thread`, `post` (its ids on the forum), `url`, `title`,
`text`, `author` (the name shown there) and `posted_at` (ISO 8601 with its offset). 201 for a new one, 200
for one that was taken before. `GET /api/forum/v1/threads/THREAD/` says how far it is, and the answer once it
was published, for the forum to show below its thread.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from liuquan.exchange import queries as keys
from liuquan.exchange.source import actions, queries
from liuquan.kernel import moments
from liuquan.kernel.rate_limits import Allowance, give_back
from liuquan.kernel.refusals import BadInput, NotAllowed, Refusal, TooLarge

MOST_BYTES: Final = 256 * 1024
AHEAD: Final = timedelta(minutes=5)  #: how far the forum's clock may be before ours
SENT: Final = Allowance("forum", 600, 3600, "这个密钥一小时内提交的帖子太多，请过一会儿再提交。")
_LONGEST: Final = {"thread": 64, "post": 64, "url": 500, "title": 200, "author": 60, "text": 100_000}
_NEEDED: Final = ("thread", "post", "url", "text", "author")


@csrf_exempt  # no cookie is read: whoever writes shows a key
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a post. Refuses (403) without a key, (413) more than 256 KiB, (422) what cannot be read and what
    the hotline refuses."""
    holder, now = _holder(request), moments.now()
    if len(request.body) > MOST_BYTES:
        raise TooLarge("帖子太大，最多256 KiB；图片请写地址。")
    post = _post(request.body, now)
    slot = SENT.take(holder)
    try:
        done = actions.take_post(post, source=holder, now=now)
    except Refusal:
        give_back(slot)
        raise
    said = {"number": done.ticket, "joined": done.joined, "thread": _address(post.thread)}
    return JsonResponse(said, status=201 if done.is_new else 200)


@require_safe
def thread(request: HttpRequest, key: str) -> HttpResponse:
    """The tickets of a thread, the latest first. Refuses (403) without a key, (404) another's thread."""
    found = queries.thread(_holder(request), key, now=moments.now())
    tickets = [
        {
            "number": one.number,
            "state": one.state,
            "is_closed": one.is_closed,
            "body": one.body_name,
            "updated_at": one.updated_at.isoformat(),
            "question": one.question or None,
            "answer": one.answer or None,
        }
        for one in found
    ]
    return JsonResponse({"thread": key, "tickets": tickets}, json_dumps_params={"ensure_ascii": False})


def _holder(request: HttpRequest) -> str:
    """The forum whose key this is."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    holder = keys.holder_of(key.strip()) if scheme.lower() == "bearer" else ""
    if not holder:
        raise NotAllowed("没有写密钥，或者密钥不对、已经收回；请向本站申请，写在 Authorization: Bearer 里。")
    return holder


def _post(body: bytes, now: datetime) -> actions.Post:
    try:
        given: Any = json.loads(body)
        said = {name: str(given.get(name) or "").replace("\x00", "").strip() for name in _LONGEST}
        at = datetime.fromisoformat(str(given.get("posted_at", "")))
    except (ValueError, AttributeError, RecursionError) as wrong:
        raise BadInput("帖子读不懂：请写 JSON，posted_at 写成 2026-03-20T08:00:00+08:00 的样子。") from wrong
    wrong_fields = {name: f"没有写 {name}。" for name in _NEEDED if not said[name]}
    for name, most in _LONGEST.items():
        if len(said[name]) > most:
            wrong_fields[name] = f"{name} 最多{most}个字。"
    if "/" in said["thread"]:
        wrong_fields["thread"] = "thread 里不能有斜线。"
    if not said["url"].startswith(("https://", "http://")):
        wrong_fields["url"] = "url 写帖子的网址。"
    if at.tzinfo is None or at > now + AHEAD:
        wrong_fields["posted_at"] = "posted_at 要写时区，并且不能晚于现在。"
    if wrong_fields:
        raise BadInput(" ".join(wrong_fields.values()), fields=wrong_fields)
    return actions.Post(posted_at=at, **said)


def _address(key: str) -> str:
    return f"{settings.LIUQUAN_PUBLIC_URL}{reverse('forum_thread', args=[key])}"
