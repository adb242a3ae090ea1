"""The two hash functions of the tree and how they are applied: leaves under 0x00, inner nodes under 0x01.

The prefixes keep a leaf from being passed off as an inner node (RFC 9162 §2.1.1). Levels are kept as one
run of 32-byte hashes, because joining bytes costs more than hashing them.

Standards: RFC 9162 §2.1.1, FIPS 180-4 (SHA-256), GB/T 32905 (SM3)
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes

from liuquan.merkle.errors import RecordError

HASH_BYTES: Final = 32
_PAIR: Final = struct.Struct("64s")


class _Running(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def copy(self) -> _Running: ...


class TreeHash:
    """RFC 9162's tree hashing over one hash function. Compared by identity: use `SHA256` and `SM3`."""

    def __init__(self, name: str, start: Callable[[bytes], _Running]) -> None:
        self.name = name
        self._start = start
        # A started object that is copied: starting a new one costs as much as hashing an inner node.
        self._leaf = start(b"\x00").copy
        self._node = start(b"\x01").copy

    def __repr__(self) -> str:
        return f"TreeHash({self.name!r})"

    def digest(self, data: bytes) -> bytes:
        """The bare hash of some bytes, such as a document."""
        return self._start(data).digest()

    def empty(self) -> bytes:
        """The root of a tree without leaves."""
        return self._start(b"").digest()

    def leaf(self, entry: bytes) -> bytes:
        """The hash of one entry."""
        running = self._leaf()
        running.update(entry)
        return running.digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of an inner node."""
        running = self._node()
        running.update(left + right)
        return running.digest()

    def leaves(self, entries: Iterable[bytes]) -> bytes:
        """The hashes of many entries, one after the other."""
        start, found = self._leaf, []
        for entry in entries:
            running = start()
            running.update(entry)
            found.append(running.digest())
        return b"".join(found)

    def parents(self, level: bytes | bytearray | memoryview) -> bytes:
        """The level above: each two neighbouring hashes made one. The number of hashes must be even."""
        start, found = self._node, []
        for (pair,) in _PAIR.iter_unpack(level):
            running = start()
            running.update(pair)
            found.append(running.digest())
        return b"".join(found)

    def top(self, level: bytes) -> bytes:
        """The one hash over a complete run of 1, 2, 4, 8 … hashes."""
        while len(level) > HASH_BYTES:
            level = self.parents(level)
        return level


class _LibrarySM3:
    """SM3 of the `cryptography` package, where the interpreter's own OpenSSL was built without it."""

    def __init__(self, running: hashes.Hash) -> None:
        self._running = running

    def update(self, data: bytes, /) -> None:
        self._running.update(data)

    def digest(self) -> bytes:
        return self._running.copy().finalize()

    def copy(self) -> _LibrarySM3:
        return _LibrarySM3(self._running.copy())


def _start_sha256(data: bytes) -> _Running:
    return hashlib.sha256(data)


def _start_sm3(data: bytes) -> _Running:
    try:
        return hashlib.new("sm3", data)
    except ValueError:
        return start_library_sm3(data)


def start_library_sm3(data: bytes) -> _Running:
    """SM3 by the library, whatever the interpreter can do."""
    running = hashes.Hash(hashes.SM3())
    running.update(data)
    return _LibrarySM3(running)


SHA256: Final = TreeHash("sha256", _start_sha256)
SM3: Final = TreeHash("sm3", _start_sm3)
_BY_NAME: Final = {known.name: known for known in (SHA256, SM3)}


def tree_hash(name: str) -> TreeHash:
    """The tree hash of this name; refuses an unknown one."""
    if name not in _BY_NAME:
        raise RecordError("format", "记录使用了本程序不认识的杂凑算法，请使用新版核验程序。")
    return _BY_NAME[name]
