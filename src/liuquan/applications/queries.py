"""Reading applications: facts for the engine, the case page, following a case without an account, results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from liuquan.applications.papers import PAPERS
from liuquan.applications.types import CasePage, Clock, IssuedPaper, Material, PublicResult, Track
from liuquan.casework import queries as casework
from liuquan.casework.types import Data, DeadlineView, Facts, Running, Snapshot, notice_record
from liuquan.clock import chinese_date, explanation_text
from liuquan.identifiers import IdentifierError, parse_verify_code
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible, WrongState
from liuquan.merkle import Receipt
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, Colleague

CLOCK_LABELS = {
    "acceptance": "受理期限",
    "statutory": "法定期限",
    "promised": "承诺期限",
    "step": "环节时限",
    "delivery": "送达期限",
    "publicity": "公示期限",
}
_NEEDS_MATERIALS = frozenset({"accept", "accept_corrected", "notify_supplement"})

_FACTS = """
SELECT (SELECT array_agg(DISTINCT key) FROM applications_material WHERE case_id = %(id)s) AS received,
    (SELECT jsonb_agg(items) FROM applications_supplement WHERE case_id = %(id)s) AS noticed,
    (SELECT array_agg(DISTINCT m.key) FROM applications_material m
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
    return {}


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


def materials(snapshot: Snapshot) -> list[Material]:
    """The item's list with what has arrived of it."""
    rows = sql.run(
        "SELECT key, way, file::text AS file, received_at FROM applications_material "
        "WHERE case_id = %(id)s ORDER BY id",
        {"id": snapshot.id},
    )
    arrived: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        arrived.setdefault(row["key"], []).append(row)
    return [
        Material(
            key=m["key"],
            name=m["name"],
            necessity=m["necessity"],
            accept_standard=m["accept_standard"],
            received=m["key"] in arrived,
            files=tuple(r["file"] for r in arrived.get(m["key"], ()) if r["file"]),
        )
        for m in snapshot.terms.extra["materials"]
    ]


def clocks(snapshot: Snapshot, *, now: datetime) -> list[Clock]:
    """Every clock of the case with its lamp and its day-by-day explanation; open ones first."""
    ordered = sorted(snapshot.deadlines, key=lambda d: (not d.is_open, d.due_at))
    return [_clock(snapshot, view, now) for view in ordered]


def case_page(number: str, *, by: Actor, now: datetime) -> CasePage:
    """The case as its handlers see it, without names: those are opened by `actions.open_case_file`."""
    snapshot = casework.visible(number, by=by)
    entries = casework.timeline(snapshot, by=by)
    reads = journal.reading_events()  # an audit trail of their own, not part of what happened
    return CasePage(
        snapshot=snapshot,
        state_label=casework.procedure_of(snapshot).state(snapshot.state).label,
        offers=tuple(casework.offers(snapshot, by=by, now=now)),
        clocks=tuple(clocks(snapshot, now=now)),
        timeline=tuple(e for e in entries if e.event not in reads),
        readings=tuple(e for e in entries if e.event in reads),
        materials=tuple(materials(snapshot)),
        notices=tuple(casework.notices(number)),
    )


def track(number: str, code: str, *, now: datetime) -> Track:
    """What anybody who holds the slip may see: state, dates, next step, papers; no names.

    A wrong code is answered exactly like an unknown number, so that guessing reveals nothing (404).
    """
    unknown = NotVisible("编号和查询码对不上，请照回执单上的内容重新填写。", code="track_mismatch")
    if not casework.query_code_fits(number, code):
        raise unknown
    try:
        snapshot = casework.read(number)
    except NotVisible:
        raise unknown from None
    return public_track(snapshot, now=now)


def public_track(snapshot: Snapshot, *, now: datetime) -> Track:
    """The same for those who have proven that the case is theirs."""
    procedure = casework.procedure_of(snapshot)
    state = procedure.state(snapshot.state)
    reads = journal.reading_events()
    entries = [e for e in journal.entries_of(snapshot.number) if e.event not in reads]
    notified = next((e for e in reversed(entries) if e.event == "application.supplement_notified"), None)
    asked = set(notified.public.get("items", ())) if notified and snapshot.state == "supplementing" else set()
    return Track(
        snapshot=snapshot,
        state_label=state.label,
        next_step=_next_step(snapshot, now),
        clocks=tuple(c for c in clocks(snapshot, now=now) if c.view.is_open and c.view.key != "step"),
        timeline=tuple(filter(is_public, entries)),
        notices=tuple(casework.notices(snapshot.number)),
        asked=tuple(m for m in materials(snapshot) if m.key in asked),
        code=casework.query_code(snapshot.number),
    )


def results(*, limit: int = 50, after: str = "", offset: int = 0) -> list[PublicResult]:
    """Results published on the portal, newest first: free to read for anyone, without names (GUIDE-09).

    `after`: the number of a published case; the results published before it follow. Refuses any other number
    (404).
    """
    last = _published(after) if after else None
    if after and last is None:
        raise NotVisible("“after”应为已经公示的办件编号，请使用上一页最后一件的编号。")
    rows = sql.run(
        f"""
        SELECT c.number, c.subject_name AS item, c.extra->>'body_name' AS body, c.outcome,
            c.received_at, c.accepted_at, c.decided_at, a.publicised_at
        FROM applications_application a JOIN {casework.CASES} c ON c.id = a.case_id
        WHERE a.publicised_at IS NOT NULL AND (%(last)s::bigint IS NULL
            OR (a.publicised_at, c.id) < (%(at)s::timestamptz, %(last)s))
        ORDER BY a.publicised_at DESC, c.id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"limit": limit, "offset": offset, **(last or {"at": None, "last": None})},
    )
    return [PublicResult(**row) for row in rows]


def _published(number: str) -> dict[str, Any] | None:
    return sql.run_one(
        "SELECT a.publicised_at AS at, c.id AS last FROM applications_application a "
        f"JOIN {casework.CASES} c ON c.id = a.case_id "
        "WHERE c.number = %(number)s AND a.publicised_at IS NOT NULL",
        {"number": number},
    )


def count_results() -> int:
    """How many results are published."""
    row = sql.run_one("SELECT count(*) AS n FROM applications_application WHERE publicised_at IS NOT NULL")
    return int(row["n"]) if row else 0


def issued_paper(short_code: str) -> IssuedPaper:
    """The paper with this verify code: which, whose, when, and the hash of its bytes; no names.

    Anyone may ask. Refuses an unknown code (404), a mistyped one with what is wrong about it.

    Cites: 行政许可法 第三十二条, 电子签名法 第八条
    """
    row = sql.run_one(
        f"""
        SELECT n.number, n.kind, n.entry, n.sha256, n.issued_at, c.number AS "case",
            c.extra->>'body_name' AS body, c.subject_name AS item
        FROM {casework.NOTICES} n JOIN {casework.CASES} c ON c.id = n.case_id
        WHERE n.short_code = %(code)s ORDER BY n.id LIMIT 1
        """,
        {"code": short_code},
    )
    if row is None or row["kind"] not in PAPERS:
        try:
            parse_verify_code(short_code)
        except IdentifierError as mistyped:
            raise NotVisible(mistyped.sentence, code="verify_code_mistyped") from mistyped
        raise NotVisible("没有签发过这个核验码的文书，请对照文书下方重新填写；仍查不到的，请向签发机关核实。")
    kind, entry = row.pop("kind"), row.pop("entry")
    return IssuedPaper(title=PAPERS[kind].title, record=notice_record(entry, kind), **row)


def paper_receipt(record: UUID) -> Receipt:
    """The receipt of a paper, from the entry that issued it. Refuses (409) while that is not yet sealed."""
    receipt = journal.receipt_of(record)
    if receipt is None:
        raise WrongState(
            "这份文书刚签发，正在写入公开日志，请过一分钟再下载核验凭证；一直没有的，请向签发机关核实。",
            code="not_sealed",
        )
    return receipt


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


def _clock(snapshot: Snapshot, view: DeadlineView, now: datetime) -> Clock:
    # a paused clock is shown as if it resumed today; its last day relies on the announced end
    until = moments.today(now) if view.state is Running.PAUSED else None
    explained = casework.explanation(snapshot, view, until=until)
    step = snapshot.step(view.step)
    label = CLOCK_LABELS.get(view.key, view.key) + (f"({step.name})" if step else "")
    return Clock(
        view=view,
        label=label,
        lamp=casework.lamp(view, now=now),
        explained=explained,
        text=explanation_text(explained),
        limit_text=explained.limit.text,
        citations=explained.limit.citations,
        over=view.state is Running.MET and view.met_at is not None and view.met_at >= view.due_at,
    )


def _next_step(snapshot: Snapshot, now: datetime) -> str:
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
        case "granted" | "refused":
            return "决定已经作出，请留意送达。"
    return "本件已经终结。"


def is_public(entry: Entry) -> bool:
    """Whether the holder of the slip sees this entry: acts on the case, and papers."""
    return entry.event.startswith("application.") or entry.event == "casework.notice_issued"
