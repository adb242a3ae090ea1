"""Proofs: that a leaf is in a tree, and that a tree is a continuation of an earlier one.

Making one reads complete subtrees from anything that has them (`Nodes`). Checking one needs nothing but the
two heads, and follows RFC 9162 to the letter, because others will check ours with their programs.

Standards: RFC 9162 §2.1.3 (inclusion), §2.1.4 (consistency)
"""

from __future__ import annotations

from collections.abc import Sequence

from liuquan.merkle.errors import MAX_SIZE, RecordError
from liuquan.merkle.hashing import HASH_BYTES, TreeHash
from liuquan.merkle.tree import Nodes, range_root

Path = Sequence[bytes]


def inclusion_path(nodes: Nodes, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` (from 0) to the root of the tree of `size` leaves."""
    _refuse_numbers(index < size, index, size)
    low, high = 0, size
    path = []
    while high - low > 1:
        middle = low + _left_part(high - low)
        if index < middle:
            path.append(range_root(nodes, middle, high))
            high = middle
        else:
            path.append(range_root(nodes, low, middle))
            low = middle
    return tuple(reversed(path))


def consistency_path(nodes: Nodes, old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show the tree of `old` leaves to be the beginning of the tree of `new` leaves."""
    _refuse_numbers(old <= new, old, new)
    if old in (0, new):
        return ()
    low, high = 0, new
    path = []
    while old != high:
        middle = low + _left_part(high - low)
        if old <= middle:
            path.append(range_root(nodes, middle, high))
            high = middle
        else:
            path.append(range_root(nodes, low, middle))
            low = middle
    if low:
        path.append(range_root(nodes, low, high))
    return tuple(reversed(path))


def root_from_inclusion(hash: TreeHash, leaf_hash: bytes, index: int, size: int, path: Path) -> bytes:
    """The root that this path leads to. Refuses a path that is too long or too short for such a tree."""
    _refuse_numbers(index < size, index, size)
    _refuse_hashes([leaf_hash, *path])
    place, last, root = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise RecordError("proof", "包含证明过长，与树的大小不符。")
        if place & 1 or place == last:
            root = hash.node(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = hash.node(root, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise RecordError("proof", "包含证明过短，与树的大小不符。")
    return root


def check_inclusion(
    hash: TreeHash, *, leaf_hash: bytes, index: int, size: int, path: Path, root: bytes
) -> None:
    """Refuse unless the leaf stands at `index` in the tree of `size` leaves with this root."""
    if root_from_inclusion(hash, leaf_hash, index, size, path) != root:
        raise RecordError("proof", f"这条记录不在所称的第 {index + 1} 位：由包含证明算出的根与检查点不同。")


def check_consistency(
    hash: TreeHash, *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Path
) -> None:
    """Refuse unless the new tree continues the old one: nothing of it removed, changed or inserted."""
    _refuse_numbers(old_size <= new_size, old_size, new_size)
    _refuse_hashes([old_root, new_root, *path])
    if old_size in (0, new_size):
        if path:
            raise RecordError("proof", "一致性证明应当为空，请核对树的大小。")
        if old_root != (new_root if old_size else hash.empty()):
            raise RecordError("fork", f"大小同为 {old_size} 的两个根不同：日志出现了分叉。")
        return
    if _both_roots(hash, old_size, old_root, new_size, path) != (old_root, new_root):
        raise RecordError("proof", f"一致性证明不成立：新树的前 {old_size} 个叶不是原来的树。")


def _both_roots(
    hash: TreeHash, old_size: int, old_root: bytes, new_size: int, path: Path
) -> tuple[bytes, bytes]:
    """RFC 9162 §2.1.4.2: the roots of the old and of the new tree, computed from one path."""
    steps = list(path)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        raise RecordError("proof", "一致性证明过短，与树的大小不符。")
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise RecordError("proof", "一致性证明过长，与树的大小不符。")
        if place & 1 or place == last:
            old, new = hash.node(sibling, old), hash.node(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = hash.node(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise RecordError("proof", "一致性证明过短，与树的大小不符。")
    return old, new


def _left_part(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _refuse_numbers(ordered: bool, low: int, high: int) -> None:
    if not ordered or low < 0 or high > MAX_SIZE:
        raise RecordError("proof", f"位置 {low} 与树的大小 {high} 不符，请核对。")


def _refuse_hashes(values: Sequence[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in values):
        raise RecordError("format", "证明中的杂凑值应为 32 字节，请重新获取。")
