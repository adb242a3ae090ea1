"""Choosing the post to work in: once after signing in, and again at any time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.kernel import moments, pages
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import ROLES, HeldPost
from liuquan.site.middleware import SESSION_POST
from liuquan.supervision.guards import BOARD_ROLES


@require_safe
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """The page after signing in: the choice of a post if there are several, otherwise the post's work
    page."""
    held = organisation.posts_of(request.user, on=moments.today(moments.now()))
    roles = held[0].post.roles if held else frozenset[str]()
    return HttpResponseRedirect(reverse("desk-post" if len(held) > 1 else _workplace(roles)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def post(request: HttpRequest) -> HttpResponse:
    """The posts of this day, one's own and those one stands in for; by POST, work in one of them.

    Refuses (403) a post that is not theirs today.
    """
    on = moments.today(moments.now())
    if request.method == "POST":
        actor = organisation.actor_for(request.user, on=on, post_code=request.POST.get("post", ""))
        request.session[SESSION_POST] = actor.post_code
        messages.success(request, f"现在以“{actor.post_name}”的岗位办理。")
        return HttpResponseRedirect(_back(request, _workplace(actor.roles)))
    current = request.__dict__["actor"].post_code
    held = organisation.posts_of(request.user, on=on)
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    context = {
        "posts": [_shown(one, names, current) for one in held],
        "next": request.GET.get("next", ""),
        "trail": [("我的待办", reverse("desk")), ("岗位", "")],
    }
    return pages.page(request, "site/post.html", context)


def _shown(held: HeldPost, names: dict[str, str], current: str) -> dict[str, Any]:
    return {
        "code": held.post.code,
        "name": held.post.name,
        "unit": held.post.unit_name,
        "body": names.get(held.post.body_code, ""),
        "roles": "、".join(ROLES[role] for role in sorted(held.post.roles) if role in ROLES),
        "acting_for": held.acting_for,
        "current": held.post.code == current,
    }


def _workplace(roles: frozenset[str]) -> str:
    """The start page: the board for posts that only supervise, the calendar for the administrator, because
    their work list would always be empty."""
    if roles and roles <= frozenset(BOARD_ROLES):
        return "board"
    return "desk-calendar" if roles == {"sysadmin"} else "desk"


def _back(request: HttpRequest, workplace: str) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else reverse(workplace)
