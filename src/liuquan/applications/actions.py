"""Acting on applications: submit, act, issue the papers that follow, publish results, open the file."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from liuquan.applications import events, papers, procedure
from liuquan.applications.terms import case_terms, hours_of
from liuquan.applications.types import CaseFile, Received, Upload
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.events import DEADLINE_REPROJECTED
from liuquan.casework.types import Counting, NewCase, NewNotice, Outcome, Snapshot, Terms, notice_record
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms
from liuquan.clock import AfterHours, DayEnd
from liuquan.identifiers import VERIFY_CODE_BYTES, show_verify_code, verify_code_from
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import Entry, NewEntry
from liuquan.kernel import documents, files, moments, secrecy, sql, uploads
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible
from liuquan.kernel.sql import Statement
from liuquan.law import load_law
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.parties import actions as parties

logger = logging.getLogger(__name__)

_MATTER = "applications.matter"
_KEYS = uuid.UUID("6c716c71-0000-5000-8000-6c69757175a6")  #: the name space of submission keys
_WITH_MATERIALS = frozenset({"accept", "accept_corrected", "receive_supplement"})


def submit(
    *,
    item_code: str,
    applicant: str,
    by: Actor,
    now: datetime,
    channel: str,
    agent: str = "",
    materials: Sequence[str] = (),
    files_given: Sequence[Upload] = (),
    matter: str = "",
    submission_key: uuid.UUID | None = None,
    received_at: datetime | None = None,
) -> Received:
    """Receive an application: an incomplete one too, for what is missing is told afterwards, once.

    `applicant`, `agent`: party numbers. `materials`: keys ticked at the window. Refuses an item that is not
    published, cancelled or not yet in force on the day of receipt, files that are not what they say, and
    materials outside the item's list. The same `submission_key` twice, for the same applicant and item, gives
    the same case (`replayed`); with another applicant or item it is another key.

    Cites: 行政许可法 第二十九条, 第三十一条, 电子签名法 第十一条
    """
    received = received_at or now
    item = catalogue.terms(item_code, on=moments.today(received))
    _refuse_strange_materials(item, materials, files_given)
    accepted = [(given, uploads.inspect(given.name, given.content)) for given in files_given]
    on = moments.today(received)
    posts = {post.code: post.body_code for post in organisation.posts(on=on)}
    terms = _terms(item, posts, on)
    number = casework.next_number(kind="application", body_key=str(terms.extra["body_key"]), now=received)
    new = NewCase(
        kind="application",
        number=number,
        terms=terms,
        subject_version=str(item.version_id),
        division_path=organisation.division_path(item.division_code),
        parties={applicant: "applicant"} | ({agent: "agent"} if agent else {}),
        bodies=_bodies(terms, posts, by, on),
        channel=channel,
        received_at=received,
        submission_key=_own_key(submission_key, applicant, item_code),
    )
    with _stored(number, materials, accepted, received) as rows:
        with_rows = [_application_row(item, matter), _material_statement(rows)]
        came = sorted({row["key"] for row in rows})
        outcome = casework.create(new, by=by, now=now, with_rows=with_rows, told={"materials": came})
    replayed = outcome.number != number
    if replayed:
        _forget(rows, now)
    return Received(**vars(outcome), replayed=replayed)


def act(
    number: str,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    files_given: Sequence[Upload] = (),
) -> Outcome:
    """Carry out one row of the procedure on an application, with the materials that came with it.

    Refuses as `casework.actions.perform` does; a refused act leaves neither rows nor files.
    """
    given = dict(data or {})
    ticked: list[str] = []
    accepted: list[tuple[Upload, uploads.AcceptedUpload]] = []
    if action in _WITH_MATERIALS:
        accepted = [(one, uploads.inspect(one.name, one.content)) for one in files_given]
        uploaded = {one.material for one, _ in accepted}
        given["materials"] = sorted({*(given.get("materials") or ()), *uploaded})
        ticked = [key for key in given["materials"] if key not in uploaded]
    with _stored(number, ticked, accepted, now) as rows:
        with_rows = [_material_statement(rows)] if rows else []
        if action == "notify_supplement":
            with_rows.append(_supplement_row(sorted(given.get("items") or ()), now))
        return casework.perform(number, action, by=by, now=now, data=given, with_rows=with_rows)


def issue_papers(case_number: str, *, entry: uuid.UUID, now: datetime) -> list[str]:
    """Render and enter the papers that an act calls for; those already issued are left as they are.

    Called by the page right after the act and by a job for every act, so that none is missing after a crash;
    one of the two waits for the other, so that no paper is rendered and no number taken twice. Returns the
    numbers of papers issued now. Cites: 行政许可法 第三十二条
    """
    with transaction.atomic(durable=True):
        sql.run("SELECT pg_advisory_xact_lock(hashtextextended(%(case)s, 1))", {"case": case_number})
        return _issue_all(case_number, entry, now)


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
    issued = []
    for kind in row.notices if row else ():
        if kind not in there:
            issued.append(_issue(snapshot, papers.PAPERS[kind], act_entry, later, now))
    return [number for number in issued if number]


def issue_missing(*, since: datetime, before: datetime, now: datetime) -> int:
    """Issue the papers that neither the page nor the job of their act could; how many. One that still cannot
    be issued is logged and does not keep the others waiting. `since` and `before` are moments of recording.

    Cites: 行政许可法 第三十二条
    """
    row_events = {row.event for row in (procedure.SUBMIT, *procedure.ROWS) if row.notices}
    issued = 0
    for number, entry in cases.without_paper(row_events, since=since, before=before):
        try:
            issued += len(issue_papers(number, entry=entry, now=now))
        except Exception:
            logger.exception("the papers of %s could not be issued", number)
    return issued


def publicise(case_number: str, *, now: datetime) -> None:
    """Publish the result on the portal, without names. Publishing twice changes nothing.

    Cites: 行政许可法 第四十条
    """
    statement = Statement(
        "UPDATE applications_application a SET publicised_at = %(publicised_at)s FROM moved "
        "WHERE a.case_id = moved.id",
        {"publicised_at": now},
    )
    if any(e.event == events.PUBLICISED.name for e in record.entries_of(case_number)):
        return
    casework.perform(case_number, "publicise", by=SYSTEM, now=now, with_rows=[statement])


def open_case_file(number: str, *, by: Actor, now: datetime) -> CaseFile:
    """Open names, identity numbers and free texts of a case for one who handles it; the reading is entered
    in the journal first. Refuses an actor who may not see the case (404) or only looks on (403).

    Cites: 个人信息保护法 第六条, 第五十一条
    """
    snapshot = cases.visible(number, by=by)
    _refuse_onlooker(snapshot, by)
    receipt = _reading(events.FILE_OPENED.name, snapshot, by, now)
    journal.append_durably(receipt)
    names, ids, phones = {}, {}, {}
    for party in snapshot.parties:
        identity = parties.reveal(uuid.UUID(party), receipt=receipt.number)
        names[party], ids[party], phones[party] = identity.name, identity.id_number, identity.phone
    return CaseFile(
        names=names,
        ids=ids,
        phones=phones,
        matter=_matter(snapshot),
        texts=journal.open_private_of(number, receipt=receipt.number),
    )


def open_paper(notice_number: str, *, by: Actor | None, code: str = "", now: datetime) -> tuple[str, bytes]:
    """A paper as issued: for the parties and those who handle the case, or whoever holds its query code.
    Returns its title and the PDF, after the opening has been entered; `by` None: the holder of the slip."""
    case_number, notice = cases.notice(notice_number)
    snapshot = cases.read(case_number)
    if not cases.query_code_fits(case_number, code):
        if by is None or not cases.can_see(snapshot, by):
            raise NotVisible("没有找到这份文书，请核对文书编号。")
        if by.kind == "staff":
            _refuse_onlooker(snapshot, by)
    title = papers.PAPERS[notice.kind].title
    told = {"notice": notice.number, "label": title}
    journal.append_durably(_reading("casework.notice_opened", snapshot, by, now, told))
    return title, files.open_file(uuid.UUID(notice.file))


def open_material(number: str, file: str, *, by: Actor, now: datetime) -> tuple[str, str, bytes]:
    """An uploaded material: name, media type and content, after the reading has been entered. Refuses as
    `open_case_file` does; a party may open what was handed in."""
    snapshot = cases.visible(number, by=by)
    if by.kind != "party":
        _refuse_onlooker(snapshot, by)
    row = sql.run_one(
        "SELECT key FROM applications_material WHERE case_id = %(id)s AND file::text = %(file)s LIMIT 1",
        {"id": snapshot.id, "file": file},
    )
    if row is None:
        raise NotVisible("没有找到这份材料。")
    named = {m["key"]: m["name"] for m in snapshot.terms.extra["materials"]}
    told = {"material": named.get(row["key"], row["key"])}
    journal.append_durably(_reading(events.MATERIAL_OPENED.name, snapshot, by, now, told))
    facts = files.facts_of(uuid.UUID(file))
    return files.name_of(facts.number), facts.media_type, files.open_file(facts.number)


def _refuse_onlooker(snapshot: Snapshot, by: Actor) -> None:
    if not cases.handles(snapshot, by):
        raise NotAllowed(
            "案卷里的个人信息只向承办岗位和电子监察岗位开放，您可以查看办理过程；确需查阅的，请商承办岗位。",
            citation="个人信息保护法 第六条",
        )


def _issue(
    snapshot: Snapshot, paper: papers.Paper, act_entry: Entry, later: Sequence[Entry], now: datetime
) -> str:
    on = moments.today(now)
    number = casework.next_notice_number(settings.LIUQUAN_PAPER_NUMBER, kind=paper.mark, now=now)
    place = _verify_place(notice_record(act_entry.number, paper.kind))
    context = _context(snapshot, act_entry, later)
    body = str(snapshot.terms.extra["body_name"])
    data = {
        "body": body,
        "title": paper.title,
        "number": number,
        "addressee": context.applicant,
        "size": "a4",
        "seal": {"body": body, "label": "行政审批专用章", "demo": settings.LIUQUAN_DEMO},
        "verify": {"code": show_verify_code(place.code), "url": place.site},
        **paper.write(context),
    }
    template = documents.SLIP if paper.slip else documents.NOTICE
    pdf = documents.render(template, _printable(data), qr=place.qr, on=on)
    stored = files.store(
        scope=_own_scope(snapshot.number),
        name=f"{paper.title}.pdf",
        content=pdf,
        media_type="application/pdf",
        now=now,
    )
    notice = NewNotice(
        case_number=snapshot.number,
        kind=paper.kind,
        number=number,
        label=paper.title,
        entry=act_entry.number,
        file=stored.number,
        sha256=hashlib.sha256(pdf).hexdigest(),
        short_code=place.code,
        body_code=snapshot.body_code,
        post_code=act_entry.post_code,
    )
    issued = casework.issue_notice(notice, now=now)
    if not issued:
        files.erase(stored.number, now=now)
    return number if issued else ""


def _verify_place(record: uuid.UUID) -> papers.VerifyPlace:
    """Where anyone checks a paper. The code comes from a secret key: the entry's number stands in the public
    log, and must not lead to the page."""
    secret = secrecy.blind_index(record.hex, purpose="applications.verify_code")[:VERIFY_CODE_BYTES]
    return papers.VerifyPlace(settings.LIUQUAN_PUBLIC_URL, verify_code_from(secret), record)


def _context(snapshot: Snapshot, act_entry: Entry, later: Sequence[Entry]) -> papers.Context:
    """What the act said and promised, though the case has gone on since."""
    applicant = next(party for party, role in snapshot.parties.items() if role == "applicant")
    texts = journal.open_private_of(snapshot.number, receipt=act_entry.number)
    return papers.Context(
        snapshot=snapshot,
        event=act_entry.event,
        acted_on=moments.today(act_entry.effective_at),
        public=act_entry.public,
        private=texts.get(str(act_entry.number), {}),
        applicant=parties.reveal(uuid.UUID(applicant), receipt=act_entry.number).name,
        code=cases.query_code(snapshot.number),
        received=_received(snapshot, act_entry.effective_at),
        adjustable=_adjustable(snapshot, act_entry, later),
    )


def _adjustable(snapshot: Snapshot, act_entry: Entry, later: Iterable[Entry]) -> frozenset[str]:
    """Clocks the act set by a calendar not yet announced: still so, or counted again since by the new one."""
    recounted = {
        key for e in later if e.event == DEADLINE_REPROJECTED.name for key in e.public.get("due", {})
    }
    due = act_entry.public.get("due", {})
    unsure = {d.key for d in snapshot.deadlines if d.provisional and d.due_on.isoformat() == due.get(d.key)}
    return frozenset(due.keys() & (recounted | unsure))


def _printable(data: dict[str, Any]) -> dict[str, Any]:
    """The paper's data with the mark for characters no font has, and a line that says what it stands for."""
    shown, missing = documents.marked(data)
    if missing:
        absent = "、".join(missing)
        said = f"“{documents.MARK}”代表本系统字库没有的字（{absent}），以身份证件和申请材料的记载为准。"
        shown["tail"] = [*shown.get("tail", ()), said]
    return dict(shown)


