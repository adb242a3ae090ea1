"""核对证件、更正姓名: at the window, with the original document in hand. Shows masked forms only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.casework import queries as casework
from liuquan.desk.identity import actions
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.parties import queries as parties
from liuquan.parties.types import PartyRef

_TYPED = ("id_number", "document", "name", "phone", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def find(request: DeskRequest) -> HttpResponse:
    """Ask for the number on the document; it travels in the body, never in an address."""
    _refuse_without_role(request)
    if request.method != "POST":
        return _finding(request)
    number = request.POST.get("id_number", "").strip()[:40]
    found = parties.find(number, today=moments.today(moments.now()))
    if found.party is not None:
        return HttpResponseRedirect(reverse("desk-identity-of", args=[found.party.number]))
    error = found.error or "这个号码还没有登记过，不用更正；请直接在“收件”里办理。"
    return _finding(request, number, error)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def of_party(request: DeskRequest, number: UUID) -> HttpResponse:
    """The party, masked, with the form; by POST verified or corrected."""
    _refuse_without_role(request)
    if request.method != "POST":
        return _page(request, str(number))
    typed = {name: request.POST.get(name, "").strip()[:600] for name in _TYPED}
    seen = request.POST.get("seen") == "yes"
    try:
        done = actions.check_document(str(number), **typed, seen=seen, by=request.actor, now=moments.now())
    except BadInput as refusal:
        return _page(request, str(number), typed=typed, seen=seen, refusal=refusal)
    what = f"已更正{'、'.join(done.fields)}" if done.fields else "已登记核验身份"
    told = f"，并已记入在办的{done.told}个案件" if done.told else ""
    messages.success(request, f"{what}{told}。")
    return HttpResponseRedirect(reverse("desk-identity-of", args=[number]))


def _page(
    request: DeskRequest,
    number: str,
    *,
    typed: dict[str, str] | None = None,
    seen: bool = False,
    refusal: BadInput | None = None,
) -> HttpResponse:
    same = parties.same_party(number)
    party = parties.party(same[0] if same else number)
    cases = casework.of_parties(same)
    mine = [one for one in cases if casework.can_see(one, request.actor)]
    context: dict[str, Any] = {
        "party": party,
        "typed": typed or {},
        "seen": seen,
        "refusal": refusal,
        "errors": refusal.fields if refusal else {},
        "documents": list(actions.DOCUMENTS[party.kind].items()),
        "cases": [(one, casework.procedure_of(one).state(one.state).label) for one in mine],
        "others": len(cases) - len(mine),
        "open_total": sum(one.closed_at is None for one in cases),
        "trail": _trail(party),
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "desk/identity.html", context, status=status)


def _finding(request: DeskRequest, number: str = "", error: str = "") -> HttpResponse:
    context = {"number": number, "error": error, "trail": [("我的待办", reverse("desk")), ("核对证件", "")]}
    status = 422 if error else 200
    return pages.page(request, "desk/identity_find.html", context, status=status)


def _trail(party: PartyRef) -> list[tuple[str, str]]:
    return [("我的待办", reverse("desk")), ("核对证件", reverse("desk-identity")), (party.label_masked, "")]


def _refuse_without_role(request: DeskRequest) -> None:
    if not request.actor.has_role("window_clerk", "centre_officer"):
        raise NotAllowed("核对证件、更正姓名由综合窗口办理，请当事人带证件原件到窗口。")
