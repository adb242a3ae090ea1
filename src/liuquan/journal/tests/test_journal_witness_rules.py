"""What a witness answers, by its rules alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from liuquan.journal.witness import rules
from liuquan.journal.witness.rules import WitnessRefusal, check_head, read_request
from liuquan.merkle import (
    SHA256,
    SM3,
    Advance,
    Checkpoint,
    Signer,
    Tree,
    TrustedKey,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
)

ORIGIN = "county.example/log"
COUNTY = ed25519_signer(ORIGIN, bytes(range(32)))
STRANGER = ed25519_signer(ORIGIN, bytes(range(1, 33)))
NOW = datetime(2026, 3, 20, 2, tzinfo=UTC)


def tree(size: int, *, word: str = "act") -> Tree:
    grown = Tree(SHA256)
    grown.extend(SHA256.leaves(f"{word} {n}".encode() for n in range(size)))
    return grown


def head(of: Tree) -> Checkpoint:
    return checkpoint_of(SHA256, origin=ORIGIN, size=of.size, root=of.root())


def asked(offered: Checkpoint, old: int, path: tuple[bytes, ...] = (), *, by: Signer = COUNTY) -> bytes:
    return str(Advance(old, path, offered.signed(by))).encode()


def answer(
    known: Checkpoint | None,
    offered: Checkpoint,
    old: int,
    path: tuple[bytes, ...] = (),
    *,
    seen: bytes | None = None,
) -> tuple[int, int | None, str | None]:
    try:
        check_head(read_request(asked(offered, old, path)), known, cosigned_root=seen)
    except WitnessRefusal as refusal:
        return refusal.status, refusal.size, refusal.misdeed
    return 200, None, None


def test_a_head_that_continues_the_known_one_is_cosigned() -> None:
    long = tree(20)
    path = consistency_path(long, 7, 20)
    assert answer(None, head(tree(7)), 0) == (200, None, None)
    assert answer(head(tree(7)), head(long), 7, path) == (200, None, None)
    assert answer(head(long), head(long), 20) == (200, None, None)
    assert answer(head(tree(0)), head(long), 0) == (200, None, None)


def test_a_client_that_lags_is_told_the_size_and_is_no_evidence() -> None:
    long = tree(20)
    assert answer(head(tree(7)), head(long), 5, consistency_path(long, 5, 20)) == (409, 7, None)
    assert answer(head(tree(7)), head(long), 0) == (409, 7, None)
    assert answer(None, head(long), 5, consistency_path(long, 5, 20)) == (409, 0, None)


def test_an_old_size_above_the_head_is_a_bad_request() -> None:
    assert answer(head(tree(7)), head(tree(20)), 21) == (400, None, None)


def test_another_root_of_the_same_size_is_a_fork_whatever_is_claimed_about_it() -> None:
    known, other = head(tree(20)), head(tree(20, word="other"))
    assert answer(known, other, 20) == (409, 20, "fork")
    assert answer(known, other, 3) == (409, 20, "fork")
    short = tree(9, word="other")
    assert answer(known, head(short), 0, seen=tree(9).root()) == (409, 20, "fork")


def test_a_shorter_head_is_a_rewind_unless_it_was_cosigned_before() -> None:
    known, short = head(tree(20)), tree(9)
    assert answer(known, head(short), 0) == (409, 20, "rewind")
    assert answer(known, head(short), 20) == (400, 20, "rewind")
    assert answer(known, head(short), 0, seen=short.root()) == (409, 20, None)


def test_a_proof_that_does_not_hold_is_refused_and_kept() -> None:
    known, long = head(tree(7)), tree(20)
    path = consistency_path(long, 7, 20)
    assert answer(known, head(long), 7, path[:-1]) == (422, None, "proof")
    assert answer(known, head(tree(20, word="other")), 7, path) == (422, None, "proof")
    assert answer(None, head(long), 0, path) == (422, None, None)


def test_another_hash_is_another_tree() -> None:
    other = Tree(SM3)
    other.extend(SM3.leaves([b"act 0"]))
    offered = checkpoint_of(SM3, origin=ORIGIN, size=1, root=other.root())
    assert answer(head(tree(1)), offered, 1) == (409, 1, "fork")


def test_a_head_nobody_known_signed_is_refused() -> None:
    keys = (TrustedKey(COUNTY.key, until_size=10), TrustedKey(STRANGER.key, from_size=11))
    short, long = head(tree(7)), head(tree(20))
    rules.check_signed(read_request(asked(short, 0)), keys)
    rules.check_signed(read_request(asked(long, 0, by=STRANGER)), keys)
    for body in (asked(long, 0), asked(short, 0, by=STRANGER)):
        with pytest.raises(WitnessRefusal) as refused:
            rules.check_signed(read_request(body), keys)
        assert (refused.value.status, refused.value.misdeed) == (403, None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\x00" * 100, 400),
        (b"\xff\xfe", 400),
        (b"old 1", 400),
        (b"old 01\n\nx\n", 400),
        (b"old -1\n\nx\n1\n\n", 400),
        (b"old 0\n\nhello\n\n" + "— a AAAA\n".encode(), 400),
        (b"old 0\n" + b"AAAA\n" * 64 + b"\n" + asked(head(tree(1)), 0).split(b"\n\n", 1)[1], 400),
        (asked(head(tree(1)), 0).replace(b"\n1\n", b"\n01\n"), 400),
        (asked(head(tree(1)), 0).replace(b"\n", b"\r\n"), 400),
        (b"old 0\n\n" + b"x" * rules.MAX_REQUEST_BYTES, 413),
    ],
)
def test_what_is_no_request_is_refused_with_a_sentence(body: bytes, status: int) -> None:
    with pytest.raises(WitnessRefusal) as refused:
        read_request(body)
    assert (refused.value.status, refused.value.misdeed) == (status, None)
    assert refused.value.sentence.endswith("。")


def test_keys_are_kept_and_read_back_with_their_sizes() -> None:
    keys = (TrustedKey(COUNTY.key, until_size=10), TrustedKey(STRANGER.key, from_size=11))
    kept = rules.keys_as_values(keys)
    assert rules.keys_from(kept) == keys
    assert "until_size" not in kept[1]
    assert rules.log_id(ORIGIN) == hashlib.sha256(ORIGIN.encode()).hexdigest()