def _received(snapshot: Snapshot, until: datetime) -> tuple[str, ...]:
    """Keys of the materials that were there at a moment."""
    rows = sql.run(
        "SELECT DISTINCT key FROM applications_material "
        "WHERE case_id = %(id)s AND received_at <= %(until)s ORDER BY key",
        {"id": snapshot.id, "until": until},
    )
    return tuple(row["key"] for row in rows)


def _own_key(key: uuid.UUID | None, applicant: str, item_code: str) -> uuid.UUID | None:
    """The key of one submission, bound to whose it is and for what: another person who sends the same key is
    not handed this one's case."""
    return uuid.uuid5(_KEYS, f"{applicant}\n{item_code}\n{key}") if key else None


def _terms(item: ItemTerms, posts: Mapping[str, str], on: date) -> Terms:
    body = organisation.body(item.body_code, on=on)
    counting = Counting(
        region=item.body_code,
        hours=hours_of(body.hours),
        ends=DayEnd(settings.LIUQUAN_DAY_ENDS),
        after_hours=AfterHours(settings.LIUQUAN_AFTER_HOURS),
        source=settings.LIUQUAN_COUNTING_SOURCE,
    )
    return case_terms(
        item,
        load_law(),
        on=on,
        body_of_post=posts,
        body_key=body.key,
        warn_share=settings.LIUQUAN_YELLOW_SHARE,
        counting=counting,
    )


