"""An item as it stood on a day, for anyone. Cites: 行政许可法 第三十条"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.catalogue import queries
from liuquan.catalogue.history import Span
from liuquan.clock import day_start
from liuquan.journal import queries as record
from liuquan.journal.queries import Axis
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput


@require_safe
def item_history(request: HttpRequest, item_code: str) -> HttpResponse:
    """Which version was in force, how it differs from today's, and what was not yet recorded then."""
    now = moments.now()
    today = moments.today(now)
    given = {name: request.GET.get(name, "").strip()[:20] for name in ("on", "axis")}
    given["axis"] = given["axis"] or Axis.LAW.value
    present = queries.item_then(item_code, on="", axis=given["axis"], now=now)
    context: dict[str, Any] = {
        "code": item_code,
        "name": present.name,
        "given": given,
        "errors": {},
        "axes": [(axis.value, axis.label) for axis in reversed(Axis)],
        "printing": request.GET.get("print") == "1",
        "present": present,
        "spans": [_span(span) for span in reversed(present.spans)],
        "trail": [
            ("首页", reverse("home")),
            ("找事项", reverse("item_list")),
            *_guide(item_code, present),
            ("以前的规定", ""),
        ],
    }
    try:
        then = queries.item_then(item_code, **given, now=now)
    except BadInput as refusal:
        return render(
            request, "catalogue/history.html", context | {"errors": refusal.fields}, status=refusal.status
        )
    context |= {
        "then": then,
        "is_now": then.asked.on == today,
        "span": _span(then.then) if then.then else None,
        "unknown": _span(then.unknown) if then.unknown else None,
        "same": bool(then.then and then.now and then.then.version_no == then.now.version_no),
    }
    return render(request, "catalogue/history.html", context)


def _guide(item_code: str, present: queries.ItemThen) -> list[tuple[str, str]]:
    """The link to the guide, only while the item can be applied for."""
    href = reverse("item_guide", args=[item_code]) if present.now else ""
    return [(present.name, href)]


def _span(span: Span) -> dict[str, Any]:
    known = moments.today(record.known_at(span.entered, played=settings.LIUQUAN_DEMO))
    return {
        "number": span.version_no,
        "from_on": span.from_on,
        "until_on": span.until_on,
        "known": known,
        "late": day_start(known) > day_start(span.from_on),
        "cancelled": span.ended_by is not None and span.ended_by.event == "catalogue.cancelled",
        "promised": span.entered.public.get("promised", ""),
        "statutory": span.entered.public.get("statutory", ""),
        "bases": span.entered.public.get("bases", ""),
    }
