"""What only the holder of the slip of an application sees: the slip itself, the page of the supplement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.applications import queries
from liuquan.applications.events import SUPPLEMENT_NOTIFIED
from liuquan.applications.views.complaints import AT as WRONG
from liuquan.applications.views.complaints import Complaint
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Material, Snapshot
from liuquan.journal import queries as journal
from liuquan.kernel import drafts, held_drafts, moments
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import BadInput, TooLarge, Unavailable, WrongState
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.messages import queries as telling
from liuquan.messages.types import Channel
from liuquan.papers import actions as papers
from liuquan.tracking import queries as tracking


@require_safe
@holders_only
def submitted(request: HttpRequest, number: str) -> HttpResponse:
    """The slip on the screen, right after applying: number, query code, day of the answer (CASE-03)."""
    snapshot = casework.read(number)
    code = casework.query_code(number)
    context = {
        "snapshot": snapshot,
        "item": snapshot.terms.subject_name,
        "body_name": snapshot.body_name,
        "papers": kinds.titled(snapshot, casework.notices(number)),
        "next_step": queries.next_step(snapshot, moments.now()),
        "code": f"{code[:5]}-{code[5:]}",
        "acceptance": None if snapshot.closed_at else snapshot.deadline("acceptance"),
        "handed": kinds.handed_in(snapshot),
        "may_be_told": snapshot.closed_at is None and Channel.SMS in telling.open_channels(),
    }
    return render(request, "applications/portal/submitted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in what the one-time notice asked for, or before there is one what was left out when applying.

    Cites: 行政许可法 第三十一条, 第三十二条第一款第四项
    """
    now = moments.now()
    snapshot = casework.read(number)
    asked = queries.asked(snapshot) or queries.to_add(snapshot)
    if not asked:
        label = casework.procedure_of(snapshot).state(snapshot.state).label
        raise WrongState(f"本件现在的状态是“{label}”，不需要补材料，请回到查进度页面查看。")
    received = _received(request, snapshot, asked, now)
    if request.method != "POST":
        return _shown(request, snapshot, asked, received, now)
    if not received.wrong:
        received.wrong |= _unchosen(request, snapshot, asked, received)
    if received.wrong:
        return _refused(request, snapshot, received, Complaint(files=received.wrong), now)
    by = tracking.holder(snapshot)
    if by is None:
        raise BadInput("本件没有可以代表的申请人，请到窗口办理。")
    action = "receive_supplement" if _is_notified(snapshot) else "add_materials"
    try:
        outcome = casework_actions.perform(number, action, by=by, now=now, files_given=received.files)
    except (BadInput, TooLarge, Unavailable) as refusal:
        return _refused(request, snapshot, received, Complaint(whole=refusal.sentence), now)
    received.done(now)
    papers.issue_now(outcome, now=now)
    messages.success(request, "补正材料已经收到。" if _is_notified(snapshot) else "补交的材料已经收到。")
    return HttpResponseRedirect(reverse("track_case", args=[number]))


def _received(
    request: HttpRequest, snapshot: Snapshot, asked: list[Material], now: datetime
) -> ReceivedFiles:
    """The files of the form with those that this browser has kept for it, which a reload shows again."""
    place = _place(snapshot)
    held = held_drafts.unfinished(request, place=place, now=now)
    code = held[0].draft.code if held and held[0].draft else ""
    received = received_files(request, [m.key for m in asked], place=place, now=now, code=code)
    if received.code and (draft := drafts.find(received.code, place=place, now=now)):
        held_drafts.hold(request, draft)
    return received


def _shown(
    request: HttpRequest, snapshot: Snapshot, asked: list[Material], received: ReceivedFiles, now: datetime
) -> HttpResponse:
    """The form as it stands; where an answer led here, with what is wrong (422)."""
    said = Complaint()
    if request.GET.get("at") == WRONG and received.code:
        said = Complaint.kept_in(drafts.find(received.code, place=_place(snapshot), now=now))
    said.show_files(received)
    status = 422 if received.wrong or said.whole else 200
    return _page(request, snapshot, asked, received, alert=said.whole, status=status)


def _refused(
    request: HttpRequest, snapshot: Snapshot, received: ReceivedFiles, complaint: Complaint, now: datetime
) -> HttpResponse:
    """Lead to the address that says what is wrong, with all that was chosen."""
    place = _place(snapshot)
    draft = drafts.find(received.code, place=place, now=now) or drafts.begin(place=place, now=now)
    held_drafts.hold(request, draft)
    complaint.keep(draft, now=now)
    return HttpResponseRedirect(f"{request.path}?at={WRONG}")


def _place(snapshot: Snapshot) -> str:
    return f"supplement/{snapshot.number}/"


def _is_notified(snapshot: Snapshot) -> bool:
    """Whether the office has told what is missing; otherwise the applicant brings it unasked."""
    return snapshot.state == "supplementing"


def _unchosen(
    request: HttpRequest, snapshot: Snapshot, asked: list[Material], received: ReceivedFiles
) -> dict[str, str]:
    """What to say beside materials without a file: each that a notice named, unless the rest is brought to
    the window; before a notice, only where there is none at all."""
    left = [m.key for m in asked if m.key not in received.kept]
    if not _is_notified(snapshot):
        return {} if received.kept else {left[0]: "还没有选择文件，请至少选一项。"}
    if request.POST.get("rest_at_window"):
        return {}
    return dict.fromkeys(left, "这一项还没有选择文件。")


def _told(snapshot: Snapshot) -> dict[str, Any]:
    """What the one-time notice says in words; the reading is entered first."""
    notices = [e for e in journal.entries_of(snapshot.number) if e.event == SUPPLEMENT_NOTIFIED.name]
    if not notices:
        return {}
    names, now = ("requirements", "remarks"), moments.now()
    return casework_actions.open_told(snapshot, notices[-1], names, party=snapshot.applicant, now=now)


def _rows(asked: list[Material], received: ReceivedFiles, wanted: object) -> list[dict[str, Any]]:
    """The materials of the form: what is wanted of each, what is kept for it, what is wrong with it."""
    return [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": received.wrong.get(m.key, ""),
            "kept": received.kept.get(m.key, ()),
            "wanted": wanted.get(m.name, "") if isinstance(wanted, Mapping) else wanted,
        }
        for m in asked
    ]


def _page(
    request: HttpRequest,
    snapshot: Snapshot,
    asked: list[Material],
    received: ReceivedFiles,
    *,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    number, is_notified = snapshot.number, _is_notified(snapshot)
    told = _told(snapshot) if is_notified else {}
    notices = reversed(casework.notices(number)) if is_notified else ()
    notice = next((n for n in notices if n.kind == "supplement"), None)
    context: dict[str, Any] = {
        "snapshot": snapshot,
        "rows": _rows(asked, received, told.get("requirements", {})),
        "is_notified": is_notified,
        "due": snapshot.deadline("acceptance"),
        "alert": alert,
        "draft": received.code,
        "remarks": told.get("remarks", ""),
        "handed": kinds.handed_in(snapshot),
        "notice": notice,
        "trail": [
            ("首页", reverse("home")),
            (f"办件 {number}", reverse("track_case", args=[number])),
            ("办理", ""),
        ],
    }
    return render(request, "applications/portal/supplement.html", context, status=status)
