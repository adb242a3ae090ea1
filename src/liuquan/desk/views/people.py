"""找人: who is at the window, by name, identity number or mobile. Shows masked forms only."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.desk import actions
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.desk.types import PersonFound
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput
from liuquan.kinds import queries as kinds
from liuquan.parties import queries as parties

_LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def people(request: DeskRequest) -> HttpResponse:
    """Ask for a name or number, and show who was found; what is typed travels in the body, never in an
    address."""
    actions.check_finds_people(request.actor)
    context: dict[str, Any] = {"trail": [("我的待办", reverse("desk")), ("找人", "")]}
    if request.method != "POST":
        return pages.page(request, "desk/people.html", context)
    text = request.POST.get("text", "").strip()[:_LONGEST]
    context["text"] = text
    try:
        found = actions.find_people(text, by=request.actor, now=moments.now())
    except BadInput as refusal:
        context["error"] = refusal.sentence
        return pages.page(request, "desk/people.html", context, status=refusal.status)
    context |= {"asked": True, "people": [(one.party, _rows(one)) for one in found]}
    return pages.page(request, "desk/people.html", context)


def _rows(found: PersonFound) -> list[dict[str, Any]]:
    same = parties.same_party(found.party.number)
    return [
        {
            "number": case.number,
            "item": case.terms.subject_name,
            "body": case.body_name,
            "role": _role(case, same),
            "state": casework.procedure_of(case).state(case.state).label,
            "received": kinds.moment_text(case.received_at),
            "is_open": case.closed_at is None,
        }
        for case in found.cases
    ]


def _role(case: Snapshot, same: tuple[str, ...]) -> str:
    roles = (role for party, role in case.parties.items() if party in same)
    return "、".join(kinds.role_label(kinds.kind_of(case), role) for role in roles)
