"""A case as its handlers see it: everything about it on one page, its papers and its materials."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from liuquan.applications import actions, queries
from liuquan.applications.actions import open_case_file
from liuquan.applications.papers import PAPERS
from liuquan.applications.types import CaseFile, CasePage
from liuquan.applications.views import presenters
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.catalogue.types import Necessity
from liuquan.clock import overruns, weekday_date
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import NotAllowed, WrongState
from liuquan.organisation.types import Actor
from liuquan.parties import queries as parties

_ROLES = {
    "applicant": "申请人",
    "agent": "代办人",
    "legal_representative": "法定代表人",
    "interested_party": "利害关系人",
}
#: shown in the browser; every other type is saved first
_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})
_READINGS_SHOWN = 20


@require_safe
@staff_only
def case(request: DeskRequest, number: str) -> HttpResponse:
    """One case. Opening it is entered in the journal first; a case the reader may not see is answered with
    404."""
    return pages.page(request, "applications/desk/case.html", case_context(number, request.actor))


@require_safe
@staff_only
def printed(request: DeskRequest, number: str) -> HttpResponse:
    """The same as one sheet to print: everything open, nothing to press."""
    return pages.page(request, "applications/desk/case_print.html", case_context(number, request.actor))


@require_safe
@staff_only
def paper(request: DeskRequest, notice: str) -> HttpResponse:
    """A paper as issued, as PDF in the browser."""
    title, pdf = actions.open_paper(notice, by=request.actor, now=moments.now())
    return _file(pdf, f"{title}.pdf", "application/pdf")


@require_safe
@staff_only
def material(request: DeskRequest, number: str, file: UUID) -> HttpResponse:
    """An uploaded material: PDF and pictures in the browser, everything else to be saved."""
    name, media_type, content = actions.open_material(number, str(file), by=request.actor, now=moments.now())
    return _file(content, name, media_type)


def case_context(number: str, actor: Actor) -> dict[str, Any]:
    """What the case page shows. The file is opened first, so that this reading stands among the readings."""
    now = moments.now()
    file, unopened = _file_of(number, actor, now)
    page = queries.case_page(number, by=actor, now=now)
    names = presenters.post_names(moments.today(now))
    calendar = casework.calendar_of(page.snapshot)
    clocks = [presenters.clock_row(clock, now=now, calendar=calendar) for clock in page.clocks]
    return {
        "page": page,
        "case": page.snapshot,
        "file": file,
        "unopened": unopened,
        "people": _people(page, file, actor),
        "offers": offer_links(page),
        "barred": _barred(page.snapshot, actor, now),
        "spent": casework.days_spent(page.snapshot, until=moments.today(now)),
        "clocks": clocks,
        "open_clocks": [clock for clock in clocks if clock.is_open],
        "stages": presenters.stages(page, names),
        "events": presenters.event_rows(page.timeline, file, names),
        "materials": [(one, Necessity(one.necessity).label) for one in page.materials],
        "papers": papers_of(page),
        "suspensions": _suspensions(page.snapshot, moments.today(now)),
        "readings": _readings(page),
        "readings_total": len(page.readings),
        "received": presenters.moment_text(page.snapshot.received_at),
        "next": _next(page, clocks, names),
        "trail": [("我的待办", reverse("desk")), (f"办件 {number}", "")],
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


def papers_of(page: CasePage) -> list[dict[str, str]]:
    """The papers of a case with their titles, newest first."""
    return [
        {
            "title": PAPERS[notice.kind].title if notice.kind in PAPERS else notice.kind,
            "number": notice.number,
            "issued": presenters.moment_text(notice.issued_at),
            "code": notice.short_code,
        }
        for notice in reversed(page.notices)
    ]


def _file_of(number: str, actor: Actor, now: datetime) -> tuple[CaseFile, str]:
    """The file, or why its personal data is not shown: it was erased, or the actor does not work on the
    case."""
    try:
        return open_case_file(number, by=actor, now=now), ""
    except WrongState:
        return CaseFile(), "当事人的个人信息已依法删除，本件的办理记录仍然保留。"
    except NotAllowed as refusal:
        return CaseFile(), refusal.sentence


def _people(page: CasePage, file: CaseFile, actor: Actor) -> list[dict[str, Any]]:
    """The parties of the case; one whose identity document no clerk has seen is marked, and the window may
    check it."""
    known = parties.parties(page.snapshot.parties)
    window = actor.has_role("window_clerk", "centre_officer")
    return [
        {
            "role": _ROLES.get(role, role),
            "name": file.names.get(party, ""),
            "id": file.ids.get(party, ""),
            "phone": file.phones.get(party, ""),
            "unverified": party in known and not (known[party].is_verified or known[party].is_erased),
            "check": reverse("desk-identity-of", args=[party]) if window else "",
        }
        for party, role in page.snapshot.parties.items()
    ]


def _barred(snapshot: Snapshot, actor: Actor, now: datetime) -> str:
    """Why somebody mandated to decide sees no button: the rule 一审一核 gives the reason."""
    if snapshot.state != "deciding" or not actor.may(
        snapshot.act("grant"), snapshot.terms.subject_code, snapshot.body_code
    ):
        return ""
    refusal = casework.barred(snapshot, "grant", by=actor, now=now)
    return refusal.sentence if refusal else ""


def _suspensions(snapshot: Snapshot, today: date) -> list[dict[str, str]]:
    """What paused the clocks, and by how much it took longer than announced."""
    return [
        {
            "ground": snapshot.terms.ground_label(one.ground),
            "from": weekday_date(one.from_on),
            "to": weekday_date(one.to_on) if one.to_on else "进行中",
            "announced": weekday_date(one.announced_to_on),
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
    return [{"at": presenters.moment_text(one.effective_at), "sentence": one.sentence} for one in newest]


def _next(page: CasePage, clocks: list[presenters.ClockRow], names: dict[str, str]) -> dict[str, str]:
    """Whose turn it is and by when, for the foot of the page."""
    snapshot = page.snapshot
    shown = zip(page.clocks, clocks, strict=True)
    pressing = casework.pressing(snapshot)
    first = next((row for clock, row in shown if clock.view == pressing), None)
    by = f"最迟{first.due}，{first.left}" if first else ""
    posts = dict.fromkeys(names.get(a.post_code, a.post_code) for a in snapshot.open_assignments)
    match snapshot.state:
        case "received":
            return {"who": "窗口", "what": "核对材料，受理或者一次性告知补正。", "by": by}
        case "supplementing":
            return {"who": "申请人", "what": "按告知书补齐材料，所用时间不计入办理期限。", "by": ""}
        case "examining":
            return {"who": "、".join(posts), "what": "办理在手的环节。", "by": by}
        case "deciding":
            post = snapshot.terms.deciding_post
            return {"who": names.get(post, post), "what": "作出准予或者不予的决定。", "by": by}
        case "granted" | "refused":
            return {"who": "窗口", "what": "送达决定和证照。", "by": by}
    return {"who": "", "what": "本件已经终结，没有待办。", "by": ""}


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Serve uploaded bytes safely: no type sniffing, no execution, no caching."""
    response = HttpResponse(content, content_type=media_type)
    inline = media_type in _INLINE
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