def _bodies(terms: Terms, posts: Mapping[str, str], by: Actor, on: date) -> dict[str, str]:
    """Who sees and handles the case: the lead body, those asked for an opinion, and the windows that may
    accept for it."""
    lead = terms.body_code
    register = organisation.authorisation_register(
        on=on, body_code=lead, item_code=terms.subject_code, action="accept"
    )
    windows = {posts[line.post_code]: "window" for line in register if line.post_code in posts}
    mine = {by.body_code: "window"} if by.kind == "staff" and by.body_code else {}
    return {**windows, **mine, **{s.body_code: "cooperating" for s in terms.steps}, lead: "lead"}


def _refuse_strange_materials(
    item: ItemTerms, materials: Iterable[str], files_given: Iterable[Upload]
) -> None:
    known = {m.key for m in item.materials}
    strange = {*materials, *(given.material for given in files_given)} - known
    if strange:
        raise BadInput(
            "提交的材料不在本事项的材料清单内，请按清单重新选择。",
            citation="行政许可法 第三十一条",
            fields={"materials": "清单中没有这项材料。"},
        )


@contextmanager
def _stored(
    number: str,
    ticked: Iterable[str],
    accepted: Iterable[tuple[Upload, uploads.AcceptedUpload]],
    at: datetime,
) -> Iterator[list[dict[str, Any]]]:
    """The materials of an act as rows, its files stored; destroyed again when the act does not happen."""
    rows = [{"key": key, "way": "window", "file": None, "at": at.isoformat()} for key in ticked]
    scope = _own_scope(number)
    try:
        for given, checked in accepted:
            stored = files.store(
                scope=scope, name=checked.name, content=given.content, media_type=checked.media_type, now=at
            )
            rows.append(
                {"key": given.material, "way": "upload", "file": str(stored.number), "at": at.isoformat()}
            )
        yield rows
    except BaseException:
        _forget(rows, at)
        raise


