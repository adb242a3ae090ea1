"""One act on a case: its form, the question before what is final, and the answer when it may not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import AskedOffer, CaseFile, Field, FieldKind, Offer, Snapshot, Transition, Who
from liuquan.catalogue.types import Necessity
from liuquan.desk import queries
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.desk.types import CasePage
from liuquan.desk.views.case import file_of, names_of, offer_links
from liuquan.journal.types import Entry
from liuquan.kernel import moments, pages
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import (
    BadInput,
    NotAllowed,
    NotVisible,
    Refusal,
    TooLarge,
    Unavailable,
    WrongState,
)
from liuquan.kinds import queries as kinds
from liuquan.kinds.queries import act_controls, act_file_keys, act_texts, act_unsaid, act_values
from liuquan.kinds.types import EventRow, PanelAsked, Place
from liuquan.papers import actions as papers
from liuquan.papers.queries import said
from liuquan.parties import queries as parties


@dataclass(frozen=True)
class Tried:
    """What was typed and what is wrong with it; nothing before the first try."""

    typed: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    received: ReceivedFiles = field(default_factory=ReceivedFiles)

    @property
    def errors(self) -> dict[str, str]:
        return self.refusal.fields if self.refusal else {}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def act(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """The form of an act that this post may take now; taken by POST, then the case with its new papers.

    Errors are shown beside their fields, and everything typed is kept (422). An act that the procedure no
    longer allows is answered with the reason, the present state and what was typed (403, 409); `again` asks
    for the form with that, without taking the act.
    """
    now = moments.now()
    page = queries.case_page(number, by=request.actor, now=now)
    offer = _offer(page, action, request)
    if request.method != "POST":
        return _form(request, page, offer, Tried()) if offer else _refused(request, page, action, {})
    typed = act_values(offer.fields if offer else _takes(page, action), request.POST)
    if request.POST.get("again"):
        tried = Tried(typed)
        return _form(request, page, offer, tried) if offer else _refused(request, page, action, typed)
    confirmed = bool(request.POST.get("confirmed"))
    scans = _scans(request, number, offer, now)
    asked = casework.asked([offer] if offer else [], page.snapshot, by=request.actor, now=now)
    refusal = next((_form_refusal(one, typed, scans, confirmed=confirmed) for one in asked), None)
    refusal = refusal or (_second_look(page, offer, typed, request, now) if offer else None)
    tried = Tried(typed, refusal, scans)
    if offer and tried.refusal:
        return _form(request, page, offer, tried)
    try:
        outcome = casework_actions.perform(
            number, action, by=request.actor, now=now, data=typed, files_given=scans.files
        )
    except Refusal as refusal:
        return _not_done(request, page, action, replace(tried, refusal=refusal))
    scans.done(now)
    issued, to = [papers.issue_now(outcome, now=now)], kinds.kind_of(page.snapshot).applicant
    for tone, sentence in said(offer.label if offer else action, issued, to=to):
        messages.add_message(request, tone, sentence)
    return HttpResponseRedirect(reverse("desk-case", args=[number]))


def _not_done(request: DeskRequest, page: CasePage, action: str, tried: Tried) -> HttpResponse:
    """The form again, with what was typed and the reason, if the act can still be taken; otherwise the page
    that says why not."""
    refusal = tried.refusal
    if refusal is None or isinstance(refusal, NotVisible):
        raise refusal or NotVisible("没有这项操作，请从本件的页面选择。")
    fresh = queries.case_page(page.snapshot.number, by=request.actor, now=moments.now())
    offer = _offer(fresh, action, request)
    if offer:
        return _form(request, fresh, offer, tried)
    if isinstance(refusal, BadInput | TooLarge | Unavailable):
        raise refusal
    return _refused(request, fresh, action, tried.typed, refusal)


def _takes(page: CasePage, action: str) -> tuple[Field, ...]:
    """All that the act takes, whether or not it is offered now."""
    row = casework.procedure_of(page.snapshot).row(action)
    return row.takes if row else ()


def _offer(page: CasePage, action: str, request: DeskRequest) -> Offer | None:
    wanted = request.POST.get("assignment") or request.GET.get("assignment") or ""
    mine = [offer for offer in page.offers if offer.action == action]
    return next(
        (one for one in mine if str(one.assignment) == wanted), mine[0] if mine and not wanted else None
    )


def _scans(request: DeskRequest, number: str, offer: Offer | None, now: datetime) -> ReceivedFiles:
    """The files of this form, kept for this post and this act alone."""
    takes_files = offer is not None and any(one.kind is FieldKind.FILES for one in offer.fields)
    place = f"act/{number}/{offer.action if offer else ''}/{request.actor.post_code}/"
    return received_files(request, None if takes_files else (), place=place, now=now)


def _form_refusal(
    offer: AskedOffer, typed: Mapping[str, Any], scans: ReceivedFiles, *, confirmed: bool
) -> Refusal | None:
    """What the form itself refuses: a bad file, a wanted field left empty, no confirmation."""
    if scans.wrong:
        wrong = {input_name(key): sentence for key, sentence in scans.wrong.items()}
        return BadInput("有文件不能上传，请按提示更换后再提交。", fields=wrong)
    if unsaid := act_unsaid([one.field for one in offer.asked], typed):
        return BadInput("还有必填内容没有填写，请补上后再提交。", fields=unsaid)
    if offer.confirm and not confirmed:
        return BadInput("请先勾选确认，再提交。", fields={"confirmed": "请确认后再提交。"})
    return None


def _second_look(
    page: CasePage, offer: Offer, typed: Mapping[str, Any], request: DeskRequest, now: datetime
) -> Refusal | None:
    """What speaks against an act that is not yet said to be meant all the same."""
    look = kinds.kind_of(page.snapshot).second_looks.get(offer.action)
    if look is None or typed.get(look.why):
        return None
    sentence = look.asks(page.snapshot.number, typed, request.actor, now)
    field = next(one for one in offer.fields if one.name == look.why)
    return BadInput(sentence, fields={look.why: f"请填写“{field.label}”。"}) if sentence else None


def _asked_now(page: CasePage, asked: AskedOffer, tried: Tried) -> AskedOffer:
    """The form without the field for going on all the same, until a second look asked for it."""
    look = kinds.kind_of(page.snapshot).second_looks.get(asked.action)
    if look is None or tried.typed.get(look.why) or look.why in tried.errors:
        return asked
    return replace(asked, asked=tuple(one for one in asked.asked if one.field.name != look.why))


def _why_not(page: CasePage, action: str, request: DeskRequest) -> Refusal:
    """The engine's refusal, or the message that the step is assigned to somebody else."""
    if refusal := casework.barred(page.snapshot, action, by=request.actor, now=moments.now()):
        return refusal
    names = kinds.post_names(moments.today(moments.now()))
    hands = "、".join(
        dict.fromkeys(names.get(a.post_code, a.post_code) for a in page.snapshot.open_assignments)
    )
    row = casework.procedure_of(page.snapshot).row(action)
    if hands and row is not None and Who.ASSIGNEE in row.who:
        return NotAllowed(f"这一环节不在您的岗位，现在由{hands}办理。")
    return WrongState("这项操作现在不能办理或者已经办完，请从本件的页面选择可以办理的事项。")


