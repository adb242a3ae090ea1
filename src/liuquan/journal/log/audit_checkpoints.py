"""What the audit checks besides the leaves: the published checkpoint, entries without a leaf that the sealer
cannot have left out, leaves after the newest head, and heads that an earlier audit saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from liuquan.journal.log import events, keys
from liuquan.journal.log.audit_rules import Problem
from liuquan.journal.log.files import LogFiles
from liuquan.journal.log.types import CheckpointView
from liuquan.kernel import sql
from liuquan.merkle import RecordError, Trust

SHOWN: Final = 20  #: of each kind


def check(files: LogFiles, head: CheckpointView | None) -> list[Problem]:
    """Everything that is wrong besides the leaves under this head."""
    size = head.size if head else 0
    return [
        *_published_checkpoint(files, head),
        *_inserted_entries(head),
        *_gaps_after(size),
        *_lost_heads(size),
    ]


def _published_checkpoint(files: LogFiles, head: CheckpointView | None) -> Iterator[Problem]:
    """The checkpoint as published, read after the table: it can only be newer."""
    text = files.checkpoint()
    if head is None and text is None:
        return
    size = head.size if head else 0
    if text is None:
        yield Problem(size, "缺少已发布的检查点文件，入册程序会在下次签署时重新发布。")
        return
    try:
        published = Trust(keys.log_keys()).open(text).checkpoint
    except RecordError as fault:
        yield Problem(size, f"已发布的检查点文件：{fault.sentence}")
        return
    if published.size < size:
        yield Problem(
            published.size,
            f"已发布的检查点停在 {published.size} 条，日志已签到 {size} 条：文件被换成了较早的。",
        )
        return
    row = sql.run_one("SELECT root FROM journal_checkpoint WHERE size = %(size)s", {"size": published.size})
    if row is None:
        yield Problem(size, f"已发布的检查点有 {published.size} 条，数据库中没有：数据库被恢复到较早的状态。")
    elif bytes(row["root"]) != published.root:
        yield Problem(size, f"已发布的检查点（{published.size} 条）与数据库中的根不同：日志出现了分叉。")


def _inserted_entries(head: CheckpointView | None) -> Iterator[Problem]:
    """Entries without a leaf whose transaction lies below the watermark of the newest head, where the sealer
    would have sealed them, or above every transaction there has been, where it never would."""
    if head is None:
        return
    rows = sql.run(
        "SELECT e.number, e.event, e.recorded_at FROM journal_checkpoint c "
        "JOIN pg_control_system() s ON s.system_identifier::text = c.cluster "
        "JOIN journal_entry e ON e.xid < c.watermark::text::xid8 "
        "OR e.xid >= pg_snapshot_xmax(pg_current_snapshot()) "
        "LEFT JOIN journal_leaf l ON l.entry_id = e.id "
        "WHERE c.size = %(size)s AND l.position IS NULL "
        "ORDER BY e.recorded_at, e.id LIMIT %(shown)s",
        {"size": head.size, "shown": SHOWN},
    )
    for row in rows:
        at = f"{row['recorded_at']:%Y-%m-%dT%H:%M:%S.%fZ}"
        yield Problem(
            head.size,
            f"记录 {row['number']}（{row['event']}，自称入册于 {at}）不在日志中，"
            "入册程序却不会漏掉它：是事后插入的。",
            str(row["number"]),
        )


def _gaps_after(size: int) -> Iterator[Problem]:
    """Leaves beyond the signed head that do not follow one another."""
    row = sql.run_one(
        "SELECT count(*) AS number, max(position) + 1 AS beyond FROM journal_leaf WHERE position >= %(size)s",
        {"size": size},
    )
    if row and row["number"] and row["beyond"] - size != row["number"]:
        yield Problem(size, "已入册、尚未签署的日志叶不连续：有叶被删除或者插入。")


def _lost_heads(size: int) -> Iterator[Problem]:
    """Heads that an earlier audit counted in its entry, and that are missing or different now."""
    rows = sql.run(
        """
        WITH seen AS (
            SELECT e.id, (e.public ->> 'tree_size')::bigint AS size, e.public ->> 'root' AS root,
                (e.public ->> 'checkpoints')::bigint AS number
            FROM journal_entry e WHERE e.subject = %(log)s AND e.event = %(audited)s
        )
        SELECT s.size FROM seen s LEFT JOIN journal_checkpoint c ON c.size = s.size
        WHERE s.size > 0 AND (c.size IS NULL OR encode(c.root, 'hex') <> s.root)
        UNION ALL
        SELECT s.size FROM (SELECT * FROM seen ORDER BY id DESC LIMIT 1) AS s
        WHERE s.number > (SELECT count(*) FROM journal_checkpoint c WHERE c.size <= s.size)
        LIMIT %(shown)s
        """,
        {"log": events.LOG, "audited": events.AUDITED.name, "shown": SHOWN},
    )
    for row in rows:
        yield Problem(
            min(row["size"], size),
            f"此前核查时有的检查点（{row['size']} 条以内）现在缺少或者不同：检查点被删改。",
        )
