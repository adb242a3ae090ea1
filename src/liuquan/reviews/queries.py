"""What may be read of reviews: by the holder of a slip of their own, by everybody the figures."""

from __future__ import annotations

from datetime import date, datetime

from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.reviews import models
from liuquan.reviews.types import Figures, Grade, LocalLimit, Service

_SERVICES = f"""
SELECT s.entry, s.number, s.label, s.body_name, s.happened_at, r.grade, r.given_at, c.number AS rectification
FROM reviews_service s LEFT JOIN reviews_review r ON r.service_id = s.id
LEFT JOIN reviews_rectification x ON x.review_id = r.id LEFT JOIN {cases.CASES} c ON c.id = x.case_id
"""


def services(number: str) -> tuple[Service, ...]:
    """The service events of a case, the newest first; the caller has shown its slip."""
    rows = sql.run(f"{_SERVICES} WHERE s.number = %(number)s ORDER BY s.happened_at DESC", {"number": number})
    return tuple(_service(row) for row in rows)


def unreviewed(*, from_at: datetime, to_at: datetime) -> tuple[Service, ...]:
    """The service events between two moments of which nobody said anything, in their order."""
    rows = sql.run(
        f"{_SERVICES} WHERE r.id IS NULL AND s.happened_at >= %(from)s AND s.happened_at < %(to)s "
        "ORDER BY s.happened_at, s.number",
        {"from": from_at, "to": to_at},
    )
    return tuple(_service(row) for row in rows)


def _service(row: sql.Row) -> Service:
    return Service(
        entry=str(row["entry"]),
        number=row["number"],
        label=row["label"],
        body_name=row["body_name"],
        happened_at=row["happened_at"],
        grade=Grade(row["grade"]) if row["grade"] else None,
        given_at=row["given_at"],
        rectification=row["rectification"] or "",
    )


def service(number: str, entry: str) -> Service | None:
    """One service event of this case and of no other."""
    return next((one for one in services(number) if one.entry == entry), None)


def figures(*, from_at: datetime, to_at: datetime) -> tuple[Figures, ...]:
    """How the services of each body between two moments were reviewed, and how many nobody reviewed."""
    rows = sql.run(
        f"""
        SELECT s.body_code, max(s.body_name) AS body_name, count(*) AS services,
            count(*) FILTER (WHERE r.grade >= 3) AS good, count(*) FILTER (WHERE r.grade <= 2) AS bad,
            count(*) FILTER (WHERE r.id IS NULL) AS silent,
            count(*) FILTER (WHERE c.closed_at IS NOT NULL) AS rectified
        FROM reviews_service s LEFT JOIN reviews_review r ON r.service_id = s.id
        LEFT JOIN reviews_rectification x ON x.review_id = r.id LEFT JOIN {cases.CASES} c ON c.id = x.case_id
        WHERE s.happened_at >= %(from)s AND s.happened_at < %(to)s
        GROUP BY s.body_code ORDER BY s.body_code
        """,
        {"from": from_at, "to": to_at},
    )
    return tuple(Figures(**row) for row in rows)


def limits(*, on: date) -> tuple[LocalLimit, ...]:
    """The limits in force on this day, the newest of each."""
    rows = models.LocalLimit.objects.filter(from_on__lte=on).order_by("from_on")
    found = {row.key: LocalLimit(row.key, row.amount, row.unit, row.place, row.from_on) for row in rows}
    return tuple(found.values())