def _form(request: DeskRequest, page: CasePage, offer: Offer, tried: Tried) -> HttpResponse:
    now = moments.now()
    (every,) = casework.asked([offer], page.snapshot, by=request.actor, now=now)
    asked = _asked_now(page, every, tried)
    tried.received.forget_others(act_file_keys(asked), now)
    calendar = casework.calendar_of(page.snapshot)
    label = f"{offer.label}：{offer.step_name}" if offer.step_name else offer.label
    mine = next((a for a in page.snapshot.open_assignments if a.id == offer.assignment), None)
    row = casework.row_of(page.snapshot, offer.action)
    beside = _beside(request, page, offer) if _wants_file(row) else {}
    context = {
        **beside,
        "shows_file": bool(beside),
        "page": page,
        "case": page.snapshot,
        "offer": offer,
        "label": label,
        "controls": act_controls(
            asked,
            tried.typed or beside.get("begun", {}),
            tried.errors,
            on=moments.today(now),
            received=tried.received,
        ),
        "draft": tried.received.code,
        "refusal": tried.refusal,
        "assignment": offer.assignment or "",
        "step": page.snapshot.step(mine.step) if mine else None,
        "cites": "、".join(offer.cites),
        "clocks": [kinds.clock_row(c, now=now, calendar=calendar) for c in page.clocks if c.view.is_open],
        "trail": _trail(page.snapshot, label),
        "panels": kinds.panels(PanelAsked(page.snapshot, Place.ACT, at=now, entries=page.timeline)),
    }
    status = tried.refusal.status if tried.refusal else 200
    return pages.page(request, "desk/act.html", context, status=status)


