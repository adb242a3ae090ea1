"""What stands beside the leaves, as the audit looks at it: the published checkpoint, entries where the sealer
cannot have left them, heads an earlier audit saw, lines of witnesses, and the register of the log's keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from liuquan.journal import events, keys
from liuquan.journal.judging import Problem
from liuquan.journal.key_events import LOG_KEY_ADDED, LOG_KEY_ENDED
from liuquan.journal.log_files import LogFiles
from liuquan.journal.types import CheckpointView
from liuquan.kernel import sql
from liuquan.merkle import RecordError, Trust, parse_key, parse_note, parse_signatures

SHOWN: Final = 20  #: of each kind
_PAGE: Final = 2000


def judged(files: LogFiles, head: CheckpointView | None) -> list[Problem]:
    """Everything that is wrong beside the leaves under this head."""
    size = head.size if head else 0
    return [
        *_published(files, head),
        *_beside(head),
        *_surplus(size),
        *_lost_heads(size),
        *_strange_lines(),
        *_unannounced(size),
    ]


def _published(files: LogFiles, head: CheckpointView | None) -> Iterator[Problem]:
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


def _beside(head: CheckpointView | None) -> Iterator[Problem]:
    """Entries without a leaf below the mark of the last head: the sealer would have taken them; and above
    every transaction there has been: it never will."""
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


def _surplus(size: int) -> Iterator[Problem]:
    """Leaves beyond the signed head that do not follow one another."""
    row = sql.run_one(
        "SELECT count(*) AS number, max(position) + 1 AS beyond FROM journal_leaf WHERE position >= %(size)s",
        {"size": size},
    )
    if row and row["number"] and row["beyond"] - size != row["number"]:
        yield Problem(size, "已入册、尚未签署的日志叶不连续：有叶被删除或者插入。")


def _lost_heads(size: int) -> Iterator[Problem]:
    """Heads that an earlier audit saw, and entered, and that are not there any more."""
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


def _strange_lines() -> Iterator[Problem]:
    """Kept lines of witnesses that are not signed by them over our head of that size."""
    after = (-1, -1)
    while rows := sql.run(
        "SELECT c.size, c.witness_id, c.line, w.key, k.note FROM journal_cosignature c "
        "JOIN journal_witness w ON w.id = c.witness_id JOIN journal_checkpoint k ON k.size = c.size "
        "WHERE (c.size, c.witness_id) > (%(size)s, %(witness)s) ORDER BY c.size, c.witness_id LIMIT %(page)s",
        {"size": after[0], "witness": after[1], "page": _PAGE},
    ):
        for row in rows:
            key = parse_key(row["key"])
            try:
                note = parse_note(row["note"]).with_signatures(parse_signatures(row["line"]))
                good = key in note.of([key])
            except RecordError:
                good = False
            if not good:
                yield Problem(
                    row["size"],
                    f"大小为 {row['size']} 的检查点下存的见证行不是“{key.name}”对它签的：被改动或者系伪造。",
                )
        after = (rows[-1]["size"], rows[-1]["witness_id"])


def _unannounced(size: int) -> Iterator[Problem]:
    """Keys in the register that no entry announced, and ends of keys likewise: written there by hand.

    Those that signed the first head need no announcement: they began the log.
    """
    said: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for row in sql.run(
        "SELECT event, public ->> 'key' AS key, (public ->> 'size')::bigint AS size FROM journal_entry "
        "WHERE subject = %(log)s AND event = ANY(%(names)s)",
        {"log": events.LOG, "names": [LOG_KEY_ADDED.name, LOG_KEY_ENDED.name]},
    ):
        said[row["key"]].add((row["event"], row["size"]))
    begun = _beginners()
    for each in keys.register().keys:
        name = each.key.text
        if name not in begun and (LOG_KEY_ADDED.name, each.from_size) not in said[name]:
            yield Problem(size, f"公钥登记中的日志公钥 {name} 没有启用的记录：登记被改动。")
        if each.until_size is not None and (LOG_KEY_ENDED.name, each.until_size) not in said[name]:
            yield Problem(size, f"公钥登记中日志公钥 {name} 的停用没有记录：登记被改动。")


def _beginners() -> set[str]:
    """The first key of each algorithm, where it signed the first head; all, before there is one."""
    row = sql.run_one("SELECT note FROM journal_checkpoint ORDER BY size LIMIT 1")
    first = {each.key.algorithm: each.key for each in reversed(keys.register().keys) if not each.from_size}
    if row is None:
        return {each.key.text for each in keys.register().keys}
    try:
        return {key.text for key in parse_note(row["note"]).of(first.values())}
    except RecordError:
        return set()
