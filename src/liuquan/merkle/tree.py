"""Trees of hashes: the right edge, which is all that appending needs, and the whole tree in memory.

A tree of `size` leaves is a row of complete subtrees, the largest first, one for each bit of `size`. Their
roots are the edge; folding it from the right gives the root (RFC 9162 §2.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from liuquan.merkle.errors import MAX_SIZE, RecordError
from liuquan.merkle.hashing import HASH_BYTES, TreeHash


class Nodes(Protocol):
    """Anything that has the roots of complete subtrees: a tree in memory, or tiles."""

    @property
    def hash(self) -> TreeHash: ...

    @property
    def size(self) -> int:
        """Leaves of the tree."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The root of the `index`-th complete subtree of 2**level leaves."""
        ...


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree: all that is needed to append and to know the root, in constant memory."""

    hash: TreeHash
    size: int = 0
    peaks: tuple[bytes, ...] = ()  #: roots of the complete subtrees, the largest first

    def __post_init__(self) -> None:
        if self.size.bit_count() != len(self.peaks) or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise RecordError("format", "树的右边缘与叶数不符，请由瓦片重新读取。")

    def extended(self, leaf_hashes: bytes) -> Edge:
        """The edge after appending leaf hashes, joined one after the other."""
        peaks, size = list(self.peaks), self.size
        for start, stop in _runs(size, size + count_of(leaf_hashes)):
            place = (start - self.size) * HASH_BYTES
            top = self.hash.top(leaf_hashes[place : place + (stop - start) * HASH_BYTES])
            height = (stop - start).bit_length() - 1
            while size >> height & 1:
                top = self.hash.node(peaks.pop(), top)
                height += 1
            peaks.append(top)
            size = stop
        return Edge(self.hash, size, tuple(peaks))

    def root(self) -> bytes:
        """The root of the tree."""
        return fold(self.hash, self.peaks)


class Tree:
    """A whole tree in memory: 64 bytes a leaf. For tests, audits of a part, and small logs."""

    def __init__(self, hash: TreeHash) -> None:
        self.hash = hash
        self._levels: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        return len(self._levels[0]) // HASH_BYTES

    def append(self, entry: bytes) -> int:
        """Append one entry; returns its position."""
        self.extend(self.hash.leaf(entry))
        return self.size - 1

    def extend(self, leaf_hashes: bytes) -> None:
        """Append leaf hashes, joined one after the other."""
        count_of(leaf_hashes)
        added: bytes = leaf_hashes
        for height in range(MAX_SIZE.bit_length()):
            if height == len(self._levels):
                self._levels.append(bytearray())
            level = self._levels[height]
            level += added
            above = len(self._levels[height + 1]) if height + 1 < len(self._levels) else 0
            whole = len(level) // (2 * HASH_BYTES) * HASH_BYTES
            if whole == above:
                return
            added = self.hash.parents(bytes(level[2 * above : 2 * whole]))

    def node(self, level: int, index: int) -> bytes:
        place = index * HASH_BYTES
        if level >= len(self._levels) or index < 0 or place >= len(self._levels[level]):
            raise RecordError("proof", "所要的子树还不完整，请核对叶数。")
        return bytes(self._levels[level][place : place + HASH_BYTES])

    def root(self, size: int | None = None) -> bytes:
        """The root at this size, or now."""
        return range_root(self, 0, self.size if size is None else size)


def range_root(nodes: Nodes, start: int, stop: int) -> bytes:
    """The root over leaves `start` up to `stop`, where `start` is where a left subtree of the tree ends."""
    if stop > nodes.size:
        raise RecordError("proof", f"树只有 {nodes.size} 个叶，不能计算到第 {stop} 个，请核对叶数。")
    peaks = []
    for first, last in _runs(start, stop):
        height = (last - first).bit_length() - 1
        peaks.append(nodes.node(height, first >> height))
    return fold(nodes.hash, peaks)


def fold(hash: TreeHash, peaks: tuple[bytes, ...] | list[bytes]) -> bytes:
    """The root over neighbouring complete subtrees, the largest first."""
    if not peaks:
        return hash.empty()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hash.node(peak, root)
    return root


def first_difference(one: Nodes, other: Nodes, size: int) -> int | None:
    """The position of the first leaf in which two trees differ among their first `size`; None when equal.

    Goes down from the root, so it asks for some dozens of nodes, not for every leaf.
    """
    for start, stop in _runs(0, size):
        height = (stop - start).bit_length() - 1
        index = start >> height
        if one.node(height, index) == other.node(height, index):
            continue
        while height:
            height, index = height - 1, index * 2
            if one.node(height, index) == other.node(height, index):
                index += 1
        return index
    return None


def count_of(leaf_hashes: bytes) -> int:
    """How many hashes these bytes are; refuses a part of one."""
    count, rest = divmod(len(leaf_hashes), HASH_BYTES)
    if rest:
        raise RecordError("format", "叶杂凑值的总长度不是 32 字节的整数倍，请核对数据。")
    return count


def _runs(start: int, stop: int) -> list[tuple[int, int]]:
    """The complete subtrees that cover leaves `start` up to `stop`, from left to right."""
    found = []
    while start < stop:
        span = 1 << ((stop - start).bit_length() - 1)
        if start:
            span = min(span, start & -start)
        found.append((start, start + span))
        start += span
    return found
