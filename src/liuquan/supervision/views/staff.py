"""Who may come to the board: staff in a post; what they see there is decided by the queries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from liuquan.kernel import pages
from liuquan.kernel.refusals import NotAllowed, Refusal
from liuquan.organisation.types import Actor


class BoardRequest(HttpRequest):
    """A request with its actor, as the site's middleware sets it."""

    actor: Actor
    actor_refusal: Refusal | None


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send whoever is not signed in to sign in, and refuse (403) who is no staff. Nothing here is kept by
    browsers or proxies."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = cast(BoardRequest, request)
        if not asked.user.is_authenticated:
            return _to_login(asked)
        if asked.actor_refusal is not None:
            raise asked.actor_refusal
        if asked.actor.kind != "staff":
            raise NotAllowed("监察看板只供工作人员使用，请用工作人员账号登录。")
        response = view(asked, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def opens_cases(by: Actor) -> bool:
    """Whether the pages lead this reader on to the case itself, which opens names: not a lay overseer."""
    return not by.has_role("overseer")


def _to_login(request: HttpRequest) -> HttpResponse:
    if pages.wants_fragment(request):
        # A part of a page cannot hold the login page: the whole page goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("account_login")})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("board"))
