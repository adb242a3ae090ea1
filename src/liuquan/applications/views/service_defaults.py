"""登记服务违诺: by supervising posts as their finding, by a body as a public admission."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.applications import actions, promises
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.kernel import dates, moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import PROMISED, BodyView

_TYPED = ("body", "broken", "happened_on", "note")
_LONGEST = 4000  # characters; a safe upper bound, since the action itself checks the length


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def enter(request: DeskRequest) -> HttpResponse:
    """The form with the bodies whose defaults this post may record; by POST the default is public at once."""
    now = moments.now()
    bodies = promises.bodies_within_reach(request.actor, on=moments.today(now))
    if not bodies:
        raise NotAllowed("您的岗位不能登记服务违诺，请报告电子监察岗位，或者本单位的首席代表、负责人。")
    if request.method != "POST":
        return _page(request, bodies)
    typed = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in _TYPED}
    aspect, _, what = typed["broken"].partition(".")
    try:
        happened_on = dates.asked(typed["happened_on"], "happened_on", "发生日期")
        actions.record_service_default(
            body_code=typed["body"] or bodies[0].code,
            aspect=aspect,
            what=what,
            happened_on=happened_on,
            note=typed["note"],
            by=request.actor,
            now=now,
        )
    except BadInput as refusal:
        return _page(request, bodies, typed, refusal)
    messages.success(request, "已登记服务违诺，并已在“承诺兑现”页公布。")
    return HttpResponseRedirect(reverse("desk-service-default"))


def _page(
    request: DeskRequest,
    bodies: list[BodyView],
    typed: dict[str, str] | None = None,
    refusal: BadInput | None = None,
) -> HttpResponse:
    today = moments.today(moments.now())
    promised = {one.body_code: one for one in organisation.service_promises(on=today)}
    errors = dict(refusal.fields) if refusal else {}
    if broken := errors.get("aspect") or errors.get("what"):
        errors["broken"] = broken
    context: dict[str, Any] = {
        "bodies": [(body.code, body.name) for body in bodies],
        "promises": [(body.name, promised[body.code]) for body in bodies if body.code in promised],
        "ways": [
            (f"{aspect}.{what}", f"{PROMISED[aspect]}：{label}")
            for aspect, ways in promises.WAYS.items()
            for what, label in ways.items()
        ],
        "ground": promises.GROUNDS[promises.ground_for(request.actor, bodies[0]) or "admitted"],
        "typed": typed or {},
        "today": today,
        "refusal": refusal,
        "errors": errors,
        "trail": [("我的待办", reverse("desk")), ("登记服务违诺", "")],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "applications/desk/service_default.html", context, status=status)
