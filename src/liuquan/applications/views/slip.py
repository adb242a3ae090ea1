"""What only the holder of the slip of an application sees: the slip itself, the page of the supplement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.applications import queries
from liuquan.applications.events import SUPPLEMENT_NOTIFIED
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Material, Snapshot
from liuquan.journal import queries as journal
from liuquan.kernel import moments
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
        "acceptance": snapshot.deadline("acceptance"),
        "handed": kinds.handed_in(snapshot),
        "may_be_told": Channel.SMS in telling.open_channels(),
    }
    return render(request, "applications/portal/submitted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in what the one-time notice asked for. Cites: 行政许可法 第三十二条第一款第四项"""
    now = moments.now()
    snapshot = casework.read(number)
    asked = queries.asked(snapshot)
    if not asked:
        label = casework.procedure_of(snapshot).state(snapshot.state).label
        raise WrongState(f"本件现在的状态是“{label}”，不需要补正，请回到查进度页面查看。")
    if request.method != "POST":
        return _page(request, snapshot, asked, ReceivedFiles())
    received = received_files(request, [m.key for m in asked], place=f"supplement/{number}/", now=now)
    if not received.wrong and not request.POST.get("rest_at_window"):
        left = [m.key for m in asked if m.key not in received.kept]
        received.wrong |= dict.fromkeys(left, "这一项还没有选择文件。")
    if received.wrong:
        return _page(request, snapshot, asked, received, status=422)
    by = tracking.holder(snapshot)
    if by is None:
        raise BadInput("本件没有可以代表的申请人，请到窗口办理。")
    try:
        outcome = casework_actions.perform(
            number, "receive_supplement", by=by, now=now, files_given=received.files
        )
    except (BadInput, TooLarge, Unavailable) as refusal:
        return _page(request, snapshot, asked, received, alert=refusal.sentence, status=refusal.status)
    received.done(now)
    papers.issue_now(outcome, now=now)
    messages.success(request, "补正材料已经收到。")
    return HttpResponseRedirect(reverse("track_case", args=[number]))


def _told(snapshot: Snapshot) -> dict[str, Any]:
    """What the one-time notice says in words; the reading is entered first."""
    notices = [e for e in journal.entries_of(snapshot.number) if e.event == SUPPLEMENT_NOTIFIED.name]
    if not notices:
        return {}
    names, now = ("requirements", "remarks"), moments.now()
    return casework_actions.open_told(snapshot, notices[-1], names, party=snapshot.applicant, now=now)


def _page(
    request: HttpRequest,
    snapshot: Snapshot,
    asked: list[Material],
    received: ReceivedFiles,
    *,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": received.wrong.get(m.key, ""),
            "kept": received.kept.get(m.key, ()),
        }
        for m in asked
    ]
    number = snapshot.number
    told = _told(snapshot)
    wanted = told.get("requirements", {})
    for row in rows:
        row["wanted"] = wanted.get(row["material"].name, "") if isinstance(wanted, Mapping) else wanted
    notice = next((n for n in reversed(casework.notices(number)) if n.kind == "supplement"), None)
    context: dict[str, Any] = {
        "snapshot": snapshot,
        "rows": rows,
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
