"""What anybody may read of the hotline: open requests without their words, and published answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from liuquan.casework import queries as cases
from liuquan.hotline import models
from liuquan.hotline.queries import catalogue
from liuquan.hotline.terms import HANDLING_CLOCK
from liuquan.hotline.texts import bands
from liuquan.hotline.types import Inlet, OpenRequest, Publication, RequestKind, ShownRequest
from liuquan.kernel import sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation

SINCE: Final = timedelta(days=60)  #: how long an open request is offered to be joined
LEAST_BANDS: Final = 2  #: in common, so that a few shared words are no likeness
_SHOWN: Final = f"""
SELECT c.number, c.body_name, c.state, c.closed_at, c.decided_at, t.class_code, c.subject_name,
    t.division, t.received_at, k.name AS filed, p.question, p.answer, d.due_at
FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
LEFT JOIN hotline_class k ON k.code = t.class_code
LEFT JOIN hotline_publication p ON p.case_id = t.case_id AND p.withdrawn_at IS NULL
LEFT JOIN LATERAL (SELECT max(l.due_at) AS due_at FROM {cases.DEADLINES} l
    WHERE l.case_id = t.case_id AND l.key = %(clock)s) d ON true
WHERE t.received_at >= %(from)s AND t.received_at <= %(to)s
    AND (t.may_publish OR t.inlet = %(app)s) AND t.identity <> 'confidential'
    AND t.request_kind <> %(report)s
    AND (%(all)s OR c.number = ANY(%(numbers)s::text[]))
    AND (%(any_class)s OR t.class_code = ANY(%(classes)s::text[]))
    AND (CASE WHEN c.closed_at IS NULL THEN 'open' ELSE 'closed' END) = ANY(%(statuses)s::text[])
