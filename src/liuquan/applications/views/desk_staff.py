"""Who may come to the desk: staff in a post. Everybody else signs in first, or is told why not."""

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


class DeskRequest(HttpRequest):
    """A request with its actor, as the site's middleware sets it."""

    actor: Actor
    actor_refusal: Refusal | None


DeskView = Callable[..., HttpResponse]


def staff_only(view: Callable[..., HttpResponse]) -> DeskView:
    """Only for staff in a post: others are sent to sign in, or refused (403) with the reason.

    Desk pages may hold personal data, so no browser and no proxy keeps them.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = cast(DeskRequest, request)
        if not asked.user.is_authenticated:
            return _to_login(asked)
        if asked.actor_refusal is not None:
            raise asked.actor_refusal
        if asked.actor.kind != "staff":
            raise NotAllowed("工作台只供工作人员使用，请用工作人员账号登录。")
        response = view(asked, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def _to_login(request: HttpRequest) -> HttpResponse:
    if pages.wants_fragment(request):
        # The part of a page cannot hold the login page: the whole page goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("account_login")})
    back = request.get_full_path() if request.method == "GET" else reverse("desk")
    return redirect_to_login(back)
