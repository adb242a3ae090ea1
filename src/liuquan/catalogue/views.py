"""Public pages of the catalogue: find an item by plain words, read its guide, see how its power runs.

Anyone may read them, without an account. Cites: 行政许可法 第三十条, 政府信息公开条例 第二十条
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from liuquan.catalogue import queries
from liuquan.catalogue.types import HandlingForm, ItemType, ItemView
from liuquan.clock import explanation_text
from liuquan.kernel import held_drafts, moments
from liuquan.kernel.pages import Paging

LONGEST_QUESTION = 60  # characters: plain words; the rest of a pasted letter tells search nothing
MOST_HITS = 40
_ONLINE = {HandlingForm.COMPUTER, HandlingForm.MOBILE}


@require_safe
def item_search(request: HttpRequest) -> HttpResponse:
    """The items that the words mean, and who does what is not done here."""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST_QUESTION]
    if not asked:
        return item_list(request)
    on = moments.today(moments.now())
    found = queries.search(asked, on=on, limit=MOST_HITS)
    context = {
        "asked": asked,
        "found": found,
        "trail": [("首页", reverse("home")), ("找事项", reverse("item_list")), (f"“{asked}”", "")],
    }
    return render(request, "catalogue/search.html", context)


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """Every published item, by body and by type."""
    on = moments.today(moments.now())
    body, kind = request.GET.get("body", ""), request.GET.get("type", "")
    item_type = ItemType(kind) if kind in set(ItemType) else None
    every = queries.published_items(on=on)
    chosen = [
        item
        for item in every
        if (not body or item.body_code == body) and (item_type is None or item.item_type is item_type)
    ]
    paging = Paging.asked(request, size=20).of(len(chosen))
    context = {
        "items": chosen[paging.offset : paging.offset + paging.limit],
        "paging": paging,
        "bodies": sorted({(item.body_code, item.body_name) for item in every}),
        "types": [(one.value, one.label) for one in ItemType if one in {item.item_type for item in every}],
        "body": body,
        "type": kind,
        "trail": [("首页", reverse("home")), ("找事项", "")],
    }
    return render(request, "catalogue/list.html", context)


@require_safe
def item_guide(request: HttpRequest, item_code: str) -> HttpResponse:
    """The guide of an item: the ten fields and what else an applicant asks (GUIDE-01, GUIDE-02, GUIDE-05)."""
    held = held_drafts.unfinished(request, place=f"apply/{item_code}/", now=moments.now())
    return render(request, "catalogue/guide.html", _guide(item_code) | {"held": held})


@require_safe
def item_print(request: HttpRequest, item_code: str) -> HttpResponse:
    """The same guide on paper: everything unfolded, nothing to press."""
    return render(request, "catalogue/guide_print.html", _guide(item_code))


@require_safe
def item_power(request: HttpRequest, item_code: str) -> HttpResponse:
    """How the power runs: flow chart (CAT-12), attributes (CAT-13), every step with its post (GUIDE-03)."""
    on = moments.today(moments.now())
    view = queries.guide(item_code, on=on)
    context = {
        "item": view,
        "terms": view.terms,
        # Drawn by our own code from the catalogue; every word in it is escaped there.
        "chart": mark_safe(queries.flow_chart_svg(item_code, on=on)),  # noqa: S308
        "steps": _steps(view),
        "addressees": "、".join(one.label for one in view.terms.service_objects) or "公民、法人和其他组织",
        "trail": [*_trail(view), ("权力怎样运行", "")],
    }
    return render(request, "catalogue/power.html", context)


def _guide(item_code: str) -> dict[str, Any]:
    on = moments.today(moments.now())
    view = queries.guide(item_code, on=on)
    preview = queries.due_preview(view.terms, on=on)
    online = not view.terms.forms or not _ONLINE.isdisjoint(view.terms.forms)
    return {
        "item": view,
        "terms": view.terms,
        "chart": mark_safe(queries.flow_chart_svg(item_code, on=on, kind="guide")),  # noqa: S308
        "steps": _steps(view),
        "preview": preview,
        "counted": [
            explanation_text(one)
            for one in (preview.answered, preview.promised, preview.statutory)
            if one is not None
        ],
        "online": online,
        "required": [m for m in view.terms.materials if m.necessity == "required"],
        "addressees": "、".join(one.label for one in view.terms.service_objects),
        "forms": "、".join(one.label for one in view.terms.forms),
        "ways": "、".join(one.label for one in view.terms.delivery_ways),
        "trail": [*_trail(view)[:-1], (view.terms.item_name, "")],
    }


def _steps(view: ItemView) -> list[dict[str, Any]]:
    """The steps of the route in reading order: number, limit in words, what they follow."""
    names = {step.key: step.name for step in view.terms.steps}
    return [
        {
            "number": number,
            "step": step,
            "limit": f"{step.limit_days}个工作日" if step.limit_days else "当日",
            "after": "、".join(names[key] for key in step.after if key in names),
            "alongside": "、".join(
                other.name
                for other in view.terms.steps
                if other.key != step.key and set(other.after) == set(step.after)
            ),
        }
        for number, step in enumerate(view.terms.steps, 1)
    ]


def _trail(view: ItemView) -> list[tuple[str, str]]:
    return [
        ("首页", reverse("home")),
        ("找事项", reverse("item_list")),
        (view.terms.item_name, reverse("item_guide", args=[view.terms.item_code])),
    ]
