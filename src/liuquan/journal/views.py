"""Public pages of the record, in plain words: what is kept, who cosigned up to where, the root of a day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.clock import day_start
from liuquan.journal import file_views, keys, queries
from liuquan.journal.types import CheckpointView
from liuquan.journal.witness_types import WitnessView
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging
from liuquan.kernel.refusals import Malformed, NotVisible
from liuquan.merkle import Checkpoint, TrustedKey, VerifierKey, parse_checkpoint, parse_note

GROUP = 4  #: characters read in one breath
GROUPS_A_LINE = 4
FEED_ENTRIES = 50
DAYS_A_PAGE = 31
FIRST_YEAR = 2000  #: no log is older
_FEED_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://c2sp.org/tlog-checkpoint")


@dataclass(frozen=True)
class Line:
    """One line of a root to be read out: its number and its groups."""

    number: int
    groups: tuple[str, ...]


@dataclass(frozen=True)
class DailyRoot:
    """A day's last head. `made_on` is an earlier day where nothing was recorded on the day itself."""

    on: date
    head: CheckpointView
    made_on: date

    @property
    def lines(self) -> list[Line]:
        return read_aloud(self.head.root)

    @property
    def quiet(self) -> bool:
        """Whether nothing was recorded on the day itself."""
        return self.made_on != self.on


def read_aloud(root: bytes) -> list[Line]:
    """The root in groups of four characters, four groups a line: what a person can read out and compare."""
    text = root.hex()
    groups = [text[place : place + GROUP] for place in range(0, len(text), GROUP)]
    return [
        Line(number, tuple(groups[start : start + GROUPS_A_LINE]))
        for number, start in enumerate(range(0, len(groups), GROUPS_A_LINE), 1)
    ]


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What the record is, how long it is, who cosigned it, and how to check it."""
    head, witnesses, quorum = queries.latest_checkpoint(), queries.witnesses(), queries.quorum()
    context = {
        **_shown_head(head),
        "witnesses": [(each, *_standing(each, head)) for each in witnesses],
        "quorum": quorum,
        "asked_for": f"要求至少 {quorum} 家" if quorum else "",
        "log_keys": [(each, _use_of(each)) for each in keys.log_keys()],
        "origin": keys.origin(),
        "site_url": settings.LIUQUAN_PUBLIC_URL,
        "trail": [("首页", reverse("home")), ("记录公开", "")],
    }
    return render(request, "journal/record.html", context)


@require_safe
def witness(request: HttpRequest) -> HttpResponse:
    """Whose logs we cosign, up to where, and what we refused."""
    context = {
        "logs": queries.known_logs(),
        "refused": queries.refused_heads(),
        "key": keys.witness_signer().key,
        "site_url": settings.LIUQUAN_PUBLIC_URL,
        "trail": [*_trail(), ("为别的机关作见证", "")],
    }
    return render(request, "journal/witness.html", context)


@require_safe
def daily_roots(request: HttpRequest) -> HttpResponse:
    """The days that have a root, the newest first."""
    today, first = moments.today(moments.now()), queries.first_signed_at()
    paging = Paging.asked(request, size=DAYS_A_PAGE)
    total = max((today - moments.today(first)).days + 1, 0) if first else 0
    days = [today - timedelta(days=n) for n in range(paging.offset, min(paging.offset + paging.limit, total))]
    context = {
        "days": [found for on in days if (found := _root_of(on))],
        "paging": paging.of(total),
        "today": today,
        "trail": [*_trail(), ("每日根", "")],
    }
    return render(request, "journal/daily_roots.html", context)


@require_safe
def daily_root(request: HttpRequest, on: str) -> HttpResponse:
    """One day's root, made for print. Refuses (404) a day to come and what is no day."""
    today = moments.today(moments.now())
    try:
        asked = date.fromisoformat(on)
    except ValueError:
        asked = None
    if asked is None or asked.isoformat() != on or not date(FIRST_YEAR, 1, 1) <= asked <= today:
        raise NotVisible("没有这一天的根，请从每日根的列表中选择。")
    found = _root_of(asked)
    opened = parse_note(found.head.note) if found else None
    context = {
        "root": found,
        "on": asked,
        "today": today,
        "origin": keys.origin(),
        "signers": _signers_of(found.head) if found else [],
        "text": opened.text if opened else "",
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1) if asked < today else None,
        "address": f"{settings.LIUQUAN_PUBLIC_URL}{reverse('record')}",
        "trail": [*_trail(), ("每日根", reverse("daily_roots")), (on, "")],
    }
    return render(request, "journal/daily_root.html", context)


@file_views.plain
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Signed heads as an Atom feed, the newest first; `?before=` goes back. Standards: RFC 4287, RFC 5005."""
    asked = request.GET.get("before", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
        raise Malformed("before 应为叶数，请从第一页重新读起。")
    found = queries.checkpoints(limit=FEED_ENTRIES + 1, before=int(asked) if asked else None)
    heads = found[:FEED_ENTRIES]
    base = f"{settings.LIUQUAN_PUBLIC_URL}{reverse('checkpoint_feed')}"
    context = {
        "heads": [(head, _entry_id(head)) for head in heads],
        "origin": keys.origin(),
        "base": base,
        "id": uuid.uuid5(_FEED_NAMESPACE, keys.origin()),
        "self": f"{base}?before={asked}" if asked else base,
        "next": f"{base}?before={heads[-1].size}" if len(found) > FEED_ENTRIES else "",
        "updated": heads[0].signed_at if heads else datetime(1970, 1, 1, tzinfo=UTC),
        "record": f"{settings.LIUQUAN_PUBLIC_URL}{reverse('record')}",
    }
    text = render_to_string("journal/feed.xml", context)
    kept = {"Cache-Control": file_views.A_MOMENT}
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8", headers=kept)


def _trail() -> list[tuple[str, str]]:
    return [("首页", reverse("home")), ("记录公开", reverse("record"))]


def _root_of(on: date) -> DailyRoot | None:
    """The last head of a day in Shanghai; nothing before the first."""
    head = queries.last_checkpoint_before(day_start(on + timedelta(days=1)))
    return DailyRoot(on, head, moments.today(head.signed_at)) if head else None


def _shown_head(head: CheckpointView | None) -> dict[str, Any]:
    return {"head": head, "lines": read_aloud(head.root) if head else []}


def _standing(witness: WitnessView, head: CheckpointView | None) -> tuple[str, str]:
    """How a witness stands, as colour and word."""
    if witness.replaced:
        return "grey", "旧公钥，已换新"
    if witness.size is None:
        return "grey", "还没有见证"
    if head is None or witness.size >= head.size:
        return "green", "已见证到最新"
    return ("yellow", "暂时联系不上") if witness.failures else ("green", "正常，稍后跟上")


def _use_of(key: TrustedKey) -> str:
    """For which part of the log a key counts."""
    from_text = f"第 {key.from_size + 1} 条起" if key.from_size else "自始"
    if key.until_size == TrustedKey(key.key).until_size:
        return f"{from_text}使用"
    return f"{from_text}，到第 {key.until_size} 条止（已停用）"


def _signers_of(head: CheckpointView) -> list[VerifierKey]:
    """The log's own keys whose signatures stand under a head."""
    note = parse_note(head.note)
    return list(note.of(each.key for each in keys.log_keys()))


def _entry_id(head: CheckpointView) -> uuid.UUID:
    checkpoint: Checkpoint = parse_checkpoint(parse_note(head.note).text)
    return uuid.uuid5(_FEED_NAMESPACE, checkpoint.text)
