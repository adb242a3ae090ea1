"""Reading applications: facts for the engine, what comes next, materials asked for, published results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from liuquan.applications import events
from liuquan.applications.rules import own_key
from liuquan.applications.types import Before, PublicResult, ResultFilter
from liuquan.casework import queries as casework
from liuquan.casework.types import Data, Facts, Material, Running, Snapshot
from liuquan.clock import chinese_date
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.kernel.spelling import is_found
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Colleague
from liuquan.parties import queries as parties

EVERY_RESULT = ResultFilter()

_NEEDS_MATERIALS = frozenset({"accept", "accept_corrected", "notify_supplement"})

_FACTS = f"""
SELECT (SELECT array_agg(DISTINCT m.key) FROM {casework.MATERIALS} m WHERE m.case_id = %(id)s) AS received,
    (SELECT jsonb_agg(items) FROM applications_supplement WHERE case_id = %(id)s) AS noticed,
    (SELECT array_agg(DISTINCT m.key) FROM {casework.MATERIALS} m
        JOIN applications_supplement s ON s.case_id = m.case_id AND s.items ? m.key
        WHERE m.case_id = %(id)s AND m.received_at > s.notified_at) AS received_since
"""


def gather_facts(snapshot: Snapshot, action: str, data: Data, now: datetime) -> Facts:
    """What the procedure's guards need beside the case itself; at most one query."""
    if action in _NEEDS_MATERIALS:
        row = sql.run_prepared(_FACTS, {"id": snapshot.id})[0]
        return {name: row[name] or [] for name in ("received", "noticed", "received_since")}
    if action == "refuse_not_ours":
        named = organisation.body_named(str(data.get("refer_to", "")).strip(), on=moments.today(now))
        return {"refer_to": named.name if named else ""}
    if action == "complete_step" and data.get("second_officer"):
        return {"second_officer": _second_officer(snapshot, str(data["second_officer"]), now)}
    if action == "deliver" and data.get("credential"):
        return {"credential_of": _roles_of(snapshot, str(data["credential"]), now)}
    return {}


def _roles_of(snapshot: Snapshot, number: str, now: datetime) -> frozenset[str] | None:
    """As which parties of the case its holder is known; None for a document that parties are not found by."""
    found = parties.find(number, today=moments.today(now))
    if found.error:
        return None
    known = parties.same_party(found.party.number) if found.party else ()
    return frozenset(snapshot.parties[one] for one in known if one in snapshot.parties)


def second_officers(snapshot: Snapshot, *, on: date) -> list[Colleague]:
    """Who may sign a step that needs two officers: staff of the bodies with such an open step who are at work
    this day and do not hold the deciding post, because a reviewer may never decide.

    Cites: 行政许可法 第三十四条
    """
    steps = [snapshot.step(a.step) for a in snapshot.open_assignments]
    bodies = {step.body_code for step in steps if step is not None and step.officers > 1}
    found = organisation.colleagues(on=on, body_codes=bodies) if bodies else ()
    return [one for one in found if snapshot.terms.deciding_post not in one.posts]


def _second_officer(snapshot: Snapshot, number: str, now: datetime) -> int | None:
    able = second_officers(snapshot, on=moments.today(now))
    return next((one.staff_id for one in able if one.number == number.strip()), None)


def asked(snapshot: Snapshot) -> list[Material]:
    """The materials that the one-time notice asked for and that are still to come; none in other states."""
    if snapshot.state != "supplementing":
        return []
    notices = [e for e in journal.entries_of(snapshot.number) if e.event == events.SUPPLEMENT_NOTIFIED.name]
    named = set(notices[-1].public.get("items", ())) if notices else set()
    return [one for one in casework.materials(snapshot) if one.key in named]


def to_add(snapshot: Snapshot) -> list[Material]:
    """The materials that the applicant may still bring without being asked: those that did not come, until
    the office has answered. Cites: 行政许可法 第三十一条"""
    row = casework.procedure_of(snapshot).row("add_materials")
    if row is None or snapshot.state not in row.sources:
        return []
    return [one for one in casework.materials(snapshot) if not one.received]


