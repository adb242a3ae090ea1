"""Where the phone system tells what happens on its lines.

Each event is a JSON object: `id`, `kind` (arrived, answered, ended, dropped, recorded, third), `line`, `at`
(ISO 8601 with its offset), and `phone`, `seat`, `sha256` or `to` where it has them. Two headers prove who
sends it: `Liuquan-Timestamp`, seconds since 1970, and `Liuquan-Signature`, the HMAC-SHA-256 in hexadecimal
of the timestamp, a point and the body, under the shared secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from liuquan.hotline import actions
from liuquan.hotline.types import PhoneEvent, PhoneEventKind
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotAllowed, Unavailable

WINDOW: Final = timedelta(minutes=5)  #: how far the sender's clock may be from ours
MOST_BYTES: Final = 16 * 1024
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@csrf_exempt  # signed by the shared secret; there is no session
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take an event: 201 for a new one, 200 for one that was taken before and changes nothing.

    Refuses (403) a wrong or old signature, (422) an event that cannot be read, (503) where no secret is set.
    """
    now = moments.now()
    _check_signature(request, now)
    is_new = actions.take_event(_event(request.body, now), now=now)
    return JsonResponse({"taken": is_new}, status=201 if is_new else 200)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves that whoever sends this body at this moment knows the secret."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _check_signature(request: HttpRequest, now: datetime) -> None:
    secret = settings.LIUQUAN_PHONE_SECRET
    if not secret:
        raise Unavailable("没有设置电话系统的共享密钥，不接收事件，请系统管理员设置。")
    stamp = request.headers.get("Liuquan-Timestamp", "")
    given = request.headers.get("Liuquan-Signature", "")
    body = request.body
    if len(body) > MOST_BYTES or not hmac.compare_digest(
        signature(secret, stamp, body).encode(), given.encode()
    ):
        raise NotAllowed("签名不对，事件没有收下，请核对共享密钥。")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise NotAllowed("时间戳不对，事件没有收下。")
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > WINDOW:
        raise NotAllowed("时间戳与本机相差超过5分钟，事件没有收下，请核对时钟后重新签名。")


def _event(body: bytes, now: datetime) -> PhoneEvent:
    try:
        given: Any = json.loads(body)
        kind, at = PhoneEventKind(given["kind"]), datetime.fromisoformat(given["at"])
        key, line = str(given["id"]), str(given["line"])
        more = {name: str(given.get(name, "")) for name in ("phone", "seat", "sha256", "to")}
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise BadInput("事件读不懂，请按说明写 id、kind、line、at。") from wrong
    if at.tzinfo is None or at > now + WINDOW:
        raise BadInput("at 要写时区，并且不能晚于现在。")
    if not (_TOKEN.fullmatch(key) and _TOKEN.fullmatch(line)):
        raise BadInput("id 和 line 用1至64个字母、数字或者符号。")
    if kind is PhoneEventKind.RECORDED and not _DIGEST.fullmatch(more["sha256"]):
        raise BadInput("录音事件要有 sha256，64位小写十六进制。")
    return PhoneEvent(key, kind, line, at, more["phone"][:40], more["seat"][:16], more["sha256"], more["to"])
