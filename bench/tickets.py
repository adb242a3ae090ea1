"""A year of tickets of the hotline, laid by set-based SQL.

A few tickets of every course are played by the acts that serve everybody (`walked`); the rest are copies of
their rows, all columns as they are, moved in time (`lay`), each with a caller, a place and the signature of
a text that comes ten times a year. An old ticket is closed but for one in a hundred, one of the last days
stands where its course would have brought it. Private parts of entries and jobs are not copied: nothing that
is measured reads them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from city import NOW, actor
from sayings import Signatures, saying
from suite import say as _say

Connection = psycopg.Connection[Any]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGINS = NOW - 10 * DAY
UNITS = ("chengxiaore", "jianxiaore", "shixiaore")  #: logins of the contacts that handle
PLACE = "990102001000"
REPEATED = 10  #: tickets of a text in a year
_REASON = "经核实写明事实和依据，请按此办理。"
_HANDED = (("dispatch", 1), ("sign", 4))
_ANSWERED = (*_HANDED, ("answer", 50))
#: course → acts, each with how many hours after the registration it is taken
COURSES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "registered": (),
    "dispatched": _HANDED[:1],
    "handling": _HANDED,
    "answered": _ANSWERED,
    "answered_now": (("answer_now", 1),),
    "told": (("tell_way", 1),),
    "closed": (*_ANSWERED, ("call_back", 75)),
    "unhappy": (*_ANSWERED, ("call_back_unhappy", 75)),
    "redone": (*_ANSWERED, ("redo", 75), ("answer", 120), ("call_back", 140)),
    "returned": (
        *(("dispatch", 1), ("return_ticket", 4), ("redispatch", 6), ("sign_next", 25)),
        *(("answer_next", 75), ("call_back", 99)),
    ),
    "unreached": (
        *(*_ANSWERED, ("not_reached", 75), ("not_reached", 99), ("not_reached", 123)),
        ("close_unreached", 125),
    ),
}
_OPEN = ("registered", "dispatched", "handling", "answered")
#: of a hundred tickets whose course is over
_ENDS = {
    **{"closed": 55, "answered_now": 12, "told": 8, "unhappy": 7, "redone": 7, "returned": 6, "unreached": 4},
    "handling": 1,
}
_DATA: Mapping[str, Mapping[str, Any]] = {
    "dispatch": {"limit": "complaint", "note": _REASON},
    "redispatch": {"limit": "complaint", "note": _REASON},
    "return_ticket": {"ground": "not_ours", "reason": _REASON},
    "answer": {"reply": "已经到现场办好，并告知诉求人。", "fixed": "fixed", "contact": "phone"},
    "answer_now": {"reply": "工作日可以到一层窗口办理。"},
    "tell_way": {"way": "petition"},
    "redo": {"limit": "complaint", "reason": _REASON},
    "call_back": {"satisfied": "satisfied", "confirmed": "yes"},
    "call_back_unhappy": {"satisfied": "not", "confirmed": "no", "note": "诉求人说还是老样子。"},
}


@dataclass(frozen=True)
class Walked:
    """A ticket that was played: how it went, how long that took, its number and the key of its case."""

    course: str
    span: timedelta
    number: str
    case_id: int


def walked() -> list[Walked]:
    """Every course by every unit, played by the acts of the product."""
    return [_walk(course, at) for course in COURSES for at in range(len(UNITS))]


def _walk(course: str, at: int) -> Walked:
    from liuquan.casework import actions as casework
    from liuquan.casework import queries as cases
    from liuquan.hotline import actions

    units = [actor(login) for login in (UNITS[at], UNITS[at - 1])]
    centre = {"": actor("rexiaopai"), "call": actor("rexiaofang")}
    number = actions.register(_request(course, units[0].body_code), by=actor("rexiaojie"), now=BEGINS).number
    hours = 0
    for act, hours in COURSES[course]:
        name = act.removesuffix("_next").removesuffix("_unhappy")
        data = dict(_DATA.get(act.removesuffix("_next"), {}))
        if name in ("dispatch", "redispatch"):
            data["body"] = units[name == "redispatch"].body_code
        by = units[act.endswith("_next")]
        if name not in ("sign", "answer", "return_ticket"):
            by = centre["call" if "reach" in name or "call" in name else ""]
        casework.perform(number, name, by=by, now=BEGINS + hours * HOUR, data=data)
    return Walked(course, hours * HOUR, number, cases.read(number).id)


def _request(course: str, body: str) -> Any:
    """A request of a class that the catalogue gives to this body."""
    from liuquan.hotline import queries
    from liuquan.hotline.types import Inlet, NewTicket, RequestKind
    from liuquan.parties import actions as parties

    on = BEGINS.date()
    code = next(
        one.code
        for one in queries.classes(on=on)
        if not one.is_top and body in [s.body_code for s in queries.suggestions(one.code, PLACE, on=on)][:1]
    )
    caller = parties.register_caller(name="李云溪", phone="19900000001", by=actor("rexiaojie"), now=BEGINS)
    kind = RequestKind.CONSULT if course == "answered_now" else RequestKind.COMPLAINT
    text = "门前的路灯连续三天不亮，晚上看不见路。"
    return NewTicket(kind, code, text, Inlet.PHONE, PLACE, "", "溪畔大道30号", requester=caller.number)


def lay(owner: Connection, many: int, *, days: int = 365, hurried: bool = True) -> None:
    """So many tickets of the last days, beside those that were played, with as many calls. Indexes that are
    no keys are dropped meanwhile; `hurried`: nobody else uses the server, and nothing is synced meanwhile."""
    owner.execute("SET session_replication_role = replica")  # history is laid, not lived
    if hurried:
        _hurry(owner)
    courses = walked()
    _lay_callers(owner, max(many // 4, 1))
    _stage(owner, courses, many, days)
    dropped = _drop_indexes(owner)
    for table in ("casework_case", *_OF_CASE):
        _copy(owner, table)
        _say(table)
    _copy_entries(owner, max(len(acts) for acts in COURSES.values()) + 1)
    _lay_calls(owner)
    for index in dropped:
        owner.execute(index)
    owner.execute("DROP TABLE bench_ticket, bench_walked, bench_caller")
    if hurried:
        _take_time(owner)
    owner.execute("VACUUM ANALYZE")


def _hurry(owner: Connection) -> None:
    """Nothing of what is laid has to survive a crash."""
    for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '8GB'"):
        owner.execute(f"ALTER SYSTEM SET {setting}")
    owner.execute("SELECT pg_reload_conf()")
    owner.execute("SET maintenance_work_mem = '512MB'")
    owner.execute("SET work_mem = '64MB'")


def _take_time(owner: Connection) -> None:
    """The server's own durable settings again, with everything on the disk."""
    owner.execute("ALTER SYSTEM RESET ALL")
    owner.execute("SELECT pg_reload_conf()")
    owner.execute("CHECKPOINT")


