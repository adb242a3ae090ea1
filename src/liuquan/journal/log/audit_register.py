"""The register of the log's keys, as the audit checks it against the entries of the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from liuquan.journal.log import keys
from liuquan.journal.log.audit_rules import Problem
from liuquan.journal.log.events import LOG, LOG_KEY_ADDED, LOG_KEY_ENDED
from liuquan.kernel import sql
from liuquan.merkle import RecordError, parse_note


def check(size: int) -> Iterator[Problem]:
    """Keys in the register, and ends of keys, that no entry announced: somebody wrote them there by hand.

    The keys that signed the first head need no announcement: the log began with them.
    """
    announced: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for row in sql.run(
        "SELECT event, public ->> 'key' AS key, (public ->> 'size')::bigint AS size FROM journal_entry "
        "WHERE subject = %(log)s AND event = ANY(%(names)s)",
        {"log": LOG, "names": [LOG_KEY_ADDED.name, LOG_KEY_ENDED.name]},
    ):
        announced[row["key"]].add((row["event"], row["size"]))
    first_keys = _first_keys()
    for each in keys.register().keys:
        name = each.key.text
        if name not in first_keys and (LOG_KEY_ADDED.name, each.from_size) not in announced[name]:
            yield Problem(size, f"公钥登记中的日志公钥 {name} 没有启用的记录：登记被改动。")
        if each.until_size is not None and (LOG_KEY_ENDED.name, each.until_size) not in announced[name]:
            yield Problem(size, f"公钥登记中日志公钥 {name} 的停用没有记录：登记被改动。")


def _first_keys() -> set[str]:
    """The first key of each algorithm, if it signed the first head; all keys, before there is a head."""
    row = sql.run_one("SELECT note FROM journal_checkpoint ORDER BY size LIMIT 1")
    first = {each.key.algorithm: each.key for each in reversed(keys.register().keys) if not each.from_size}
    if row is None:
        return {each.key.text for each in keys.register().keys}
    try:
        return {key.text for key in parse_note(row["note"]).of(first.values())}
    except RecordError:
        return set()
