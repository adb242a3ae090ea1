"""Where staff begin: the home of their post, and the page of posts, on which another one is chosen."""

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
from liuquan.organisation.types import ACTS, ROLES, Actor, HeldPost, MandateTerm
from liuquan.site.middleware import SESSION_POST
from liuquan.site.wiring import KINDS
from liuquan.supervision.guards import BOARD_ROLES


@require_safe
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """The page after signing in, and behind the site's name: the choice of a post while there are several and
    none is chosen, otherwise the post's home."""
    held = organisation.posts_of(request.user, on=moments.today(moments.now()))
    chosen = len(held) < 2 or SESSION_POST in request.session
    return HttpResponseRedirect(reverse(_home(request.__dict__["actor"]) if chosen else "desk-post"))


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
        return HttpResponseRedirect(_back(request, _home(actor)))
    now_in = request.__dict__["actor"]
    held = organisation.posts_of(request.user, on=on)
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    context = {
        "posts": [_shown(one, names, now_in.post_code) for one in held],
        "mandates": [_mandate(term) for term in now_in.mandates],
        "next": request.GET.get("next", ""),
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


def _mandate(term: MandateTerm) -> dict[str, str]:
    acts = (ACTS.get(act, act) for act in sorted(term.actions))
    return {"acts": "、".join(dict.fromkeys(acts)), "limit": term.limit_text, "by": term.granted_by}


def _home(actor: Actor) -> str:
    """The start page: the board for posts that only supervise, the calendar for the administrator, what the
    post may do for those without acts on cases: their work list would always be empty."""
    if actor.roles and actor.roles <= frozenset(BOARD_ROLES):
        return "board"
    if actor.roles == {"sysadmin"}:
        return "desk-calendar"
    acts = {act for term in actor.mandates if not term.supervising for act in term.actions}
    on_cases = {kind.key for kind in KINDS}
    return "desk" if any(act.partition(".")[0] in on_cases for act in acts) else "desk-post"


def _back(request: HttpRequest, home: str) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else reverse(home)
