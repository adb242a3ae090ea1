"""Bringing a request on the portal, without an account and without a script: what, where and who; then what
others have said already; then the number.

What was typed and the photos that passed their check are kept in a draft from the first press on, so that
both pages have an address of their own: Back, reload and a link find them.
Cites: 国办发〔2020〕53号, 国办函〔2025〕66号
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.casework import queries as casework
from liuquan.clock import weekday_date
from liuquan.hotline import actions, queries
from liuquan.hotline.terms import DISPATCH, PHOTO
from liuquan.hotline.types import Identity, Inlet, RequestKind
from liuquan.hotline.views import allowances
from liuquan.hotline.views.typed import Typed, class_choices, places
from liuquan.kernel import drafts, held_drafts, moments, rate_limits, slip_holders
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import BadInput, NotAllowed, Refusal, TooMany
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.messages import queries as telling
from liuquan.messages.types import Channel
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import BodyView

PLACE: Final = "hotline/"  #: of the draft that keeps what was typed, with the photos
_LONGEST_KEPT: Final = 2 * 20_000  #: characters; what is longer is asked to be shortened on the page itself
_REVIEW: Final = "review"  #: the second page
_SENT: Final = "hotline_sent"  #: in the session: submission key → number
_MOST_SENT: Final = 20
KEPT: Final = {
    Identity.OPEN: "办理单位会看到您的姓名和手机号码，方便联系您；公开的答复里没有。",
    Identity.CONFIDENTIAL: "只有热线中心知道您是谁，办理单位看不到姓名和手机号码；答复不公开。",
    Identity.ANONYMOUS: "谁也不知道您是谁，也没法联系您：请记下编号和查询码，自己来查结果、补充情况。",
}


EXPIRED: Final = (
    "页面放得太久，已经过期，刚才没有提交成功。您填写的文字和存好的照片都在，请核对后再提交一次。"
)


class _FormCheck(CsrfViewMiddleware):
    """Django's own check of the form's token, called by the view so that what was typed is kept."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return HttpResponse(reason, status=403)


