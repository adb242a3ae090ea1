"""The procedure of RFC 3797 §4: from a key text and a pool's size to an order in which anybody can follow.

For the i-th pick the counter i, big endian, is put before and behind the key and hashed; the hash, read as
one big-endian number, modulo what is left of the pool, says which of those left, in their order, is picked. A
replacement is the next pick of the same sequence. Nothing here is secret and nothing is random.

The remainder favours low positions by less than one part in 2^(hash bits) / size: below 10^-60 for a pool of
any size with SHA-256 or SM3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

from liuquan.draw.profiles import Profile
from liuquan.draw.refusals import DrawRefused


@dataclass(frozen=True)
class Pick:
    """One step: counter, hash, how many were left, the remainder, and the position in the pool it hit."""

    counter: int
    digest: bytes
    left: int
    remainder: int
    position: int


def key_text(sources: Sequence[Sequence[int | str]]) -> bytes:
    """The key text of RFC 3797 §4: a value ends in ".", a source in "/"; numbers of a source are sorted.

    Text (here: hex) is kept to its ASCII letters and digits, made capital, so that spacing cannot matter.
    """
    parts = []
    for source in sources:
        numbers = sorted(value for value in source if isinstance(value, int))
        texts = [_plain(value) for value in source if isinstance(value, str)]
        if numbers and texts:
            raise ValueError("a source is either numbers or text")
        parts.append("".join(f"{value}." for value in [*numbers, *texts]) + "/")
    return "".join(parts).encode("ascii")


def picks(key: bytes, size: int, profile: Profile) -> Iterator[Pick]:
    """Every position from 0 to size-1 once, in the order the key gives; stop reading at any time."""
    if size > profile.largest_pool:
        raise DrawRefused("size", f"名单超过 {profile.largest_pool} 个，计数器不够用：请分组抽取。")
    left = _Left(size)
    for counter in range(size):
        frame = counter.to_bytes(profile.counter_bytes, "big")
        digest = profile.digest(frame + key + frame)
        remaining = size - counter
        remainder = int.from_bytes(digest, "big") % remaining
        yield Pick(counter, digest, remaining, remainder, left.take(remainder))


def entropy_needed(take: int, size: int) -> int:
    """Bits of chance needed for every choice of `take` out of `size` to be possible (RFC 3797 §3.3)."""
    return (comb(size, take) - 1).bit_length()


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())


class _Left:
    """What is left of the positions 0..size-1, in order: the n-th is found and taken in log(size) steps."""

    def __init__(self, size: int) -> None:
        # A Fenwick tree of ones: node i counts the untaken among the (i & -i) positions that end at i.
        self._tree = [index & -index for index in range(size + 1)]
        self._top = 1 << size.bit_length()

    def take(self, number: int) -> int:
        """The number-th (from 0) of those left; it is no longer left."""
        tree, position, step, wanted = self._tree, 0, self._top, number + 1
        while step:
            following = position + step
            if following < len(tree) and tree[following] < wanted:
                position, wanted = following, wanted - tree[following]
            step >>= 1
        node = position + 1
        while node < len(tree):
            tree[node] -= 1
            node += node & -node
        return position
