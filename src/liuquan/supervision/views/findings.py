"""Lists of findings, the page of one finding, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.casework import queries as casework
from liuquan.casework.types import DeadlineView
from liuquan.clock import short_date
from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import (
    MOST_LINES,
    check_lines,
    csv_file,
    file_address,
    wants_file,
)
from liuquan.kernel.pages import Paging
from liuquan.kernel.refusals import BadInput, Refusal, SomebodyWasFirst, WrongState
from liuquan.organisation import queries as organisation
from liuquan.supervision import actions, queries, rulebook
from liuquan.supervision.disposal.terms import CORRECTION_DAYS, DEFAULT_DAYS
from liuquan.supervision.types import (
    EXCUSES,
    POINTS,
    FindingDetail,
    FindingFilter,
    FindingLine,
    FindingState,
    Ruling,
    Severity,
)
from liuquan.supervision.views.staff import BoardRequest, opens_cases, staff_only

BOARD = ("监察看板", "/board/")
_STATES = [("pending", "尚未了结"), ("unanswered", "逾期未说明"), *((s.value, s.label) for s in FindingState)]
_SEVERITIES = [(s.value, s.label) for s in Severity]
_DAYS = (1, 2, 3, 5, 10)
_ASKED = ("text", "body", "severity", "state", "rule")
_HEAD = ("牌", "规则", "对象", "案件编号", "责任单位", "发现", "发现时间", "状态", "最迟", "发现编号")
#: a verdict of the form that is an act of its own
_CORRECT = "correct"


@require_safe
@staff_only
def findings(request: BoardRequest) -> HttpResponse:
    """The findings in the divisions this post supervises, narrowed by number, body, severity, state and rule;
    `?format=csv`: all of these as a file. Lines hold no names, so nothing is entered."""
    now, by = moments.now(), request.actor
    asked = {name: request.GET.get(name, "").strip()[:40] for name in _ASKED}
    month = request.GET.get("month") == "1"
    narrowed = FindingFilter(**asked, since_on=queries.month_of(now) if month else None)
    paging = Paging.asked(request)
    if wants_file(request):
        lines, total = queries.findings(by, now=now, narrowed=narrowed, limit=MOST_LINES)
        check_lines(total)
        return csv_file("监察发现", _HEAD, map(_row, lines))
    lines, total = queries.findings(by, now=now, narrowed=narrowed, offset=paging.offset, limit=paging.limit)
    context = {
        "lines": lines,
        "paging": paging.of(total, among=queries.findings(by, now=now, limit=1)[1]),
        "file": file_address(request),
        "asked": asked,
        "month": month,
        "states": _STATES,
        "severities": _SEVERITIES,
        "rules": [(r.id, r.name) for r in rulebook.rulebook()],
        "bodies": [(b.code, b.name) for b in queries.by_body(by, now=now)],
        "trail": [BOARD, ("监察发现", "")],
    }
    return pages.page(request, "supervision/findings.html", context)


def _row(line: FindingLine) -> tuple[object, ...]:
    return (
        line.severity.label,
        line.rule_name,
        line.subject_name,
        line.subject_number,
        line.body_name,
        line.sentence,
        line.found_at,
        line.state.label,
        line.due_on,
        line.number,
    )


@require_safe
@staff_only
def own(request: BoardRequest) -> HttpResponse:
    """The findings this post's own body answers for."""
    paging = Paging.asked(request)
    lines, total = queries.of_body(request.actor, now=moments.now(), offset=paging.offset, limit=paging.limit)
    context = {"lines": lines, "paging": paging.of(total), "pending": queries.pending_of_body(request.actor)}
    return pages.page(request, "supervision/own.html", context)


@require_safe
@staff_only
def of_case(request: BoardRequest, number: str) -> HttpResponse:
    """The findings of a case, as a part of the case's page; empty if the reader may see none."""
    lines = queries.of_subject(number, by=request.actor, now=moments.now())
    return pages.page(request, "supervision/of_case.html", {"lines": lines, "number": number})


@require_safe
@staff_only
def finding(request: BoardRequest, number: str) -> HttpResponse:
    """The page of one finding."""
    return _shown(request, number)


@require_POST
@staff_only
def ask(request: BoardRequest, number: str) -> HttpResponse:
    """Ask the unit for an explanation by a day."""
    days = request.POST.get("days", "")
    try:
        due_on = actions.ask_explanation(
            number,
            by=request.actor,
            now=moments.now(),
            points=request.POST.getlist("points"),
            days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
        )
    except (BadInput, WrongState, SomebodyWasFirst) as refusal:
        return _not_done(request, number, refusal, "ask")
    messages.success(request, f"已要求责任单位最迟{short_date(due_on)}说明。")
    return HttpResponseRedirect(reverse("board-finding", args=[number]))


@require_POST
@staff_only
def close(request: BoardRequest, number: str) -> HttpResponse:
    """Close with a verdict, or order the unit to correct what was found."""
    given = {name: request.POST.get(name, "") for name in ("ruling", "ground", "note")}
    now = moments.now()
    try:
        if given["ruling"] == _CORRECT:
            actions.order_correction(number, note=given["note"], by=request.actor, now=now)
        else:
            actions.close(number, **given, by=request.actor, now=now)
    except (BadInput, WrongState, SomebodyWasFirst) as refusal:
        return _not_done(request, number, refusal, "close")
    messages.success(request, "已作出认定。")
    return HttpResponseRedirect(reverse("board-finding", args=[number]))