def _material_statement(rows: list[dict[str, Any]]) -> Statement:
    return Statement(
        """
        INSERT INTO applications_material (case_id, key, way, file, received_at)
        SELECT moved.id, g.key, g.way, g.file, g.at
        FROM moved, jsonb_to_recordset(%(materials)s::jsonb)
            AS g(key text, way text, file uuid, at timestamptz)
        """,
        {"materials": json.dumps(rows)},
    )


def _application_row(item: ItemTerms, matter: str) -> Statement:
    return Statement(
        """
        INSERT INTO applications_application (case_id, item_code, item_version, matter)
        SELECT moved.id, %(item_code)s, %(item_version)s, %(matter)s FROM moved
        """,
        {
            "item_code": item.item_code,
            "item_version": item.version_id,
            "matter": secrecy.encrypt(matter, purpose=_MATTER) if matter else None,
        },
    )


def _supplement_row(items: list[str], now: datetime) -> Statement:
    return Statement(
        """
        INSERT INTO applications_supplement (case_id, items, notified_at)
        SELECT moved.id, %(supplement_items)s::jsonb, %(notified_at)s FROM moved
        """,
        {"supplement_items": json.dumps(items), "notified_at": now},
    )


def _own_scope(number: str) -> str:
    """The scope of one act's files: the same content in another act is another file, so that taking back what
    a refused act stored never destroys what another one keeps."""
    return f"{number}/{uuid.uuid4().hex}"