_OF_CASE = (
    "casework_case_party",
    "casework_case_body",
    "casework_assignment",
    "casework_deadline",
    "hotline_ticket",
)
_CHANGED = {
    "casework_case": {
        "id": "v.case_id",
        "number": "v.number",
        "submission_key": "NULL",
        "division_path": "v.path",
    },
    "casework_case_party": {"case_id": "v.case_id", "party_number": "v.party"},
    "hotline_ticket": {"case_id": "v.case_id", "division": "v.division", "bands": "v.bands"},
    "journal_entry": {
        "id": "v.n * %(most)s + s.place + %(last)s",
        "subject": "v.number",
        "number": "uuidv7()",
    },
}


def _copy(owner: Connection, table: str) -> None:
    key = "id" if table == "casework_case" else "case_id"
    names, values = _columns(owner, table, {"case_id": "v.case_id", **_CHANGED.get(table, {})})
    owner.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} "
        f"FROM bench_ticket v JOIN {table} s ON s.{key} = v.walked_id"
    )
    if key == "id":
        owner.execute(
            "SELECT setval(pg_get_serial_sequence('casework_case', 'id'), max(id)) FROM casework_case"
        )


def _copy_entries(owner: Connection, most: int) -> None:
    """The entries, in an order in which those of a ticket follow one another."""
    names, values = _columns(owner, "journal_entry", _CHANGED["journal_entry"])
    last = owner.execute("SELECT max(id) FROM journal_entry").fetchone()
    owner.execute(
        f"INSERT INTO journal_entry ({names}) SELECT {values} FROM bench_ticket v "
        "JOIN (SELECT e.*, w.case_id, row_number() OVER (PARTITION BY e.subject ORDER BY e.id) AS place "
        "FROM journal_entry e "
        "JOIN bench_walked w ON w.number = e.subject WHERE e.event LIKE 'ticket.%%') s "
        "ON s.case_id = v.walked_id",
        {"most": most, "last": last[0] if last else 0},
    )
    owner.execute("SELECT setval(pg_get_serial_sequence('journal_entry', 'id'), max(id)) FROM journal_entry")


def _columns(owner: Connection, table: str, changed: Mapping[str, str]) -> tuple[str, str]:
    """The columns of a table, and what a copy has in each: moments are moved, keys left to the table."""
    found = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    moved = {"timestamp with time zone": "s.{} + v.shift", "date": "(s.{} + v.shift)::date"}
    values = {
        name: changed.get(name) or moved.get(kind, "s.{}").format(name)
        for name, kind in found
        if name in changed or name not in ("id", "xid")
    }
    return ", ".join(values), ", ".join(values.values())


