"""我的办件: all cases of one person, opened by a code sent to the mobile on record; no account, no script.

A person whom nobody knows is answered like one who is known. Cites: 个人信息保护法 第四十五条
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages as shown
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.kernel import moments, rate_limits, slip_holders
from liuquan.kernel.refusals import BadInput, TooMany
from liuquan.messages import actions
from liuquan.messages import queries as messages
from liuquan.messages.types import Channel
from liuquan.organisation.types import party_actor
from liuquan.tracking import allowances, mine, proven
from liuquan.tracking.forms import CodeForm, MineForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the document's number and the mobile; a code is sent if both are of one person. The answer is
    the same if not. Refuses (429) the fourth time in half an hour for one person."""
    now = moments.now()
    if request.method != "POST":
        if proven.party(request, now=now):
            return HttpResponseRedirect(reverse("mine_cases"))
        return _ask_page(request, MineForm(today=moments.today(now)))
    form = MineForm(request.POST, today=moments.today(now))
    if Channel.SMS not in messages.open_channels() or not form.is_valid():
        return _ask_page(request, form, status=422)
    id_number, phone = form.cleaned_data["id_number"], form.cleaned_data["phone"]
    try:
        allowances.ASKING_ADDRESSES.take(rate_limits.address_of(request))
        allowances.ASKED_CODES.take(id_number, phone)  # by both: who knows only the one locks nobody out
    except TooMany as refusal:
        form.add_error(None, refusal.sentence)
        return rate_limits.say_wait(_ask_page(request, form, status=refusal.status), refusal)
    number = actions.ask_code(id_number=id_number, phone=phone, now=now)
    proven.remember_asked(request, number)
    return HttpResponseRedirect(reverse("mine_code"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent; the right one opens the list for half an hour. Five tries a code."""
    now = moments.now()
    if not proven.asked(request):
        return HttpResponseRedirect(reverse("mine"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _code_page(request, form, status=422 if form.errors else 200)
    try:
        slot = allowances.TYPED_CODES.take(rate_limits.address_of(request))
        party = actions.use_code(proven.asked(request), form.cleaned_data["code"], now=now)
    except (BadInput, TooMany) as refusal:
        form.add_error("code", refusal.sentence)
        return rate_limits.say_wait(_code_page(request, form, status=refusal.status), refusal)
    rate_limits.give_back(slot)
    proven.remember(request, party, now=now)
    return HttpResponseRedirect(reverse("mine_cases"))


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The person's cases of every kind."""
    now = moments.now()
    known = proven.party(request, now=now)
    if known is None:
        return _ask_again(request)
    context = {
        "cases": mine.of_party(known[0], now=now),
        "agreed": sorted(messages.agreed(known[0])),
        "trail": [("首页", reverse("home")), ("我的办件", "")],
    }
    return render(request, "tracking/mine_cases.html", context)


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Open the page of one's own case without its query code, until the half hour is over."""
    now = moments.now()
    known = proven.party(request, now=now)
    if known is None:
        return _ask_again(request)
    found = mine.brought_by(number, known[0])
    slip_holders.remember(request, found.number, now=now, since=known[1])
    return HttpResponseRedirect(reverse("track_case", args=[found.number]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest) -> HttpResponse:
    """By which ways the person is told what happens: agreed to and withdrawn here, for all their cases."""
    now = moments.now()
    known = proven.party(request, now=now)
    if known is None:
        return _ask_again(request)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            asked = _choose(request, known[0], now)
        except BadInput as refusal:
            errors, status = dict(refusal.fields) or {"ways": refusal.sentence}, refusal.status
        except TooMany as refusal:
            errors, status = {"email": refusal.sentence}, refusal.status
        else:
            if asked:
                proven.remember_asked_email(request, asked)
                return HttpResponseRedirect(reverse("mine_email"))
            shown.success(request, "已经按您的选择保存。")
            return HttpResponseRedirect(reverse("mine_messages"))
    there = messages.open_channels()
    chosen = request.POST.getlist("ways") if errors else sorted(messages.agreed(known[0]))
    context = {
        "ways": [(one.value, one.label) for one in Channel if one in there],
        "chosen": chosen,
        "email": request.POST.get("email", ""),
        "errors": errors,
        "trail": [("首页", reverse("home")), ("我的办件", reverse("mine_cases")), ("通知方式", "")],
    }
    return render(request, "tracking/mine_messages.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """The code that was sent to the address for mail; the right one confirms it. Five tries a code."""
    now = moments.now()
    known = proven.party(request, now=now)
    if known is None:
        return _ask_again(request)
    if not proven.asked_email(request):
        return HttpResponseRedirect(reverse("mine_messages"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _email_page(request, form, status=422 if form.errors else 200)
    by, typed = party_actor(known[0]), form.cleaned_data["code"]
    try:
        slot = allowances.TYPED_CODES.take(rate_limits.address_of(request))
        actions.confirm_email(known[0], proven.asked_email(request), typed, by=by, now=now)
    except (BadInput, TooMany) as refusal:
        form.add_error("code", refusal.sentence)
        return rate_limits.say_wait(_email_page(request, form, status=refusal.status), refusal)
    rate_limits.give_back(slot)
    proven.remember_asked_email(request, "")
    shown.success(request, "邮箱已经确认，以后每办一步也发电子邮件。")
    return HttpResponseRedirect(reverse("mine_messages"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End it, on a phone that others use too."""
    proven.forget(request)
    return HttpResponseRedirect(reverse("home"))


def _choose(request: HttpRequest, party: str, now: datetime) -> str:
    """What is ticked is agreed to, what is not is withdrawn. The number of the code that was sent to an
    address for mail; empty where none was given."""
    by, agreed = party_actor(party), messages.agreed(party)
    address, asked = request.POST.get("email", "").strip(), ""
    for channel in sorted(messages.open_channels(), reverse=True):  # SMS first: an address may be refused
        if channel.value not in request.POST.getlist("ways"):
            actions.withdraw(party, channel, by=by, now=now)
        elif channel is Channel.SMS and channel not in agreed:
            actions.agree_to_sms(party, by=by, now=now)
        elif channel is Channel.EMAIL and (address or channel not in agreed):
            slot = allowances.EMAIL_CODES.take(party)
            with rate_limits.forgiven(slot):  # what is no address
                asked = actions.ask_email(party, address, by=by, now=now)
    return asked


def _ask_again(request: HttpRequest) -> HttpResponse:
    shown.info(request, "为保护您的信息，请重新获取验证码。")
    return HttpResponseRedirect(reverse("mine"))


def _ask_page(request: HttpRequest, form: MineForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "is_open": Channel.SMS in messages.open_channels(),
        "trail": [("首页", reverse("home")), ("我的办件", "")],
    }
    return render(request, "tracking/mine.html", context, status=status)


def _email_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    trail = [
        ("首页", reverse("home")),
        ("我的办件", reverse("mine_cases")),
        ("通知方式", reverse("mine_messages")),
        ("确认邮箱", ""),
    ]
    return render(request, "tracking/mine_email.html", {"form": form, "trail": trail}, status=status)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    trail = [("首页", reverse("home")), ("我的办件", reverse("mine")), ("填验证码", "")]
    return render(request, "tracking/mine_code.html", {"form": form, "trail": trail}, status=status)
