"""Sharing over GF(256): numbers of another implementation, any k open, fewer tell nothing at all."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.sealing.sharing import over, split, times, value_at

SECRET = bytes(range(32))
# Made with pyshamir 1.1.0, a port of HashiCorp Vault's sharing: the last byte is the share's number.
FOREIGN_2_OF_3 = (
    "24dbc65a9289c53e5868d4408ed4fd56e2f7293da9c4055981149dac810e1a3025",
    "e361d630810cf842457152c4517fcb3cdb024b9c2817e4eec75f714bfbef269eed",
    "6e37ae087c75d81395bfae3798db5204e5084f0b4ffc88102d1db536bb838caec7",
)
FOREIGN_3_OF_5 = (
    "13b1e8320ca4b78c06390d25fe370a390e8a5aa7600eededeca62e0ea410c2e2e4",
    "b597fc722a90c72f7299d931c1106bef480ce946ad900f7ff8a4d5b9614bae1ba1",
    "381e4618e19856035bc7f08e12245e092fc618fe14e595a28a13d7fc5d1ce258e7",
    "720af76a2c31f15ecc8e20bc4427cbda0234e0f2e0476544ad8cee22cd0982d6be",
    "0edecf358a7e8dfb390b04d70198cfb5a1a51798071a6841102e51981b730b604b",
)


@pytest.mark.parametrize(("shares", "needed"), [(FOREIGN_2_OF_3, 2), (FOREIGN_3_OF_5, 3)])
def test_shares_of_another_implementation_combine(shares: tuple[str, ...], needed: int) -> None:
    raw = [bytes.fromhex(share) for share in shares]
    values = {share[-1]: share[:-1] for share in raw}
    for chosen in combinations(values, needed):
        assert value_at({number: values[number] for number in chosen}, 0) == SECRET
    assert value_at({number: values[number] for number in list(values)[: needed - 1]}, 0) != SECRET


def test_products_are_those_of_the_field_of_aes() -> None:
    # FIPS 197, section 4.2: {57} by {83} is {c1}, {57} by {13} is {fe}.
    assert times(0x57, 0x83) == 0xC1
    assert times(0x57, 0x13) == 0xFE
    assert all(times(over(left, right), right) == left for left in range(256) for right in range(1, 256))
    with pytest.raises(ZeroDivisionError):
        over(1, 0)


def test_a_split_by_hand_gives_these_shares() -> None:
    # 0x42 + 0x05 x over GF(256): 0x47, 0x48, 0x4d at 1, 2, 3.
    assert split(b"\x42", needed=2, count=3, random=lambda length: b"\x05" * length) == {
        1: b"\x47",
        2: b"\x48",
        3: b"\x4d",
    }


sizes = st.integers(2, 6).flatmap(lambda needed: st.tuples(st.just(needed), st.integers(needed, 8)))


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40), sizes, st.data())
def test_any_k_shares_give_the_secret_and_every_other_share(
    secret: bytes, size: tuple[int, int], data: st.DataObject
) -> None:
    needed, count = size
    shares = split(secret, needed=needed, count=count)
    chosen = data.draw(st.permutations(sorted(shares)))[:needed]
    some = {number: shares[number] for number in chosen}
    assert value_at(some, 0) == secret
    assert {number: value_at(some, number) for number in shares} == shares


@settings(deadline=None)
@given(sizes, st.binary(min_size=1, max_size=8), st.data())
def test_fewer_than_k_shares_fit_every_secret(
    size: tuple[int, int], secret: bytes, data: st.DataObject
) -> None:
    needed, count = size
    shares = split(secret, needed=needed, count=count)
    chosen = data.draw(st.permutations(sorted(shares)))[: needed - 1]
    other = data.draw(st.binary(min_size=len(secret), max_size=len(secret)))
    # A polynomial of the right degree goes through these shares and any other secret: nothing is told.
    through = {0: other, **{number: shares[number] for number in chosen}}
    rebuilt = {number: _through(through, number) for number in range(1, count + 1)}
    assert all(rebuilt[number] == shares[number] for number in chosen)
    assert value_at({number: rebuilt[number] for number in sorted(rebuilt)[:needed]}, 0) == other


def _through(points: dict[int, bytes], number: int) -> bytes:
    """Interpolation that may also use the point at 0."""
    if number in points:
        return points[number]
    found = bytearray(len(points[0]))
    for own, value in points.items():
        weight = 1
        for other in points:
            if other != own:
                weight = times(weight, over(number ^ other, own ^ other))
        for place, byte in enumerate(value):
            found[place] ^= times(weight, byte)
    return bytes(found)


def test_over_all_coefficients_k_minus_1_shares_are_uniform_whatever_the_secret() -> None:
    for secret in (b"\x00", b"\x42", b"\xff"):
        one_of_two = Counter(
            split(secret, needed=2, count=2, random=lambda _, a=a: bytes((a,)))[2] for a in range(256)
        )
        assert len(one_of_two) == 256
        assert set(one_of_two.values()) == {1}
    some = range(0, 256, 17)
    for secret in (b"\x00", b"\x9c"):
        pairs = Counter(
            tuple(split(secret, needed=3, count=3, random=lambda _, c=c: bytes(c))[n] for n in (1, 3))
            for c in product(some, repeat=2)
        )
        assert set(pairs.values()) == {1}


@pytest.mark.parametrize(("needed", "count"), [(1, 3), (0, 0), (4, 3), (2, 33)])
def test_sizes_that_make_no_sense_are_mistakes_of_the_programmer(needed: int, count: int) -> None:
    with pytest.raises(ValueError, match="needed"):
        split(SECRET, needed=needed, count=count)


def test_shares_of_two_lengths_or_numbered_0_do_not_combine() -> None:
    for shares in ({1: b"a", 2: b"bc"}, {0: b"a", 1: b"b"}):
        with pytest.raises(ValueError, match="length"):
            value_at(shares, 5)
