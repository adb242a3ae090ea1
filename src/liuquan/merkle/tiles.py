"""The log as files: tiles of 256 hashes and bundles of 256 entries, named as C2SP `tlog-tiles` says.

A full tile never changes. The right-most tile of a level is partial until it is full and carries its width in
its name, so that no name ever means two contents and everything but the checkpoint can be cached for
good. A tile of a level above holds the roots of full tiles below.

Standards: https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from liuquan.merkle.errors import RecordError
from liuquan.merkle.hashing import HASH_BYTES, TreeHash

WIDTH: Final = 256  #: hashes in a full tile
HEIGHT: Final = 8  #: levels of the tree that one tile spans
MAX_ENTRY: Final = 0xFFFF  #: bytes of an entry in a bundle
CHECKPOINT_PATH: Final = "checkpoint"

_PATH: Final = re.compile(
    r"tile/(?P<level>0|[1-9][0-9]?|entries)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, order=True)
class Tile:
    """Which tile: its level, its place in the level, and how many hashes wide."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (0 <= self.level <= 63 and self.index >= 0 and 1 <= self.width <= WIDTH):
            raise RecordError("tile", "没有这样的瓦片，请核对层、序号和宽度。")

    @property
    def path(self) -> str:
        """Where its hashes are published, below the log's address."""
        return f"tile/{self.level}/{self._place()}"

    @property
    def entries_path(self) -> str:
        """Where the entries under it are published (level 0 only)."""
        if self.level:
            raise RecordError("tile", "只有第 0 层的瓦片才有记录包。")
        return f"tile/entries/{self._place()}"

    @property
    def full(self) -> bool:
        return self.width == WIDTH

    def _place(self) -> str:
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        suffix = "" if self.full else f".p/{self.width}"
        return "/".join(reversed(groups)) + suffix


def parse_path(path: str) -> tuple[Tile, bool]:
    """The tile that a published path names, and whether its entries are meant. Refuses any other spelling."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise RecordError("tile", "瓦片地址的写法不对，请按 tile/层/序号 书写。")
    entries = found["level"] == "entries"
    index = int(found["index"].replace("x", "").replace("/", ""))
    width = int(found["width"] or WIDTH)
    if found["width"] and width >= WIDTH:
        raise RecordError("tile", "未满瓦片的宽度应在 1 至 255 之间。")
    tile = Tile(0 if entries else int(found["level"]), index, width)
    if path != (tile.entries_path if entries else tile.path):
        raise RecordError("tile", "瓦片地址中有多余的零，请按最短写法书写。")
    return tile, entries


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree of this size, level by level."""
    return tiles_between(0, size)


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """The tiles that a tree of `new` leaves has and one of `old` leaves has not."""
    level = 0
    while new:
        full, width = divmod(new, WIDTH)
        for index in range(old // WIDTH, full):
            yield Tile(level, index)
        if width and new != old:
            yield Tile(level, full, width)
        old, new, level = old // WIDTH, full, level + 1


def edge_tiles(size: int) -> tuple[Tile | None, ...]:
    """The partial tile of each level of a tree, the lowest level first; None where there is none."""
    found: list[Tile | None] = []
    while size:
        full, width = divmod(size, WIDTH)
        found.append(Tile(len(found), full, width) if width else None)
        size = full
    return tuple(found)


def check_tile(tile: Tile, content: bytes) -> bytes:
    """The content, when it has the length its name says. Refuses a truncated or padded one."""
    if len(content) != tile.width * HASH_BYTES:
        raise RecordError(
            "tile",
            f"瓦片 {tile.path} 应为 {tile.width * HASH_BYTES} 字节，实为 {len(content)} 字节，"
            "请从备份或见证方恢复。",
        )
    return content


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """A bundle: each entry behind its length in two bytes. Refuses an entry longer than 65,535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise RecordError("format", f"一条记录最长 {MAX_ENTRY} 字节，请缩短后再入册。")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unpack_entries(bundle: bytes, count: int | None = None) -> tuple[bytes, ...]:
    """The entries of a bundle. Refuses one that ends in the middle of an entry, or holds another number."""
    entries = []
    place = 0
    while place < len(bundle):
        length = int.from_bytes(bundle[place : place + 2], "big")
        stop = place + 2 + length
        if len(bundle) - place < 2 or stop > len(bundle):
            raise RecordError("tile", "记录包在一条记录的中间断开，请重新获取。")
        entries.append(bundle[place + 2 : stop])
        place = stop
    if count is not None and len(entries) != count:
        raise RecordError("tile", f"记录包应有 {count} 条记录，实有 {len(entries)} 条，请重新获取。")
    return tuple(entries)


def check_bundle(hash: TreeHash, tile: Tile, entries: Sequence[bytes], content: bytes) -> None:
    """Refuse unless the entries are those under this level-0 tile; names the first that is not."""
    check_tile(tile, content)
    hashes = hash.leaves(entries)
    if hashes == content:
        return
    for place in range(max(len(entries), tile.width)):
        here = slice(place * HASH_BYTES, (place + 1) * HASH_BYTES)
        if hashes[here] != content[here]:
            raise RecordError("tile", f"第 {tile.index * WIDTH + place + 1} 条记录与它的叶杂凑值不符。")
