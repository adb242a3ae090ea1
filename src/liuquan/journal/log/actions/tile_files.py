"""Tiles and entry bundles, written from the leaves in the database: for the next head, or all again."""

from __future__ import annotations

from collections.abc import Sequence

from liuquan.journal.log.files import LogFiles
from liuquan.journal.log.stored_leaves import SealedLeaf, leaf_hashes, leaves_between
from liuquan.merkle import WIDTH, Checkpoint, RecordError, Tile, TileEdge, pack_entries


def rewrite_files(files: LogFiles, head: Checkpoint, *, chunk: int = 64 * WIDTH) -> TileEdge:
    """Write all tiles and bundles of a published head again, from the leaves in the database.

    Refuses when these do not add up to the signed root: then nothing is written.
    """
    edge = TileEdge(head.hash)
    for start in range(0, head.size, chunk):
        edge, _ = edge.grown(leaf_hashes(start, min(start + chunk, head.size)))
    if edge.size != head.size or edge.root() != head.root:
        raise RecordError("tile", f"日志叶与已签署的检查点（{head.size} 条）不符：叶被改动过，请核查日志。")
    edge = TileEdge(head.hash)
    for start in range(0, head.size, chunk):
        leaves = leaves_between(start, min(start + chunk, head.size))
        edge, tiles = edge.grown(b"".join(leaf.hash for leaf in leaves))
        files.write({tile.path: content for tile, content in tiles if tile.full or edge.size == head.size})
        files.write(bundles_of(files, start, leaves))
    return edge


def leaves_in_range(fresh: Sequence[SealedLeaf], start: int, end: int) -> Sequence[SealedLeaf]:
    """The leaves of a range: the fresh ones when they are exactly these, else read from the database."""
    if fresh and fresh[0].position == start and fresh[-1].position == end - 1:
        return fresh
    return leaves_between(start, end)


def bundles_of(files: LogFiles, start: int, leaves: Sequence[SealedLeaf]) -> dict[str, bytes]:
    """The entry bundles that change when these leaves are appended at `start`."""
    first = start // WIDTH * WIDTH
    contents = [leaf.content for leaf in leaves]
    if start > first:
        contents = [leaf.content for leaf in leaves_between(first, start)] + contents
    bundles = {}
    for place in range(0, len(contents), WIDTH):
        entries = contents[place : place + WIDTH]
        bundles[Tile(0, (first + place) // WIDTH, len(entries)).entries_path] = pack_entries(entries)
    return bundles