def _wants_file(row: Transition) -> bool:
    """Whether the file lies beside the form: who judges, and who takes what cannot be undone, sees whose case
    it is and what it holds."""
    return bool({Who.DECIDER, Who.ASSIGNEE} & set(row.who) or row.confirm or row.confirm_record)


def _beside(request: DeskRequest, page: CasePage, offer: Offer) -> dict[str, Any]:
    """What lies beside an act: the people, the opinions of those who examined, the materials, what will be
    issued and to whom; and the texts with which its form begins. Opening the file is entered first."""
    now, snapshot = moments.now(), page.snapshot
    kind = kinds.kind_of(snapshot)
    file, unopened = file_of(snapshot.number, request.actor, now)
    row = casework.row_of(snapshot, offer.action)
    papers_issued = [one for one in kind.papers if one.kind in row.papers]
    steps = {one.event for one in kind.procedure.rows if Who.ASSIGNEE in one.who}
    opinions = [entry for entry in page.timeline if entry.event in steps]
    names = names_of(file, snapshot.parties)
    return {
        "decides": Who.DECIDER in row.who,
        "opinions": kinds.event_rows(kind, opinions, file, kinds.post_names(moments.today(now))),
        "people": [(kinds.role_label(kind, role), names[one]) for one, role in snapshot.parties.items()],
        "issued": [one.title_for(snapshot) for one in papers_issued],
        "receivers": [name for name in names.values() if name],
        "facts": () if any(one.is_adverse for one in papers_issued) else kind.facts(snapshot),
        "unopened": unopened,
        "erased": parties.ERASED,
        "materials": [(one, Necessity(one.necessity).label) for one in page.materials],
        "begun": _begun(offer, opinions, file),
    }


def _begun(offer: Offer, opinions: Sequence[Entry], file: CaseFile) -> dict[str, str]:
    """The texts of the examiners with which fields of the form begin, by field; of a step that was done again
    the last one."""
    found: dict[str, str] = {}
    standing = {str(entry.public.get("step", entry.number)): entry for entry in opinions}.values()
    for one in offer.fields:
        said = (file.texts.get(str(entry.number), {}).get(one.begins_with) for entry in standing)
        if one.begins_with and (texts := [str(text) for text in said if text]):
            found[one.name] = "\n".join(texts)
    return found


def _refused(
    request: DeskRequest,
    page: CasePage,
    action: str,
    typed: Mapping[str, Any],
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The reason, and the case as it is now with the acts that are still possible. What was typed is shown to
    be copied, and goes back into the form if the act becomes possible again."""
    refusal = refusal or _why_not(page, action, request)
    if isinstance(refusal, NotVisible):
        raise refusal
    context = {
        "refusal": refusal,
        "sentence": _told(refusal, page, action),
        "page": page,
        "case": page.snapshot,
        "offers": offer_links(page),
        "last": _last_act(page),
        "typed": act_texts(_takes(page, action), typed),
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", "again", "assignment", "confirmed")
        ],
        "action": action,
        "trail": _trail(page.snapshot, "没有办成"),
    }
    return pages.page(request, "desk/refused.html", context, status=refusal.status)


def _told(refusal: Refusal, page: CasePage, action: str) -> str:
    """Why the act was refused. Of one that the state does not allow, without the advice to reload: this page
    shows the case as it is, and reloading it would send the form again."""
    row = casework.procedure_of(page.snapshot).row(action)
    if row is None or "state" not in refusal.details:
        return refusal.sentence
    return f"本件现在的状态是“{page.state_label}”，不能办理“{row.label}”。"


def _last_act(page: CasePage) -> EventRow | None:
    """What was done last, by whom and when: why somebody who comes later finds the case changed."""
    kind = kinds.kind_of(page.snapshot)
    own = [entry for entry in page.timeline if entry.event.startswith(f"{kind.key}.")]
    names = kinds.post_names(moments.today(moments.now()))
    return next(iter(kinds.event_rows(kind, own[-1:], CaseFile(), names)), None)


def _trail(snapshot: Snapshot, here: str) -> list[tuple[str, str]]:
    return [
        ("我的待办", reverse("desk")),
        (f"{kinds.kind_of(snapshot).label} {snapshot.number}", reverse("desk-case", args=[snapshot.number])),
        (here, ""),
    ]