def takes_materials(snapshot: Snapshot) -> bool:
    """Whether materials brought now are taken in on this case: an office that asked for them, or one that has
    not answered yet. Cites: 行政许可法 第三十一条, 第三十二条"""
    return snapshot.state in ("received", "supplementing")


def open_before(applicant: str, item_code: str, *, key: UUID | None = None) -> list[Before]:
    """The open applications of this party for this item, newest first: asked about before the same is handed
    in again. None where the form with this key has made its case already: it makes no other one."""
    ours = parties.same_party(applicant)
    found = [
        Before(case.number, moments.today(case.received_at))
        for case in casework.of_parties(ours)
        if case.kind == "application"
        and case.closed_at is None
        and case.terms.subject_code == item_code
        and any(case.parties.get(one) == "applicant" for one in ours)
    ]
    # asked afterwards: of two presses at one moment, the other may have made its case just before
    keys = [own for one in ours if (own := own_key(key, one, item_code))] if found else []
    return [] if any(casework.of_submission(own) for own in keys) else found


_RESULTS = f"""
FROM applications_application a JOIN {casework.CASES} c ON c.id = a.case_id
WHERE a.publicised_at IS NOT NULL
    AND (%(item)s = '' OR c.subject_name = %(item)s) AND (%(body)s = '' OR c.body_name = %(body)s)
    AND (%(words)s = '' OR position(%(number)s IN c.number) > 0
        OR (c.subject_name, c.body_name) IN (SELECT * FROM unnest(%(items)s::text[], %(bodies)s::text[])))
    AND (%(from_on)s::date IS NULL
        OR c.decided_at >= %(from_on)s::timestamp AT TIME ZONE 'Asia/Shanghai')
    AND (%(to_on)s::date IS NULL
        OR c.decided_at < (%(to_on)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
"""