@csrf_exempt  # checked in `_has_expired`: a refusal here would throw away a text of any length
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; by `go`: next (see what others said), back, upload (keep the chosen photos), send."""
    now = moments.now()
    centre = organisation.body(queries.centre(), on=moments.today(now))
    if request.method != "POST":
        return _found(request, centre, now)
    typed = Typed.of(request.POST)
    if sent := _sent_before(request, typed):
        return HttpResponseRedirect(reverse("hotline_registered", args=[sent]))
    received = received_files(request, [PHOTO], place=PLACE, now=now)
    go, handle = request.POST.get("go", ""), _keep(request, typed, received, now)
    if received.wrong:
        return _form(request, centre, typed, received, status=422)
    if go in ("back", "upload"):
        return _at(handle, "") if handle else _form(request, centre, typed, received)
    if not typed.check(places(centre)):
        return _form(request, centre, typed, received, status=422)
    if go != "send":
        return _at(handle, _REVIEW) if handle else _review(request, centre, typed, received, now)
    if _has_expired(request):
        return _review(request, centre, typed, received, now, refusal=NotAllowed(EXPIRED))
    return _send(request, centre, typed, received, now)


def _found(request: HttpRequest, centre: BodyView, now: datetime) -> HttpResponse:
    """The page of what this browser has begun, or an empty form."""
    handle = request.GET.get("at", "")[:40]
    held = held_drafts.find(request, handle, place=PLACE, now=now) if handle else None
    if held is not None and held.number:
        return HttpResponseRedirect(reverse("hotline_registered", args=[held.number]))
    if held is None or held.draft is None:
        if handle:
            messages.info(
                request, "没有找到写下的内容：已经提交、过了七天，或者是在别的浏览器里写的。请重新填写。"
            )
        programme = request.GET.get("programme", "")[:36]
        return _form(request, centre, Typed.empty(programme), ReceivedFiles())
    typed = Typed(held.draft.values)
    kept = [one for one in held.draft.files if one.material == PHOTO]
    received = ReceivedFiles(kept={PHOTO: kept} if kept else {}, code=held.draft.code)
    if request.GET.get("step") == _REVIEW and typed.check(places(centre)):
        return _review(request, centre, typed, received, now)
    return _form(request, centre, typed, received)


def _keep(request: HttpRequest, typed: Typed, received: ReceivedFiles, now: datetime) -> str:
    """Keep what was typed with the photos; the handle under which this browser finds it, empty where the
    text is too long to be kept."""
    values = {**typed.values, "submission_key": str(typed.key)}
    if len(values.get("text", "")) > _LONGEST_KEPT:
        return ""
    draft = drafts.find(received.code, place=PLACE, now=now) if received.code else None
    if draft is None:
        draft = drafts.begin(place=PLACE, now=now, values=values)
        received.code = draft.code
    else:
        drafts.write(draft.code, values, now=now)
    return held_drafts.hold(request, draft)


def _at(handle: str, step: str) -> HttpResponse:
    at = f"?at={handle}" + (f"&step={step}" if step else "")
    return HttpResponseRedirect(reverse("hotline") + at)


@require_safe
@holders_only
def registered(request: HttpRequest, number: str) -> HttpResponse:
    """The slip on the screen: number, query code, who knows of the requester, by when it is dispatched."""
    snapshot, ticket = casework.read(number), queries.ticket(number)
    if ticket is None:
        return HttpResponseRedirect(reverse("track_case", args=[number]))
    code, clock = casework.query_code(number), snapshot.deadline(DISPATCH)
    context = {
        "snapshot": snapshot,
        "ticket": ticket,
        "code": f"{code[:5]}-{code[5:]}",
        "kept": KEPT[ticket.identity],
        "due": weekday_date(clock.due_on) if clock and clock.is_open else "",
        "photos": sum(len(one.files) for one in casework.materials(snapshot)),
        "may_be_told": ticket.identity is not Identity.ANONYMOUS and Channel.SMS in telling.open_channels(),
    }
    return render(request, "hotline/portal/registered.html", context)


def _send(
    request: HttpRequest, centre: BodyView, typed: Typed, received: ReceivedFiles, now: datetime
) -> HttpResponse:
    """Register it; what is refused keeps everything that was typed and chosen."""
    slots: list[str] = []
    try:
        slots = _take(request, typed)
        sent = actions.submit(
            typed.ticket(inlet=Inlet.WEB),
            name=typed.name,
            phone=typed.phone,
            now=now,
            files_given=received.files,
            submission_key=typed.key,
            join=request.POST.get("join", "")[:40],
            programme=typed.values.get("programme", ""),
        )
    except TooMany as refusal:
        page = _review(request, centre, typed, received, now, refusal=refusal)
        page["Retry-After"] = str(refusal.details["retry_after"])
        return page
    except BadInput as refusal:
        rate_limits.give_back(*slots)
        if "join" in refusal.fields:
            return _review(request, centre, typed, received, now, refusal=refusal)
        typed.errors |= refusal.fields or {"text": refusal.sentence}
        return _form(request, centre, typed, received, status=refusal.status)
    held_drafts.handed_in(request, received.code, sent.number)
    received.done(now)
    _remember(request, typed, sent.number)
    slip_holders.remember(request, sent.number, now=now)
    if request.POST.get("join") and not sent.into:
        messages.info(request, "您选择一起等的那件刚刚办结，您的诉求已经单独登记。")
    return HttpResponseRedirect(reverse("hotline_registered", args=[sent.number]))


def _has_expired(request: HttpRequest) -> bool:
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return _FormCheck(page).process_view(request, page, (), {}) is not None


def _take(request: HttpRequest, typed: Typed) -> list[str]:
    """Use the tries of a submission; none stays used where one is refused."""
    address, phone = rate_limits.address_of(request), typed.whose
    slots: list[str] = []
    try:
        slots.append(allowances.FROM_ADDRESS.take(address))
        if phone:
            slots.append(allowances.FROM_PHONE.take(phone))
        slots.append(allowances.SAME.take(phone or address, typed.said))
    except TooMany:
        rate_limits.give_back(*slots)
        raise
    return slots


def _sent_before(request: HttpRequest, typed: Typed) -> str:
    """The number that this very form got when it was sent before from this session."""
    known = request.session.get(_SENT)
    return str(known.get(str(typed.key), "")) if isinstance(known, dict) else ""


def _remember(request: HttpRequest, typed: Typed, number: str) -> None:
    known = request.session.get(_SENT)
    sent = {**(known if isinstance(known, dict) else {}), str(typed.key): number}
    request.session[_SENT] = dict(list(sent.items())[-_MOST_SENT:])


def _form(
    request: HttpRequest, centre: BodyView, typed: Typed, received: ReceivedFiles, *, status: int = 200
) -> HttpResponse:
    context = _context(centre, typed, received) | {
        "bodies": [(one.code, one.name) for one in organisation.bodies(on=moments.today(moments.now()))],
        "photo": input_name(PHOTO),
        "photo_wrong": received.wrong.get(PHOTO, ""),
    }
    return render(request, "hotline/portal/ask.html", context, status=status)


def _review(
    request: HttpRequest,
    centre: BodyView,
    typed: Typed,
    received: ReceivedFiles,
    now: datetime,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """What was typed, which class its words suggest, and open requests that say the same."""
    ticket = typed.ticket(inlet=Inlet.WEB)
    context = _context(centre, typed, received) | {
        "ticket": ticket,
        "classes": class_choices(ticket.text),
        "same": queries.open_requests(ticket.text, ticket.place, now=now),
        "chosen": request.POST.get("join", ""),
        "refusal": refusal,
        "division_name": places(centre)[ticket.division].strip(),
    }
    return render(request, "hotline/portal/review.html", context, status=refusal.status if refusal else 200)


def _context(centre: BodyView, typed: Typed, received: ReceivedFiles) -> dict[str, Any]:
    return {
        "centre": centre,
        "typed": {**typed.values, "submission_key": str(typed.key)},
        "errors": typed.errors,
        "draft": received.code,
        "kept": received.kept.get(PHOTO, ()),
        "kinds": [(one.value, one.label) for one in RequestKind],
        "identities": [(one.value, f"{one.label}：{KEPT[one]}") for one in Identity],
        "identity_told": KEPT[typed.identity],
        "places": list(places(centre).items()),
        "programme": queries.programmes.taking_questions(
            typed.values.get("programme", ""), now=moments.now()
        ),
        "trail": [("首页", reverse("home")), ("反映诉求", "")],
    }
