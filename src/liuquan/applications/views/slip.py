"""What only the holder of the slip of an application sees: the slip itself, the page of the supplement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.applications import queries
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Material, Snapshot
from liuquan.kernel import moments
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
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
    received = received_files(request, [m.key for m in asked])
    if not received.wrong and not request.POST.get("rest_at_window"):
        left = [m.key for m in asked if m.key not in received.names]
        received.wrong |= dict.fromkeys(left, "这一项还没有选择文件。")
    if received.wrong:
        return _page(request, snapshot, asked, received, status=422)
    by = tracking.holder(snapshot)
    if by is None:
        raise BadInput("本件没有可以代表的申请人，请到窗口办理。")
    outcome = casework_actions.perform(
        number, "receive_supplement", by=by, now=now, files_given=received.files
    )
    papers.issue_now(outcome, now=now)
    messages.success(request, "补正材料已经收到。")
    return HttpResponseRedirect(reverse("track_case", args=[number]))


def _page(
    request: HttpRequest,
    snapshot: Snapshot,
    asked: list[Material],
    received: ReceivedFiles,
    *,
    status: int = 200,
) -> HttpResponse:
    rows = [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": received.wrong.get(m.key, ""),
            "chosen": "、".join(received.names.get(m.key, ())),
        }
        for m in asked
    ]
    number = snapshot.number
    notice = next((n for n in reversed(casework.notices(number)) if n.kind == "supplement"), None)
    context: dict[str, Any] = {
        "snapshot": snapshot,
        "rows": rows,
        "notice": notice,
        "trail": [
            ("首页", reverse("home")),
            (f"办件 {number}", reverse("track_case", args=[number])),
            ("办理", ""),
        ],
    }
    return render(request, "applications/portal/supplement.html", context, status=status)
