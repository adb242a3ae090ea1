"""Answers that anybody may read, without names: a list with search, one of them, and an Atom feed.

Cites: 政府信息公开条例 第十五条
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.hotline import queries
from liuquan.hotline.views.typed import places
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging
from liuquan.organisation import queries as organisation

_LONGEST: Final = {"q": 60, "class": 24, "division": 12}
_FEED_ENTRIES: Final = 50
_FEED_NAMESPACE: Final = uuid.UUID("6c716c71-0000-5000-8000-616e73776572")


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Published answers, the newest first; narrowed by words, class and place. The address holds what was
    asked."""
    given = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:most] for name, most in _LONGEST.items()
    }
    asked = {"words": given["q"], "class_code": given["class"], "division": given["division"]}
    paging = Paging.asked(request, size=20).of(queries.count_answers(**asked))
    centre = organisation.body(queries.centre(), on=moments.today(moments.now()))
    context: dict[str, Any] = {
        "answers": queries.answers(**asked, limit=paging.limit, offset=paging.offset),
        "paging": paging,
        "given": {**given, "class_code": given["class"]},
        "narrowed": any(given.values()),
        "unfolded": bool(given["class"] or given["division"]),
        "classes": [(one.code, one.name if one.is_top else f"　{one.name}") for one in _classes()],
        "places": list(places(centre).items()),
        "trail": [("首页", reverse("home")), ("公开的答复", "")],
    }
    return render(request, "hotline/portal/answers.html", context)


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One published answer. Refuses (404) what was taken back."""
    context = {
        "answer": queries.answer(key),
        "trail": [("首页", reverse("home")), ("公开的答复", reverse("hotline_answers")), ("一条答复", "")],
    }
    return render(request, "hotline/portal/answer.html", context)


@require_safe
def feed(_request: HttpRequest) -> HttpResponse:
    """The newest published answers as an Atom feed. Standards: RFC 4287"""
    found = queries.answers(limit=_FEED_ENTRIES)
    base = settings.LIUQUAN_PUBLIC_URL
    context = {
        "answers": [(each, f"{base}{reverse('hotline_answer', args=[each.key])}") for each in found],
        "id": uuid.uuid5(_FEED_NAMESPACE, base),
        "self": f"{base}{reverse('hotline_answers_feed')}",
        "page": f"{base}{reverse('hotline_answers')}",
        "updated": found[0].published_at if found else datetime(1970, 1, 1, tzinfo=UTC),
    }
    text = render_to_string("hotline/portal/answers.xml", context)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _classes() -> list[Any]:
    """Every class, each behind the one above it."""
    every = queries.classes()
    return [one for top in every if top.is_top for one in (top, *(c for c in every if c.parent == top.code))]
