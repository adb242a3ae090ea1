"""The draft behind the form of an application: where its browser finds it, and the page that opens one by its
code."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuquan.applications.forms.portal import ApplicantForm, DraftForm
from liuquan.applications.views import again, allowances, apply_pages
from liuquan.applications.views.apply_pages import UNTICKED, Question
from liuquan.applications.views.complaints import AT as WRONG
from liuquan.applications.views.complaints import Complaint
from liuquan.applications.views.online_items import applicant_kinds, online_item
from liuquan.catalogue.types import ItemView
from liuquan.kernel import drafts, held_drafts, moments, rate_limits
from liuquan.kernel.drafts import Draft
from liuquan.kernel.held_drafts import Held
from liuquan.kernel.received_files import CODE, ReceivedFiles, received_files
from liuquan.kernel.refusals import NotVisible, WrongState

_VERSION: Final = "item_version"
LATER: Final = ("upload", "keep", "send")  #: what is pressed on the second page
_SAME: Final = ("as_kind", "name", "id_number", "matter")
NOT_THERE: Final = (
    "没有可以接着办的草稿：请核对草稿码；草稿提交以后或者七天没有改动就清除了，需要时请重新申请。"
)
NOT_HELD: Final = "为保护您的信息，这份草稿要凭草稿码打开；已经提交的，请到“查进度”查看。"


def current(request: HttpRequest, item: ItemView, form: ApplicantForm, now: datetime) -> tuple[Draft, bool]:
    """The draft of this form, with what is typed now, and whether the item was changed since it was written.
    Without a code, or with one that opens nothing (any more), a new one begins; not where this browser holds
    one of the same form, or the first page tells the same matter of the same person: it was left and sent
    again."""
    version = str(item.terms.version_id)
    values = {**dict(form.typed), "submission_key": str(form.key), _VERSION: version}
    place = _place(item)
    draft = _found(request, request.POST.get(CODE, ""), place, now) or _same_form(request, form, place, now)
    if draft is None:
        allowances.DRAFTS.take(rate_limits.address_of(request))
        return drafts.begin(place=place, values=values, now=now), False
    drafts.write(draft.code, values, now=now)
    return draft, draft.values.get(_VERSION) != version


def _same_form(request: HttpRequest, form: ApplicantForm, place: str, now: datetime) -> Draft | None:
    found = held_drafts.unfinished(request, place=place, now=now)
    held = [one.draft for one in found if one.draft is not None]
    typed = dict(form.typed)
    same = [] if request.POST.get("go") in LATER else [typed[name] for name in _SAME]
    return next(
        (
            draft
            for draft in held
            if draft.values.get("submission_key") == str(form.key)
            or [draft.values.get(name, "") for name in _SAME] == same
        ),
        None,
    )


def left_at_a_mistake(request: HttpRequest, item: ItemView, now: datetime) -> Draft | None:
    """The newest draft of this browser, if its first page was refused and left: whoever begins anew, or comes
    back, finds it as it was typed."""
    newest = next(iter(unfinished(request, item, now)), None)
    draft = newest.draft if newest else None
    return draft if draft and Complaint.kept_in(draft).fields else None


def complain(request: HttpRequest, draft: Draft, complaint: Complaint, now: datetime) -> HttpResponse:
    """Lead to the address that says what is wrong: the first page, or the materials."""
    complaint.keep(draft, now=now)
    return to(request, draft, at="who" if complaint.fields else WRONG)


def to(request: HttpRequest, draft: Draft, *, at: str = "") -> HttpResponse:
    """Lead to the address that shows the draft, which this browser holds from now on."""
    return HttpResponseRedirect(address(request, draft) + (f"?at={at}" if at else ""))


def to_code(request: HttpRequest, code: str, *, at: str, now: datetime) -> HttpResponse:
    """The same, by its code. Refuses (409) a draft that was handed in by another page meanwhile."""
    draft = drafts.find(code, place="apply/", now=now)
    if draft is None:
        raise WrongState(again.GONE)
    return to(request, draft, at=at)


def address(request: HttpRequest, draft: Draft) -> str:
    """Where this browser finds the draft again; it tells no code."""
    item_code = draft.place.split("/")[1]
    return reverse("apply_draft", args=[item_code, held_drafts.hold(request, draft)])


def unfinished(request: HttpRequest, item: ItemView, now: datetime) -> list[Held]:
    """What this browser has begun for this item and not handed in, the newest first."""
    return held_drafts.unfinished(request, place=_place(item), now=now)


def lacking(item: ItemView, received: ReceivedFiles) -> list[str]:
    """The names of the required materials that do not come with it. They may follow, but nobody leaves them
    out unawares: it is asked first."""
    there = {one.material for one in received.files}
    return [m.name for m in item.terms.materials if m.necessity == "required" and m.key not in there]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, item_code: str, handle: str) -> HttpResponse:
    """A draft of this browser as it stands: its materials, or what `at` names: its first page (who), its code
    (kept), a question (incomplete, unticked, again), what is wrong (wrong). One that was handed in names its
    case. By POST it is thrown away (`go` drop), or this browser forgets it (forget)."""
    now = moments.now()
    place = f"apply/{item_code}/"
    found = held_drafts.find(request, handle, place=place, now=now)
    if found is None:
        messages.info(request, NOT_HELD)
        return HttpResponseRedirect(reverse("draft_resume"))
    if request.method == "POST" and found.draft is not None:
        return _let_go(request, found, item_code, now)
    if found.draft is None:
        return apply_pages.sent(request, item_code, found.number)
    at = request.GET.get("at", "")
    if at == "kept":
        return apply_pages.kept(request, _item(found.draft, now), found.draft.code, now)
    if at == "who":
        return _first_page(request, found.draft, now)
    return _opened(request, found.draft, at, now)


def _let_go(request: HttpRequest, found: Held, item_code: str, now: datetime) -> HttpResponse:
    if found.draft is not None and request.POST.get("go") == "drop":
        drafts.erase(found.draft.code, now=now)
        messages.success(request, "草稿已经清除，里面的文件也一起清除了。")
    else:
        messages.success(request, "本机不再保留这份草稿；凭草稿码还可以接着办。")
    held_drafts.forget(request, found.handle)
    return HttpResponseRedirect(reverse("apply", args=[item_code]))


def _place(item: ItemView) -> str:
    return f"apply/{item.terms.item_code}/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """What this browser has not finished; and ask for the code of a draft, then show its materials as they
    stand. One sentence for a code that never
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
    item = _item(draft, now)
    version = str(item.terms.version_id)
    changed = draft.values.get(_VERSION) != version
    if changed:
        drafts.write(draft.code, {**draft.values, _VERSION: version}, now=now)
    return to(request, draft, at="changed" if changed else "")


