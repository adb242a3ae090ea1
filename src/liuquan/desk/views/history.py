"""A case as it stood on a day, for those who handle it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.casework import queries as casework
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.kernel import moments, pages
from liuquan.kinds import queries as kinds


@require_safe
@staff_only
def of_case(request: DeskRequest, number: str) -> HttpResponse:
    """The case at the moment asked for, for staff who may see it."""
    case = casework.visible(number, by=request.actor)
    context, status = kinds.history_page(case, request.GET.dict(), now=moments.now())
    back = reverse("desk-case", args=[number])
    context |= {
        "back": back,
        "trail": [
            ("我的待办", reverse("desk")),
            (f"{kinds.kind_of(case).label} {number}", back),
            ("当时的情况", ""),
        ],
    }
    return pages.page(request, "desk/history.html", context, status=status)
