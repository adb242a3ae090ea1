"""The tree against the published vectors, exhaustively to 70 leaves, and by Hypothesis beyond."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.merkle import (
    SHA256,
    SM3,
    Edge,
    RecordError,
    Tree,
    TreeHash,
    check_consistency,
    check_inclusion,
    consistency_path,
    first_difference,
    inclusion_path,
    range_root,
    root_from_inclusion,
    tree_hash,
)
from liuquan.merkle.hashing import start_library_sm3

#: The eight leaves of the Certificate Transparency reference tests, and the roots after 0 to 8 of them.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
NODE_23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE_45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"

BOTH = pytest.mark.parametrize("hash", [SHA256, SM3], ids=["sha256", "sm3"])


def tree_of(hash: TreeHash, entries: list[bytes]) -> Tree:
    tree = Tree(hash)
    for entry in entries:
        tree.append(entry)
    return tree


def plain_root(hash: TreeHash, leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1 word by word, slow."""
    if not leaves:
        return hash.empty()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hash.node(plain_root(hash, leaves[:k]), plain_root(hash, leaves[k:]))


def leaves_of(hash: TreeHash, count: int) -> list[bytes]:
    return [hash.leaf(f"第{place}条".encode()) for place in range(count)]


def test_roots_are_those_of_certificate_transparency() -> None:
    for size, root in enumerate(CT_ROOTS):
        assert tree_of(SHA256, CT_LEAVES[:size]).root().hex() == root


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (0, 8, [LEAF_1, NODE_23, NODE_4567]),
        (5, 8, [LEAF_4, NODE_67, CT_ROOTS[4]]),
        (2, 3, [CT_ROOTS[2]]),
        (1, 5, [CT_ROOTS[1], NODE_23, LEAF_4]),
    ],
)
def test_inclusion_paths_are_those_of_certificate_transparency(
    index: int, size: int, path: list[str]
) -> None:
    found = inclusion_path(tree_of(SHA256, CT_LEAVES), index, size)
    assert [step.hex() for step in found] == path
    check_inclusion(
        SHA256,
        leaf_hash=SHA256.leaf(CT_LEAVES[index]),
        index=index,
        size=size,
        path=found,
        root=bytes.fromhex(CT_ROOTS[size]),
    )


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, []),
        (1, 8, [LEAF_1, NODE_23, NODE_4567]),
        (6, 8, [NODE_45, NODE_67, CT_ROOTS[4]]),
        (2, 5, [NODE_23, LEAF_4]),
    ],
)
def test_consistency_paths_are_those_of_certificate_transparency(old: int, new: int, path: list[str]) -> None:
    found = consistency_path(tree_of(SHA256, CT_LEAVES), old, new)
    assert [step.hex() for step in found] == path
    check_consistency(
        SHA256,
        old_size=old,
        old_root=bytes.fromhex(CT_ROOTS[old]),
        new_size=new,
        new_root=bytes.fromhex(CT_ROOTS[new]),
        path=found,
    )


def test_sm3_gives_the_digests_of_the_standard_by_either_implementation() -> None:
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905 A.1, "abc"
    assert SM3.digest(b"abc").hex() == expected
    assert start_library_sm3(b"abc").digest().hex() == expected
    fallback = TreeHash("sm3", start_library_sm3)
    leaves = [f"{place}".encode() for place in range(13)]
    assert tree_of(fallback, leaves).root() == tree_of(SM3, leaves).root()
    assert tree_of(SHA256, leaves).root() != tree_of(SM3, leaves).root()


@BOTH
def test_every_inclusion_and_consistency_pair_to_seventy_leaves(hash: TreeHash) -> None:
    leaves = leaves_of(hash, 70)
    tree = Tree(hash)
    roots = [tree.root()]
    edge = Edge(hash)
    for leaf in leaves:
        tree.extend(leaf)
        edge = edge.extended(leaf)
        roots.append(plain_root(hash, leaves[: tree.size]))
        assert tree.root() == edge.root() == roots[-1]
    for size in range(1, 71):
        for index in range(size):
            path = inclusion_path(tree, index, size)
            assert root_from_inclusion(hash, leaves[index], index, size, path) == roots[size]
        for old in range(size + 1):
            path = consistency_path(tree, old, size)
            check_consistency(
                hash, old_size=old, old_root=roots[old], new_size=size, new_root=roots[size], path=path
            )


