"""行风热线 and interviews: set up and followed by the centre, its questions entered while it is on air; and
what anybody may read of them."""

from __future__ import annotations

import uuid
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.hotline import actions, queries
from liuquan.hotline.actions.programmes import city_of_centre
from liuquan.hotline.procedure import PROCEDURE
from liuquan.hotline.programmes import ProgrammeGiven, ProgrammeKind, QuestionGiven
from liuquan.hotline.types import UNFILED, RequestKind
from liuquan.hotline.views import typed_values as typed
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, Refusal
from liuquan.organisation import queries as organisation

_PLANNED: Final = ("kind", "title", "airs_on", "body_code", "guest", "presenter")
_ASKED: Final = ("text", "class_code", "request_kind", "division", "name", "phone", "reply", "submission_key")
_TRAIL: Final = ("节目", "/desk/hotline/programmes/")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def programmes(request: HotlineRequest) -> HttpResponse:
    """The programmes; by POST a new one."""
    queries.calls.check_centre(request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    now = moments.now()
    said = typed.kept(request.POST, *_PLANNED) if request.method == "POST" else {"kind": "broadcast"}
    refusal = None
    if request.method == "POST":
        try:
            number = actions.plan_programme(_planned(said), by=request.actor, now=now)
            messages.success(request, "节目已经登记，可以记问题了。")
            return HttpResponseRedirect(reverse("desk-hotline-programme", args=[number]))
        except BadInput as wrong:
            refusal = wrong
    context = {
        "rows": queries.programmes.programmes(now=now),
        "said": said,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "kinds": [(one.value, one.label) for one in ProgrammeKind],
        "bodies": [(one.code, one.name) for one in organisation.bodies(on=moments.today(now))],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/programmes.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def one(request: HotlineRequest, number: UUID) -> HttpResponse:
    """One programme with its questions; by POST the next question."""
    queries.calls.check_centre(request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    now, refusal = moments.now(), None
    programme = queries.programmes.programme(str(number), now=now)
    said = _fresh(now)
    if request.method == "POST":
        said = typed.kept(request.POST, *_ASKED) | {"text": request.POST.get("text", "").strip()}
        try:
            ticket = actions.take_question(
                str(number), _asked(said), by=request.actor, now=now, submission_key=_key(said)
            )
            messages.success(request, f"已登记为工单{ticket}，请记下一个。")
            return HttpResponseRedirect(reverse("desk-hotline-programme", args=[number]))
        except Refusal as wrong:
            refusal = wrong
    context = _context(programme, said, refusal, request, now)
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/programme.html", context, status=status)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The programmes as anybody may know of them."""
    context = {
        "rows": queries.programmes.programmes(now=moments.now()),
        "trail": [("首页", reverse("home")), ("行风热线和在线访谈", "")],
    }
    return render(request, "hotline/portal/programmes.html", context)


@require_safe
def shown(request: HttpRequest, number: UUID) -> HttpResponse:
    """One programme with the questions whose answers were published. Refuses (404) one that is none."""
    context = {
        "programme": queries.programmes.programme(str(number), now=moments.now()),
        "questions": queries.programmes.published_questions(str(number)),
        "trail": [
            ("首页", reverse("home")),
            ("行风热线和在线访谈", reverse("hotline_programmes")),
            ("一期", ""),
        ],
    }
    return render(request, "hotline/portal/programme.html", context)


def _planned(said: dict[str, str]) -> ProgrammeGiven:
    airs_on = typed.days(said, {"airs_on": "日期"})["airs_on"]
    if airs_on is None:
        raise BadInput("请填写节目的日期。", fields={"airs_on": "请填写节目的日期。"})
    if said["kind"] not in set(ProgrammeKind):
        raise BadInput("请选择节目的形式。", fields={"kind": "请选择节目的形式。"})
    return ProgrammeGiven(
        ProgrammeKind(said["kind"]),
        said["title"],
        airs_on,
        said["body_code"],
        said["guest"],
        said["presenter"],
    )


def _asked(said: dict[str, str]) -> QuestionGiven:
    if said["request_kind"] not in set(RequestKind):
        raise BadInput("请选择诉求类型。", fields={"request_kind": "请选择诉求类型。"})
    values = {name: said[name] for name in _ASKED if name not in ("submission_key", "request_kind")}
    return QuestionGiven(request_kind=RequestKind(said["request_kind"]), **values)


def _fresh(now: Any) -> dict[str, str]:
    city = city_of_centre(moments.today(now))
    return {
        "submission_key": str(uuid.uuid4()),
        "class_code": UNFILED,
        "request_kind": RequestKind.CONSULT.value,
        "division": city,
    }


def _key(said: dict[str, str]) -> uuid.UUID | None:
    try:
        return uuid.UUID(said["submission_key"])
    except ValueError:
        return None


def _context(
    programme: Any, said: dict[str, str], refusal: Refusal | None, request: HotlineRequest, now: Any
) -> dict[str, Any]:
    on = moments.today(now)
    places = organisation.divisions(under=city_of_centre(on))
    top = min((one.level for one in places), default=0)
    found = queries.programmes.questions(programme.number, by=request.actor)
    return {
        "programme": programme,
        "rows": [(one, PROCEDURE.state(one.state).label) for one in found],
        "said": said,
        "refusal": refusal,
        "errors": dict(refusal.fields) if isinstance(refusal, BadInput) else {},
        "classes": [(UNFILED, "不清楚，由派单人员归类"), *typed.class_choices(on=on)],
        "kinds": [(one.value, one.label) for one in RequestKind],
        "divisions": [(one.code, "　" * (one.level - top) + one.name) for one in places],
        "may_take": actions.may_register(request.actor),
        "trail": [_TRAIL, (programme.title, "")],
    }