def results(
    *, limit: int = 50, after: str = "", offset: int = 0, asked: ResultFilter = EVERY_RESULT
) -> list[PublicResult]:
    """Results published on the portal, newest first: free to read for anyone, without names (GUIDE-09).

    `after`: the number of a published case; the results published before it follow. Refuses any other number
    (404).
    """
    last = _published(after) if after else None
    if after and last is None:
        raise NotVisible("“after”应为已经公示的办件编号，请使用上一页最后一件的编号。")
    rows = sql.run(
        f"""
        SELECT c.number, c.subject_name AS item, c.body_name AS body, c.outcome,
            c.received_at, c.accepted_at, c.decided_at, a.publicised_at
        {_RESULTS} AND (%(last)s::bigint IS NULL
            OR (a.publicised_at, c.id) < (%(at)s::timestamptz, %(last)s))
        ORDER BY a.publicised_at DESC, c.id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"limit": limit, "offset": offset, **(last or {"at": None, "last": None}), **_narrowed(asked)},
    )
    return [PublicResult(**row) for row in rows]


def published_names() -> list[tuple[str, str]]:
    """The items and bodies of published results, each pair once, by name."""
    rows = sql.run(
        f"SELECT DISTINCT c.subject_name AS item, c.body_name AS body FROM applications_application a "
        f"JOIN {casework.CASES} c ON c.id = a.case_id WHERE a.publicised_at IS NOT NULL ORDER BY 1, 2"
    )
    return [(row["item"], row["body"]) for row in rows]


def _narrowed(asked: ResultFilter) -> dict[str, Any]:
    """The filter as parameters; the words become the pairs of names they find."""
    found = [pair for pair in published_names() if is_found(asked.words, *pair)] if asked.words else []
    return {
        "item": asked.item,
        "body": asked.body,
        "words": asked.words,
        "number": "".join(asked.words.split()).upper(),
        "items": [item for item, _ in found],
        "bodies": [body for _, body in found],
        "from_on": asked.from_on,
        "to_on": asked.to_on,
    }


def _published(number: str) -> dict[str, Any] | None:
    return sql.run_one(
        "SELECT a.publicised_at AS at, c.id AS last FROM applications_application a "
        f"JOIN {casework.CASES} c ON c.id = a.case_id "
        "WHERE c.number = %(number)s AND a.publicised_at IS NOT NULL",
        {"number": number},
    )


def count_results(asked: ResultFilter = EVERY_RESULT) -> int:
    """How many results are published, of those asked for."""
    row = sql.run_one(f"SELECT count(*) AS n {_RESULTS}", _narrowed(asked))
    return int(row["n"]) if row else 0


def daily_figures(*, from_on: date, to_on: date) -> list[dict[str, Any]]:
    """Numbers of cases received, accepted and decided per day, for the portal; both days included."""
    return sql.run(
        f"""
        WITH span AS (SELECT %(from_on)s::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
            (%(to_on)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends),
        happened AS (
            SELECT what.name, (what.at AT TIME ZONE 'Asia/Shanghai')::date AS "on", count(*) AS n
            FROM span, {casework.CASES} c, LATERAL (VALUES ('received', c.received_at),
                ('accepted', c.accepted_at), ('decided', c.decided_at)) AS what (name, at)
            WHERE c.kind = 'application' AND what.at >= span.begins AND what.at < span.ends
            GROUP BY 1, 2
        )
        SELECT day::date AS "on",
            coalesce(sum(n) FILTER (WHERE name = 'received'), 0)::bigint AS received,
            coalesce(sum(n) FILTER (WHERE name = 'accepted'), 0)::bigint AS accepted,
            coalesce(sum(n) FILTER (WHERE name = 'decided'), 0)::bigint AS decided
        FROM generate_series(%(from_on)s::date, %(to_on)s::date, interval '1 day') AS day
        LEFT JOIN happened ON happened."on" = day::date GROUP BY day ORDER BY day
        """,
        {"from_on": from_on, "to_on": to_on},
    )


def without_opinion(entry: Entry) -> Entry:
    """An entry as the applicant is told it: what an examiner thinks is not the answer of the office, which
    the decision alone gives."""
    if entry.event != events.STEP_COMPLETED.name:
        return entry
    public = {name: said for name, said in entry.public.items() if name not in ("result", "result_label")}
    return replace(entry, sentence=f"完成“{entry.public.get('step_name', '')}”", public=public)


#: what a person can do once the case is over, by how it came out
_AFTERWARDS = {
    "granted": "结果已经送达，本件办结，请妥善保管。",
    "refused": "决定已经送达。不服的，可以在期限内申请行政复议或者起诉；具备条件后可以重新申请。",
    "not_needed": "这件事不需要办理。不服不予受理决定的，可以在期限内申请行政复议或者起诉。",
    "not_ours": "请向决定书写明的机关申请。不服不予受理决定的，可以在期限内申请行政复议或者起诉。",
    "withdrawn": "本件已经撤回，不再办理；需要办理的，可以重新申请。",
}


def next_step(snapshot: Snapshot, now: datetime) -> str:
    """What happens next, by whom and by when, in one sentence for the applicant."""
    statutory = next((d for d in snapshot.deadlines if d.key == "statutory" and d.is_open), None)
    promised = next((d for d in snapshot.deadlines if d.key == "promised" and d.is_open), statutory)
    acceptance = snapshot.deadline("acceptance")
    delivery = snapshot.deadline("delivery")
    paused = promised is not None and promised.state is Running.PAUSED
    match snapshot.state:
        case "received" if acceptance:
            return f"工作人员正在核对材料，最迟{chinese_date(acceptance.due_on)}告知您是否受理或需要补正。"
        case "supplementing":
            return "请按一次性告知书补齐材料后提交。您补正所用的时间不计入办理期限。"
        case "examining" | "deciding" if paused:
            return "正在进行依法不计入期限的程序，结束后继续计算办理期限。"
        case "examining" | "deciding" if promised:
            return f"正在审查，承诺{chinese_date(promised.due_on)}前办结。"
        case "granted" if delivery:
            return f"已准予，最迟{chinese_date(delivery.due_on)}向您送达结果。"
        case "refused" if snapshot.decided_at:
            on = chinese_date(moments.today(snapshot.decided_at))
            return f"{on}已作出不予决定，请留意送达；不服的，可以在期限内申请行政复议或者起诉。"
        case "granted":
            return "决定已经作出，请留意送达。"
    return _AFTERWARDS.get(snapshot.outcome, "本件已经终结。")
