"""A case as it stood on a day, for those who handle it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.casework import queries as casework
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.desk.views.case import file_of, names_of
from liuquan.kernel import moments, pages
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor


@require_safe
@staff_only
def of_case(request: DeskRequest, number: str) -> HttpResponse:
    """The case at the moment asked for, for staff who may see it. Where somebody was its party, the file is
    opened for the names, as on the case page: this reading is entered in the journal first."""
    now = moments.now()
    case = casework.visible(number, by=request.actor)
    context, status = kinds.history_page(case, request.GET.dict(), now=now)
    back = reverse("desk-case", args=[number])
    if then := context.get("then"):
        context |= _named(context["people"], number, request.actor, now)
        context["children"] = casework.children_then(case, then.child_states, by=request.actor)
    context |= {
        "back": back,
        "trail": [
            ("我的待办", reverse("desk")),
            (f"{kinds.kind_of(case).label} {number}", back),
            ("当时的情况", ""),
        ],
    }
    return pages.page(request, "desk/history.html", context, status=status)


def _named(people: list[dict[str, str]], number: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The parties with their names, or why these are not shown."""
    if not people:
        return {}
    file, unopened = file_of(number, actor, now)
    names = names_of(file, [one["number"] for one in people])
    return {"unopened": unopened, "people": [one | {"name": names[one["number"]]} for one in people]}
