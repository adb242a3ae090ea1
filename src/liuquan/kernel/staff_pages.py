"""Pages for staff in a post: everybody else signs in first, or is told why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from liuquan.kernel import pages, problems
from liuquan.kernel.refusals import NotAllowed, Refusal, SignedOut

View = Callable[..., HttpResponse]
Labels = Callable[[Mapping[str, Any]], Mapping[str, str]]


class StaffRequest(HttpRequest):
    """A request with its actor, as the site's middleware sets it; who serves it names the actor's type."""

    actor: Any
    actor_refusal: Refusal | None


def staff_only(place: str, *, home: str, labels: Labels | None = None) -> Callable[[View], View]:
    """Only for staff in a post: others are sent to sign in, or refused (403) with the reason. `place`: what
    the pages are called; `home`: where to come back to when a form was sent without signing in; `labels`: of
    the fields of a form, by what its address names.

    Such pages may hold personal data, so no browser and no proxy keeps them.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = cast(StaffRequest, request)
            if not asked.user.is_authenticated:
                return _to_login(asked, home, labels(kwargs) if labels else {})
            if asked.actor_refusal is not None:
                raise asked.actor_refusal
            if asked.actor.kind != "staff":
                raise NotAllowed(f"{place}只供工作人员使用，请用工作人员账号登录。")
            response = view(asked, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return guarded

    return guard


def _to_login(request: HttpRequest, home: str, labels: Mapping[str, str]) -> HttpResponse:
    """To the page for signing in. Refused (403) where that would lose what was written in a form."""
    if pages.wants_fragment(request):
        # The part of a page cannot hold the login page, and the page may hold what somebody is writing.
        return render(request, "kernel/_signed_out.html", status=401)
    if request.path == reverse(home):
        # Whose home this is shows when they have signed in: the supervisor's is not the clerk's.
        return HttpResponseRedirect(reverse("account_login"))
    signed_out = SignedOut(
        "您已经退出登录，刚才的内容没有提交；请先复制写好的内容，登录以后再办。", labels=labels
    )
    if problems.typed_texts(request, signed_out):
        raise signed_out
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse(home))
