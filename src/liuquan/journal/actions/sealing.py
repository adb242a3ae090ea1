"""Sealing: committed entries become leaves, leaves become tiles, the tree's head is signed and published.

Order of a round, all of it durable before the last step: leaves (consecutive positions, one transaction a
batch), tiles and entry bundles, the checkpoint's row, the published checkpoint. Killed anywhere it goes on
from what is there; nothing published is ever changed. Nothing is signed below or beside what was published
last, whether the file says so or the table.

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

from liuquan.journal import events, keys, shelf
from liuquan.journal.actions.entries import append_durably
from liuquan.journal.actions.rewriting import bundles_of, contiguous, rewrite
from liuquan.journal.leaves import COLUMNS, EntryRow
from liuquan.journal.log_files import LogFiles, log_files
from liuquan.journal.shelf import SealedLeaf
from liuquan.journal.types import CheckpointView, NewEntry, Sealed
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
IDLE_ROUNDS: Final = 3  #: in succession; at most one is right, where a look by id alone ends
_LOCK: Final = "hashtextextended('liuquan.journal.seal', 0)"
_HELD: Final = f"SELECT pg_try_advisory_xact_lock({_LOCK}) AS mine"
#: Leaves need not be on the disk at once: the checkpoint's row is, before it is published, and all before it.
_TAKING: Final = f"""
SELECT pg_try_advisory_xact_lock({_LOCK}) AS mine, set_config('synchronous_commit', 'off', true),
    (SELECT max(position) + 1 FROM journal_leaf) AS count
"""
_COPY: Final = (
    "COPY journal_leaf (position, entry_id, leaf_hash, secret, has_private) FROM STDIN (FORMAT BINARY)"
)
_COPY_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ROW: Final = struct.Struct(">hiqiqi32sihi?")

#: The next entries without a leaf. The subquery must not become a join: it is a look at one index a row, and
#: a join would read all leaves. In a database restored from elsewhere (`_ANEW`) transaction numbers of old
#: entries may lie above every transaction of this server: those are committed too, and ids tell the order.
_NEXT: Final = f"""
SELECT {COLUMNS}, EXISTS (SELECT 1 FROM journal_private p WHERE p.entry_id = e.id)
FROM journal_entry e
WHERE {{where}} AND (SELECT l.position FROM journal_leaf l WHERE l.entry_id = e.id) IS NULL
ORDER BY {{order}} LIMIT %(limit)s
"""
_FOLLOWING: Final = _NEXT.format(
    where="(e.xid, e.id) > (%(xid)s::text::xid8, %(id)s::bigint) AND e.xid < %(upto)s::text::xid8",
    order="e.xid, e.id",
)
_ANEW: Final = _NEXT.format(
    where="e.id > %(id)s AND (e.xid < %(upto)s::text::xid8 OR e.xid >= %(beyond)s::text::xid8)",
    order="e.id",
)
_NEWS: Final = """
SELECT (SELECT max(position) + 1 FROM journal_leaf) AS count,
    (SELECT max(size) FROM journal_checkpoint) AS size,
    EXISTS (SELECT 1 FROM journal_entry WHERE xid >= %(xid)s::text::xid8
        AND xid < pg_snapshot_xmin(pg_current_snapshot())) AS new
