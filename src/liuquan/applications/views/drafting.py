"""The draft behind the form of an application, and the page that opens one by its code."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuquan.applications.forms.portal import ApplicantForm, DraftForm
from liuquan.applications.views import allowances, apply_pages
from liuquan.applications.views.online_items import applicant_kinds, online_item
from liuquan.catalogue.types import ItemView
from liuquan.kernel import drafts, moments, rate_limits
from liuquan.kernel.drafts import Draft
from liuquan.kernel.received_files import CODE, received_files
from liuquan.kernel.refusals import NotVisible, WrongState

_VERSION: Final = "item_version"
NOT_THERE: Final = (
    "没有可以接着办的草稿：请核对草稿码；草稿提交以后或者七天没有改动就清除了，需要时请重新申请。"
)


def current(request: HttpRequest, item: ItemView, form: ApplicantForm, now: datetime) -> tuple[Draft, bool]:
    """The draft of this form, with what is typed now, and whether the item was changed since it was written.
    Without a code, or with one that opens nothing (any more), a new one begins."""
    version = str(item.terms.version_id)
    values = {**dict(form.typed), "submission_key": str(form.key), _VERSION: version}
    place = f"apply/{item.terms.item_code}/"
    draft = _found(request, request.POST.get(CODE, ""), place, now)
    if draft is None:
        allowances.DRAFTS.take(rate_limits.address_of(request))
        return drafts.begin(place=place, values=values, now=now), False
    drafts.write(draft.code, values, now=now)
    return draft, draft.values.get(_VERSION) != version


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a draft, then show its materials as they stand. One sentence for a code that never
    was, one that was handed in and one that is over; wrong codes are counted by address."""
    now = moments.now()
    form = DraftForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask(request, form, 200)
    if not form.is_valid():
        return _ask(request, form, 422)
    draft = _found(request, form.cleaned_data["code"], "apply/", now)
    if draft is None:
        form.add_error("code", NOT_THERE)
        return _ask(request, form, 404)
    return _opened(request, draft, now)


def _opened(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    item = _item(draft, now)
    kinds = applicant_kinds(item)
    kind = draft.values.get("as_kind", "")
    typed = ApplicantForm(dict(draft.values), kind=kind if kind in kinds else kinds[0])
    if not typed.is_valid():
        return apply_pages.who(request, item, typed, status=422, draft=draft.code)
    received = received_files(
        request, [m.key for m in item.terms.materials], place=draft.place, now=now, code=draft.code
    )
    changed = draft.values.get(_VERSION) != str(item.terms.version_id)
    if changed:
        drafts.write(draft.code, {**draft.values, _VERSION: str(item.terms.version_id)}, now=now)
    return apply_pages.materials(
        request, item, typed, received, now, changed=changed, status=422 if received.wrong else 200
    )


def _item(draft: Draft, now: datetime) -> ItemView:
    """The item of the draft as of today. Refuses (409) one that cannot be applied for here any more."""
    try:
        return online_item(draft.place.split("/")[1], now)
    except (NotVisible, WrongState) as refusal:
        until = f"{draft.kept_until.astimezone(moments.LOCAL):%-m月%-d日 %H:%M}"
        raise WrongState(
            f"您的草稿还在（保存到{until}），但是它的事项现在不能在网上申请：{refusal.sentence}",
            code="draft_item_gone",
        ) from refusal


def _found(request: HttpRequest, code: str, place: str, now: datetime) -> Draft | None:
    """The draft of a code. A code that opens nothing costs a try, wherever it is shown (429)."""
    if not code:
        return None
    slot = allowances.DRAFT_CODES.take(rate_limits.address_of(request))
    draft = drafts.find(code, place=place, now=now)
    if draft is not None:
        rate_limits.give_back(slot)
    return draft


def _ask(request: HttpRequest, form: DraftForm, status: int) -> HttpResponse:
    trail = [("首页", reverse("home")), ("接着办草稿", "")]
    context = {"form": form, "trail": trail}
    return render(request, "applications/portal/draft_resume.html", context, status=status)