def _first_page(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    """The first page as it was typed, with what was said of it last (422)."""
    said = Complaint.kept_in(draft)
    item, form = _typed(draft, now, bound=bool(said.fields))
    if said.fields:
        said.show(form)
    return apply_pages.who(request, item, form, status=422 if said.fields else 200, draft=draft.code)


def _opened(request: HttpRequest, draft: Draft, at: str, now: datetime) -> HttpResponse:
    item, form = _typed(draft, now)
    if not form.is_valid():
        return apply_pages.who(request, item, form, status=422, draft=draft.code)
    received = received_files(
        request, [m.key for m in item.terms.materials], place=draft.place, now=now, code=draft.code
    )
    if at == WRONG:
        Complaint.kept_in(draft).show_files(received)
    changed = at == "changed" or draft.values.get(_VERSION) != str(item.terms.version_id)
    asked = _question(item, received, draft, at)
    status = 422 if received.wrong or asked.unticked else 200
    return apply_pages.materials(
        request, item, form, received, now, changed=changed, asked=asked, status=status
    )


def _question(item: ItemView, received: ReceivedFiles, draft: Draft, at: str) -> Question:
    """What is asked before it goes in; nothing where it was answered meanwhile by a file."""
    if at == "again":
        before, known = again.asked(draft.values)
        return Question(before=before, known_lacking=known)
    missing = lacking(item, received) if at in ("incomplete", "unticked") else []
    return Question(missing, UNTICKED if missing and at == "unticked" else "")


def _typed(draft: Draft, now: datetime, *, bound: bool = True) -> tuple[ItemView, ApplicantForm]:
    """The item of the draft and its form as it was typed; `bound`: judged as well."""
    item = _item(draft, now)
    kinds, values = applicant_kinds(item), dict(draft.values)
    kind = values.get("as_kind", "")
    kind = kind if kind in kinds else kinds[0]
    form = ApplicantForm(values, kind=kind) if bound else ApplicantForm(kind=kind, initial=values)
    return item, form


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


def _named(one: Held, now: datetime) -> tuple[str, str]:
    """The code and the name of the item that the draft is for; no name where one cannot apply for it now."""
    code = one.place.split("/")[1]
    try:
        return code, online_item(code, now).terms.item_name
    except (NotVisible, WrongState):
        return code, ""


def _ask(request: HttpRequest, form: DraftForm, status: int) -> HttpResponse:
    now = moments.now()
    held = [(one, _named(one, now)) for one in held_drafts.unfinished(request, place="apply/", now=now)]
    trail = [("首页", reverse("home")), ("接着办", "")]
    context = {"form": form, "trail": trail, "held": held}
    return render(request, "applications/portal/draft_resume.html", context, status=status)
