"""For the administrator: every number of the law that nobody has yet read in the law's own text.

The numbers are used all the same; the administrator is told which of them to look up, and where.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.clock import Limit, Verification
from liuquan.kernel import pages
from liuquan.kernel.refusals import NotAllowed
from liuquan.law import Figure, is_named
from liuquan.timekeeping.questions import law_book
from liuquan.timekeeping.views.law import FIELDS

_MARKS = {
    Verification.SECONDARY: "见于转述，没有读到原文",
    Verification.MEMORY: "凭记忆，没有任何文本",
}


@dataclass(frozen=True)
class Waiting:
    """One number to be confirmed: what it says, where to look it up, how it is known so far."""

    label: str
    text: str
    citations: str
    mark: str
    profile: str


@require_safe
@login_required
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """The numbers that are to be confirmed, by field of law, also those of other times; for the administrator
    only (403)."""
    if not request.__dict__["actor"].has_role("sysadmin"):
        raise NotAllowed("只有系统管理员可以查看待核对的数据，请联系系统管理员。")
    groups: dict[str, list[Waiting]] = {}
    for entry in law_book().to_be_confirmed():
        field = FIELDS.get(entry.id.partition(".")[0], "其他")
        rows = [_waiting(one) for one in entry.all_terms() if one.verification in _MARKS]
        groups.setdefault(field, []).extend(rows)
    context = {
        "trail": [("我的待办", reverse("desk")), ("待核对的数据", "")],
        "groups": list(groups.items()),
        "count": sum(map(len, groups.values())),
    }
    return pages.page(request, "timekeeping/unconfirmed_values.html", context)


def _waiting(terms: Limit | Figure) -> Waiting:
    return Waiting(
        terms.label,
        terms.text,
        "；".join(terms.citations) if is_named(terms) else "",
        _MARKS[terms.verification],
        (terms.profile or "") if is_named(terms) else "",
    )
