"""Intake at the window: one screen from the person to the paper, by keyboard only, with or without script."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.applications import actions, queries
from liuquan.applications.forms import intake as forms
from liuquan.applications.options import OUTSIDE_LABEL
from liuquan.applications.procedure import RECEIVED
from liuquan.applications.rules import OUTSIDE
from liuquan.applications.types import Received as Submitted
from liuquan.applications.views import intake_questions as questions
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.applications.views.intake_questions import Asked
from liuquan.casework import actions as casework_actions
from liuquan.casework.types import Snapshot
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms, Necessity
from liuquan.desk import actions as desk_actions
from liuquan.desk import queries as desk
from liuquan.kernel import moments, pages
from liuquan.kernel.drafts import KeptFile
from liuquan.kernel.received_files import CODE, ReceivedFiles, input_name, kept_files, received_files
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, WrongState
from liuquan.kinds.queries import clock_row
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.papers.queries import said
from liuquan.papers.types import Issued
from liuquan.parties import actions as parties
from liuquan.parties import queries as registered
from liuquan.parties.types import Found

_HITS = 6


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def intake(request: DeskRequest) -> HttpResponse:
    """The screen; by POST either looks things up (Enter) or takes in and decides (one of the six buttons)."""
    _refuse_without_mandate(request)
    if request.method != "POST":
        return _screen(request, forms.fresh(request.GET))
    place = _place(request, request.POST.get("item", "").strip())
    scans = received_files(request, None, place=place, now=moments.now())
    given = forms.read(request, scans.kept)
    decision = request.POST.get("decide", "")
    if decision not in forms.DECISIONS:
        return _screen(request, given, scans=scans, looked_up=True)
    if decision == "refuse_not_ours":
        given = forms.referred(given, _elsewhere(given))
    return _decide(request, given, decision, scans)


@require_POST
@staff_only
def person(request: DeskRequest) -> HttpResponse:
    """Who has this number, masked: the part of the screen below the number."""
    _refuse_without_mandate(request)
    prefix = "agent_" if "agent_id_number" in request.POST else ""
    found = _found(request.POST.get(prefix + "id_number", ""))
    context = {
        "found": found,
        "of": f"id_{prefix}id_number",
        "open_cases": () if prefix else _open_cases(request, found),
    }
    return render(request, "applications/desk/_intake_person.html", context)


@require_POST
@staff_only
def item(request: DeskRequest) -> HttpResponse:
    """The items that match the words, and the checklist of the chosen one."""
    _refuse_without_mandate(request)
    given = forms.read(request)
    return render(
        request, "applications/desk/_intake_item.html", _item_context(request, given, looked_up=True)
    )


@require_safe
@staff_only
def done(request: DeskRequest, number: str) -> HttpResponse:
    """What was done with the person at the window: number, papers to print, and on to the next."""
    now = moments.now()
    page = desk.case_page(number, by=request.actor, now=now)
    calendar = organisation.calendar()
    context = {
        "page": page,
        "case": page.snapshot,
        "papers": desk.papers_of(page),
        "clocks": [clock_row(c, now=now, calendar=calendar) for c in page.clocks if c.view.is_open],
        "received_only": page.snapshot.state == RECEIVED,
    }
    return pages.page(request, "applications/desk/intake_done.html", context)


def _decide(request: DeskRequest, given: forms.Intake, decision: str, scans: ReceivedFiles) -> HttpResponse:
    now = moments.now()
    try:
        chosen = _chosen(given, now)
        if chosen is None:
            forms.check_is_ours(given, _elsewhere(given))
        people = [
            _found(given[name])
            for name in ("id_number", "agent_id_number")
            if name == "id_number" or given[name]
        ]
        chosen = forms.check(given, decision, chosen, people, request.actor)
        _refuse_wrong(scans)
        before = _before(request, given, people[0], chosen)
        question = questions.again(before) + questions.question(given, decision, chosen)
        if question:
            asked = Asked(question, before, questions.unwritten(given, decision, chosen))
            return _screen(request, given, scans=scans, asked=asked, decision=decision)
        applicant, agent = _register(request, given, people, now)
        received = actions.submit(
            item_code=chosen.item_code,
            applicant=applicant,
            agent=agent,
            by=request.actor,
            now=now,
            channel="window",
            materials=sorted(given.materials),
            files_given=[one for one in scans.files if one.material in {m.key for m in chosen.materials}],
            matter=given["matter"],
            submission_key=uuid.UUID(given.key),
        )
    except Refusal as refusal:
        return _screen(request, given, scans=scans, refusal=refusal, decision=decision)
    scans.done(now)
    _follow(request, received, decision, _data(given, decision, chosen), now)
    return HttpResponseRedirect(reverse("desk-intake-done", args=[received.number]))


def _before(request: DeskRequest, given: forms.Intake, found: Found, chosen: ItemTerms) -> list[Snapshot]:
    """The open cases of this person about the same item that the clerk has not been asked about yet; none for
    a form that has made its case already."""
    if found.party is None:
        return []
    same = queries.open_before(found.party.number, chosen.item_code, key=uuid.UUID(given.key))
    unasked = {one.number for one in same} - set(given["again"].split())
    return [case for case, _ in _open_cases(request, found) if case.number in unasked] if unasked else []


def _follow(
    request: DeskRequest, received: Submitted, decision: str, data: Mapping[str, Any], now: datetime
) -> None:
    """The act after the receipt. Even if it fails, the case is received: the next page shows its state.

    A form sent again does not act again: what happens to the case next is decided on its own page.
    """
    if received.replayed:
        messages.info(request, f"这份申请已经提交过了，办件编号 {received.number}，没有重复收件。")
        return
    label = forms.DECISIONS[decision][0]
    if decision == forms.ONLY_RECEIVE:
        _say(request, label, [papers.issue_now(received, now=now)])
        return
    try:
        outcome = casework_actions.perform(received.number, decision, by=request.actor, now=now, data=data)
    except Refusal as refusal:
        papers.issue_now(received, now=now)
        messages.error(request, f"已经收件，但“{label}”没有办成：{refusal.sentence}请打开办件继续办理。")
        return
    # The receipt comes after the act, so that it promises no answer where one was given.
    _say(request, label, [papers.issue_now(one, now=now) for one in (received, outcome)])


def _say(request: DeskRequest, done: str, issued: list[Issued]) -> None:
    for tone, sentence in said(done, issued, to="申请人"):
        messages.add_message(request, tone, sentence)


def _data(given: forms.Intake, decision: str, chosen: ItemTerms) -> dict[str, Any]:
    """The values of the second act; ticked materials are on file by then."""
    match decision:
        case "accept_corrected":
            return {"corrections": given["corrections"]}
        case "notify_supplement":
            named = questions.named(given, chosen)
            wanted = {key: given.requirements[key] for key in named if given.requirements.get(key)}
            return {"items": named, "requirements": wanted, "remarks": given["remarks"]}
        case "refuse_not_needed":
            return {"reason": given["reason"]}
        case "refuse_not_ours":
            outside = given["outside_body"] if given["refer_to"] == OUTSIDE else ""
            return {
                "reason": given["reason"],
                "refer_to": given["refer_to"],
                **({"outside_body": outside} if outside else {}),
            }
    return {}


def _register(
    request: DeskRequest, given: forms.Intake, people: list[Found], now: datetime
) -> tuple[str, str]:
    """Party numbers of the applicant and of the agent, registered where they are new."""
    numbers = ["", ""]
    for place, (prefix, found) in enumerate(zip(("", "agent_"), people, strict=False)):
        if found.party is not None and not given[prefix + "name"]:
            numbers[place] = found.party.number
            continue
        values = {"name": given[prefix + "name"], "phone": given[prefix + "phone"]}
        seen = place == len(people) - 1  # the one at the counter; an agent brings the other's copy
        try:
            if found.kind == "person":
                ref = parties.register_person(
                    **values, id_number=given[prefix + "id_number"], by=request.actor, now=now, seen=seen
                )
            else:
                ref = parties.register_organisation(
                    **values, uscc=given[prefix + "id_number"], by=request.actor, now=now, seen=seen
                )
        except BadInput as refusal:
            fields = {prefix + ("id_number" if k == "uscc" else k): v for k, v in refusal.fields.items()}
            raise BadInput(refusal.sentence, fields=fields, code=refusal.code) from refusal
        numbers[place] = ref.number
    return numbers[0], numbers[1]


def _screen(
    request: DeskRequest,
    given: forms.Intake,
    *,
    scans: ReceivedFiles | None = None,
    refusal: Refusal | None = None,
    asked: Asked | None = None,
    decision: str = "",
    looked_up: bool = False,
) -> HttpResponse:
    on = moments.today(moments.now())
    scans, asked = scans or ReceivedFiles(), asked or Asked()
    refusal = refusal or asked.unwritten
    errors = _beside(scans) | (dict(refusal.fields) if refusal else {})
    people = {
        "found": _found(given["id_number"]) if given["id_number"] else None,
        "agent_found": _found(given["agent_id_number"]) if given["agent_id_number"] else None,
    }
    context = {
        **people,
        "open_cases": _open_cases(request, people["found"]) if looked_up else (),
        **_item_context(request, given, looked_up=looked_up or bool(decision), scans=scans, errors=errors),
        "given": given,
        "texts": given.texts,
        "errors": errors,
        "refusal": refusal,
        **asked.shown(given, decision),
        "bodies": [*((one.name, one.name) for one in organisation.bodies(on=on)), (OUTSIDE, OUTSIDE_LABEL)],
        "outside": json.dumps([OUTSIDE]),
        "buttons": _buttons(request),
        "focus": _focus(given, errors, people, looked_up=looked_up, asked=bool(asked.question)),
        "keeps_focus": refusal is None or bool(asked.question),
    }
    context["writes_first"] = any(line["first"] for line in context["checklist"])
    status = refusal.status if refusal else 200
    return pages.page(request, "applications/desk/intake.html", context, status=status)


def _item_context(
    request: DeskRequest,
    given: forms.Intake,
    *,
    looked_up: bool,
    scans: ReceivedFiles | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Hits, the chosen item and its checklist, and who does what is not done here. The best hit is chosen
    until another one is, but never one whose name is only near to what was typed."""
    now = moments.now()
    on = moments.today(now)
    found = catalogue.search(given["q"], on=on, limit=_HITS)
    codes = [hit.item_code for hit in found.hits]
    wanted = given["item"] if given["item"] and (not codes or given["item"] in codes) else ""
    code = wanted or (codes[0] if codes and not found.is_near else "")
    chosen, problem = None, ""
    if code:
        try:
            chosen = catalogue.terms(code, on=on)
        except (NotVisible, WrongState) as refusal:
            problem = refusal.sentence
    draft = scans.code if scans else request.POST.get(CODE, "")
    kept = kept_files(request, place=_place(request, code), now=now, code=draft)
    return {
        "draft": draft,
        "show_files": bool(kept or given.scanned),
        "hits": found.hits,
        "elsewhere": found.elsewhere,
        "chosen": chosen,
        "item_problem": problem,
        "given": given,
        "nothing_found": looked_up and bool(given["q"]) and not codes,
        "checklist": _checklist(chosen, given, kept, errors or {}) if chosen else [],
    }