def _stage(owner: Connection, courses: list[Walked], many: int, days: int) -> None:
    """What is to be laid: for each ticket its course, its moment, its place, its caller, its signature."""
    owner.execute("CREATE UNLOGGED TABLE bench_walked (number text, case_id bigint)")
    owner.cursor().executemany(
        "INSERT INTO bench_walked VALUES (%s, %s)", [(one.number, one.case_id) for one in courses]
    )
    owner.execute(
        "CREATE UNLOGGED TABLE bench_ticket (n bigint, number text, walked_id bigint, shift interval, "
        "case_id bigint, division text, path ltree, party uuid, bands jsonb)"
    )
    places = owner.execute("SELECT code, path FROM division WHERE level >= 4 ORDER BY code").fetchall()
    party = [row[0] for row in owner.execute("SELECT number FROM bench_caller ORDER BY n").fetchall()]
    _say("texts and callers ...")
    with owner.cursor().copy(
        "COPY bench_ticket (n, number, walked_id, shift, division, path, party, bands) FROM STDIN"
    ) as copy:
        for row in _rows(courses, places, party, many, days):
            copy.write_row(row)
    owner.execute("UPDATE bench_ticket SET case_id = n + (SELECT max(id) FROM casework_case)")
    owner.execute("ANALYZE bench_ticket")


def _rows(
    courses: list[Walked], places: list[Any], party: list[Any], many: int, days: int
) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(11)  # noqa: S311 - not a secret
    by_course = {name: [one for one in courses if one.course == name] for name in COURSES}
    callers = len(party)
    said = [saying(chance) for _ in range(max(many // REPEATED, 1))]
    signed = [json.dumps(bands) for bands in Signatures().of([place + text for place, text in said])]
    for n in range(1, many + 1):
        age = DAY * days * (1 - n / (many + 1)) + HOUR / 2
        one = chance.choice(by_course[_course(chance, age, courses)])
        code, path = chance.choice(places)
        # one caller in four hundred calls for the tenth part of all
        whose = chance.randrange(max(callers // 400, 1) if chance.random() < 0.1 else callers)
        shift = NOW - age - BEGINS
        yield (n, f"RX{n:014}", one.case_id, shift, code, path, party[whose], chance.choice(signed))


def _course(chance: random.Random, age: timedelta, courses: list[Walked]) -> str:
    """How a ticket of this age went: where its course leads beyond now, it stands at the stage it reached."""
    (wanted,) = chance.choices(list(_ENDS), weights=list(_ENDS.values()))
    spans = {one.course: one.span for one in courses}
    late = 8 * DAY if chance.random() < 0.2 else timedelta(0)  # one in five takes a week longer
    if spans[wanted] + late <= age:
        return wanted
    return next(name for name in reversed(_OPEN) if spans[name] <= max(age - late, timedelta(0)))


def _lay_callers(owner: Connection, many: int) -> None:
    """So many callers with mobiles of their own."""
    from liuquan.kernel.secrecy import blind_index

    owner.execute("CREATE UNLOGGED TABLE bench_caller (n bigint, number uuid, phone bytea)")
    with owner.cursor().copy("COPY bench_caller (n, phone) FROM STDIN") as copy:
        for n in range(many):
            copy.write_row((n, blind_index(mobile(n), purpose="party.phone")))
    owner.execute("UPDATE bench_caller SET number = uuidv7()")
    names, values = _columns(
        owner, "party", {"number": "v.number", "phone_index": "v.phone", "name_index": "v.phone"}
    )
    values = values.replace("+ v.shift", "")
    owner.execute(
        f"INSERT INTO party ({names}) SELECT {values} FROM bench_caller v, "
        "(SELECT * FROM party WHERE name_enc IS NOT NULL ORDER BY id DESC LIMIT 1) s"
    )


def mobile(n: int) -> str:
    """The mobile of a caller."""
    return f"1991{n:07}"


def _lay_calls(owner: Connection) -> None:
    """A call for each ticket: answered in seven seconds, one in a thousand lost and not called back yet."""
    owner.execute(
        """
        INSERT INTO hotline_call (number, line, phone_enc, phone_index, phone_masked, arrived_at, answered_at,
            ended_at, is_broken_off, is_by_hand, seat, staff_id, recording_hash, third_party, outcome, ticket,
            service, tries)
        SELECT uuidv7(), 'line-' || v.n, NULL, NULL, '199****0001', t.received_at - interval '3 minutes',
            CASE WHEN v.n %% 1000 > 0 THEN t.received_at - interval '173 seconds' END, t.received_at,
            false, false, '8' || lpad((v.n %% 50)::text, 2, '0'), NULL, '', '',
            CASE WHEN v.n %% 1000 > 0 THEN 'ticket' ELSE 'missed' END,
            CASE WHEN v.n %% 1000 > 0 THEN v.number ELSE '' END, '', 0
        FROM bench_ticket v JOIN hotline_ticket t ON t.case_id = v.case_id
        """,
        {},
    )


def _drop_indexes(owner: Connection) -> list[str]:
    """Drop the indexes of the large tables that are no keys; how to make them again."""
    tables = ["casework_case", *_OF_CASE, "journal_entry", "hotline_call"]
    found = owner.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
        "AND indexdef NOT LIKE '%% UNIQUE %%'",
        [tables],
    ).fetchall()
    for name, _ in found:
        owner.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]
