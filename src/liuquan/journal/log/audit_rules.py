"""What the audit finds in 256 places of the log, from four sources that must agree. Pure.

The sources of each place: the leaf computed now from the database's entry, the hash stored when it was
sealed, the hash in the published tile, and the bytes in the published bundle. Where they differ, the problem
says which of them was changed, as far as that can be known, and how.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from liuquan.merkle import HASH_BYTES, WIDTH, RecordError, Tile, TreeHash, pack_entries, unpack_entries
from liuquan.merkle import check_tile as check_tile_size

_FIELD_NAMES: Final = {
    "event": "事件",
    "vocabulary": "词汇版本",
    "body": "机关",
    "effective_at": "生效时刻",
    "recorded_at": "入册时刻",
    "subject": "对象",
    "public": "公开内容、状态、岗位或者行为人类别",
    "private": "非公开内容的承诺值",
}
_FIELDS_SHOWN_WITH_VALUES: Final = frozenset({"event", "vocabulary", "body", "effective_at", "recorded_at"})


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that does not hold; the first is the one with the lowest place."""

    position: int  #: from 0
    sentence: str
    entry: str = ""  #: its number, where one is known


@dataclass(frozen=True)
class DatabaseLeaf:
    """What the database has at one place: the leaf computed from its entry, and the stored hash of the leaf.
    None: the entry is gone, or the leaf is."""

    content: bytes | None = None
    stored: bytes | None = None


def check_sources(
    hash: TreeHash, tile: Tile, places: Sequence[DatabaseLeaf], published: bytes | None, bundle: bytes | None
) -> tuple[bytes, list[Problem]]:
    """The hashes under one tile of level 0 as most sources have them, and everything that is wrong there."""
    contents = [place.content for place in places if place.content is not None]
    computed = [None if place.content is None else hash.leaf(place.content) for place in places]
    whole = len(contents) == len(places) == tile.width and computed == [place.stored for place in places]
    joined = b"".join(filter(None, computed))
    if whole and published == joined and bundle == pack_entries(contents):
        return joined, []
    tiled, no_tile = _hashes_in(tile, published)
    bundled, no_bundle = _entries_in(tile, bundle)
    problems = [problem for problem in (no_tile, no_bundle) if problem]
    agreed_hashes = []
    for at in range(tile.width):
        sources = _Sources(hash, tile, at, places[at], computed[at], tiled[at], bundled[at])
        agreed_hashes.append(sources.agreed or bytes(HASH_BYTES))
        problem = sources.problem()
        problems += [problem] if problem else []
    return b"".join(agreed_hashes), problems


def damaged_tile(tile: Tile) -> str:
    """The sentence for a tile of a higher level that does not hold the hashes below it."""
    return f"瓦片 {tile.path} 与它下面的记录不符，请由数据库重写（log seal --rewrite）或者从见证方恢复。"


def _hashes_in(tile: Tile, published: bytes | None) -> tuple[list[bytes | None], Problem | None]:
    """The hashes of the tile, or nothing and why."""
    try:
        if published is None:
            raise RecordError("tile", f"缺少瓦片 {tile.path}，请从备份或见证方恢复。")
        content = check_tile_size(tile, published)
    except RecordError as fault:
        return [None] * tile.width, Problem(tile.index * WIDTH, fault.sentence)
    return [content[place : place + HASH_BYTES] for place in range(0, len(content), HASH_BYTES)], None


def _entries_in(tile: Tile, bundle: bytes | None) -> tuple[list[bytes | None], Problem | None]:
    """The entries of the bundle, or nothing and why."""
    try:
        if bundle is None:
            raise RecordError("tile", "缺少这个记录包，请从备份或见证方恢复。")
        return list(unpack_entries(bundle, tile.width)), None
    except RecordError as fault:
        sentence = f"记录包 {tile.entries_path}：{fault.sentence}"
        return [None] * tile.width, Problem(tile.index * WIDTH, sentence)


class _Sources:
    """The four sources of one place."""

    def __init__(
        self,
        hash: TreeHash,
        tile: Tile,
        at: int,
        place: DatabaseLeaf,
        computed: bytes | None,
        tiled: bytes | None,
        bundled: bytes | None,
    ) -> None:
        self.tile, self.position = tile, tile.index * WIDTH + at
        self.place, self.computed, self.tiled, self.bundled = place, computed, tiled, bundled
        self.bundled_hash = None if bundled is None else hash.leaf(bundled)
        # What most sources have is taken for what was signed; where they are two against two, the tile's.
        votes = Counter(
            vote for vote in (tiled, self.bundled_hash, place.stored, computed) if vote is not None
        )
        self.agreed = votes.most_common(1)[0][0] if votes else None

    def problem(self) -> Problem | None:
        """What is wrong here; None: nothing."""
        was = self.bundled if self.bundled_hash == self.agreed else None
        now = self.place.content
        if self.place.stored is None:
            return self._found("的日志叶已被删除", was)
        if now is None:
            return self._found("的记录已被删除", was)
        if self.computed != self.agreed:
            return self._found(_changed(was, now), was or now)
        if self.place.stored != self.agreed:
            return self._found("的日志叶被改动", now)
        if self.tiled is not None and self.tiled != self.agreed:
            return self._found(f"在瓦片 {self.tile.path} 中的杂凑值被改动", now)
        if self.bundled is not None and self.bundled_hash != self.agreed:
            return self._found(f"在记录包 {self.tile.entries_path} 中的内容被改动", now)
        return None

    def _found(self, what: str, leaf: bytes | None) -> Problem:
        """The sentence with the place and, where its leaf is known, the entry's number, event and moment."""
        if leaf is None:
            return Problem(self.position, f"第 {self.position + 1} 位{what}。")
        values = _values(leaf)
        identity = f"（{values['number']}，{values['event']}，入册于 {values['recorded_at']}）"
        return Problem(self.position, f"第 {self.position + 1} 位{identity}{what}。", values["number"])


def _changed(was: bytes | None, now: bytes) -> str:
    """What was done to an entry, from its leaf as published and as the database makes it now."""
    if was is None:
        return "的记录被改动，或者瓦片被改动（记录包中也没有相符的原文）"
    before, after = _values(was), _values(now)
    if before.get("number") != after.get("number"):
        return f"被换成了另一条记录（{after.get('number')}）：次序被改动"
    changes = [
        f"{word}由 {before[key]} 改为 {after[key]}" if key in _FIELDS_SHOWN_WITH_VALUES else f"{word}被改动"
        for key, word in _FIELD_NAMES.items()
        if before[key] != after[key]
    ]
    return "的记录被改动：" + "；".join(changes)


def _values(leaf: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(leaf)
    return values
