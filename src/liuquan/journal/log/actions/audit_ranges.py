"""The audit of one range of places: leaves computed again from the entries, private parts opened."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection

from liuquan.journal.log import keys, stored_leaves
from liuquan.journal.log.audit_rules import DatabaseLeaf, Problem, check_sources
from liuquan.journal.log.files import LogFiles
from liuquan.journal.log.leaves import (
    ENTRY_COLUMNS,
    EntryRow,
    KeyedHash,
    commitment_of,
    content_of,
    moment_in_leaf,
)
from liuquan.journal.record.actions.entries import PRIVATE_PURPOSE
from liuquan.journal.record.events import PRIVATE_ERASED
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import Refusal
from liuquan.merkle import WIDTH, Tile

RANGE_LEAVES: Final = 64 * WIDTH  #: leaves audited in one piece of work
_ROWS: Final = (
    f'SELECT l.position, l.leaf_hash, l.secret, {ENTRY_COLUMNS}, l.has_private, p.salt, p."values" '
    "FROM journal_leaf l LEFT JOIN journal_entry e ON e.id = l.entry_id "
    "LEFT JOIN journal_private p ON p.entry_id = l.entry_id "
    "WHERE l.position >= %s AND l.position < %s ORDER BY l.position"
)
_ERASED_WITHOUT_ENTRY: Final = """
SELECT e.number::text AS number FROM journal_entry e
WHERE e.number = ANY(%(numbers)s::uuid[]) AND NOT EXISTS (
    SELECT 1 FROM journal_entry x WHERE x.subject = e.subject AND x.event = %(erased)s
        AND x.public -> 'entries' ? e.number::text
)
"""
#: An entry recorded earlier than this before the head that was signed ahead of it is back-dated: its
#: transaction would have been open all that time.
BACK_DATED: Final = "1 hour"
_RECORDING_LIMITS: Final = f"""
SELECT before, CASE WHEN recorded_at < before_at THEN ''
    ELSE {moment_in_leaf(f"(before_at - interval '{BACK_DATED}')")} END AS moment
FROM (
    SELECT recorded_at, lag(size) OVER w AS before, lag(recorded_at) OVER w AS before_at
    FROM journal_checkpoint WINDOW w AS (ORDER BY size)
) AS heads
WHERE before IS NOT NULL ORDER BY before
"""


class RecordingLimits(NamedTuple):
    """From which place on entries may not claim to be recorded before which moment (as a leaf writes it)."""

    places: list[int]
    moments: list[str]

    def between(self, start: int, end: int) -> RecordingLimits:
        """Those that apply to a range of places."""
        low, high = max(bisect_right(self.places, start) - 1, 0), bisect_left(self.places, end)
        return RecordingLimits(self.places[low:high], self.moments[low:high])


@dataclass(frozen=True)
class AuditedRange:
    """What the audit found in a range: `hashes` as they were signed, for the heads and the tiles above."""

    hashes: bytes
    problems: list[Problem]
    private_parts: int


def recording_limits() -> RecordingLimits:
    """The limits that the signed heads set. Where the database's clock was set back between two heads (the
    later one is recorded earlier), no entry between them is reported."""
    rows = sql.run(_RECORDING_LIMITS)
    return RecordingLimits([row["before"] for row in rows], [row["moment"] for row in rows])


def audit_range(root: Path, work: tuple[int, int, RecordingLimits]) -> AuditedRange:
    """Audit the places from start up to end (`work`: start, end, and the limits that apply there)."""
    start, end, limits = work
    reader = _RangeReader(start, end, limits)
    reader.read()
    files, tree_hash = LogFiles(root), keys.tree_hash()
    problems: list[Problem] = []
    hashes: list[bytes] = []
    for place in range(start, end, WIDTH):
        tile = Tile(0, place // WIDTH, min(WIDTH, end - place))
        places = reader.places[place - start : place - start + tile.width]
        signed, found = check_sources(tree_hash, tile, places, files.tile(tile), files.bundle(tile))
        hashes.append(signed)
        problems += found
    problems += [*reader.problems, *reader.erased_without_entry()]
    return AuditedRange(b"".join(hashes), problems, reader.private_parts)


class _RangeReader:
    """The rows of a range, and the leaf computed from each."""

    def __init__(self, start: int, end: int, limits: RecordingLimits) -> None:
        self.start, self.end, self.limits = start, end, limits
        self.places = [DatabaseLeaf()] * (end - start)
        self.problems: list[Problem] = []
        self.private_parts = 0
        self._keyed_hashes: dict[int, tuple[KeyedHash, KeyedHash]] = {}
        self._pseudonyms: dict[tuple[int, str], str] = {}
        self._without_private_part: dict[str, int] = {}

    def read(self) -> None:
        """Read the rows and check each."""
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [self.start, self.end])
            moments = self._moments()
            for position, stored, secret, *columns, salt, private in cursor.fetchall():
                if columns[0] is None:
                    self.places[position - self.start] = DatabaseLeaf(None, bytes(stored))
                    continue
                row = EntryRow(*columns)
                self.places[position - self.start] = DatabaseLeaf(self._content(row, secret), bytes(stored))
                if row.recorded_at < moments[position - self.start]:
                    self._add(position, row, "是倒签的：它自称的入册时刻早于此前已签署的检查点一小时以上")
                if private is not None:
                    self._check_private_part(position, row, salt, private)
                elif row.has_private:
                    self._without_private_part[row.number] = position

    def erased_without_entry(self) -> Iterator[Problem]:
        """Private parts that are gone without the entry of their erasure."""
        if not self._without_private_part:
            return
        for row in sql.run(
            _ERASED_WITHOUT_ENTRY,
            {"numbers": list(self._without_private_part), "erased": PRIVATE_ERASED.name},
        ):
            position = self._without_private_part[row["number"]]
            yield Problem(
                position,
                f"第 {position + 1} 位（{row['number']}）的非公开内容已被删除，却没有删除的记录。",
                row["number"],
            )

    def _moments(self) -> list[str]:
        """For each place of the range the earliest moment it may claim."""
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
        if secret not in self._keyed_hashes:
            self._keyed_hashes[secret] = stored_leaves.pseudonyms_and_salts(secret)
        subject, salt = self._keyed_hashes[secret]
        pseudonym = self._pseudonyms.get((secret, row.subject))
        if pseudonym is None:
            pseudonym = self._pseudonyms[secret, row.subject] = subject(row.subject).hex()
        return content_of(row, pseudonym, salt)

    def _check_private_part(self, position: int, row: EntryRow, salt: Any, private: Any) -> None:
        """The private part opens the commitment in the entry."""
        self.private_parts += 1
        try:
            text = secrecy.decrypt(private, purpose=PRIVATE_PURPOSE)
        except Refusal as refusal:
            self._add(position, row, f"的非公开内容打不开：{refusal.sentence}")
            return
        if commitment_of(text, bytes(salt)).hex() != row.private:
            self._add(position, row, "的非公开内容与入册时的承诺值不符：被改动过")

    def _add(self, position: int, row: EntryRow, what: str) -> None:
        identity = f"第 {position + 1} 位（{row.number}，{row.event}，入册于 {row.recorded_at}）"
        self.problems.append(Problem(position, f"{identity}{what.rstrip('。')}。", row.number))
