"""Public pages of the log: the root of each day, made for print, and the feed of signed heads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.clock import day_start
from liuquan.journal.log import keys, plain_answers, queries
from liuquan.journal.log.types import CheckpointView
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging
from liuquan.kernel.refusals import Malformed, NotVisible
from liuquan.merkle import Checkpoint, VerifierKey, parse_checkpoint, parse_note

GROUP = 4  #: characters read out together
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
        "trail": [*trail(), ("每日根", "")],
    }
    return render(request, "journal/daily_roots.html", context)


@require_safe
def daily_root(request: HttpRequest, on: str) -> HttpResponse:
    """One day's root, made for print. Refuses (404) a day to come and what is no day."""
    today = moments.today(moments.now())
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = None
    if day is None or day.isoformat() != on or not date(FIRST_YEAR, 1, 1) <= day <= today:
        raise NotVisible("没有这一天的根，请从每日根的列表中选择。")
    found = _root_of(day)
    opened = parse_note(found.head.note) if found else None
    context = {
        "root": found,
        "on": day,
        "today": today,
        "origin": keys.origin(),
        "signers": _signers_of(found.head) if found else [],
        "text": opened.text if opened else "",
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "address": f"{settings.LIUQUAN_PUBLIC_URL}{reverse('record')}",
        "trail": [*trail(), ("每日根", reverse("daily_roots")), (on, "")],
    }
    return render(request, "journal/daily_root.html", context)


@plain_answers.plain
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Signed heads as an Atom feed, the newest first; `?before=` goes back. Standards: RFC 4287, RFC 5005."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) <= 18):
        raise Malformed("before 应为叶数，请从第一页重新读起。")
    found = queries.checkpoints(limit=FEED_ENTRIES + 1, before=int(before) if before else None)
    heads = found[:FEED_ENTRIES]
    base = f"{settings.LIUQUAN_PUBLIC_URL}{reverse('checkpoint_feed')}"
    context = {
        "heads": [(head, _entry_id(head)) for head in heads],
        "origin": keys.origin(),
        "base": base,
        "id": uuid.uuid5(_FEED_NAMESPACE, keys.origin()),
        "self": f"{base}?before={before}" if before else base,
        "next": f"{base}?before={heads[-1].size}" if len(found) > FEED_ENTRIES else "",
        "updated": heads[0].signed_at if heads else datetime(1970, 1, 1, tzinfo=UTC),
        "record": f"{settings.LIUQUAN_PUBLIC_URL}{reverse('record')}",
    }
    text = render_to_string("journal/feed.xml", context)
    headers = {"Cache-Control": plain_answers.CACHE_BRIEFLY}
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8", headers=headers)


def trail() -> list[tuple[str, str]]:
    """The way from the home page to the page of the record."""
    return [("首页", reverse("home")), ("记录公开", reverse("record"))]


def _root_of(on: date) -> DailyRoot | None:
    """The last head of a day in Shanghai; nothing before the first."""
    head = queries.last_checkpoint_before(day_start(on + timedelta(days=1)))
    return DailyRoot(on, head, moments.today(head.signed_at)) if head else None


def _signers_of(head: CheckpointView) -> list[VerifierKey]:
    """The log's own keys that signed a head."""
    note = parse_note(head.note)
    return list(note.of(each.key for each in keys.log_keys()))


def _entry_id(head: CheckpointView) -> uuid.UUID:
    checkpoint: Checkpoint = parse_checkpoint(parse_note(head.note).text)
    return uuid.uuid5(_FEED_NAMESPACE, checkpoint.text)
