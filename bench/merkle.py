"""The transparency log: leaves appended, proofs made and checked, bytes on disk. No database.

    ./run python bench/merkle.py [--quick] [--repetitions N]

Appending is what the sealer does: hash real leaves, grow the right edge by batches of 1,000, and produce the
tiles to write. Its peer is the least that any tree must do, two bare hashes a leaf. pymerkle is GPL, so it is
of the development extra alone: nothing of the product imports it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from figures import Figure, median

from liuquan.merkle import (
    SHA256,
    SM3,
    Leaf,
    TiledTree,
    TileEdge,
    Tree,
    TreeHash,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    tiles_of,
)

BATCH, LEAVES_10M = 1_000, 10_000_000
_POOL = 256  #: different full tiles of the large tree, used again and again
AIMS = {"sha256": 300_000, "sm3": 170_000}  #: appends a second and core
BYTES_A_LEAF = 33  #: at most, of which 32 are the leaf's own hash


def measure(repetitions: int, leaves: int) -> list[Figure]:
    """Every figure of the log."""
    entries = real_leaves(leaves)
    size = sum(map(len, entries)) / leaves
    return [
        *(_appending(hash, entries, size, repetitions) for hash in (SHA256, SM3)),
        *_beside_pymerkle(entries, repetitions),
        *_proving(repetitions, 200 if leaves < 50_000 else 2_000),
        _disk(),
    ]


def real_leaves(count: int) -> list[bytes]:
    """Leaves as the journal makes them."""
    at, chance = datetime(2026, 3, 20, 1, tzinfo=UTC), random.Random(6962)  # noqa: S311 - not a secret
    return [
        Leaf(
            number=uuid.UUID(int=chance.getrandbits(128)),
            event="applications.accepted",
            vocabulary=1,
            body="11140000000000001X",
            effective_at=at + timedelta(milliseconds=place),
            recorded_at=at + timedelta(milliseconds=place),
            subject=chance.randbytes(32),
            public=chance.randbytes(32),
            private=chance.randbytes(32),
        ).content()
        for place in range(count)
    ]


def grow(hash: TreeHash, entries: list[bytes]) -> None:
    """Append the entries as the sealer does: leaves hashed, the right edge grown, tiles produced."""
    edge = TileEdge(hash)
    for start in range(0, len(entries), BATCH):
        edge, _ = edge.grown(hash.leaves(entries[start : start + BATCH]))
    if edge.size != len(entries):
        raise RuntimeError("leaves were lost")


def _appending(hash: TreeHash, entries: list[bytes], size: float, repetitions: int) -> Figure:
    def bare() -> None:
        new, pair = hashlib.new, bytes(64)
        for entry in entries:
            new(hash.name, b"\x00" + entry).digest()
            new(hash.name, b"\x01" + pair).digest()

    def bare_sha256() -> None:
        new, pair = hashlib.sha256, bytes(64)
        for entry in entries:
            new(b"\x00" + entry).digest()
            new(b"\x01" + pair).digest()

    peer = bare_sha256 if hash is SHA256 else bare
    ours, peers = _rates([partial(grow, hash, entries), peer], len(entries), repetitions)
    return Figure(
        f"leaves appended with their tiles, {hash.name}, batches of {BATCH:,}, {size:.0f} bytes a leaf",
        "leaves/s",
        median(ours),
        "bare hashlib: two hashes a leaf, nothing kept",
        median(peers),
        ours,
        peers,
        wish=f"{AIMS[hash.name]:,} a second and core",
    )


def _beside_pymerkle(entries: list[bytes], repetitions: int) -> list[Figure]:
    import pymerkle

    few = entries[:20_000]

    def theirs() -> None:
        tree = pymerkle.InmemoryTree(algorithm="sha256")
        for entry in few:
            tree.append_entry(entry)

    def whole() -> None:
        tree = Tree(SHA256)
        for start in range(0, len(few), BATCH):
            tree.extend(SHA256.leaves(few[start : start + BATCH]))

    ours, peers = _rates([whole, theirs], len(few), repetitions)
    return [
        Figure(
            "leaves appended to a whole tree in memory, sha256",
            "leaves/s",
            median(ours),
            "pymerkle, in memory",
            median(peers),
            ours,
            peers,
            aim=4.0,
        )
    ]


def _proving(repetitions: int, proofs: int) -> list[Figure]:
    """At ten million leaves: near the right edge, where receipts are made, and anywhere, with cold tiles."""
    fetch = large_tree()
    root = TiledTree(SHA256, LEAVES_10M, fetch).root()
    chance = random.Random(9162)  # noqa: S311 - not a secret
    recent = [chance.randrange(LEAVES_10M - BATCH, LEAVES_10M) for _ in range(proofs)]
    anywhere = [chance.randrange(LEAVES_10M) for _ in range(proofs)]
    warm, cold = TiledTree(SHA256, LEAVES_10M, fetch), TiledTree(SHA256, LEAVES_10M, fetch)
    prove(warm, recent, root)

    def bare() -> None:
        pair = bytes(65)
        for _ in range(proofs * 24):
            hashlib.sha256(pair).digest()

    figures = []
    for what, tree, places in (
        ("of the last 1,000 leaves (tiles in memory)", warm, recent),
        ("of any leaf (its tile read and hashed first)", cold, anywhere),
    ):
        ours, peers = _rates([partial(prove, tree, places, root), bare], proofs, repetitions)
        figures.append(
            Figure(
                f"inclusion proofs {what}, made and checked, at {LEAVES_10M:,} leaves\n"
                f"  {1000 / median(ours):.3f} ms each",
                "proofs/s",
                median(ours),
                "bare hashlib: the 24 hashes of one check",
                median(peers),
                ours,
                peers,
                wish="below 0.1 ms each",
            )
        )
    return [*figures, _consistency(warm, root, proofs // 10, repetitions)]


def _consistency(tree: TiledTree, root: bytes, proofs: int, repetitions: int) -> Figure:
    sizes = [LEAVES_10M - 1 - 997 * place for place in range(proofs)]
    roots = {size: tree.root(size) for size in sizes}

    def prove() -> None:
        for size in sizes:
            path = consistency_path(tree, size, LEAVES_10M)
            check_consistency(
                SHA256, old_size=size, old_root=roots[size], new_size=LEAVES_10M, new_root=root, path=path
            )

    def bare() -> None:
        pair = bytes(65)
        for _ in range(proofs * 48):
            hashlib.sha256(pair).digest()

    ours, peers = _rates([prove, bare], proofs, repetitions)
    return Figure(
        f"consistency proofs, made and checked, at {LEAVES_10M:,} leaves\n"
        f"  {1000 / median(ours):.3f} ms each",
        "proofs/s",
        median(ours),
        "bare hashlib: 48 hashes",
        median(peers),
        ours,
        peers,
    )


def prove(tree: TiledTree, places: Sequence[int], root: bytes) -> None:
    """Make and check an inclusion proof of each place."""
    for place in places:
        path = inclusion_path(tree, place, LEAVES_10M)
        check_inclusion(
            SHA256, leaf_hash=tree.node(0, place), index=place, size=LEAVES_10M, path=path, root=root
        )


def large_tree() -> Callable[[str], bytes | None]:
    """The tiles of ten million leaves, made when asked for: the same 65,536 leaves again and again."""
    base = [SHA256.leaves(f"{n}.{m}".encode() for m in range(256)) for n in range(_POOL)]
    tops = b"".join(SHA256.top(tile) for tile in base)
    top = SHA256.top(tops)
    tiles = {
        tile.path: (base[tile.index % _POOL], tops, top * 256)[tile.level][: tile.width * 32]
        for tile in tiles_of(LEAVES_10M)
    }
    return tiles.get


def _disk() -> Figure:
    written = sum(tile.width * 32 for tile in tiles_of(LEAVES_10M))
    return Figure(
        f"leaves on a megabyte of tiles at {LEAVES_10M:,} leaves\n  {written / LEAVES_10M:.2f} bytes a leaf",
        "leaves/MB",
        LEAVES_10M / written * 1e6,
        "the leaf hashes alone, 32 bytes each",
        1e6 / 32,
        aim=32 / BYTES_A_LEAF,
    )


def _rates(kinds: Sequence[Callable[[], None]], number: int, repetitions: int) -> list[list[float]]:
    """A rate for each kind and repetition, by processor time, interleaved."""
    rates: list[list[float]] = [[] for _ in kinds]
    for _ in range(repetitions):
        for kind, found in zip(kinds, rates, strict=True):
            begin = time.process_time()
            kind()
            found.append(number / (time.process_time() - begin))
    return rates


def main() -> int:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, to see that it runs")
    parser.add_argument("--repetitions", type=int, default=5, help="interleaved; medians are shown")
    asked = parser.parse_args()
    for figure in measure(asked.repetitions, 20_000 if asked.quick else 200_000):
        sys.stdout.write(f"{figure}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