def test_no_inclusion_proof_to_seventy_leaves_holds_for_another_place_size_or_leaf() -> None:
    leaves, tree = leaves_of(SHA256, 70), Tree(SHA256)
    tree.extend(b"".join(leaves))
    for size in range(1, 71):
        root = tree.root(size)
        for index in range(size):
            path = inclusion_path(tree, index, size)
            for wrong_index, wrong_size, wrong in (
                (index ^ 1, size, path),
                (index, size + 1, path),
                (index, max(size // 2, 1), path),
                (index, size, (*path, root)),
                (index, size, path[:-1]),
                (index, size, (root, *path)),
            ):
                if (wrong_index, wrong_size, wrong) == (index, size, path):
                    continue
                try:
                    found = root_from_inclusion(SHA256, leaves[index], wrong_index, wrong_size, wrong)
                except RecordError:
                    continue
                # Where another size does not change the way to this leaf, the root is that of the true size:
                # a checkpoint signs size and root together.
                assert found != root or (wrong_size != size and wrong == path)


def test_no_consistency_proof_to_seventy_leaves_holds_for_another_root_or_path() -> None:
    tree = Tree(SHA256)
    tree.extend(b"".join(leaves_of(SHA256, 70)))
    roots = [tree.root(size) for size in range(71)]
    for new in range(2, 71):
        for old in range(1, new):
            path = consistency_path(tree, old, new)
            for old_root, new_root, wrong in (
                (roots[old - 1], roots[new], path),
                (roots[old], roots[new - 1], path),
                (roots[new], roots[old], path),
                (roots[old], roots[new], path[:-1]),
                (roots[old], roots[new], (*path, roots[old])),
                (roots[old], roots[new], ()),
            ):
                with pytest.raises(RecordError):
                    check_consistency(
                        SHA256, old_size=old, old_root=old_root, new_size=new, new_root=new_root, path=wrong
                    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_large_trees_prove_any_leaf_and_any_growth(data: st.DataObject) -> None:
    size = data.draw(st.integers(71, 5000))
    hash = data.draw(st.sampled_from([SHA256, SM3]))
    leaves, tree = leaves_of(hash, size), Tree(hash)
    cut = data.draw(st.integers(0, size))
    tree.extend(b"".join(leaves[:cut]))
    tree.extend(b"".join(leaves[cut:]))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    root = plain_root(hash, leaves)
    path = inclusion_path(tree, index, size)
    check_inclusion(hash, leaf_hash=leaves[index], index=index, size=size, path=path, root=root)
    steps = consistency_path(tree, old, size)
    old_root = plain_root(hash, leaves[:old])
    check_consistency(hash, old_size=old, old_root=old_root, new_size=size, new_root=root, path=steps)
    edge = Edge(hash).extended(b"".join(leaves[:cut])).extended(b"".join(leaves[cut:]))
    assert (edge.root(), edge.size, len(edge.peaks)) == (root, size, size.bit_count())


@given(st.integers(2, 900), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_one_changed_bit_anywhere_breaks_a_proof(size: int, chance: random.Random) -> None:
    tree = Tree(SHA256)
    tree.extend(b"".join(leaves_of(SHA256, size)))
    index, root = chance.randrange(size), tree.root()
    steps = [tree.node(0, index), *inclusion_path(tree, index, size)]
    place, bit = chance.randrange(len(steps)), chance.randrange(256)
    changed = bytearray(steps[place])
    changed[bit // 8] ^= 1 << bit % 8
    steps[place] = bytes(changed)
    with pytest.raises(RecordError, match="由包含证明算出的根与检查点不同") as refused:
        check_inclusion(SHA256, leaf_hash=steps[0], index=index, size=size, path=tuple(steps[1:]), root=root)
    assert refused.value.fault == "proof"


@given(st.integers(1, 600), st.integers(0, 599))
@settings(max_examples=40, deadline=None)
def test_the_first_leaf_that_differs_is_found_without_reading_all(size: int, place: int) -> None:
    leaves = leaves_of(SHA256, size)
    one, other = Tree(SHA256), Tree(SHA256)
    one.extend(b"".join(leaves))
    changed = [*leaves]
    if place < size:
        changed[place:] = [SHA256.leaf(b"x" + leaf) for leaf in leaves[place:]]
    other.extend(b"".join(changed))
    assert first_difference(one, other, size) == (place if place < size else None)


def test_an_old_size_of_zero_takes_only_the_empty_root() -> None:
    root = tree_of(SHA256, CT_LEAVES).root()
    check_consistency(SHA256, old_size=0, old_root=SHA256.empty(), new_size=8, new_root=root, path=())
    with pytest.raises(RecordError) as refused:
        check_consistency(SHA256, old_size=0, old_root=root, new_size=8, new_root=root, path=())
    assert refused.value.fault == "fork"


def test_two_roots_of_one_size_are_called_a_fork() -> None:
    with pytest.raises(RecordError, match="分叉") as refused:
        check_consistency(
            SHA256, old_size=8, old_root=bytes(32), new_size=8, new_root=bytes.fromhex(CT_ROOTS[8]), path=()
        )
    assert refused.value.fault == "fork"


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0), (0, 2**63)])
def test_a_place_outside_the_tree_is_refused(index: int, size: int) -> None:
    tree = tree_of(SHA256, CT_LEAVES)
    with pytest.raises(RecordError):
        inclusion_path(tree, index, size)
    with pytest.raises(RecordError):
        root_from_inclusion(SHA256, bytes(32), index, size, ())


def test_nodes_that_are_not_there_yet_are_refused() -> None:
    tree = tree_of(SHA256, CT_LEAVES[:5])
    for level, index in ((0, 5), (1, 2), (3, 0), (9, 0), (0, -1)):
        with pytest.raises(RecordError):
            tree.node(level, index)
    with pytest.raises(RecordError):
        range_root(tree, 0, 6)
    with pytest.raises(RecordError):
        inclusion_path(tree, 0, 6)


def test_broken_hashes_and_edges_are_refused() -> None:
    with pytest.raises(RecordError):
        Edge(SHA256, 3, (bytes(32),))
    with pytest.raises(RecordError):
        Edge(SHA256).extended(bytes(33))
    with pytest.raises(RecordError):
        root_from_inclusion(SHA256, bytes(31), 0, 1, ())
    with pytest.raises(RecordError):
        tree_hash("md5")
    assert tree_hash("sm3") is SM3
