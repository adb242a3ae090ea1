"""The audit: the whole log computed again from the database, and compared with what was published.

Every leaf from its entry, with the stored hash, the tiles and the bundles; every tile above; every signed
head as the beginning of the next; every private part that still exists with its commitment; the published
checkpoint and entries without a leaf (`audit_checkpoints`); the register of keys (`audit_register`). Its
outcome is itself an entry.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

import django
from django.db import connection

from liuquan.journal.log import audit_checkpoints, audit_register, events, keys, stored_leaves
from liuquan.journal.log.actions.audit_ranges import RANGE_LEAVES, AuditedRange, audit_range, recording_limits
from liuquan.journal.log.audit_rules import Problem, damaged_tile
from liuquan.journal.log.files import LogFiles, log_files
from liuquan.journal.log.types import AuditReport, CheckpointView
from liuquan.journal.record.actions.entries import append_durably
from liuquan.journal.record.types import NewEntry
from liuquan.kernel import sql
from liuquan.merkle import HASH_BYTES, Edge, RecordError, Tile, TileEdge, Trust, edge_tiles

PROBLEMS_SHOWN: Final = 20  #: in the report, those with the lowest places
PARALLEL_FROM: Final = 50_000  #: leaves from which on more than one process is started
_PAGE: Final = 2000


def audit_log(
    *,
    now: datetime,
    on_done: Callable[[int], object] = lambda done: None,
    processes: int = 1,
    cosignatures: Callable[[], Iterable[Problem]] = tuple,
) -> AuditReport:
    """Recompute the log and report whether it holds; a failure is entered as `journal.audit_failed`.

    Reads everything under the newest signed head. `on_done` is called with the number of entries each step
    audited; `processes` 0 takes every core where the log is large enough; `cosignatures` checks the stored
    lines of witnesses, which the log itself does not know. Changes nothing, and enters its outcome.
    """
    files, head = log_files(), stored_leaves.latest_checkpoint()
    size = head.size if head else 0
    heads, upper_tiles = _Heads(keys.log_keys()), _UpperTiles(files)
    problems: list[Problem] = []
    private_parts = 0
    for audited in _audited_ranges(files.root, size, processes):
        heads.append(audited.hashes)
        upper_tiles.append(audited.hashes)
        problems += audited.problems
        private_parts += audited.private_parts
        on_done(len(audited.hashes) // HASH_BYTES)
    problems += [*heads.problems, *upper_tiles.finish(), *audit_checkpoints.check(files, head)]
    problems += [*cosignatures(), *audit_register.check(size)]
    report = _report(problems, head, heads.count, private_parts)
    _record_outcome(report, now)
    return report


def _report(
    problems: list[Problem], head: CheckpointView | None, checkpoints: int, private_parts: int
) -> AuditReport:
    problems.sort(key=lambda problem: problem.position)
    first, size = problems[0] if problems else None, head.size if head else 0
    return AuditReport(
        entries=size,
        tree_size=size,
        root=head.root if head else None,
        checkpoints=checkpoints,
        private_parts=private_parts,
        unsealed=_unsealed(size),
        problems=tuple(problem.sentence for problem in problems[:PROBLEMS_SHOWN]),
        first_position=first.position if first else None,
        first_entry=first.entry if first else "",
    )


def _record_outcome(report: AuditReport, now: datetime) -> None:
    if report.ok:
        event, public = (
            events.AUDITED,
            {
                "entries": report.entries,
                "tree_size": report.tree_size,
                "unsealed": report.unsealed,
                "root": report.root.hex() if report.root else "",
                "checkpoints": report.checkpoints,
            },
        )
    else:
        event, public = (
            events.AUDIT_FAILED,
            {
                "problem": report.first_problem,
                "position": report.first_position,
                "entry": report.first_entry,
                "entries": report.entries,
                "tree_size": report.tree_size,
            },
        )
    append_durably(NewEntry(event.name, events.LOG, "", "", "system", now, public=public))


# ── leaves, in ranges, on one core or several ──


def _audited_ranges(root: Any, size: int, processes: int) -> Iterator[AuditedRange]:
    ranges = [(start, min(start + RANGE_LEAVES, size)) for start in range(0, size, RANGE_LEAVES)]
    limits = recording_limits()
    work = [(start, end, limits.between(start, end)) for start, end in ranges]
    number = processes or (os.cpu_count() or 1 if size >= PARALLEL_FROM else 1)
    if number == 1:
        yield from (audit_range(root, one) for one in work)
        return
    # New processes, not forks: a fork would share this process's database connections and their locks.
    with ProcessPoolExecutor(number, get_context("spawn"), initializer=django.setup) as pool:
        yield from pool.map(partial(audit_range, root), work)


# ── heads ──


class _Heads:
    """Every signed head in order: its signature, and that the leaves add up to its root."""

    def __init__(self, log_keys: Sequence[Any]) -> None:
        self.problems: list[Problem] = []
        self.count = 0
        self._trust = Trust(tuple(log_keys))
        self._edge = Edge(keys.tree_hash())
        self._checkpoints = _checkpoints()
        self._next = next(self._checkpoints, None)
        self._last_good_size = 0
        self._signed_at: datetime | None = None

    def append(self, hashes: bytes) -> None:
        """Append the hashes of the next leaves, and check the heads that are reached."""
        place = 0
        while self._next and (self._next.size - self._edge.size) * HASH_BYTES <= len(hashes) - place:
            stop = place + (self._next.size - self._edge.size) * HASH_BYTES
            self._edge = self._edge.extended(hashes[place:stop])
            place = stop
            self._check(self._next)
            self._next = next(self._checkpoints, None)
        self._edge = self._edge.extended(hashes[place:])

    def _check(self, head: CheckpointView) -> None:
        self.count += 1
        try:
            signed = self._trust.open(head.note).checkpoint
        except RecordError as fault:
            self._add(f"大小为 {head.size} 的检查点：{fault.sentence}")
            return
        if (signed.size, signed.root) != (head.size, head.root):
            self._add(f"大小为 {head.size} 的检查点与它签署的内容不同。")
        elif self._edge.root() != head.root:
            self._add(
                f"第 {self._last_good_size + 1} 至 {head.size} 位与当时签署的检查点（{head.size} 条）不符："
                "记录连同日志叶、瓦片和记录包都被改动过，请与见证方或者印出的根核对。"
            )
        elif self._signed_at is not None and head.signed_at < self._signed_at:
            self._add(f"大小为 {head.size} 的检查点的签署时刻早于前一个。")
        else:
            self._last_good_size, self._signed_at = head.size, head.signed_at

    def _add(self, sentence: str) -> None:
        self.problems.append(Problem(self._last_good_size, sentence))


def _checkpoints() -> Iterator[CheckpointView]:
    after = -1
    while rows := sql.run(
        "SELECT size, root, note, signed_at FROM journal_checkpoint WHERE size > %(after)s "
        "ORDER BY size LIMIT %(page)s",
        {"after": after, "page": _PAGE},
    ):
        yield from map(stored_leaves.checkpoint_from, rows)
        after = rows[-1]["size"]


# ── tiles above the lowest level ──


@dataclass
class _UpperTiles:
    """The tiles of the higher levels, computed again from the hashes below."""

    files: LogFiles
    edge: TileEdge = field(default_factory=lambda: TileEdge(keys.tree_hash()))
    problems: list[Problem] = field(default_factory=list)

    def append(self, hashes: bytes) -> None:
        """Append the hashes of the next leaves and compare every full tile above them."""
        self.edge, tiles = self.edge.grown(hashes)
        for tile, content in tiles:
            if tile.level and tile.full:
                self._compare(tile, content)

    def finish(self) -> list[Problem]:
        """Compare the partial tiles of the right edge; everything found."""
        for tile, content in zip(edge_tiles(self.edge.size), self.edge.levels, strict=True):
            if tile and tile.level:
                self._compare(tile, content)
        return self.problems

    def _compare(self, tile: Tile, content: bytes) -> None:
        if self.files.tile(tile) != content:
            place = tile.index * 256 ** (tile.level + 1)
            self.problems.append(Problem(place, damaged_tile(tile)))


def _unsealed(size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM journal_entry) - (SELECT count(*) FROM journal_leaf l "
            "WHERE l.position < %s AND EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = l.entry_id))",
            [size],
        )
        return int((cursor.fetchone() or [0])[0])
