"""Opening personal data of a case: its file, a material. Each reading is entered first.

Cites: 个人信息保护法 第六条, 第五十一条
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from liuquan.casework import events
from liuquan.casework.queries import (
    are_parties_kept_from,
    check_handler,
    is_examining,
    material_names,
    seen,
    sees_material,
    visible,
)
from liuquan.casework.rows import MATTER
from liuquan.casework.types import CaseFile, OpenedMatter, Snapshot
from liuquan.journal import actions as journal
from liuquan.journal.types import Entry, NewEntry
from liuquan.kernel import files, secrecy, sql
from liuquan.kernel.refusals import NotVisible, WrongState
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.parties import queries as party_views
from liuquan.parties.queries import ERASED

KEPT = "（要求保密）"  #: in place of a name that is kept from whoever handles the case
_OWN = {"post": "本人", "purpose": "本人查看"}
_SYSTEM = {"post": "系统", "purpose": "告知办理结果"}


def open_case_file(number: str, *, by: Actor, now: datetime) -> CaseFile:
    """Open names, identity numbers and free texts of a case for somebody who handles it; the reading is
    entered in the journal first. Those who left are named too. Names that the procedure keeps from the
    reader's body stand as the word for that, without numbers. What was erased stands as the word for it;
    where nobody is left whose data was not, what the texts say is not given out either. Refuses an actor
    who may not see the case (404) or does not work on it (403).
    """
    snapshot = visible(number, by=by)
    check_handler(snapshot, by)
    receipt = enter_reading(events.FILE_OPENED.name, snapshot, by=by, now=now)
    names, ids, phones, erased = {}, {}, {}, []
    left = {one.number for one in snapshot.former_parties} - snapshot.parties.keys()
    kept = are_parties_kept_from(snapshot, by)
    for party in (*snapshot.parties, *sorted(left)):
        if kept:
            names[party], ids[party], phones[party] = KEPT, "", ""
            continue
        try:
            one = parties.reveal(uuid.UUID(party), receipt=receipt)
        except WrongState:
            erased.append(party)
            names[party] = ids[party] = phones[party] = ERASED
        else:
            names[party], ids[party], phones[party] = one.name, one.id_number, one.phone
    texts = journal.open_private_of(number, receipt=receipt, erased=ERASED)
    file = CaseFile(names, ids, phones, _matter(snapshot), texts, tuple(erased))
    return _without_texts(file) if file.is_closed else file


def open_material(number: str, file: str, *, by: Actor, now: datetime) -> tuple[str, str, bytes]:
    """An uploaded material: name, media type and content, after the reading has been entered. Refuses as
    `open_case_file` does; a party may open what was handed in, as far as it sees what others did."""
    snapshot = visible(number, by=by)
    if by.kind != "party":
        check_handler(snapshot, by)
    row = sql.run_one(
        "SELECT key, received_at FROM casework_material "
        "WHERE case_id = %(id)s AND file::text = %(file)s LIMIT 1",
        {"id": snapshot.id, "file": file},
    )
    party = by.party_number if by.kind == "party" else ""
    if row is None or (party and not sees_material(snapshot, row["received_at"], party=party)):
        raise NotVisible("没有找到这份材料。")
    named = material_names(snapshot)
    public = {"material": named.get(row["key"], row["key"])}
    enter_reading(events.MATERIAL_OPENED.name, snapshot, by=by, now=now, public=public)
    facts = files.facts_of(uuid.UUID(file))
    return files.name_of(facts.number), facts.media_type, files.open_file(facts.number)


def open_matters(
    numbers: Sequence[str], *, subject: str, purpose: str, now: datetime
) -> dict[str, OpenedMatter]:
    """What was asked for in many cases, for a machine that works on all of them and shows nobody the texts:
    by number, without the cases of which nobody is left whose data was not erased. One entry under `subject`
    says how many are read and what for, before any is."""
    count = {"count": len(numbers), "purpose": purpose}
    journal.append_durably(NewEntry(events.MATTERS_OPENED.name, subject, "", "", "system", now, count))
    rows = sql.run(
        """
        SELECT c.number, c.matter, (SELECT coalesce(array_agg(DISTINCT p.party_number::text), '{}')
            FROM casework_case_party p WHERE p.case_id = c.id) AS parties
        FROM casework_case c WHERE c.number = ANY(%(numbers)s) AND c.matter IS NOT NULL
        """,
        {"numbers": list(numbers)},
    )
    known = party_views.parties({party for row in rows for party in row["parties"]})
    gone = {number for number, one in known.items() if one.is_erased}
    return {
        row["number"]: OpenedMatter(
            row["number"], secrecy.decrypt(bytes(row["matter"]), purpose=MATTER), tuple(row["parties"])
        )
        for row in rows
        if not row["parties"] or set(row["parties"]) - gone
    }


def open_told(
    snapshot: Snapshot, entry: Entry, names: Iterable[str], *, party: str, now: datetime
) -> dict[str, Any]:
    """What an act told the party concerned in free texts, for the holder of the slip: those of these names,
    after the reading has been entered. What was erased stands as the word for it. Refuses an entry that the
    party may not see (404)."""
    if entry.subject != snapshot.number or not seen(snapshot, [entry], party=party):
        raise NotVisible("没有找到这条办理记录。")
    receipt = enter_reading(events.TEXTS_OPENED.name, snapshot, by=None, now=now, public={"act": entry.label})
    texts = journal.open_private_of(snapshot.number, receipt=receipt, erased=ERASED)
    told = texts.get(str(entry.number), {})
    return {name: told[name] for name in names if told.get(name)}


def enter_reading(
    event: str,
    snapshot: Snapshot,
    *,
    by: Actor | None,
    now: datetime,
    public: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Enter a reading before the value is opened: by which post, for what purpose; the person's name is in
    the private part. `by` None: the holder of the slip; the system reads what it tells others. Returns the
    number of the entry."""
    values = dict(public or {})
    if by is not None and by.kind == "system":
        entry = NewEntry(event, snapshot.number, "", "", "system", now, {**values, **_SYSTEM})
    elif by is None or by.kind != "staff":
        entry = NewEntry(event, snapshot.number, "", "", "party", now, {**values, **_OWN})
    else:
        entry = NewEntry(
            event=event,
            subject=snapshot.number,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            private={"staff": by.staff_id},
            public={
                **values,
                "post": by.post_name,
                "purpose": "电子监察" if is_examining(snapshot, by) else "办理本件",
            },
        )
    journal.append_durably(entry)
    return entry.number


def _without_texts(file: CaseFile) -> CaseFile:
    texts = {entry: dict.fromkeys(said, ERASED) for entry, said in file.texts.items()}
    return replace(file, matter=ERASED if file.matter else "", texts=texts)


def _matter(snapshot: Snapshot) -> str:
    row = sql.run_one("SELECT matter FROM casework_case WHERE id = %(id)s", {"id": snapshot.id})
    return secrecy.decrypt(bytes(row["matter"]), purpose=MATTER) if row and row["matter"] else ""
