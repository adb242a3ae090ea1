"""A case as its handlers see it: everything about it on one page, its papers and its materials."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import CaseFile, Snapshot, Who
from liuquan.catalogue.types import Necessity
from liuquan.clock import date_in_table, overruns, weekday_date
from liuquan.desk import queries
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.desk.types import CasePage
from liuquan.desk.views.course import chosen_steps, stages
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import NotAllowed
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import ClockRow, PanelAsked, Place
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.parties import queries as parties

#: shown in the browser; every other type is saved first
_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})
_READINGS_SHOWN = 20
_UNSHOWN = "（姓名不对您的岗位显示）"


@require_safe
@staff_only
def case(request: DeskRequest, number: str) -> HttpResponse:
    """One case. Opening it is entered in the journal first; a case the reader may not see is answered with
    404."""
    return pages.page(request, "desk/case.html", case_context(number, request.actor, Place.CASE))


@require_safe
@staff_only
def printed(request: DeskRequest, number: str) -> HttpResponse:
    """The same as one sheet to print: everything open, nothing to press."""
    return pages.page(request, "desk/case_print.html", case_context(number, request.actor, Place.PRINT))


@require_safe
@staff_only
def paper(request: DeskRequest, notice: str) -> HttpResponse:
    """A paper as issued, as PDF in the browser."""
    title, pdf = papers.open_paper(notice, by=request.actor, now=moments.now())
    return _file(pdf, f"{title}.pdf", "application/pdf")


@require_safe
@staff_only
def papers_in_one(request: DeskRequest, number: str) -> HttpResponse:
    """The papers of the case that `?notice=` names, or all of them, as one PDF for one print job."""
    only = frozenset(request.GET.getlist("notice"))
    pdf = papers.open_papers(number, only=only, by=request.actor, now=moments.now())
    return _file(pdf, f"{number}文书.pdf", "application/pdf")


@require_safe
@staff_only
def material(request: DeskRequest, number: str, file: UUID) -> HttpResponse:
    """An uploaded material: PDF and pictures in the browser, everything else to be saved."""
    now = moments.now()
    name, media_type, content = casework_actions.open_material(number, str(file), by=request.actor, now=now)
    return _file(content, name, media_type)


def case_context(number: str, actor: Actor, place: Place) -> dict[str, Any]:
    """What the case page shows. The file is opened first, so that this reading stands among the readings."""
    now = moments.now()
    file, unopened = file_of(number, actor, now)
    page = queries.case_page(number, by=actor, now=now)
    kind = kinds.kind_of(page.snapshot)
    names = kinds.post_names(moments.today(now))
    calendar = casework.calendar_of(page.snapshot)
    clocks = [kinds.clock_row(clock, now=now, calendar=calendar) for clock in page.clocks]
    return {
        "page": page,
        "case": page.snapshot,
        "file": file,
        "unopened": unopened,
        "people": _people(page, file, actor),
        "outcome": _outcome(page, file),
        "offers": offer_links(page),
        "barred": _barred(page.snapshot, actor, now),
        "spent": casework.days_spent(page.snapshot, until=moments.today(now), party=kind.applicant),
        "clocks": clocks,
        "open_clocks": [clock for clock in clocks if clock.is_open],
        "stages": stages(page.snapshot, names),
        "chosen_steps": chosen_steps(page.snapshot, names),
        "events": kinds.event_rows(kind, page.timeline, file, names),
        "materials": [(one, Necessity(one.necessity).label) for one in page.materials],
        "erased": parties.ERASED,
        "papers": queries.papers_of(page),
        "print_jobs": [] if unopened else print_jobs(page),
        "suspensions": _suspensions(page.snapshot, moments.today(now), place),
        "readings": _readings(page),
        "readings_total": len(page.readings),
        "received": kinds.moment_text(page.snapshot.received_at),
        "next": _next(page, clocks, names),
        "kind": kind,
        "facts": kind.facts(page.snapshot),
        "panels": kinds.panels(PanelAsked(page.snapshot, place, at=now, entries=page.timeline)),
        "trail": [("我的待办", reverse("desk")), (f"{kind.label} {number}", "")],
    }


def _outcome(page: CasePage, file: CaseFile) -> dict[str, Any]:
    """How the case came out, by which act, and why, as far as the file is opened; empty before."""
    word = kinds.outcome(page.snapshot)
    entry = kinds.outcome_entry(page.snapshot, page.timeline) if word else None
    if entry is None:
        return {"word": word} if word else {}
    kind, texts = kinds.kind_of(page.snapshot), file.texts.get(str(entry.number), {})
    return {
        "word": word,
        "sentence": entry.sentence,
        "on": weekday_date(moments.today(entry.effective_at)),
        "texts": [(kind.texts[name], texts[name]) for name in kind.reasons if texts.get(name)],
    }


def offer_links(page: CasePage) -> list[dict[str, Any]]:
    """The buttons: what the procedure allows to this post now, the expected ones first, with their keys."""
    ordered = sorted(page.offers, key=lambda offer: not offer.duty)
    links = []
    for place, offer in enumerate(ordered, 1):
        href = reverse("desk-act", args=[page.snapshot.number, offer.action])
        if offer.assignment is not None:
            href += f"?assignment={offer.assignment}"
        label = f"{offer.label}：{offer.step_name}" if offer.step_name else offer.label
        kind = "primary" if offer.duty else "plain"
        links.append({"label": label, "href": href, "kind": kind, "key": str(place) if place < 10 else ""})
    return links


def print_jobs(page: CasePage) -> list[tuple[str, str]]:
    """What can be printed in one go, with its address: the papers of the last act that issued more than one,
    and all of the case if these are more."""
    kept = [one for one in page.notices if not one.is_erased]
    last = [one.number for one in kept if one.entry == kept[-1].entry]
    address = reverse("desk-papers", args=[page.snapshot.number])
    asked = urlencode([("notice", number) for number in last])
    return [
        *([(f"一次打印这次办理的{len(last)}份", f"{address}?{asked}")] if 1 < len(last) < len(kept) else []),
        *([(f"一次打印全部{len(kept)}份", address)] if len(kept) > 1 else []),
    ]


def file_of(number: str, actor: Actor, now: datetime) -> tuple[CaseFile, str]:
    """The file, and why its personal data is not shown: it was erased, or the actor does not work on the
    case."""
    try:
        file = casework_actions.open_case_file(number, by=actor, now=now)
    except NotAllowed as refusal:
        return CaseFile(), refusal.sentence
    gone = "当事人的个人信息已依法清除，本件的办理记录仍然保留。"
    return file, gone if file.is_closed else ""


def names_of(file: CaseFile, numbers: Iterable[str]) -> dict[str, str]:
    """The names of parties by number: from the file; where it is not opened, the word for those whose
    data was erased, and nothing for the others."""
    wanted = list(numbers)
    known = {} if file.names else parties.parties(wanted)
    erased = {number: one.label_masked for number, one in known.items() if one.is_erased}
    return {number: file.names.get(number) or erased.get(number, "") for number in wanted}


def _people(page: CasePage, file: CaseFile, actor: Actor) -> list[dict[str, Any]]:
    """The parties of the case; one whose identity document no clerk has seen is marked, and the window may
    check it. Of those who left, the name and the day."""
    case, kind = page.snapshot, kinds.kind_of(page.snapshot)
    known = parties.parties(case.parties)
    known_names = names_of(file, [one.number for one in case.parties_ever])
    names = {number: name or _UNSHOWN for number, name in known_names.items()}
    window = actor.has_role("window_clerk", "centre_officer")
    left = [
        {
            "role": f"{kinds.role_label(kind, one.role)}（{kinds.moment_text(one.to_at)}退出）",
            "name": names[one.number],
        }
        for one in case.former_parties
        if one.to_at
    ]
    return [
        {
            "role": kinds.role_label(kind, role),
            "name": names[party],
            "id": "" if party in file.erased else file.ids.get(party, ""),
            "phone": "" if party in file.erased else file.phones.get(party, ""),
            "unverified": party in known and not (known[party].is_verified or known[party].is_erased),
            "check": reverse("desk-identity-of", args=[party]) if window else "",
        }
        for party, role in case.parties.items()
    ] + left


def _barred(snapshot: Snapshot, actor: Actor, now: datetime) -> str:
    """Why somebody mandated to decide sees no button: the rule 一审一核 gives the reason."""
    decisions = [
        row
        for row in casework.procedure_of(snapshot).rows
        if Who.DECIDER in row.who and row.duty and snapshot.state in row.sources
    ]
    for row in decisions:
        if actor.may(snapshot.act(row.action), snapshot.terms.subject_code, snapshot.body_code):
            refusal = casework.barred(snapshot, row.action, by=actor, now=now)
            return refusal.sentence if refusal else ""
    return ""


def _suspensions(snapshot: Snapshot, today: date, place: Place) -> list[dict[str, str]]:
    """What paused the clocks, in a table or on paper, and by how much it took longer than announced."""
    said = weekday_date if place is Place.PRINT else date_in_table
    return [
        {
            "ground": snapshot.terms.ground_label(one.ground),
            "from": said(one.from_on),
            "to": said(one.to_on) if one.to_on else "进行中",
            "announced": said(one.announced_to_on),
            "over": next(
                (
                    f"超告知{o.over}日"
                    for o in overruns([one.counted(snapshot.terms, open_ended=True)], today)
                ),
                "",
            ),
            "document": one.document,
        }
        for one in snapshot.suspensions
    ]


def _readings(page: CasePage) -> list[dict[str, str]]:
    newest = list(reversed(page.readings))[:_READINGS_SHOWN]
    return [{"at": kinds.moment_text(one.effective_at), "sentence": one.sentence} for one in newest]


def _next(page: CasePage, clocks: list[ClockRow], names: dict[str, str]) -> dict[str, str]:
    """Whose turn it is and by when, for the foot of the page."""
    snapshot = page.snapshot
    shown = zip(page.clocks, clocks, strict=True)
    pressing = casework.pressing(snapshot)
    first = next((row for clock, row in shown if clock.view == pressing), None)
    by = f"最迟{first.due}，{first.left}" if first else ""
    turn = kinds.turn(snapshot)
    if turn is None:
        return {"who": "", "what": "本件已经终结，没有待办。", "by": ""}
    posts = dict.fromkeys(names.get(a.post_code, a.post_code) for a in snapshot.open_assignments)
    decider = snapshot.terms.deciding_post
    # the terms name a post of the body that received the case
    deciders = names.get(decider, decider) if snapshot.body_code == snapshot.terms.body_code else ""
    who = turn.who or "、".join(posts) or deciders or snapshot.body_name
    waits = casework.procedure_of(snapshot).state(snapshot.state).holder != "office"
    return {"who": who, "what": turn.what, "by": "" if waits else by}


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Serve uploaded bytes safely: no type sniffing, no execution, no caching."""
    response = HttpResponse(content, content_type=media_type)
    inline = media_type in _INLINE
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
