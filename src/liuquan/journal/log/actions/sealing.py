"""Sealing: committed entries become leaves, leaves become tiles, the tree's head is signed and published.

Order of a round, all of it durable before the last step: leaves (consecutive positions, one transaction a
batch), tiles and entry bundles, the checkpoint's row, the published checkpoint. Killed anywhere, it continues
from what is there; nothing published is ever changed. Nothing is signed that is smaller than the last
published head or differs from it, whether the file has that head or the table.

Only entries below the oldest transaction still running are taken, so that one which commits late is never
passed over. After a move to another server by dump and restore the old transaction numbers mean nothing: the
sealer notices the other server and looks through all entries once. A full disk leaves everything as it was.
Tiles of the right edge that are lost or damaged are written again from the database, if it still adds up to
the signed root. A machine clock that is set back stops nothing; the moment of a checkpoint never goes back.

One sealer at a time: a lock on the folder, and an advisory lock in the database for two hosts with one
database. Even without both, two could not fork the log: a position is taken once.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from liuquan.journal.log import events, keys, stored_leaves
from liuquan.journal.log.actions.tile_files import bundles_of, leaves_in_range, rewrite_files
from liuquan.journal.log.files import LogFiles, log_files
from liuquan.journal.log.leaves import ENTRY_COLUMNS, EntryRow
from liuquan.journal.log.stored_leaves import SealedLeaf
from liuquan.journal.log.types import CheckpointView, SealingResult
from liuquan.journal.record.actions.entries import append_durably
from liuquan.journal.record.types import NewEntry
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import WrongState
from liuquan.merkle import (
    Checkpoint,
    RecordError,
    TiledTree,
    TileEdge,
    Trust,
    check_advance,
    checkpoint_of,
    consistency_path,
    read_edge,
)

logger = logging.getLogger(__name__)

BATCH: Final = 1000  #: entries of one transaction
BATCHES: Final = 20  #: at most, before the next checkpoint
IDLE_ROUNDS: Final = 3  #: in succession; at most one is right, where a search by id alone ends
_LOCK: Final = "hashtextextended('liuquan.journal.seal', 0)"
_TRY_LOCK: Final = f"SELECT pg_try_advisory_xact_lock({_LOCK}) AS locked"
#: Leaves need not be on the disk at once: the checkpoint's row is, before it is published, and all before it.
_LOCK_AND_COUNT: Final = f"""
SELECT pg_try_advisory_xact_lock({_LOCK}) AS locked, set_config('synchronous_commit', 'off', true),
    (SELECT max(position) + 1 FROM journal_leaf) AS count
"""
_COPY: Final = (
    "COPY journal_leaf (position, entry_id, leaf_hash, secret, has_private) FROM STDIN (FORMAT BINARY)"
)
_COPY_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ROW: Final = struct.Struct(">hiqiqi32sihi?")

#: The next entries without a leaf. The subquery must not become a join: it looks into one index for each row,
#: and a join would read all leaves. In a database restored from elsewhere (`_NEXT_BY_ID`) transaction numbers
#: of old entries may lie above every transaction of this server: they are committed too, and ids give the
#: order.
_NEXT: Final = f"""
SELECT {ENTRY_COLUMNS}, EXISTS (SELECT 1 FROM journal_private p WHERE p.entry_id = e.id)
FROM journal_entry e
WHERE {{where}} AND (SELECT l.position FROM journal_leaf l WHERE l.entry_id = e.id) IS NULL
ORDER BY {{order}} LIMIT %(limit)s
"""
_NEXT_BY_TRANSACTION: Final = _NEXT.format(
    where="(e.xid, e.id) > (%(xid)s::text::xid8, %(id)s::bigint) AND e.xid < %(upto)s::text::xid8",
    order="e.xid, e.id",
)
_NEXT_BY_ID: Final = _NEXT.format(
    where="e.id > %(id)s AND (e.xid < %(upto)s::text::xid8 OR e.xid >= %(beyond)s::text::xid8)",
    order="e.id",
)
_ANY_WORK: Final = """
SELECT (SELECT max(position) + 1 FROM journal_leaf) AS count,
    (SELECT max(size) FROM journal_checkpoint) AS size,
    EXISTS (SELECT 1 FROM journal_entry WHERE xid >= %(xid)s::text::xid8
        AND xid < pg_snapshot_xmin(pg_current_snapshot())) AS new
