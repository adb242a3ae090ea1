"""A stretch of the log as the audit looks at it: entries made into leaves again, private parts opened."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection

from liuquan.journal import events, keys, shelf
from liuquan.journal.actions.entries import PRIVATE_PURPOSE
from liuquan.journal.judging import Place, Problem, judge_tile
from liuquan.journal.leaves import COLUMNS, EntryRow, Keyed, as_in_a_leaf, commitment_of, content_of
from liuquan.journal.log_files import LogFiles
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import Refusal
from liuquan.merkle import WIDTH, Tile

STRETCH: Final = 64 * WIDTH  #: leaves looked at in one go
_ROWS: Final = (
    f'SELECT l.position, l.leaf_hash, l.secret, {COLUMNS}, l.has_private, p.salt, p."values" '
    "FROM journal_leaf l LEFT JOIN journal_entry e ON e.id = l.entry_id "
    "LEFT JOIN journal_private p ON p.entry_id = l.entry_id "
    "WHERE l.position >= %s AND l.position < %s ORDER BY l.position"
)
_WITHOUT_ENTRY: Final = """
SELECT e.number::text AS number FROM journal_entry e
WHERE e.number = ANY(%(numbers)s::uuid[]) AND NOT EXISTS (
    SELECT 1 FROM journal_entry x WHERE x.subject = e.subject AND x.event = %(erased)s
        AND x.public -> 'entries' ? e.number::text
)
"""
#: An entry recorded earlier than this before the head that was signed ahead of it is back-dated: its
#: transaction would have been open all that time.
BACK_DATED: Final = "1 hour"
_LIMITS: Final = f"""
SELECT before, CASE WHEN recorded_at < before_at THEN ''
    ELSE {as_in_a_leaf(f"(before_at - interval '{BACK_DATED}')")} END AS moment
FROM (
    SELECT recorded_at, lag(size) OVER w AS before, lag(recorded_at) OVER w AS before_at
    FROM journal_checkpoint WINDOW w AS (ORDER BY size)
) AS heads
WHERE before IS NOT NULL ORDER BY before
"""


class Limits(NamedTuple):
    """From which place on entries may not claim to be recorded before which moment (text as in a leaf)."""

    places: list[int]
    moments: list[str]

    def between(self, start: int, end: int) -> Limits:
        """Those that matter for a stretch."""
        low, high = max(bisect_right(self.places, start) - 1, 0), bisect_left(self.places, end)
        return Limits(self.places[low:high], self.moments[low:high])


@dataclass(frozen=True)
class Stretch:
    """What was found: the hashes as signed, for the heads and the tiles above."""

    hashes: bytes
    problems: list[Problem]
    private_parts: int


def limits_of() -> Limits:
    """The limits that the signed heads set. Where the database's clock was set back between two heads (the
    later one is recorded earlier), the entries between them set no alarm."""
    rows = sql.run(_LIMITS)
    return Limits([row["before"] for row in rows], [row["moment"] for row in rows])


def judge_stretch(root: Path, asked: tuple[int, int, Limits]) -> Stretch:
    """Look at the places from start up to end."""
    start, end, limits = asked
    reading = _Reading(start, end, limits)
    reading.read()
    files, hashed = LogFiles(root), keys.tree_hash()
    problems: list[Problem] = []
    hashes: list[bytes] = []
    for place in range(start, end, WIDTH):
        tile = Tile(0, place // WIDTH, min(WIDTH, end - place))
        places = reading.places[place - start : place - start + tile.width]
        signed, found = judge_tile(hashed, tile, places, files.tile(tile), files.bundle(tile))
        hashes.append(signed)
        problems += found
    problems += [*reading.problems, *reading.silently_erased()]
    return Stretch(b"".join(hashes), problems, reading.private_parts)


class _Reading:
    """The rows of a stretch, each made into its leaf."""

    def __init__(self, start: int, end: int, limits: Limits) -> None:
        self.start, self.end, self.limits = start, end, limits
        self.places = [Place()] * (end - start)
        self.problems: list[Problem] = []
        self.private_parts = 0
        self._keyed: dict[int, tuple[Keyed, Keyed]] = {}
        self._pseudonyms: dict[tuple[int, str], str] = {}
        self._bare: dict[str, int] = {}

    def read(self) -> None:
        """Read the rows and look at each."""
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [self.start, self.end])
            moments = self._moments()
            for position, stored, secret, *columns, salt, private in cursor.fetchall():
                if columns[0] is None:
                    self.places[position - self.start] = Place(None, bytes(stored))
                    continue
                row = EntryRow(*columns)
                self.places[position - self.start] = Place(self._content(row, secret), bytes(stored))
                if row.recorded_at < moments[position - self.start]:
                    self._say(position, row, "是倒签的：它自称的入册时刻早于此前已签署的检查点一小时以上")
                if private is not None:
                    self._open(position, row, salt, private)
                elif row.has_private:
                    self._bare[row.number] = position

    def silently_erased(self) -> Iterator[Problem]:
        """Private parts that are gone without the entry of their erasure."""
        if not self._bare:
            return
        for row in sql.run(
            _WITHOUT_ENTRY, {"numbers": list(self._bare), "erased": events.PRIVATE_ERASED.name}
        ):
            position = self._bare[row["number"]]
            yield Problem(
                position,
                f"第 {position + 1} 位（{row['number']}）的非公开内容已被删除，却没有删除的记录。",
                row["number"],
            )

    def _moments(self) -> list[str]:
        """For each place of the stretch the earliest moment it may claim."""
        found, place = [], self.start
        bounds = [*self.limits.places[1:], self.end]
        for bound, moment in zip(bounds, self.limits.moments, strict=False):
            if place < self.limits.places[0]:
                found += [""] * (min(self.limits.places[0], self.end) - place)
                place = self.start + len(found)
            found += [moment] * (min(bound, self.end) - place)
            place = self.start + len(found)
        return found + [""] * (self.end - self.start - len(found))

    def _content(self, row: EntryRow, secret: int) -> bytes:
        if secret not in self._keyed:
            self._keyed[secret] = shelf.keyed(secret)
        subject, salt = self._keyed[secret]
        pseudonym = self._pseudonyms.get((secret, row.subject))
        if pseudonym is None:
            pseudonym = self._pseudonyms[secret, row.subject] = subject(row.subject).hex()
        return content_of(row, pseudonym, salt)

    def _open(self, position: int, row: EntryRow, salt: Any, private: Any) -> None:
        """The private part opens the commitment that stands in the entry."""
        self.private_parts += 1
        try:
            text = secrecy.decrypt(private, purpose=PRIVATE_PURPOSE)
        except Refusal as refusal:
            self._say(position, row, f"的非公开内容打不开：{refusal.sentence}")
            return
        if commitment_of(text, bytes(salt)).hex() != row.private:
            self._say(position, row, "的非公开内容与入册时的承诺值不符：被改动过")

    def _say(self, position: int, row: EntryRow, what: str) -> None:
        named = f"第 {position + 1} 位（{row.number}，{row.event}，入册于 {row.recorded_at}）"
        self.problems.append(Problem(position, f"{named}{what.rstrip('。')}。", row.number))
