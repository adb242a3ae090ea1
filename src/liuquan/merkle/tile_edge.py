"""Appending to a log of tiles in constant memory, and reading its tree back from them.

The sealer keeps the partial tiles of the right edge, at most 255 hashes a level. Appending a batch gives the
new edge and the files to write; nothing already written is read or changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from liuquan.merkle.errors import RecordError
from liuquan.merkle.hashing import HASH_BYTES, TreeHash
from liuquan.merkle.tiles import HEIGHT, WIDTH, Tile, check_tile, edge_tiles
from liuquan.merkle.tree import count_of, fold, range_root

#: Content of a published path, or None when there is none.
Fetch = Callable[[str], bytes | None]
_FULL_BYTES = WIDTH * HASH_BYTES


@dataclass(frozen=True)
class TileEdge:
    """The right edge as partial tiles, one run of hashes for each level, the lowest first."""

    hash: TreeHash
    size: int = 0
    levels: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        widths = [tile.width if tile else 0 for tile in edge_tiles(self.size)]
        if [len(level) for level in self.levels] != [width * HASH_BYTES for width in widths]:
            raise RecordError("tile", "右边缘的瓦片与叶数不符，请由已发布的瓦片重新读取。")

    def grown(self, leaf_hashes: bytes) -> tuple[TileEdge, list[tuple[Tile, bytes]]]:
        """The edge after appending these leaf hashes, and the tiles to write before the new checkpoint.

        Order of the tiles: level by level, from left to right; each is new, none replaces another.
        """
        size, written = self.size + count_of(leaf_hashes), []
        levels = list(self.levels)
        added, level, before = leaf_hashes, 0, self.size
        while added:
            if level == len(levels):
                levels.append(b"")
            run, index = levels[level] + added, before // WIDTH
            tops = []
            place = 0
            while len(run) - place >= _FULL_BYTES:
                content = run[place : place + _FULL_BYTES]
                written.append((Tile(level, index), content))
                tops.append(self.hash.top(content))
                place, index = place + _FULL_BYTES, index + 1
            levels[level] = run[place:]
            if levels[level]:
                written.append((Tile(level, index, len(levels[level]) // HASH_BYTES), levels[level]))
            added, level, before = b"".join(tops), level + 1, before // WIDTH
        return TileEdge(self.hash, size, tuple(levels)), written

    def root(self) -> bytes:
        """The root of the tree."""
        peaks: list[bytes] = []
        for level in reversed(self.levels):
            place, width = 0, len(level) // HASH_BYTES
            while width:
                span = 1 << (width.bit_length() - 1)
                peaks.append(self.hash.top(level[place : place + span * HASH_BYTES]))
                place, width = place + span * HASH_BYTES, width - span
        return fold(self.hash, peaks)


def read_edge(hash: TreeHash, size: int, fetch: Fetch) -> TileEdge:
    """The edge of a published tree. Refuses a missing or truncated tile; the caller compares the root."""
    return TileEdge(hash, size, tuple(_fetch(fetch, t) if t else b"" for t in edge_tiles(size)))


class TiledTree:
    """A tree whose nodes are read from tiles, for proofs. Keeps the last `keep` tiles in memory.

    It does not check the tiles against a root: a proof from a changed tile is refused when it is checked,
    and `root` says what the tiles add up to.
    """

    def __init__(self, hash: TreeHash, size: int, fetch: Fetch, *, keep: int = 512) -> None:
        self.hash = hash
        self.size = size
        self._fetch = fetch
        self._tile = lru_cache(keep)(self._read)

    def node(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile_index, place = divmod(index << height, WIDTH)
        rows = self._tile(tile_level, tile_index)
        while len(rows) <= height:  # the tile's own inner levels, made when first asked for
            below = rows[-1]
            rows.append(self.hash.parents(below[: len(below) // (2 * HASH_BYTES) * 2 * HASH_BYTES]))
        at = (place >> height) * HASH_BYTES
        found = rows[height][at : at + HASH_BYTES]
        if not found or index < 0:
            raise RecordError("proof", "所要的子树还不完整，请核对叶数。")
        return found

    def root(self, size: int | None = None) -> bytes:
        """The root at this size, or at the tree's own."""
        return range_root(self, 0, self.size if size is None else size)

    def _read(self, level: int, index: int) -> list[bytes]:
        width = min(WIDTH, (self.size >> HEIGHT * level) - index * WIDTH)
        return [_fetch(self._fetch, Tile(level, index, width))]


def _fetch(fetch: Fetch, tile: Tile) -> bytes:
    """The content of a tile; a partial one may be gone once the full one has replaced it."""
    content = fetch(tile.path)
    if content is not None:
        return check_tile(tile, content)
    whole = Tile(tile.level, tile.index)
    content = None if tile.full else fetch(whole.path)
    if content is None:
        raise RecordError("tile", f"缺少瓦片 {tile.path}，请从备份或见证方恢复。")
    return check_tile(whole, content)[: tile.width * HASH_BYTES]