"""


class SealingRefused(WrongState):
    """The sealer does not sign: what would be signed is not a continuation of what was published."""


def seal(*, now: datetime) -> Sealed:
    """Seal everything that is committed, in as many rounds as it takes; what `liuquan log seal` does.

    Refuses (409) when the log cannot go on from what was published: see `Sealer.seal`.
    """
    sealer, leaves, idle = Sealer(), 0, 0
    while (done := sealer.seal(now=now)).more:
        leaves += done.leaves
        idle = 0 if done.leaves or done.checkpoint else idle + 1
        if idle > IDLE_ROUNDS:
            raise RuntimeError("the sealer says that there is more, and finds nothing")
    return Sealed(leaves + done.leaves, done.size, done.checkpoint, done.more, done.busy)


@dataclass
class _Place:
    """How far entries were looked at: by transaction and id, or (restored from elsewhere) by id alone."""

    anew: bool
    xid: int = 0
    id: int = 0
    #: Of a look by id alone: what was committed when it began. It takes many rounds, and a transaction that
    #: was open while its ids went by is passed over; whatever lies above this is looked at again after it.
    first: int | None = None


class Sealer:
    """The sealer of one process; remembers how far it has looked, nothing else."""

    def __init__(self, files: LogFiles | None = None) -> None:
        self.files = files or log_files()
        self._place: _Place | None = None
        self._cluster = ""

    def seal(self, *, now: datetime) -> Sealed:
        """One round: up to 20,000 entries, and one checkpoint over them.

        Refuses (409), with an entry in the journal, to sign below or beside the last published checkpoint: a
        database or folder restored to an older state, changed leaves or tiles, a checkpoint that no key of
        this log signed. Leaves everything as it was when the disk is full (OSError).
        """
        with self.files.sole_sealer() as mine:
            if not mine:
                return Sealed(busy=True)
            try:
                return self._nothing_new() or self._round(now)
            except RecordError as fault:
                raise _refused(fault, now) from fault

    def rewrite(self, *, now: datetime) -> Sealed:
        """Write every tile and bundle under the published head again, from the database.

        Refuses (409), having written nothing, when the database does not add up to the signed root.
        """
        with self.files.sole_sealer() as mine:
            if not mine:
                return Sealed(busy=True)
            try:
                head = self._standing(shelf.latest_checkpoint())
                if head:
                    rewrite(self.files, head)
            except RecordError as fault:
                raise _refused(fault, now) from fault
        return Sealed(0, head.size if head else 0)

    def _nothing_new(self) -> Sealed | None:
        """One quick look whether there is any work; what stands there is checked when there is."""
        if self._place is None or self._place.anew:
            return None
        row = sql.run_one(_NEWS, {"xid": str(self._place.xid)})
        return Sealed(0, row["size"]) if row and row["size"] == row["count"] and not row["new"] else None

    def _round(self, now: datetime) -> Sealed:
        last = shelf.latest_checkpoint()
        head = self._standing(last)
        if self._place is None:
            self._place = self._begin()
        fresh, whole = self._integrate()
        count = _leaf_count()
        size = head.size if head else 0
        if count == size:
            return Sealed(0, size, more=not whole)
        end = min(count, size + BATCH * BATCHES)
        made = self._publish(head, last, end, fresh, now)
        if made is None:
            return Sealed(len(fresh), size, busy=True)
        return Sealed(len(fresh), made.size, made, more=not whole or end < count)

    # ── what is there ──

    def _standing(self, last: CheckpointView | None) -> Checkpoint | None:
        """The head to go on from, published whole. Refuses when file, table and leaves do not agree."""
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

    def _begin(self) -> _Place:
        """Where to look for entries: after the last checkpoint's mark, if it is this server's; else anew."""
        row = sql.run_one(
            "SELECT s.system_identifier::text AS cluster, c.watermark, c.cluster AS known "
            "FROM pg_control_system() s "
            "LEFT JOIN (SELECT * FROM journal_checkpoint ORDER BY size DESC LIMIT 1) c ON true"
        )
        self._cluster = row["cluster"] if row else ""
        if row is None or not row["known"] or row["known"] != self._cluster:
            return _Place(anew=True)
        return _Place(anew=False, xid=row["watermark"])

    # ── entries to leaves ──

    def _integrate(self) -> tuple[list[SealedLeaf], bool]:
        """Give the next committed entries their places; whether all were taken, by this sealer or another."""
        place = self._place
        if place is None:
            raise RuntimeError("the place is set at the beginning of a round")
        mark = sql.run_one(
            "SELECT pg_snapshot_xmin(s)::text::bigint AS upto, pg_snapshot_xmax(s)::text::bigint AS beyond "
            "FROM pg_current_snapshot() AS s"
        )
        upto, beyond = (mark["upto"], mark["beyond"]) if mark else (0, 0)
        if place.first is None:
            place.first = upto
        fresh: list[SealedLeaf] = []
        for _ in range(BATCHES):
            taken = self._take(place, upto, beyond)
            if taken is None:
                return fresh, True
            fresh += taken
            if len(taken) < BATCH:
                # Whatever comes later has a higher transaction number than everything looked at now.
                self._place = _Place(anew=False, xid=place.first if place.anew else upto)
                return fresh, self._place.xid == upto
        return fresh, False

    def _take(self, place: _Place, upto: int, beyond: int) -> list[SealedLeaf] | None:
        """One batch in one transaction; None when another sealer holds the database."""
        with transaction.atomic(durable=True):
            held = sql.run_one(_TAKING)
            if not (held and held["mine"]):
                return None
            values = {"xid": place.xid, "id": place.id, "upto": upto, "beyond": beyond, "limit": BATCH}
            with connection.cursor() as cursor:
                cursor.execute(_ANEW if place.anew else _FOLLOWING, {k: str(v) for k, v in values.items()})
                rows = [EntryRow(*row) for row in cursor.fetchall()]
                leaves = shelf.make_leaves(rows, held["count"] or 0, secrecy.newest_log_secret())
                if leaves:
                    with cursor.copy(_COPY) as copy:
                        copy.write(_copied(leaves))
        if rows:
            place.xid, place.id = rows[-1].xid, rows[-1].id
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
        leaves = contiguous(fresh, edge.size, end)
        grown, tiles = edge.grown(b"".join(leaf.hash for leaf in leaves))
        contents = {tile.path: content for tile, content in tiles}
        contents |= bundles_of(self.files, edge.size, leaves)
        self.files.write(contents)
        made = checkpoint_of(edge.hash, origin=keys.origin(), size=grown.size, root=grown.root())
        tree = TiledTree(edge.hash, grown.size, self.files.fetch)
        check_advance(head, made, consistency_path(tree, head.size, made.size) if head else ())
        view = self._signed(made, last, now)
        if view:
            self.files.publish(view.note)
            self.files.sweep(edge.size, grown.size)
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
        return rewrite(self.files, head)

    def _signed(self, made: Checkpoint, last: CheckpointView | None, now: datetime) -> CheckpointView | None:
        """Sign a head and enter it as the latest; None when meanwhile another one was entered."""
        signers = keys.log_signers()
        note = made.signed(signers[0])
        for signer in signers[1:]:
            note = note.signed(signer)
        Trust(keys.log_keys()).open(note)
        # The machine's clock may be set back; the log's moments never go back.
        signed_at = max(now, last.signed_at) if last else now
        place = self._place or _Place(anew=True)
        with transaction.atomic(durable=True):
            held = sql.run_one(_HELD)
            newest = shelf.latest_checkpoint()
            if not (held and held["mine"]) or newest != last:
                return None  # a sealer of another host was first; what it signed is looked at next time
            sql.run(
                "INSERT INTO journal_checkpoint (size, root, note, signed_at, watermark, cluster) "
                "VALUES (%(size)s, %(root)s, %(note)s, %(signed_at)s, %(watermark)s, %(cluster)s)",
                {
                    "size": made.size,
                    "root": made.root,
                    "note": str(note),
                    "signed_at": signed_at,
                    "watermark": place.xid,
                    "cluster": "" if place.anew else self._cluster,
                },
            )
        return CheckpointView(made.size, made.root, str(note), signed_at)


def _leaf_count() -> int:
    row = sql.run_one("SELECT max(position) + 1 AS count FROM journal_leaf")
    return int(row["count"] or 0) if row else 0


def _copied(leaves: Sequence[SealedLeaf]) -> bytes:
    """Rows in PostgreSQL's binary COPY form."""
    pack = _COPY_ROW.pack
    rows = [
        pack(5, 8, leaf.position, 8, leaf.entry_id, 32, leaf.hash, 2, leaf.secret, 1, leaf.has_private)
        for leaf in leaves
    ]
    return b"".join([_COPY_HEAD, *rows, b"\xff\xff"])


def _refused(fault: RecordError, now: datetime) -> SealingRefused:
    """Log a refusal, and enter it once as long as it is the same over the same head."""
    logger.error("the log is not signed: %s", fault.sentence)
    last = shelf.latest_checkpoint()
    size = last.size if last else 0
    values: dict[str, Any] = {"problem": fault.sentence, "fault": fault.fault, "size": size}
    known = sql.run_one(
        "SELECT public FROM journal_entry WHERE subject = %(subject)s AND event = %(event)s "
        "ORDER BY id DESC LIMIT 1",
        {"subject": events.LOG, "event": events.SEALING_REFUSED.name},
    )
    if known is None or known["public"] != values:
        append_durably(
            NewEntry(events.SEALING_REFUSED.name, events.LOG, "", "", "system", now, public=values)
        )
    return SealingRefused(f"日志没有签署：{fault.sentence}", code=f"log_{fault.fault}")
