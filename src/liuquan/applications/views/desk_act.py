"""One act on a case: its form, the question before what is final, and the answer when it may not be."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.applications import actions, queries
from liuquan.applications.forms import desk as forms
from liuquan.applications.types import CasePage
from liuquan.applications.views.desk_case import offer_links
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.applications.views.presenters import clock_row, post_names
from liuquan.applications.views.received_files import Received, input_name, received_files
from liuquan.casework import queries as casework
from liuquan.casework.types import Offer, Outcome
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, WrongState
from liuquan.organisation import queries as organisation


@dataclass(frozen=True)
class Tried:
    """What was typed and what is wrong with it; nothing before the first try."""

    typed: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    confirmed: bool = False

    @property
    def errors(self) -> dict[str, str]:
        return self.refusal.fields if self.refusal else {}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def act(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """The form of an act that this post may take now; taken by POST, then the case with its new papers.

    Errors are shown beside their fields, and everything typed is kept (422). An act that the procedure no
    longer allows is answered with the reason and the present state (403, 409).
    """
    now = moments.now()
    page = queries.case_page(number, by=request.actor, now=now)
    offer = _offer(page, action, request)
    if request.method != "POST":
        refusal = None if offer else _why_not(page, action, request)
        return _form(request, page, offer, Tried()) if offer else _refused(request, number, refusal)
    typed = forms.values(offer.fields if offer else (), request)
    confirmed = bool(request.POST.get("confirmed"))
    scans = received_files(request, (one.key for one in page.materials))
    tried = Tried(typed, _form_refusal(offer, typed, scans, confirmed=confirmed), confirmed)
    if offer and tried.refusal:
        return _form(request, page, offer, tried)
    try:
        outcome = actions.act(number, action, by=request.actor, now=now, data=typed, files_given=scans.files)
    except BadInput as refusal:
        if offer is None:
            raise
        return _form(request, page, offer, Tried(typed, refusal, confirmed))
    except Refusal as refusal:
        return _refused(request, number, refusal)
    say(request, offer.label if offer else action, [issue(outcome, now=now)])
    return HttpResponseRedirect(reverse("desk-case", args=[number]))


@dataclass(frozen=True)
class Issued:
    """How many papers an act produced, and why some are still missing."""

    count: int = 0
    trouble: str = ""


def issue(outcome: Outcome, *, now: datetime) -> Issued:
    """Issue the papers of an act at once. The act is valid even if this fails: a worker tries again."""
    try:
        return Issued(len(actions.issue_papers(outcome.number, entry=uuid.UUID(outcome.entry), now=now)))
    except Refusal as refusal:
        return Issued(trouble=refusal.sentence)


def say(request: DeskRequest, done: str, issued: Sequence[Issued]) -> None:
    """One message for what was done and for its papers."""
    count = sum(one.count for one in issued)
    papers = f"，出具文书{count}份，请打印交给申请人" if count else ""
    messages.success(request, f"已办理“{done}”{papers}。")
    for one in issued:
        if one.trouble:
            messages.warning(request, f"有文书暂时没有出成：{one.trouble}")


def _offer(page: CasePage, action: str, request: DeskRequest) -> Offer | None:
    wanted = request.POST.get("assignment") or request.GET.get("assignment") or ""
    mine = [offer for offer in page.offers if offer.action == action]
    return next(
        (one for one in mine if str(one.assignment) == wanted), mine[0] if mine and not wanted else None
    )


def _form_refusal(
    offer: Offer | None, typed: dict[str, Any], scans: Received, *, confirmed: bool
) -> Refusal | None:
    """What the form itself refuses: a text too long, a file that cannot be taken, no confirmation."""
    if scans.wrong:
        wrong = {input_name(key): sentence for key, sentence in scans.wrong.items()}
        return BadInput("有文件不能上传，请按提示更换后再提交。", fields=wrong)
    if long := forms.too_long(typed):
        return BadInput("有内容写得太长，请精简后再提交。", fields=long)
    if offer and offer.confirm and not confirmed:
        return BadInput("请先勾选确认，再提交。", fields={"confirmed": "请确认后再提交。"})
    return None


def _why_not(page: CasePage, action: str, request: DeskRequest) -> Refusal:
    """The engine's refusal, or the message that the step is assigned to somebody else."""
    if refusal := casework.barred(page.snapshot, action, by=request.actor, now=moments.now()):
        return refusal
    names = post_names(moments.today(moments.now()))
    hands = "、".join(
        dict.fromkeys(names.get(a.post_code, a.post_code) for a in page.snapshot.open_assignments)
    )
    if action == "complete_step" and hands:
        return NotAllowed(f"这一环节不在您的岗位，现在由{hands}办理。")
    return WrongState("这项操作现在不能办理或者已经办完，请从办件页面选择可以办理的事项。")


