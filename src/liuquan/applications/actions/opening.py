"""Opening personal data of an application: the file, a paper, a material. Each reading is entered first."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liuquan.applications import events, papers
from liuquan.applications.actions.submitting import MATTER
from liuquan.applications.types import CaseFile
from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import files, secrecy, sql
from liuquan.kernel.refusals import NotAllowed, NotVisible
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties


def open_case_file(number: str, *, by: Actor, now: datetime) -> CaseFile:
    """Open names, identity numbers and free texts of a case for somebody who handles it; the reading is
    entered in the journal first. Refuses an actor who may not see the case (404) or does not work on it
    (403).

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
    """A paper as issued: for the parties and those who handle the case, or for anyone with its query code.
    Returns its title and the PDF, after the reading has been entered; `by` None: the holder of the slip."""
    case_number, notice = cases.notice(notice_number)
    snapshot = cases.read(case_number)
    if not cases.query_code_fits(case_number, code):
        if by is None or not cases.can_see(snapshot, by):
            raise NotVisible("没有找到这份文书，请核对文书编号。")
        if by.kind == "staff":
            _refuse_onlooker(snapshot, by)
    title = papers.PAPERS[notice.kind].title
    public = {"notice": notice.number, "label": title}
    journal.append_durably(_reading("casework.notice_opened", snapshot, by, now, public))
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
    public = {"material": named.get(row["key"], row["key"])}
    journal.append_durably(_reading(events.MATERIAL_OPENED.name, snapshot, by, now, public))
    facts = files.facts_of(uuid.UUID(file))
    return files.name_of(facts.number), facts.media_type, files.open_file(facts.number)


def _refuse_onlooker(snapshot: Snapshot, by: Actor) -> None:
    if not cases.is_handler(snapshot, by):
        raise NotAllowed(
            "案卷里的个人信息只向承办岗位和电子监察岗位开放，您可以查看办理过程；确需查阅的，请商承办岗位。",
            citation="个人信息保护法 第六条",
        )


def _matter(snapshot: Snapshot) -> str:
    row = sql.run_one(
        "SELECT matter FROM applications_application WHERE case_id = %(id)s", {"id": snapshot.id}
    )
    return secrecy.decrypt(bytes(row["matter"]), purpose=MATTER) if row and row["matter"] else ""


def _reading(
    event: str, snapshot: Snapshot, by: Actor | None, now: datetime, public: Mapping[str, Any] | None = None
) -> NewEntry:
    """The entry of a reading: by which post, for what purpose; the person's name is in the private part."""
    values = dict(public or {})
    if by is None or by.kind != "staff":
        if event != "casework.notice_opened":
            values["post"] = by.name if by else ""
        return NewEntry(event, snapshot.number, "", "", "party", now, {**values, "purpose": "本人查看"})
    if event != "casework.notice_opened":
        values["post"] = by.post_name
    watching = by.may_supervise("supervision.ask_explanation", snapshot.supervising_path)
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