"""


class SealingRefused(WrongState):
    """The sealer does not sign: what it would sign does not continue what was published."""


def seal(*, now: datetime) -> SealingResult:
    """Seal everything that is committed, in as many rounds as it takes; what `liuquan log seal` does.

    Refuses (409) when the log cannot go on from what was published: see `Sealer.seal`.
    """
    sealer, leaves, idle = Sealer(), 0, 0
    while (done := sealer.seal(now=now)).more:
        leaves += done.leaves
        idle = 0 if done.leaves or done.checkpoint else idle + 1
        if idle > IDLE_ROUNDS:
            raise RuntimeError("the sealer reports more entries, and finds none")
    return SealingResult(leaves + done.leaves, done.size, done.checkpoint, done.more, done.busy)


@dataclass
class _Progress:
    """How far entries were searched: by transaction and id, or (restored from elsewhere) by id alone."""

    by_id: bool
    xid: int = 0
    id: int = 0
    #: Of a search by id alone: the transaction below which all was committed when it began. It takes many
    #: rounds, and misses a transaction that was open while its ids were searched; so whatever lies above this
    #: number is searched again afterwards.
    began_at: int | None = None


class Sealer:
    """The sealer of one process; remembers how far it has searched, nothing else."""

    def __init__(self, files: LogFiles | None = None) -> None:
        self.files = files or log_files()
        self._progress: _Progress | None = None
        self._cluster = ""

    def seal(self, *, now: datetime) -> SealingResult:
        """One round: up to 20,000 entries, and one checkpoint over them.

        Refuses (409), with an entry in the journal, to sign a head that does not continue the last published
        one: a database or folder restored to an older state, changed leaves or tiles, a checkpoint that no
        key of this log signed. Leaves everything as it was when the disk is full (OSError).
        """
        with self.files.sole_sealer() as alone:
            if not alone:
                return SealingResult(busy=True)
            try:
                return self._result_if_idle() or self._round(now)
            except RecordError as fault:
                raise _record_refusal(fault, now) from fault

    def rewrite(self, *, now: datetime) -> SealingResult:
        """Write every tile and bundle under the published head again, from the database.

        Refuses (409), having written nothing, when the database does not add up to the signed root.
        """
        with self.files.sole_sealer() as alone:
            if not alone:
                return SealingResult(busy=True)
            try:
                head = self._published_head(stored_leaves.latest_checkpoint())
                if head:
                    rewrite_files(self.files, head)
            except RecordError as fault:
                raise _record_refusal(fault, now) from fault
        return SealingResult(0, head.size if head else 0)

    def _result_if_idle(self) -> SealingResult | None:
        """One quick look whether there is any work; what was published is checked only when there is."""
        if self._progress is None or self._progress.by_id:
            return None
        row = sql.run_one(_ANY_WORK, {"xid": str(self._progress.xid)})
        return (
            SealingResult(0, row["size"]) if row and row["size"] == row["count"] and not row["new"] else None
        )

    def _round(self, now: datetime) -> SealingResult:
        last = stored_leaves.latest_checkpoint()
        head = self._published_head(last)
        if self._progress is None:
            self._progress = self._starting_point()
        fresh, whole = self._integrate()
        count = _leaf_count()
        size = head.size if head else 0
        if count == size:
            return SealingResult(0, size, more=not whole)
        end = min(count, size + BATCH * BATCHES)
        new_head = self._publish(head, last, end, fresh, now)
        if new_head is None:
            return SealingResult(len(fresh), size, busy=True)
        return SealingResult(len(fresh), new_head.size, new_head, more=not whole or end < count)

    # ── what was published ──

    def _published_head(self, last: CheckpointView | None) -> Checkpoint | None:
        """The head to go on from; publishes it if its file is missing or older. Refuses when file, table and
        leaves do not agree."""
        trust = Trust(keys.log_keys())
        head = None
        if last is not None:
            head = trust.open(last.note).checkpoint
            if (head.size, head.root) != (last.size, last.root):
                raise RecordError("fork", f"数据库中大小为 {last.size} 的检查点与它签署的内容不同。")
        text = self.files.checkpoint()
        published = trust.open(text).checkpoint if text is not None else None
        if published is not None:
            if head is None or published.size > head.size:
                raise RecordError(
                    "rewind",
                    f"已发布的检查点有 {published.size} 条记录，数据库只签到 {head.size if head else 0} 条："
                    "数据库被恢复到较早的状态，请恢复到发布之后的备份。",
                )
            if published.size == head.size and published.root != head.root:
                raise RecordError("fork", f"已发布的检查点与数据库中的不同（大小同为 {head.size}）。")
        if head is not None and _leaf_count() < head.size:
            raise RecordError(
                "rewind", f"已签署 {head.size} 条记录，日志叶只有 {_leaf_count()} 条：有叶被删除。"
            )
        if last is not None and (published is None or published.size < last.size):
            self._edge(head)
            self.files.publish(last.note)
        return head

    def _starting_point(self) -> _Progress:
        """Where to search for entries: after the last checkpoint's watermark, if it is this server's; else by
        id, from the first."""
        row = sql.run_one(
            "SELECT s.system_identifier::text AS cluster, c.watermark, c.cluster AS known "
            "FROM pg_control_system() s "
            "LEFT JOIN (SELECT * FROM journal_checkpoint ORDER BY size DESC LIMIT 1) c ON true"
        )
        self._cluster = row["cluster"] if row else ""
        if row is None or not row["known"] or row["known"] != self._cluster:
            return _Progress(by_id=True)
        return _Progress(by_id=False, xid=row["watermark"])

    # ── entries to leaves ──

    def _integrate(self) -> tuple[list[SealedLeaf], bool]:
        """Give the next committed entries their places; also whether all have one by now, from any sealer."""
        progress = self._progress
        if progress is None:
            raise RuntimeError("the progress is set at the beginning of a round")
        snapshot = sql.run_one(
            "SELECT pg_snapshot_xmin(s)::text::bigint AS upto, pg_snapshot_xmax(s)::text::bigint AS beyond "
            "FROM pg_current_snapshot() AS s"
        )
        upto, beyond = (snapshot["upto"], snapshot["beyond"]) if snapshot else (0, 0)
        if progress.began_at is None:
            progress.began_at = upto
        fresh: list[SealedLeaf] = []
        for _ in range(BATCHES):
            batch = self._integrate_batch(progress, upto, beyond)
            if batch is None:
                return fresh, True
            fresh += batch
            if len(batch) < BATCH:
                # Whatever comes later has a higher transaction number than everything searched now.
                self._progress = _Progress(by_id=False, xid=progress.began_at if progress.by_id else upto)
                return fresh, self._progress.xid == upto
        return fresh, False

    def _integrate_batch(self, progress: _Progress, upto: int, beyond: int) -> list[SealedLeaf] | None:
        """One batch in one transaction; None when another sealer holds the database."""
        with transaction.atomic(durable=True):
            lock = sql.run_one(_LOCK_AND_COUNT)
            if not (lock and lock["locked"]):
                return None
            values = {"xid": progress.xid, "id": progress.id, "upto": upto, "beyond": beyond, "limit": BATCH}
            with connection.cursor() as cursor:
                cursor.execute(
                    _NEXT_BY_ID if progress.by_id else _NEXT_BY_TRANSACTION,
                    {k: str(v) for k, v in values.items()},
                )
                rows = [EntryRow(*row) for row in cursor.fetchall()]
                leaves = stored_leaves.make_leaves(rows, lock["count"] or 0, secrecy.newest_log_secret())
                if leaves:
                    with cursor.copy(_COPY) as copy:
                        copy.write(_copy_rows(leaves))
        if rows:
            progress.xid, progress.id = rows[-1].xid, rows[-1].id
        return leaves

    # ── leaves to tiles and a signed head ──

    def _publish(
        self,
        head: Checkpoint | None,
        last: CheckpointView | None,
        end: int,
        fresh: Sequence[SealedLeaf],
        now: datetime,
    ) -> CheckpointView | None:
        """Write the tiles up to `end`, sign, enter and publish the new head."""
        edge = self._edge(head)
        leaves = leaves_in_range(fresh, edge.size, end)
        grown, tiles = edge.grown(b"".join(leaf.hash for leaf in leaves))
        contents = {tile.path: content for tile, content in tiles}
        contents |= bundles_of(self.files, edge.size, leaves)
        self.files.write(contents)
        new_head = checkpoint_of(edge.hash, origin=keys.origin(), size=grown.size, root=grown.root())
        tree = TiledTree(edge.hash, grown.size, self.files.fetch)
        check_advance(head, new_head, consistency_path(tree, head.size, new_head.size) if head else ())
        view = self._signed(new_head, last, now)
        if view:
            self.files.publish(view.note)
            self.files.remove_replaced_partials(edge.size, grown.size)
        return view

    def _edge(self, head: Checkpoint | None) -> TileEdge:
        """The right edge at the published head, from the tiles; from the leaves when tiles are damaged."""
        if head is None:
            return TileEdge(keys.tree_hash())
        try:
            edge = read_edge(head.hash, head.size, self.files.fetch)
            if edge.root() == head.root:
                return edge
        except RecordError as fault:
            logger.warning("tiles of the log are damaged: %s", fault.sentence)
        return rewrite_files(self.files, head)

    def _signed(
        self, new_head: Checkpoint, last: CheckpointView | None, now: datetime
    ) -> CheckpointView | None:
        """Sign a head and enter it as the latest; None when meanwhile another one was entered."""
        signers = keys.log_signers()
        note = new_head.signed(signers[0])
        for signer in signers[1:]:
            note = note.signed(signer)
        Trust(keys.log_keys()).open(note)
        # The machine's clock may be set back; the log's moments never go back.
        signed_at = max(now, last.signed_at) if last else now
        progress = self._progress or _Progress(by_id=True)
        with transaction.atomic(durable=True):
            lock = sql.run_one(_TRY_LOCK)
            newest = stored_leaves.latest_checkpoint()
            if not (lock and lock["locked"]) or newest != last:
                return None  # a sealer of another host was first; what it signed is read in the next round
            sql.run(
                "INSERT INTO journal_checkpoint (size, root, note, signed_at, watermark, cluster) "
                "VALUES (%(size)s, %(root)s, %(note)s, %(signed_at)s, %(watermark)s, %(cluster)s)",
                {
                    "size": new_head.size,
                    "root": new_head.root,
                    "note": str(note),
                    "signed_at": signed_at,
                    "watermark": progress.xid,
                    "cluster": "" if progress.by_id else self._cluster,
                },
            )
        return CheckpointView(new_head.size, new_head.root, str(note), signed_at)


def _leaf_count() -> int:
    row = sql.run_one("SELECT max(position) + 1 AS count FROM journal_leaf")
    return int(row["count"] or 0) if row else 0


def _copy_rows(leaves: Sequence[SealedLeaf]) -> bytes:
    """Rows in PostgreSQL's binary COPY form."""
    pack = _COPY_ROW.pack
    rows = [
        pack(5, 8, leaf.position, 8, leaf.entry_id, 32, leaf.hash, 2, leaf.secret, 1, leaf.has_private)
        for leaf in leaves
    ]
    return b"".join([_COPY_HEAD, *rows, b"\xff\xff"])


def _record_refusal(fault: RecordError, now: datetime) -> SealingRefused:
    """Log a refusal, and enter it unless the last one entered is the same, over the same head."""
    logger.error("the log is not signed: %s", fault.sentence)
    last = stored_leaves.latest_checkpoint()
    size = last.size if last else 0
    values: dict[str, Any] = {"problem": fault.sentence, "fault": fault.fault, "size": size}
    previous = sql.run_one(
        "SELECT public FROM journal_entry WHERE subject = %(subject)s AND event = %(event)s "
        "ORDER BY id DESC LIMIT 1",
        {"subject": events.LOG, "event": events.SEALING_REFUSED.name},
    )
    if previous is None or previous["public"] != values:
        append_durably(
            NewEntry(events.SEALING_REFUSED.name, events.LOG, "", "", "system", now, public=values)
        )
    return SealingRefused(f"日志没有签署：{fault.sentence}", code=f"log_{fault.fault}")