def _form(request: DeskRequest, page: CasePage, offer: Offer, tried: Tried) -> HttpResponse:
    now = moments.now()
    on = moments.today(now)
    needs_bodies = any(one.kind == "body" for one in offer.fields)
    bodies = [body.name for body in organisation.bodies(on=on)] if needs_bodies else []
    shown = forms.controls(
        offer,
        page,
        tried.typed,
        tried.errors,
        bodies=bodies,
        colleagues=_colleagues(request, page, offer, on),
        on=on,
    )
    checks = next((one for one in shown if one.shape == "checks"), None)
    calendar = casework.calendar_of(page.snapshot)
    number = page.snapshot.number
    label = f"{offer.label}：{offer.step_name}" if offer.step_name else offer.label
    mine = next((a for a in page.snapshot.open_assignments if a.id == offer.assignment), None)
    context = {
        "page": page,
        "case": page.snapshot,
        "offer": offer,
        "label": label,
        "controls": shown,
        "refusal": tried.refusal,
        "confirmed": tried.confirmed,
        "assignment": offer.assignment or "",
        "scans": _scans(checks, tried) if checks and offer.action in forms.WITH_FILES else [],
        "step": page.snapshot.step(mine.step) if mine else None,
        "cites": "、".join(offer.cites),
        "clocks": [clock_row(c, now=now, calendar=calendar) for c in page.clocks if c.view.is_open],
        "trail": _trail(number, label),
    }
    status = tried.refusal.status if tried.refusal else 200
    return pages.page(request, "applications/desk/act.html", context, status=status)


def _colleagues(request: DeskRequest, page: CasePage, offer: Offer, on: date) -> list[tuple[str, str]]:
    """Who may sign the step as second officer, by number; never the actor."""
    if not forms.needs_second(offer, page.snapshot):
        return []
    found = queries.second_officers(page.snapshot, on=on)
    return [
        (one.number, f"{one.number} {one.name}（{'、'.join(one.post_names)}）")
        for one in found
        if one.staff_id != request.actor.staff_id
    ]


def _scans(checks: forms.Control, tried: Tried) -> list[dict[str, str]]:
    return [
        {"name": input_name(key), "label": label, "error": tried.errors.get(input_name(key), "")}
        for key, label in checks.options
    ]


def _refused(request: DeskRequest, number: str, refusal: Refusal | None) -> HttpResponse:
    """The reason, and the case as it is now with the acts that are still possible."""
    if refusal is None or isinstance(refusal, NotVisible):
        raise refusal or NotAllowed("这项操作不能由您的岗位办理。")
    page = queries.case_page(number, by=request.actor, now=moments.now())
    context = {
        "refusal": refusal,
        "page": page,
        "case": page.snapshot,
        "offers": offer_links(page),
        "trail": _trail(number, "没有办成"),
    }
    return pages.page(request, "applications/desk/refused.html", context, status=refusal.status)


def _trail(number: str, here: str) -> list[tuple[str, str]]:
    return [
        ("我的待办", reverse("desk")),
        (f"办件 {number}", reverse("desk-case", args=[number])),
        (here, ""),
    ]
