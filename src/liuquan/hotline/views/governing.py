"""派单目录、分类和时限: as they stand or stood on a day, and their changes by two people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.hotline import actions, queries
from liuquan.hotline.changes import UNITS, Change, ChangeGiven, ChangeKind, ChangeState
from liuquan.hotline.queries import governing
from liuquan.hotline.terms import NEEDED
from liuquan.hotline.views import typed_values as typed
from liuquan.hotline.views.staff import HotlineRequest, desk_only, with_posts
from liuquan.journal import queries as journal
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible
from liuquan.organisation import queries as organisation

PARTS: Final = {"lines": "派单目录", "limits": "时限", "classes": "分类", "changes": "改动"}
#: the texts of the form of each change; numbers and words are read from them
_FIELDS: Final = {
    ChangeKind.LINE_NEW: ("class_code", "division", "body_code"),
    ChangeKind.LINE_END: ("class_code", "division", "body_code", "line_from"),
    ChangeKind.LIMIT_NEW: ("key", "amount", "unit", "extension"),
    ChangeKind.CLASS_NEW: ("code", "name", "parent", "words"),
    ChangeKind.CLASS_END: ("code",),
}


@require_safe
@desk_only
def catalogue(request: HotlineRequest) -> HttpResponse:
    """What is in force on a day, by class and body; what begins later; what is broken, and who mends it."""
    today = moments.today(moments.now())
    given = {name: request.GET.get(name, "").strip()[:40] for name in ("show", "class", "body", "on")}
    show = given["show"] if given["show"] in PARTS else "lines"
    on, wrong = typed.day_or(given["on"], today)
    context: dict[str, Any] = {
        "show": show,
        "parts": list(PARTS.items()),
        "given": given,
        "on": on,
        "is_today": on == today,
        "wrong_day": wrong,
        "broken": governing.broken(today),
        "menders": "、".join(governing.menders(today)) or "热线中心",
        "may_govern": governing.may_govern(request.actor),
        "waiting": len(governing.changes(state=ChangeState.PROPOSED)),
    }
    match show:
        case "lines":
            context |= {
                "rows": governing.lines_on(on, class_code=given["class"], body=given["body"]),
                "to_come": governing.lines_to_come(on),
                "classes": typed.every_class(on=on),
                "bodies": typed.body_choices(on=on),
            }
        case "limits":
            context |= {"rows": governing.limits_on(on), "to_come": governing.limits_to_come(on)}
        case "classes":
            context["rows"] = governing.classes_on(on)
        case "changes":
            context["rows"] = [(one, governing.what(one, today)) for one in governing.changes()]
    return pages.page(request, "hotline/desk/catalogue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def propose(request: HotlineRequest, kind: str) -> HttpResponse:
    """The form of a change."""
    if kind not in list(ChangeKind):
        raise NotVisible("没有这一种改动，请从派单目录页重新选择。")
    if not governing.may_govern(request.actor):
        raise NotAllowed("您的岗位不能提出改动，请转交热线中心的派单质检岗位。")
    of = ChangeKind(kind)
    now = moments.now()
    if request.method != "POST":
        said = typed.kept(request.GET, *_FIELDS[of])
        tomorrow = moments.today(now) + timedelta(days=1)
        return _form(request, of, {**said, "document": "", "starts_on": tomorrow.isoformat()})
    said = typed.kept(request.POST, *_FIELDS[of], "document", "starts_on")
    try:
        number = actions.propose_change(_given(of, said), by=request.actor, now=now)
    except BadInput as refusal:
        return _form(request, of, said, refusal)
    messages.success(request, f"已提出改动{number}，由另一人审核后生效。")
    return HttpResponseRedirect(reverse("hotline-change", args=[number]))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def change(request: HotlineRequest, number: str) -> HttpResponse:
    """One change with its basis and its record; by POST a second person approves or refuses it."""
    now, refusal = moments.now(), None
    said = typed.kept(request.POST, "decision", "reason")
    if request.method == "POST":
        try:
            if said["decision"] == "approve":
                actions.approve_change(number, by=request.actor, now=now)
                messages.success(request, f"已同意改动{number}，到日子生效。")
            else:
                actions.refuse_change(number, said["reason"], by=request.actor, now=now)
                messages.success(request, f"已不同意改动{number}，理由已记下。")
            return HttpResponseRedirect(reverse("hotline-change", args=[number]))
        except BadInput as found:
            refusal = found
    one = governing.change(number)
    status = refusal.status if refusal else 200
    context = _of_change(request, one, moments.today(now)) | {
        "said": said,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
    }
    return pages.page(request, "hotline/desk/change.html", context, status=status)


def _of_change(request: HotlineRequest, one: Change, on: date) -> dict[str, Any]:
    waits = one.state is ChangeState.PROPOSED
    own = one.proposed_by is not None and one.proposed_by == request.actor.staff_id
    return {
        "change": one,
        "what": governing.what(one, on),
        "entries": with_posts(journal.entries_of(one.number), on),
        "may_decide": waits and not own and governing.may_approve(request.actor),
        "is_own": waits and own,
        "trail": [("派单目录", reverse("hotline-catalogue")), (one.number, "")],
    }


def _given(kind: ChangeKind, said: dict[str, str]) -> ChangeGiven:
    starts_on = typed.days(said, {"starts_on": "从哪天起"})["starts_on"]
    if starts_on is None:
        sentence = "请填写从哪天起。"
        raise BadInput(sentence, fields={"starts_on": sentence})
    values: dict[str, Any] = {name: said[name] for name in _FIELDS[kind]}
    for name in ("amount", "extension"):
        if name in values:
            text = values[name] or ("0" if name == "extension" else "")
            values[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
    if "words" in values:
        values["words"] = list(typed.listed(values["words"]))[:20]
    return ChangeGiven(kind, values, said["document"], starts_on)


def _form(
    request: HotlineRequest, kind: ChangeKind, said: dict[str, str], refusal: BadInput | None = None
) -> HttpResponse:
    on = moments.today(moments.now())
    errors = dict(refusal.fields) if refusal else {}
    line = governing.line_named(said) if kind is ChangeKind.LINE_END else None
    context: dict[str, Any] = {
        "kind": kind,
        "said": said,
        "refusal": refusal,
        "errors": errors,
        "classes": typed.every_class(on=on),
        "tops": [(one.code, one.name) for one in queries.classes(on=on) if one.is_top],
        "bodies": typed.body_choices(on=on),
        "divisions": [
            (one.code, one.name) for one in organisation.divisions() if organisation.is_place(one.code)
        ],
        "keys": list(NEEDED.items()),
        "units": list(UNITS.items()),
        "line": next(iter(governing.in_words([line], on)), None) if line else None,
        "class_name": dict(typed.every_class(on=on)).get(said.get("code", ""), ""),
        "trail": [("派单目录", reverse("hotline-catalogue")), (kind.label, "")],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/change_form.html", context, status=status)
