"""From a record to the order in which its pool is drawn: the one place where seed and pool meet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from liuquan.draw.exclusions import Exclusion
from liuquan.draw.pool import Row
from liuquan.draw.profiles import profile_named
from liuquan.draw.records import DrawRecord
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import read_checkpoint, seed_key
from liuquan.draw.sequence import picks


def check_take(take: int, eligible: int) -> None:
    """Refused: none wanted, more than there are, as many as there are."""
    if take < 1:
        raise DrawRefused("take", "抽取人数至少为一：请填写要抽几名。")
    if take > eligible:
        raise DrawRefused("take", f"要抽 {take} 名，可抽的只有 {eligible} 名：请扩大名单后重新公告。")
    if take == eligible:
        raise DrawRefused(
            "take", f"要抽 {take} 名，可抽的也正好这些，无从随机：请扩大名单，或依法直接确定并说明理由。"
        )


def eligible_ids(rows: Sequence[Row], exclusions: Sequence[Exclusion]) -> list[str]:
    """The numbers that are drawn from, in the order of the pool."""
    left_out = {one.id for one in exclusions}
    return [row.id for row in rows if row.id not in left_out]


def in_order(record: DrawRecord, count: int) -> tuple[str, ...]:
    """The first `count` numbers of the record's sequence."""
    profile = profile_named(record.announcement.profile)
    key = seed_key(
        announcement_hash=record.announcement.hash,
        nonces=record.nonces,
        checkpoint=read_checkpoint(record.checkpoint),
        profile=profile,
    )
    numbers = eligible_ids(record.rows, record.exclusions)
    return tuple(numbers[pick.position] for pick in islice(picks(key, len(numbers), profile), count))