def _forget(rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Destroy files stored for an act that did not happen."""
    for row in rows:
        if row["file"]:
            files.erase(uuid.UUID(row["file"]), now=now)


def _matter(snapshot: Snapshot) -> str:
    row = sql.run_one(
        "SELECT matter FROM applications_application WHERE case_id = %(id)s", {"id": snapshot.id}
    )
    return secrecy.decrypt(bytes(row["matter"]), purpose=_MATTER) if row and row["matter"] else ""


def _reading(
    event: str, snapshot: Snapshot, by: Actor | None, now: datetime, told: Mapping[str, Any] | None = None
) -> NewEntry:
    """The entry of an opening: by which post, for what purpose; who it was stands in the private part."""
    values = dict(told or {})
    if by is None or by.kind != "staff":
        if event != "casework.notice_opened":
            values["post"] = by.name if by else ""
        return NewEntry(event, snapshot.number, "", "", "party", now, {**values, "purpose": "本人查看"})
    if event != "casework.notice_opened":
        values["post"] = by.post_name
    watching = by.may_supervise("ask_explanation", snapshot.supervising_path)
    return NewEntry(
        event=event,
        subject=snapshot.number,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        private={"staff": by.staff_id},
        public={**values, "purpose": "电子监察" if watching else "办理本件"},
    )
