"""Who opened what: the entries of those events that are openings of sensitive values (`Event.reads`)."""

from __future__ import annotations

from typing import Any

from liuquan.journal.record import vocabulary
from liuquan.journal.record.queries import COLUMNS, entry_from
from liuquan.journal.record.types import Entry, ReadingCount, ReadingFilter
from liuquan.kernel import sql

_WHERE = """
FROM journal_entry WHERE event = ANY(%(events)s) AND right(event, 7) = '_opened'
    AND (%(from_at)s::timestamptz IS NULL OR effective_at >= %(from_at)s)
    AND (%(to_at)s::timestamptz IS NULL OR effective_at < %(to_at)s)
    AND (%(bodies)s::text[] IS NULL OR body_code = ANY(%(bodies)s))
    AND (%(post)s = '' OR post_code = %(post)s)
    AND (%(subject)s = '' OR subject = %(subject)s)
    AND (%(staff_only)s IS FALSE OR actor_kind = 'staff')
"""


def reading_events() -> frozenset[str]:
    """The names of the events that are openings of sensitive values."""
    return frozenset(name for name, event in vocabulary.vocabulary().items() if event.reads)


def readings(asked: ReadingFilter, *, offset: int = 0, limit: int = 50) -> list[Entry]:
    """Openings, the newest first. Their open part holds no personal datum; the caller decides who may ask."""
    rows = sql.run(
        f"SELECT {COLUMNS} {_WHERE} ORDER BY effective_at DESC, id DESC OFFSET %(offset)s LIMIT %(limit)s",
        _params(asked) | {"offset": offset, "limit": limit},
    )
    return [entry_from(row) for row in rows]


def count_readings(asked: ReadingFilter) -> int:
    """How many openings there are."""
    row = sql.run_one(f"SELECT count(*) AS n {_WHERE}", _params(asked))
    return int(row["n"]) if row else 0


def opened_words(entry: Entry) -> str:
    """What an opening opened, in words."""
    return vocabulary.opened(entry.event, entry.public)


def readings_by_post(asked: ReadingFilter) -> list[ReadingCount]:
    """How often each post opened something, the most first, and how many records (cases …) that were."""
    rows = sql.run(
        f"SELECT body_code, post_code, count(*) AS times, count(DISTINCT subject) AS subjects {_WHERE} "
        "GROUP BY body_code, post_code ORDER BY times DESC, body_code, post_code",
        _params(asked),
    )
    return [ReadingCount(**row) for row in rows]


def reading(number: str) -> Entry | None:
    """One opening by the number of its entry; nothing when it is no opening."""
    rows = sql.run(
        f"SELECT {COLUMNS} FROM journal_entry WHERE number::text = %(number)s AND event = ANY(%(events)s)",
        {"number": number, "events": sorted(reading_events())},
    )
    return entry_from(rows[0]) if rows else None


def _params(asked: ReadingFilter) -> dict[str, Any]:
    return {
        "events": sorted(reading_events()),
        "from_at": asked.from_at,
        "to_at": asked.to_at,
        "bodies": None if asked.bodies is None else sorted(asked.bodies),
        "post": asked.post,
        "subject": asked.subject,
        "staff_only": asked.staff_only,
    }
