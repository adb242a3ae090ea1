"""Public pages of the organisation: bodies, what each post is answerable for, who may decide what.

Anyone may read them. Cites: 政府信息公开条例 第二十条
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.kernel import moments
from liuquan.kernel.pages import Paging
from liuquan.organisation import queries
from liuquan.organisation.types import ACTS, ROLES, MandateTerm


@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    """Every body that exists today."""
    bodies = queries.bodies(on=moments.today(moments.now()))
    context = {"bodies": bodies, "trail": [("首页", reverse("home")), ("机构和岗位", "")]}
    return render(request, "organisation/bodies.html", context)


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body: where it is, and its posts."""
    on = moments.today(moments.now())
    view = queries.body(code, on=on)
    context = {
        "body": view,
        "promise": queries.service_promise(view.code, on=on),
        "posts": queries.posts(on=on, body_code=view.code),
        "trail": [("首页", reverse("home")), ("机构和岗位", reverse("body_list")), (view.name, "")],
    }
    return render(request, "organisation/body.html", context)


@require_safe
def post_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """职位职责说明: what one post is answerable for (HALL-02)."""
    on = moments.today(moments.now())
    sheet = queries.post_sheet(code, on=on)
    context = {
        "sheet": sheet,
        "roles": "、".join(ROLES.get(role, role) for role in sorted(sheet.post.roles)),
        "mandates": [_mandate(term) for term in sheet.mandates],
        "covers": [queries.post(other, on=on) for other in sheet.covered_by],
        "trail": [
            ("首页", reverse("home")),
            ("机构和岗位", reverse("body_list")),
            (sheet.body_name, reverse("body", args=[sheet.post.body_code])),
            (sheet.post.name, ""),
        ],
    }
    return render(request, "organisation/post_sheet.html", context)


@require_safe
def authorisation_register(request: HttpRequest) -> HttpResponse:
    """Who may decide what, up to what, by which document (CASE-11); all bodies or one."""
    on = moments.today(moments.now())
    chosen = request.GET.get("body", "")
    bodies = queries.bodies(on=on)
    lines = queries.authorisation_register(on=on, body_code=chosen)
    paging = Paging.asked(request, size=20).of(len(lines))
    context = {
        "lines": [
            (line, _mandate(line.term)) for line in lines[paging.offset : paging.offset + paging.limit]
        ],
        "paging": paging,
        "bodies": [(one.code, one.name) for one in bodies],
        "body": chosen,
        "trail": [("首页", reverse("home")), ("机构和岗位", reverse("body_list")), ("授权登记簿", "")],
    }
    return render(request, "organisation/register.html", context)


def _mandate(term: MandateTerm) -> dict[str, Any]:
    """One mandate in words: acts, items, up to what."""
    acts = list(dict.fromkeys(word for name, word in ACTS.items() if name in term.actions))
    every = term.items == ("*",)
    return {
        "term": term,
        "acts": "、".join(acts),
        "items": [] if every else [item for item in term.items if "*" not in item],
        "patterns": [] if every else [item.rstrip("*") for item in term.items if "*" in item],
        "every": every,
        "up_to": term.limit_text,
    }
