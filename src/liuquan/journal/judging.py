"""What the audit says of 256 places of the log, from four sources that must agree. Pure.

At each place stand: the leaf as the database's entry makes it now, the hash entered when it was sealed, the
hash in the published tile, and the bytes in the published bundle. Where they differ it is told which of them
was changed, as far as that can be told, and how.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from liuquan.merkle import HASH_BYTES, WIDTH, RecordError, Tile, TreeHash, pack_entries, unpack_entries
from liuquan.merkle import check_tile as check_width

_WORDS: Final = {
    "event": "事件",
    "vocabulary": "词汇版本",
    "body": "机关",
    "effective_at": "生效时刻",
    "recorded_at": "入册时刻",
    "subject": "对象",
    "public": "公开内容、状态、岗位或者行为人类别",
    "private": "非公开内容的承诺值",
}
_SHOWN: Final = frozenset({"event", "vocabulary", "body", "effective_at", "recorded_at"})


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that does not hold; the first is the one with the lowest place."""

    position: int  #: from 0
    sentence: str
    entry: str = ""  #: its number, where one is known


@dataclass(frozen=True)
class Place:
    """What the database has at one place. None: the entry is gone, or its leaf is."""

    content: bytes | None = None
    stored: bytes | None = None


def judge_tile(
    hash: TreeHash, tile: Tile, places: Sequence[Place], published: bytes | None, bundle: bytes | None
) -> tuple[bytes, list[Problem]]:
    """The hashes under one tile of level 0 as most sources have them, and everything that is wrong there."""
    contents = [place.content for place in places if place.content is not None]
    made = [None if place.content is None else hash.leaf(place.content) for place in places]
    whole = len(contents) == len(places) == tile.width and made == [place.stored for place in places]
    joined = b"".join(filter(None, made))
    if whole and published == joined and bundle == pack_entries(contents):
        return joined, []
    signed, no_tile = _signed(tile, published)
    kept, no_bundle = _kept(tile, bundle)
    problems = [problem for problem in (no_tile, no_bundle) if problem]
    truths = []
    for at in range(tile.width):
        known = _Known(hash, tile, at, places[at], made[at], signed[at], kept[at])
        truths.append(known.truth or bytes(HASH_BYTES))
        problem = known.judge()
        problems += [problem] if problem else []
    return b"".join(truths), problems


def damaged_tile(tile: Tile) -> str:
    """The sentence for a tile of a higher level that does not hold the hashes below it."""
    return f"瓦片 {tile.path} 与它下面的记录不符，请由数据库重写（log seal --rewrite）或者从见证方恢复。"


def _signed(tile: Tile, published: bytes | None) -> tuple[list[bytes | None], Problem | None]:
    """The hashes of the tile, or nothing and why."""
    try:
        if published is None:
            raise RecordError("tile", f"缺少瓦片 {tile.path}，请从备份或见证方恢复。")
        content = check_width(tile, published)
    except RecordError as fault:
        return [None] * tile.width, Problem(tile.index * WIDTH, fault.sentence)
    return [content[place : place + HASH_BYTES] for place in range(0, len(content), HASH_BYTES)], None


def _kept(tile: Tile, bundle: bytes | None) -> tuple[list[bytes | None], Problem | None]:
    """The entries of the bundle, or nothing and why."""
    try:
        if bundle is None:
            raise RecordError("tile", "缺少这个记录包，请从备份或见证方恢复。")
        return list(unpack_entries(bundle, tile.width)), None
    except RecordError as fault:
        sentence = f"记录包 {tile.entries_path}：{fault.sentence}"
        return [None] * tile.width, Problem(tile.index * WIDTH, sentence)


class _Known:
    """What the four sources say of one place."""

    def __init__(
        self,
        hash: TreeHash,
        tile: Tile,
        at: int,
        place: Place,
        made: bytes | None,
        signed: bytes | None,
        kept: bytes | None,
    ) -> None:
        self.tile, self.position = tile, tile.index * WIDTH + at
        self.place, self.made, self.signed, self.kept = place, made, signed, kept
        self.kept_hash = None if kept is None else hash.leaf(kept)
        # What most say is taken for what was signed; where two stand against two, what was published.
        votes = Counter(vote for vote in (signed, self.kept_hash, place.stored, made) if vote is not None)
        self.truth = votes.most_common(1)[0][0] if votes else None

    def judge(self) -> Problem | None:
        """What is wrong here."""
        was = self.kept if self.kept_hash == self.truth else None
        now = self.place.content
        if self.place.stored is None:
            return self._say("的日志叶已被删除", was)
        if now is None:
            return self._say("的记录已被删除", was)
        if self.made != self.truth:
            return self._say(_changed(was, now), was or now)
        if self.place.stored != self.truth:
            return self._say("的日志叶被改动", now)
        if self.signed is not None and self.signed != self.truth:
            return self._say(f"在瓦片 {self.tile.path} 中的杂凑值被改动", now)
        if self.kept is not None and self.kept_hash != self.truth:
            return self._say(f"在记录包 {self.tile.entries_path} 中的内容被改动", now)
        return None

    def _say(self, what: str, leaf: bytes | None) -> Problem:
        """The sentence with the place and, where its leaf is known, the entry's number, event and moment."""
        if leaf is None:
            return Problem(self.position, f"第 {self.position + 1} 位{what}。")
        values = _values(leaf)
        named = f"（{values['number']}，{values['event']}，入册于 {values['recorded_at']}）"
        return Problem(self.position, f"第 {self.position + 1} 位{named}{what}。", values["number"])


def _changed(was: bytes | None, now: bytes) -> str:
    """What was done to an entry, from its leaf as published and as the database makes it now."""
    if was is None:
        return "的记录被改动，或者瓦片被改动（记录包中也没有相符的原文）"
    before, after = _values(was), _values(now)
    if before.get("number") != after.get("number"):
        return f"被换成了另一条记录（{after.get('number')}）：次序被改动"
    told = [
        f"{word}由 {before[key]} 改为 {after[key]}" if key in _SHOWN else f"{word}被改动"
        for key, word in _WORDS.items()
        if before[key] != after[key]
    ]
    return "的记录被改动：" + "；".join(told)


def _values(leaf: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(leaf)
    return values