@require_POST
@staff_only
def texts(request: BoardRequest, number: str) -> HttpResponse:
    """Show the unit's explanation and the reason of the verdict; the reading is recorded first."""
    opened = actions.open_explanations(number, by=request.actor, now=moments.now())
    return _shown(request, number, opened=opened)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def explain(request: BoardRequest, number: str) -> HttpResponse:
    """The unit's page: what is asked or to be corrected, by when, and the field to answer in."""
    now, by = moments.now(), request.actor
    if request.method == "POST":
        text = request.POST.get("text", "")
        state = queries.finding(number, by=by, now=now).line.state
        try:
            if state is FindingState.CORRECTING:
                actions.report_correction(number, text=text, by=by, now=now)
                said = "改正情况已报告，本发现已经了结。"
            else:
                actions.explain(number, text=text, by=by, now=now)
                said = "说明已提交，请等待认定。"
        except BadInput as refusal:
            return _shown(request, number, refusal=refusal, tried="explain", template="explain")
        messages.success(request, said)
        return HttpResponseRedirect(reverse("board-finding-explain", args=[number]))
    return _shown(request, number, template="explain")


def _not_done(request: BoardRequest, number: str, refusal: Refusal, tried: str) -> HttpResponse:
    """The page as it is now with the reason, what was typed back in its form; where that form is not offered
    any more, the page of the refusal, which shows what was typed."""
    if tried not in queries.finding(number, by=request.actor, now=moments.now()).offers:
        raise refusal
    return _shown(request, number, refusal=refusal, tried=tried)


def _shown(
    request: BoardRequest,
    number: str,
    *,
    refusal: Refusal | None = None,
    tried: str = "",
    opened: Any = (),
    template: str = "finding",
) -> HttpResponse:
    now = moments.now()
    detail = queries.finding(number, by=request.actor, now=now)
    snapshot, clock, explained = queries.clock_of(detail)
    state_label = casework.procedure_of(snapshot).state(snapshot.state).label if snapshot else ""
    body = organisation.body(detail.line.body_code, on=moments.today(now))
    posts = {post.code: post.name for post in organisation.posts(on=moments.today(now))}
    context = {
        "finding": detail,
        "line": detail.line,
        "rule": detail.rule,
        "snapshot": snapshot,
        "clock": clock,
        "explained": explained,
        **_clock_words(detail, clock),
        "state_label": state_label,
        "body": body,
        "events": [(entry, posts.get(entry.post_code, "")) for entry in queries.trail(detail)],
        "opened": opened,
        "printing": request.GET.get("print") == "1",
        "refusal": refusal,
        "tried": tried,
        "given": request.POST,
        "next_who": _next_who(detail),
        "opens_cases": opens_cases(request.actor),
        "trail": [BOARD, ("监察发现", reverse("board-findings")), (number, "")],
        **_choices(detail, request),
    }
    status = refusal.status if refusal else 200
    return pages.page(request, f"supervision/{template}.html", context, status=status)


def _next_who(detail: FindingDetail) -> str:
    line = detail.line
    owed = line.state in (FindingState.ASKED, FindingState.CORRECTING)
    if line.pending and (line.severity is Severity.YELLOW or owed):
        return line.body_name
    return "电子监察岗位" if line.pending else ""


def _clock_words(detail: FindingDetail, clock: DeadlineView | None) -> dict[str, str]:
    """The clock of a finding in colour and word: a duty done late stays late."""
    if clock is None:
        return {"clock_colour": "grey", "clock_word": ""}
    if detail.line.severity is Severity.RED:
        return {"clock_colour": "red", "clock_word": "超期" if clock.is_open else "已完成，但超期"}
    return {
        "clock_colour": "yellow" if clock.is_open else "green",
        "clock_word": "" if clock.is_open else "已终止计时",
    }


def _choices(detail: FindingDetail, request: BoardRequest) -> dict[str, Any]:
    """What the forms offer: days with the date each ends on, points, rulings, grounds."""
    now = moments.now()
    choices: dict[str, Any] = {
        "points": list(POINTS.items()),
        "rulings": _rulings(detail),
        "was_heard": _was_heard(detail.line),
        "grounds": list(EXCUSES.items()),
        "days": [],
        "chosen_days": detail.days_asked or DEFAULT_DAYS,
        "last_question": [POINTS[p] for e in detail.explanations[-1:] for p in e.points],
        "chosen_points": request.POST.getlist("points") or ["cause", "remedy"],
    }
    if "ask" in detail.offers:
        offered = (detail.days_asked,) if detail.days_asked else _DAYS
        ends = ((days, actions.answer_due_on(days, now=now)) for days in offered)
        choices["days"] = [(days, f"{days}个工作日，到{short_date(on)}") for days, on in ends]
    return choices


def _rulings(detail: FindingDetail) -> list[tuple[str, str]]:
    """The verdicts that may be given now, with the order to correct where it may be given: before the unit
    was heard, a false alarm alone."""
    if not _was_heard(detail.line):
        return [(Ruling.UNFOUNDED.value, Ruling.UNFOUNDED.label)]
    found = [(ruling.value, ruling.label) for ruling in Ruling]
    if "correct" in detail.offers:
        found.insert(1, (_CORRECT, f"情况属实，责令{CORRECTION_DAYS}个工作日内改正"))
    return found


def _was_heard(line: FindingLine) -> bool:
    """Whether the unit answered, or the last day to answer has passed."""
    return line.state is FindingState.EXPLAINED or (line.state is FindingState.ASKED and line.overdue)
