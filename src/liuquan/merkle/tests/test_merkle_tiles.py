"""Tiles: their names, appending to them, and proofs made from them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.merkle import (
    SHA256,
    SM3,
    RecordError,
    Tile,
    TiledTree,
    TileEdge,
    Tree,
    TreeHash,
    check_bundle,
    check_consistency,
    check_inclusion,
    consistency_path,
    edge_tiles,
    inclusion_path,
    pack_entries,
    parse_path,
    read_edge,
    tiles_between,
    tiles_of,
    unpack_entries,
)

BOTH = pytest.mark.parametrize("hash", [SHA256, SM3], ids=["sha256", "sm3"])


def leaves(hash: TreeHash, start: int, stop: int) -> bytes:
    return hash.leaves(place.to_bytes(8, "big") for place in range(start, stop))


def published(hash: TreeHash, sizes: list[int]) -> tuple[TileEdge, dict[str, bytes]]:
    """A log grown through these sizes, and everything it wrote."""
    edge, files = TileEdge(hash), dict[str, bytes]()
    for old, new in pairwise([0, *sizes]):
        edge, written = edge.grown(leaves(hash, old, new))
        for tile, content in written:
            assert files.setdefault(tile.path, content) == content, "a name never stands for two contents"
    return edge, files


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(3, 1000), "tile/3/x001/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(63, 5, 7), "tile/63/005.p/7"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
    ],
)
def test_a_tile_is_named_as_the_standard_says(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == (tile, False)


def test_bundles_of_entries_are_named_like_their_tiles() -> None:
    assert Tile(0, 1234067, 9).entries_path == "tile/entries/x001/x234/067.p/9"
    assert parse_path("tile/entries/x001/x234/067.p/9") == (Tile(0, 1234067, 9), True)
    with pytest.raises(RecordError):
        _ = Tile(1, 0).entries_path


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/-1/000",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/x001/x/000",
        "tile/entries/0",
        "tile/0/０００",
        "tile/0/000\n",
        "checkpoint",
        "",
        "tile/0/../../etc",
        "tile/100/000",
        f"tile/0/{'x001/' * 7}000",
        f"tile/0/{'x001/' * 2000}000",
    ],
)
def test_any_other_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(RecordError) as refused:
        parse_path(path)
    assert refused.value.fault == "tile"


@given(st.integers(0, 7), st.integers(0, 2**55), st.integers(1, 256))
def test_every_tile_name_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_path(tile.path) == (tile, False)


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_standards_example() -> None:
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.full for tile in tiles) == 273
    assert [tile for tile in tiles if not tile.full] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles if tile.level == 1 and tile.full] == [Tile(1, 0)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == list(tiles_between(300, 300)) == []
    assert list(tiles_between(300, 600)) == [Tile(0, 1), Tile(0, 2, 88), Tile(1, 0, 2)]
    assert edge_tiles(256) == (None, Tile(1, 0, 1))


@BOTH
def test_growing_writes_exactly_the_tiles_of_the_new_size(hash: TreeHash) -> None:
    sizes = [1, 2, 255, 256, 257, 511, 512, 1000, 66_000, 66_001]
    edge, files = published(hash, sizes)
    expected = {tile.path for old, new in pairwise([0, *sizes]) for tile in tiles_between(old, new)}
    assert set(files) == expected
    assert read_edge(hash, edge.size, files.get) == edge
    tree = Tree(hash)
    tree.extend(leaves(hash, 0, 66_001))
    assert edge.root() == tree.root()
    tiled = TiledTree(hash, edge.size, files.get)
    assert tiled.root() == tree.root()
    for index in (0, 1, 255, 256, 65_535, 65_536, 66_000):
        assert inclusion_path(tiled, index, 66_001) == inclusion_path(tree, index, 66_001)
    for old in (1, 255, 256, 257, 65_536, 66_000, 66_001):
        assert consistency_path(tiled, old, 66_001) == consistency_path(tree, old, 66_001)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8), st.data())
@settings(max_examples=40, deadline=None)
def test_any_batches_give_the_root_and_the_proofs_of_one_tree(steps: list[int], data: st.DataObject) -> None:
    sizes = [sum(steps[: place + 1]) for place in range(len(steps))]
    edge, files = published(SHA256, sizes)
    tree = Tree(SHA256)
    tree.extend(leaves(SHA256, 0, edge.size))
    assert edge.root() == tree.root()
    tiled = TiledTree(SHA256, edge.size, files.get)
    index, old = data.draw(st.integers(0, edge.size - 1)), data.draw(st.sampled_from(sizes))
    check_inclusion(
        SHA256,
        leaf_hash=tiled.node(0, index),
        index=index,
        size=edge.size,
        path=inclusion_path(tiled, index, edge.size),
        root=edge.root(),
    )
    check_consistency(
        SHA256,
        old_size=old,
        old_root=tiled.root(old),
        new_size=edge.size,
        new_root=edge.root(),
        path=consistency_path(tiled, old, edge.size),
    )


def test_a_partial_tile_that_was_cleared_away_is_read_from_the_full_one() -> None:
    edge, files = published(SHA256, [300, 600])
    old = TileEdge(SHA256).grown(leaves(SHA256, 0, 300))[0]
    del files["tile/0/001.p/44"]
    assert read_edge(SHA256, 300, files.get) == old
    assert TiledTree(SHA256, 300, files.get).root() == old.root()
    del files["tile/0/001"]
    with pytest.raises(RecordError, match="缺少瓦片 tile/0/001.p/44"):
        read_edge(SHA256, 300, files.get)
    assert edge.size == 600


@pytest.mark.parametrize("cut", [0, 1, 31, 32, 8191, 8193])
def test_a_truncated_or_padded_tile_is_refused_by_name(cut: int) -> None:
    edge, files = published(SHA256, [700])
    files["tile/0/001"] = (files["tile/0/001"] + b"x")[:cut]
    with pytest.raises(RecordError, match="tile/0/001 应为 8192 字节") as refused:
        inclusion_path(TiledTree(SHA256, 700, files.get), 300, 700)
    assert refused.value.fault == "tile"
    files["tile/0/002.p/188"] = files["tile/0/002.p/188"][:-32]
    with pytest.raises(RecordError):
        read_edge(SHA256, edge.size, files.get)


def test_a_changed_byte_in_a_tile_shows_in_the_root_and_in_every_proof() -> None:
    edge, files = published(SHA256, [700])
    content = bytearray(files["tile/0/001"])
    content[40] ^= 1
    files["tile/0/001"] = bytes(content)
    tiled = TiledTree(SHA256, 700, files.get)
    assert read_edge(SHA256, 700, files.get).root() == edge.root(), "the edge alone does not read that tile"
    with pytest.raises(RecordError):
        check_inclusion(
            SHA256,
            leaf_hash=tiled.node(0, 256),
            index=256,
            size=700,
            path=inclusion_path(tiled, 256, 700),
            root=edge.root(),
        )


def test_an_edge_that_does_not_fit_its_size_is_refused() -> None:
    for size, levels in ((1, ()), (1, (bytes(31),)), (2, (bytes(32),)), (256, (bytes(32), bytes(32)))):
        with pytest.raises(RecordError):
            TileEdge(SHA256, size, levels)


def test_appending_nothing_writes_nothing() -> None:
    edge, _ = published(SHA256, [300])
    assert edge.grown(b"") == (edge, [])


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert unpack_entries(pack_entries(entries), len(entries)) == tuple(entries)


def test_a_bundle_is_refused_when_cut_or_of_another_number() -> None:
    bundle = pack_entries([b"one", b"two"])
    for broken in (bundle[:-1], bundle[:1], bundle + b"\0"):
        with pytest.raises(RecordError, match="中间断开"):
            unpack_entries(broken)
    with pytest.raises(RecordError, match="应有 3 条"):
        unpack_entries(bundle, 3)
    with pytest.raises(RecordError, match="65535"):
        pack_entries([bytes(65_536)])


def test_an_altered_entry_is_named_by_its_position() -> None:
    entries = [f"{place}".encode() for place in range(44)]
    tile, content = Tile(0, 1, 44), SHA256.leaves(entries)
    check_bundle(SHA256, tile, entries, content)
    for changed in ([*entries[:7], b"x", *entries[8:]], [*entries[:7], *entries[8:]]):
        with pytest.raises(RecordError, match="第 264 条记录"):
            check_bundle(SHA256, tile, changed, content)
    with pytest.raises(RecordError, match="第 301 条记录"):
        check_bundle(SHA256, tile, [*entries, b"more"], content)
