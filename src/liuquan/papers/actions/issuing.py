"""Issuing the papers an act requires: number, text, PDF, and their entry on the case."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.events import DEADLINE_REPROJECTED
from liuquan.casework.types import NewNotice, Outcome, Snapshot, notice_record
from liuquan.identifiers import VERIFY_CODE_BYTES, show_verify_code, verify_code_from
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import Entry
from liuquan.kernel import documents, files, moments, secrecy, sql
from liuquan.kernel.refusals import NotVisible, Refusal
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import Context, Paper
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import BodyView
from liuquan.papers.types import Issued, VerifyPlace
from liuquan.parties import actions as parties

logger = logging.getLogger(__name__)


def issue_papers(case_number: str, *, entry: uuid.UUID, now: datetime) -> list[str]:
    """Render and record the papers that an act requires; papers already issued are left as they are.

    Called by the page right after the act and again by a job for every act, so that no paper is missing after
    a crash. The two wait for each other, so that no paper is rendered twice and no number is used twice.
    Returns the numbers of papers issued now. Cites: 行政许可法 第三十二条
    """
    with transaction.atomic(durable=True):
        sql.run("SELECT pg_advisory_xact_lock(hashtextextended(%(case)s, 1))", {"case": case_number})
        return _issue_all(case_number, entry, now)


def issue_now(outcome: Outcome, *, now: datetime) -> Issued:
    """Issue the papers of an act at once. The act is valid even if this fails: a job tries again."""
    try:
        return Issued(tuple(issue_papers(outcome.number, entry=uuid.UUID(outcome.entry), now=now)))
    except Refusal as refusal:
        return Issued(trouble=refusal.sentence)


def issue_missing(*, since: datetime, before: datetime, now: datetime) -> int:
    """Issue the papers that neither the page nor the job of their act could issue; returns how many. A paper
    that still cannot be issued is logged and does not block the others. `since` and `before` are moments of
    recording.

    Cites: 行政许可法 第三十二条
    """
    procedures = [kind.procedure for kind in kinds.kinds()]
    rows = [row for one in procedures for row in (one.creation, *one.rows)]
    row_events = {row.event for row in rows if row.papers}
    issued = 0
    for number, entry in cases.without_paper(row_events, since=since, before=before):
        try:
            issued += len(issue_papers(number, entry=entry, now=now))
        except Exception:
            logger.exception("the papers of %s could not be issued", number)
    return issued


def _issue_all(case_number: str, entry: uuid.UUID, now: datetime) -> list[str]:
    snapshot = cases.read(case_number)
    entries = record.entries_of(case_number)
    place = next((i for i, one in enumerate(entries) if one.number == entry), None)
    if place is None:
        raise NotVisible("没有找到这条办理记录。")
    act_entry, later = entries[place], entries[place + 1 :]
    procedure = cases.procedure_of(snapshot)
    row = next((r for r in (procedure.creation, *procedure.rows) if r.event == act_entry.event), None)
    there = {n.kind for n in cases.notices(case_number) if n.entry == str(entry)}
    owed = [kinds.kind_of(snapshot).paper(key) for key in (row.papers if row else ()) if key not in there]
    issued = [_issue(snapshot, paper, act_entry, later, now) for paper in owed if paper]
    return [number for number in issued if number]


def _issue(snapshot: Snapshot, paper: Paper, act_entry: Entry, later: Sequence[Entry], now: datetime) -> str:
    number = casework.next_notice_number(settings.LIUQUAN_PAPER_NUMBER, kind=paper.mark, now=now)
    place = _verify_place(notice_record(act_entry.number, paper.kind))
    context = _context(snapshot, act_entry, later)
    title = paper.title_for(snapshot)
    pdf = _rendered(paper, context, number, place, moments.today(now))
    stored = files.store(
        scope=casework.own_scope(snapshot.number),
        name=f"{title}.pdf",
        content=pdf,
        media_type="application/pdf",
        now=now,
    )
    notice = NewNotice(
        case_number=snapshot.number,
        kind=paper.kind,
        number=number,
        label=title,
        entry=act_entry.number,
        file=stored.number,
        sha256=hashlib.sha256(pdf).hexdigest(),
        short_code=place.code,
        body_code=context.body_code,
        post_code=act_entry.post_code,
    )
    if casework.issue_notice(notice, now=now):
        return number
    files.erase(stored.number, now=now)
    return ""


def _rendered(paper: Paper, context: Context, number: str, place: VerifyPlace, on: date) -> bytes:
    """The paper as PDF, under the name of the body that answered for the case when the act was done."""
    body = context.snapshot.name_of_body(context.body_code)
    data = {
        "body": body,
        "title": paper.title_for(context.snapshot),
        "number": number,
        "addressee": context.addressee,
        "size": "a4",
        "seal": {"body": body, "label": kinds.kind_of(context.snapshot).seal, "demo": settings.LIUQUAN_DEMO},
        "verify": {"code": show_verify_code(place.code), "url": place.site},
        **paper.write(context),
    }
    template = documents.SLIP if paper.slip else documents.NOTICE
    return documents.render(template, _printable(data), qr=place.qr, on=on)


def _verify_place(record: uuid.UUID) -> VerifyPlace:
    """Where anyone can check a paper. The code is derived from a secret key, because the entry's number is in
    the public log and must not lead to the page."""
    secret = secrecy.blind_index(record.hex, purpose="papers.verify_code")[:VERIFY_CODE_BYTES]
    return VerifyPlace(settings.LIUQUAN_PUBLIC_URL, verify_code_from(secret), record)


def _context(snapshot: Snapshot, act_entry: Entry, later: Sequence[Entry]) -> Context:
    """What the act said and promised at the time, even if the case has moved on since."""
    applicant = next((party for party, role in snapshot.parties.items() if role == "applicant"), "")
    texts = journal.open_private_of(snapshot.number, receipt=act_entry.number)
    body_code = snapshot.lead_at(record.acted_at(act_entry))
    acted_on = moments.today(act_entry.effective_at)
    return Context(
        snapshot=snapshot,
        event=act_entry.event,
        acted_on=acted_on,
        public=act_entry.public,
        private=texts.get(str(act_entry.number), {}),
        addressee=parties.reveal(uuid.UUID(applicant), receipt=act_entry.number).name if applicant else "",
        code=cases.query_code(snapshot.number),
        received=_received(snapshot, act_entry.effective_at),
        adjustable=_adjustable(snapshot, act_entry, later),
        body_code=body_code,
        remedies=organisation.remedy_bodies(body_code, on=acted_on),
        at_once=frozenset(one.event for one in later if one.effective_at == act_entry.effective_at),
        office=_office(act_entry.body_code or body_code, acted_on),
    )


def _office(body_code: str, on: date) -> BodyView | None:
    try:
        return organisation.body(body_code, on=on)
    except NotVisible:
        return None


def _adjustable(snapshot: Snapshot, act_entry: Entry, later: Iterable[Entry]) -> frozenset[str]:
    """Clocks that the act set by a calendar not yet published, whether or not they were counted again
    since."""
    recounted = {
        key for e in later if e.event == DEADLINE_REPROJECTED.name for key in e.public.get("due", {})
    }
    due = act_entry.public.get("due", {})
    unsure = {d.name for d in snapshot.deadlines if d.provisional and d.due_on.isoformat() == due.get(d.name)}
    return frozenset(due.keys() & (recounted | unsure))


def _printable(data: dict[str, Any]) -> dict[str, Any]:
    """The paper's data with a placeholder for characters that no font has, and a line that explains it."""
    shown, missing = documents.marked(data)
    if missing:
        absent = "、".join(missing)
        said = f"“{documents.MARK}”代表本系统字库没有的字（{absent}），以身份证件和所交材料的记载为准。"
        shown["tail"] = [*shown.get("tail", ()), said]
    return dict(shown)


def _received(snapshot: Snapshot, until: datetime) -> tuple[str, ...]:
    """Keys of the materials on file at a moment."""
    return tuple(sorted({one.key for one in cases.received(snapshot) if one.received_at <= until}))