def _checklist(
    chosen: ItemTerms,
    given: forms.Intake,
    kept: Mapping[str, Sequence[KeptFile]],
    errors: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The materials of the item: what is there, what a notice would ask for, where writing begins, the scans
    kept for it."""
    ticked = given.there
    if given.tick_all:
        ticked |= {m.key for m in chosen.materials if m.necessity is Necessity.REQUIRED}
    lacking = {m.key for m in forms.missing(chosen, ticked)}
    lines: list[dict[str, Any]] = [
        {
            "term": m,
            "ticked": m.key in ticked,
            "necessity": m.necessity.label,
            "asked": m.key in lacking or m.key in given.items,
            "when": json.dumps([m.key]),
            "wanted": given.requirements.get(m.key, ""),
            "input": input_name(m.key),
            "kept": kept.get(m.key, ()),
            "error": errors.get(input_name(m.key), ""),
            "open": errors.get(f"requirements.{m.key}", ""),
        }
        for m in chosen.materials
    ]
    first = next((line for line in lines if line["open"] or line["asked"] and not line["wanted"]), None)
    for line in lines:
        line["first"] = line is first
    return lines


def _place(request: DeskRequest, item_code: str) -> str:
    """Where scans are kept between two tries: of this post, for this item."""
    return f"intake/{request.actor.post_code}/{item_code}/"


def _beside(scans: ReceivedFiles) -> dict[str, str]:
    """What is wrong with the scans, each beside its input."""
    return {input_name(key): sentence for key, sentence in scans.wrong.items()}


def _refuse_wrong(scans: ReceivedFiles) -> None:
    """Refuses (422) scans whose content does not match their name."""
    if scans.wrong:
        raise BadInput("有文件不能上传，请按提示更换后再办理。", fields=_beside(scans))


def _chosen(given: forms.Intake, now: datetime) -> ItemTerms | None:
    if not given["item"]:
        return None
    try:
        return catalogue.terms(given["item"], on=moments.today(now))
    except (NotVisible, WrongState) as refusal:
        raise BadInput(refusal.sentence, fields={"item": refusal.sentence}) from refusal


def _elsewhere(given: forms.Intake) -> list[str]:
    """The bodies outside the centre that do what was asked for."""
    found = catalogue.search(given["q"], on=moments.today(moments.now()), limit=_HITS)
    return [one.body for one in found.elsewhere]


def _found(number: str) -> Found:
    return registered.find(number, today=moments.today(moments.now()))


def _open_cases(request: DeskRequest, found: Found | None) -> list[tuple[Snapshot, str]]:
    """What this person has open already, with its state: seen before the same is taken in again."""
    if found is None or found.party is None or not desk_actions.may_find_people(request.actor):
        return []
    cases = desk_actions.open_cases_of(found.party.number, by=request.actor, now=moments.now())
    return [(one, questions.state_of(one)) for one in cases]


def _buttons(request: DeskRequest) -> list[dict[str, str]]:
    """Those of the six closing buttons for which the post has a mandate on some item."""
    return [
        {"value": value, "label": label, "key": key, "kind": "primary" if value == "accept" else "plain"}
        for value, (label, key) in forms.DECISIONS.items()
        if value == forms.ONLY_RECEIVE or may_at_all(request.actor, value)
    ]


def _focus(
    given: forms.Intake,
    errors: Mapping[str, str],
    people: Mapping[str, Found | None],
    *,
    looked_up: bool,
    asked: bool,
) -> str:
    """The field that gets the focus: the first wrong one, otherwise the first to fill in; none when a
    question was asked, because then the button that answers it has the focus."""
    order = (
        *("id_number", "name", "phone", "agent_id_number", "q", "item", "materials", "corrections", "reason"),
        *("refer_to", "outside_body"),
    )
    if wrong := next((name for name in order if name in errors), ""):
        return {"item": "q"}.get(wrong, wrong)
    if asked:
        return ""
    if not looked_up:
        return "id_number"
    found, agent = people["found"], people["agent_found"]
    if found is None or found.error:
        return "id_number"
    if agent is not None and agent.error:
        return "agent_id_number"
    if found.is_new and not given["name"]:
        return "name"
    return "item" if given["q"] else "q"


def _refuse_without_mandate(request: DeskRequest) -> None:
    if not may_at_all(request.actor, "submit"):
        raise NotAllowed("您的岗位没有收件的授权，请由窗口岗位收件，或者在“岗位”里换到窗口岗位。")


def may_at_all(actor: Actor, action: str) -> bool:
    """Whether any mandate of the post names this act on applications, for whichever item."""
    return any(f"application.{action}" in term.actions for term in actor.mandates)
