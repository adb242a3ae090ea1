"""Auditing who opened what: exporting the list, and revealing an officer's name. Both are recorded first.

Cites: 个人信息保护法 第五十四条, 第六十六条
"""

from __future__ import annotations

from datetime import date, datetime

from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry, ReadingFilter
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotVisible, TooLarge
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import events
from liuquan.supervision.queries import readings as queries
from liuquan.supervision.queries.readings import Names, ReadingLine

MOST_LINES = 20_000
_SHORTEST, _LONGEST = 4, 200


def export_readings(
    asked: ReadingFilter, names: Names, *, from_on: date, to_on: date, by: Actor, now: datetime
) -> list[ReadingLine]:
    """The list as a file, after the export has been recorded: when, by which post, how many lines.

    Refuses more lines than a file should have (413).
    """
    total = queries.count_readings(asked)
    if total > MOST_LINES:
        raise TooLarge(f"一共{total}次，超过一份文件的{MOST_LINES}次，请缩短时间或者按机关下载。")
    journal.append_durably(
        NewEntry(
            event=events.READINGS_EXPORTED.name,
            subject="readings",
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            private={"staff": by.staff_id},
            public={
                "post": by.post_name,
                "from_on": from_on.isoformat(),
                "to_on": to_on.isoformat(),
                "count": total,
            },
        )
    )
    return queries.reading_lines(asked, names, offset=0, limit=MOST_LINES)


def open_reader(number: str, *, reason: str, by: Actor, now: datetime) -> str:
    """The name of the officer behind one opening, after this reading has been recorded with its reason. The
    person concerned sees this reading too. Empty where the private part has been erased.

    Refuses: a post without audit rights (403), an opening outside its divisions (404), no reason (422).
    """
    names = queries.reach(by, on=moments.today(now))
    queries.reading(number, names)
    entry = record.reading(number)
    if entry is None:
        raise NotVisible("没有找到这次查看，请从列表中选择。")
    said = reason.strip()
    if not _SHORTEST <= len(said) <= _LONGEST:
        sentence = f"请写明为什么要查明是谁，{_SHORTEST}个字以上、{_LONGEST}字以内。"
        raise BadInput(sentence, fields={"reason": sentence})
    receipt = NewEntry(
        event=events.READER_OPENED.name,
        subject=entry.subject,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={"post": by.post_name, "reading": number, "purpose": "电子监察"},
        private={"staff": by.staff_id, "reason": said},
    )
    journal.append_durably(receipt)
    private = journal.open_private_of(entry.subject, receipt=receipt.number).get(number, {})
    return organisation.staff_name(int(private["staff"])) if private.get("staff") else ""