ORDER BY t.received_at DESC, t.case_id DESC LIMIT %(limit)s
"""
_LIKE_MARKS: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def open_requests(text: str, place: str, *, now: datetime, limit: int = 3) -> tuple[OpenRequest, ...]:
    """Open requests that say nearly the same, the most alike first. Nothing tells of a confidential one, nor
    of a report: whoever asks might be the one reported. Cites: 信访工作条例 第三十条"""
    found = bands(f"{text}{place}")
    if not found:
        return ()
    rows = sql.run(
        f"""
        SELECT c.number, c.body_name, c.state, t.class_code, c.subject_name, t.division, t.received_at,
            k.name AS filed, (SELECT count(*) FROM hotline_ticket j WHERE j.into_id = t.case_id) AS joined,
            (SELECT count(*) FROM jsonb_array_elements_text(t.bands) b WHERE b = ANY(%(bands)s::text[])) AS n
        FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        LEFT JOIN hotline_class k ON k.code = t.class_code
        WHERE t.is_open AND t.bands ?| %(bands)s::text[] AND c.decided_at IS NULL
            AND t.received_at >= %(since)s AND t.identity <> 'confidential' AND t.request_kind <> %(report)s
        ORDER BY n DESC, t.received_at LIMIT %(limit)s
        """,
        {"bands": found, "since": now - SINCE, "report": RequestKind.REPORT.value, "limit": limit},
    )
    names = _division_names()
    return tuple(
        OpenRequest(
            number=row["number"],
            class_name=row["filed"] or row["subject_name"],
            division_name=names.get(row["division"], ""),
            body_name=row["body_name"],
            state="正在派单" if row["state"] == "registered" else "正在办理",
            received_at=row["received_at"],
            joined=row["joined"],
        )
        for row in rows
        if row["n"] >= LEAST_BANDS
    )


def shown_requests(
    *,
    from_at: datetime,
    to_at: datetime,
    numbers: Sequence[str] = (),
    class_codes: Sequence[str] = (),
    statuses: Collection[str] = ("open", "closed"),
    limit: int,
) -> tuple[ShownRequest, ...]:
    """Requests registered between two moments that other systems may list, the newest first: those whose
    requester agreed to publication and those that came in by an app; no confidential one, no report."""
    rows = sql.run(
        _SHOWN,
        {
            "from": from_at,
            "to": to_at,
            "clock": HANDLING_CLOCK,
            "app": Inlet.APP.value,
            "report": RequestKind.REPORT.value,
            "all": not numbers,
            "numbers": list(numbers),
            "any_class": not class_codes,
            "classes": list(class_codes),
            "statuses": list(statuses),
            "limit": limit,
        },
    )
    names = _division_names()
    return tuple(_shown(row, names) for row in rows)


def _shown(row: Mapping[str, Any], names: Mapping[str, str]) -> ShownRequest:
    ended = "已办结" if row["closed_at"] else "已答复" if row["decided_at"] else ""
    return ShownRequest(
        number=row["number"],
        class_code=row["class_code"],
        class_name=row["filed"] or row["subject_name"],
        division=row["division"],
        division_name=names.get(row["division"], ""),
        body_name=row["body_name"],
        state=ended or ("正在派单" if row["state"] == "registered" else "正在办理"),
        is_closed=row["closed_at"] is not None,
        received_at=row["received_at"],
        updated_at=row["closed_at"] or row["decided_at"] or row["received_at"],
        expected_at=row["due_at"],
        question=row["question"] or "",
        answer=row["answer"] or "",
    )


def count_answers(*, words: str = "", class_code: str = "", division: str = "") -> int:
    """How many answers are published, narrowed as in `answers`."""
    condition, values = _narrowed(words, class_code, division)
    row = sql.run_one(f"SELECT count(*) AS n FROM hotline_publication p WHERE {condition}", values)
    return int(row["n"]) if row else 0


def answers(
    *, words: str = "", class_code: str = "", division: str = "", limit: int = 20, offset: int = 0
) -> tuple[Publication, ...]:
    """Published answers, the newest first. `words`: all stand in question or answer. `class_code`: with the
    classes below it. `division`: with those below it."""
    condition, values = _narrowed(words, class_code, division)
    rows = sql.run(
        f"SELECT p.* FROM hotline_publication p WHERE {condition} "
        "ORDER BY p.published_at DESC, p.id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {**values, "limit": limit, "offset": offset},
    )
    names = _division_names()
    return tuple(_publication(row, names) for row in rows)


def answer(key: int) -> Publication:
    """One published answer. Refuses (404) one that never was or was taken back."""
    row = models.Publication.objects.filter(pk=key, withdrawn_at=None).values().first()
    if row is None:
        raise NotVisible("没有这条公开的答复，或者已经撤下，请回到列表查找。")
    return _publication(row, _division_names())


def _narrowed(words: str, class_code: str, division: str) -> tuple[str, dict[str, Any]]:
    parts, values = ["p.withdrawn_at IS NULL"], dict[str, Any]()
    for at, word in enumerate(words.split()[:5]):
        parts.append(f"(p.question || ' ' || p.answer) ILIKE %(word{at})s")
        values[f"word{at}"] = f"%{word.translate(_LIKE_MARKS)}%"
    if class_code:
        parts.append(
            "(p.class_code = %(class)s OR p.class_code IN "
            "(SELECT k.code FROM hotline_class k WHERE k.parent = %(class)s))"
        )
        values["class"] = class_code
    if division:
        parts.append("p.division LIKE %(division)s")
        values["division"] = f"{catalogue.prefix_of(division).translate(_LIKE_MARKS)}%"
    return " AND ".join(parts), values


def _publication(row: Mapping[str, Any], names: Mapping[str, str]) -> Publication:
    return Publication(
        key=row["id"],
        question=row["question"],
        answer=row["answer"],
        class_code=row["class_code"],
        class_name=row["class_name"],
        division=row["division"],
        division_name=names.get(row["division"], ""),
        body_name=row["body_name"],
        received_at=row["received_at"],
        published_at=row["published_at"],
    )


def _division_names() -> dict[str, str]:
    return {one.code: one.name for one in organisation.divisions()}
