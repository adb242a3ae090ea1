"""Finding people: who has this name or number, as far as this post sees their cases. Every search is a
reading, and is entered before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.desk import events
from liuquan.desk.types import PersonFound
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.types import Actor
from liuquan.parties import queries as parties

#: the subject of searches in the record: they are about nobody until somebody is found
PEOPLE = "people"
#: bearers of one name that a page still tells apart by their masked numbers
MOST_PEOPLE = 20
#: bearers of one name whose cases are still looked through
_MOST_BEARERS = 200
_ROLES = ("window_clerk", "centre_officer")


def may_find_people(by: Actor) -> bool:
    """Whether this post may look for people: those who receive them at the window."""
    return by.kind == "staff" and by.has_role(*_ROLES)


def check_finds_people(by: Actor) -> None:
    """Refuse (403) a post that receives nobody."""
    if not may_find_people(by):
        raise NotAllowed(
            "按姓名、号码找人由综合窗口办理；要找案件的，请在“案件”里按编号或者事项查找。",
            citation="个人信息保护法 第六条",
        )


def find_people(text: str, *, by: Actor, now: datetime) -> tuple[PersonFound, ...]:
    """Who has this whole name, identity number or mobile, masked, with those of their cases that this post
    sees; nobody without such a case. The search is entered, and on each case shown that it was found.

    Refuses: a post that receives nobody (403), nothing typed, a surname alone, a wrong number, a name of more
    than 20 people whose cases are seen, or of more than 200 in all (422).

    Cites: 个人信息保护法 第六条, 第五十一条
    """
    check_finds_people(by)
    if len(text.strip()) == 1:
        sentence = "只写姓查不到人，请写完整的姓名，例如“张小明”；或者写证件号码、手机号码。"
        raise BadInput(sentence, fields={"text": sentence})
    asked = parties.search(text, today=moments.today(now))
    found = (PersonFound(one, _seen(one.number, by)) for one in asked.people[:_MOST_BEARERS])
    shown = tuple(one for one in found if one.cases)
    if len(shown) > MOST_PEOPLE or len(asked.people) > _MOST_BEARERS:
        sentence = f"同名的超过{MOST_PEOPLE}个，请改用证件号码或者手机号码查找。"
        raise BadInput(sentence, fields={"text": sentence})
    _enter([case for one in shown for case in one.cases], asked.way, by, now)
    return shown


def open_cases_of(party: str, *, by: Actor, now: datetime) -> tuple[Snapshot, ...]:
    """The open cases of the party at the window that this post sees, newest first, after that was entered on
    each; the clerk has typed the identity number. Nothing is entered where there is none. Refuses a post that
    receives nobody (403)."""
    check_finds_people(by)
    cases = tuple(one for one in _seen(party, by) if one.closed_at is None)
    if cases:
        _enter(cases, "证件号码", by, now)
    return cases


def _seen(party: str, by: Actor) -> tuple[Snapshot, ...]:
    of_party = casework.of_parties(parties.same_party(party))
    return tuple(one for one in of_party if casework.can_see(one, by))


def _enter(cases: Iterable[Snapshot], way: str, by: Actor, now: datetime) -> None:
    """One entry for the search, and one on each case; never what was typed."""
    numbers = list(dict.fromkeys(case.number for case in cases))
    public = {"post": by.post_name, "way": way, "purpose": "窗口接待"}
    searched = _entry(events.PEOPLE_OPENED.name, PEOPLE, {**public, "cases": len(numbers)}, by, now)
    journal.append_durably(
        searched, *(_entry(events.PERSON_OPENED.name, number, public, by, now) for number in numbers)
    )


def _entry(event: str, subject: str, public: Mapping[str, object], by: Actor, now: datetime) -> NewEntry:
    return NewEntry(
        event=event,
        subject=subject,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public=public,
        private={"staff": by.staff_id},
    )
