"""Envelopes: enough officers open, fewer do not, each fault has its sentence, no altered byte passes."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.sealing import (
    SM2,
    X25519,
    Binding,
    KeyPair,
    Officer,
    SealingRefused,
    Share,
    Suite,
    envelopes,
    inspect,
    new_keys,
    open_envelope,
    reseal,
    seal,
    share_from,
    take_share,
)
from liuquan.sealing.layout import read_envelope
from liuquan.sealing.padding import LARGEST_CONTENT, pad, padded_size, unpad

CONTENT = "投标总报价：人民币 12,345,678.90 元".encode()
BINDING = Binding("LF-2026-0031", "1", "bid", datetime(2026, 3, 20, 1, 2, 3, 456789, tzinfo=UTC))
LABELS = ("招标人代表", "代理机构", "交易中心", "行政监督", "公证")


@cache
def keys(suite: Suite, count: int = len(LABELS)) -> tuple[KeyPair, ...]:
    if suite is SM2:
        pytest.importorskip("gmssl_pyx", reason="the optional SM2 package is not installed")
    return tuple(new_keys(suite) for _ in range(count))


def roster(suite: Suite = X25519) -> list[Officer]:
    return [Officer(label, pair.public) for label, pair in zip(LABELS, keys(suite), strict=True)]


@cache
def sealed(suite: Suite = X25519) -> bytes:
    return seal(CONTENT, officers=roster(suite), needed=3, binding=BINDING, suite=suite)


def shares_of(data: bytes, who: Sequence[int], suite: Suite = X25519) -> list[Share]:
    return [take_share(data, keys(suite)[place]) for place in who]


@pytest.mark.parametrize("suite", [X25519, SM2], ids=lambda suite: suite.name)
def test_any_three_of_five_open_and_any_two_do_not(suite: Suite) -> None:
    keys(suite)
    shares = shares_of(sealed(suite), range(5), suite)
    for chosen in combinations(shares, 3):
        assert open_envelope(sealed(suite), chosen, binding=BINDING) == CONTENT
    for too_few in combinations(shares, 2):
        with pytest.raises(SealingRefused, match="需要 3 人的份额，现有 2 人，还差 1 人"):
            open_envelope(sealed(suite), too_few, binding=BINDING)
    assert open_envelope(sealed(suite), shares, binding=BINDING) == CONTENT


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=9000), st.integers(2, 5), st.randoms(use_true_random=False))
def test_whatever_is_sealed_comes_out_as_it_went_in(
    content: bytes, needed: int, chance: random.Random
) -> None:
    data = seal(content, officers=roster(), needed=needed, binding=BINDING)
    who = chance.sample(range(5), needed)
    assert open_envelope(data, shares_of(data, who), binding=BINDING) == content
    with pytest.raises(SealingRefused, match="还差 1 人"):
        open_envelope(data, shares_of(data, who[1:]), binding=BINDING)


def test_each_fault_of_a_share_has_its_own_sentence_and_opens_nothing() -> None:
    first, second, third, *_ = shares_of(sealed(), range(5))
    other = seal(CONTENT, officers=roster(), needed=3, binding=BINDING)
    foreign = take_share(other, keys(X25519)[2])
    altered = replace(third, value=bytes((third.value[0] ^ 1,)) + third.value[1:])
    misnumbered = replace(third, number=4)
    for shares, code, sentence in (
        ([], "missing", "现有 0 人，还差 3 人"),
        ([first, second, second], "duplicate", "“代理机构”的份额提交了两次"),
        ([first, second, foreign], "foreign", "第 3 份份额属于另一份密封件"),
        ([first, second, replace(third, number=0)], "foreign", "另一份密封件"),
        ([first, second, replace(third, number=6)], "foreign", "另一份密封件"),
        ([first, second, altered], "wrong", "“交易中心”的份额与密封时的不一致"),
        ([first, second, misnumbered], "wrong", "“行政监督”的份额与密封时的不一致"),
    ):
        with pytest.raises(SealingRefused, match=sentence) as refused:
            open_envelope(sealed(), shares, binding=BINDING)
        assert refused.value.code == code
        assert "12,345" not in refused.value.sentence


@pytest.mark.parametrize(
    "other",
    [
        replace(BINDING, tender="LF-2026-0032"),
        replace(BINDING, lot="2"),
        replace(BINDING, purpose="reserve_price"),
        replace(BINDING, deposited_at=BINDING.deposited_at + timedelta(microseconds=1)),
    ],
)
def test_an_envelope_opens_only_as_what_it_was_deposited_as(other: Binding) -> None:
    with pytest.raises(SealingRefused, match="不属于这个项目、标段或递交时间"):
        open_envelope(sealed(), shares_of(sealed(), range(3)), binding=other)


def test_the_same_moment_in_another_zone_is_the_same_moment() -> None:
    there = replace(BINDING, deposited_at=BINDING.deposited_at.astimezone(timezone(timedelta(hours=8))))
    assert open_envelope(sealed(), shares_of(sealed(), range(3)), binding=there) == CONTENT


SHORT = seal(b"12", officers=roster()[:2], needed=2, binding=BINDING, at_least=0)


@settings(deadline=None)
@given(st.integers(0, len(SHORT) - 1), st.integers(1, 255))
def test_an_altered_byte_anywhere_is_found(place: int, flip: int) -> None:
    altered = SHORT[:place] + bytes((SHORT[place] ^ flip,)) + SHORT[place + 1 :]
    good = shares_of(SHORT, range(2))
    with pytest.raises(SealingRefused):
        open_envelope(altered, good, binding=BINDING)
    with pytest.raises(SealingRefused):
        open_envelope(altered, shares_of(altered, range(2)), binding=BINDING)


@settings(deadline=None)
@given(st.integers(0, len(SHORT) - 1))
def test_an_envelope_cut_short_is_found(length: int) -> None:
    with pytest.raises(SealingRefused):
        inspect(SHORT[:length])


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_whatever_bytes_are_read_the_answer_is_a_sentence(data: bytes) -> None:
    for attempt in (data, SHORT[:8] + data, SHORT + data + b"\0"):
        with pytest.raises(SealingRefused) as refused:
            inspect(attempt)
        assert refused.value.sentence.endswith("。")
    with pytest.raises(SealingRefused):
        share_from(data)


def test_versions_and_suites_of_the_future_are_named() -> None:
    for place, sentence in ((6, "格式版本"), (7, "密码算法")):
        with pytest.raises(SealingRefused, match=sentence):
            inspect(SHORT[:place] + b"\x09" + SHORT[place + 1 :])
    with pytest.raises(SealingRefused, match="不是密封件"):
        inspect(b"PK\x03\x04" + SHORT)
    with pytest.raises(SealingRefused, match="末尾有多余"):
        inspect(SHORT + b"\0")


def test_an_envelope_is_read_and_written_back_the_same() -> None:
    assert read_envelope(sealed()).to_bytes() == sealed()


def test_everybody_sees_what_it_belongs_to_and_who_opens_and_nothing_of_the_content() -> None:
    deposit = inspect(sealed())
    assert deposit.binding == BINDING
    assert (deposit.needed, deposit.officers, deposit.generation) == (3, LABELS, 1)
    assert len(deposit.body_hash) == len(deposit.keyring_hash) == 64
    assert CONTENT not in sealed()
    secret = take_share(sealed(), keys(X25519)[0])
    assert secret.value.hex() not in repr(secret)
    assert keys(X25519)[0].private.hex() not in repr(keys(X25519)[0])


def test_the_same_content_sealed_twice_looks_unrelated() -> None:
    again = seal(CONTENT, officers=roster(), needed=3, binding=BINDING)
    assert inspect(again).body_hash != inspect(sealed()).body_hash
    assert len(again) == len(sealed())


def test_size_does_not_tell_a_price_from_a_page() -> None:
    sizes = {
        len(seal(content, officers=roster(), needed=2, binding=BINDING))
        for content in (b"", b"1", CONTENT, b"x" * 4000)
    }
    assert len(sizes) == 1
    high = {
        len(seal(b"x" * length, officers=roster(), needed=2, binding=BINDING, at_least=100_000))
        for length in (0, 50_000, 99_000)
    }
    assert len(high) == 1


@settings(deadline=None)
@given(st.integers(9, 2**40))
def test_padding_adds_at_most_an_eighth(size: int) -> None:
    assert size <= padded_size(size) <= size * 9 // 8
    assert padded_size(padded_size(size)) == padded_size(size)


@pytest.mark.parametrize(
    ("size", "padded"), [(0, 0), (1, 1), (9, 10), (1000, 1024), (1025, 1088), (10_000, 10_240)]
)
def test_padded_sizes_are_those_of_the_series(size: int, padded: int) -> None:
    assert padded_size(size) == padded


def test_padding_that_is_not_zeros_or_lies_about_its_length_is_refused() -> None:
    good = pad(b"abc", at_least=64)
    assert unpad(good) == b"abc"
    for bad in (b"", good[:7], good[:-1] + b"x", b"\xff" * 8 + good[8:], good[:9]):
        with pytest.raises(SealingRefused, match="填充"):
            unpad(bad)


def test_a_content_too_large_is_refused() -> None:
    with pytest.raises(SealingRefused, match="256 MB"):
        pad(b"", at_least=LARGEST_CONTENT + 1)


@pytest.mark.parametrize(
    ("officers", "needed", "sentence"),
    [
        (roster(), 1, "至少要两人"),
        (roster()[:2], 3, "所需人数不能多于"),
        ([], 2, "所需人数不能多于"),
        ([roster()[0], roster()[0]], 2, "重复"),
        ([roster()[0], Officer("别名", roster()[0].public)], 2, "重复"),
        ([roster()[0], Officer("坏钥匙", b"short")], 2, "“坏钥匙”的公钥不对"),
        ([roster()[0], Officer("零钥匙", bytes(32))], 2, "“零钥匙”的公钥不对"),
        ([roster()[0], Officer("", roster()[1].public)], 2, "不能为空"),
        ([roster()[0], Officer("长" * 100, roster()[1].public)], 2, "200 字节"),
        ([roster()[0], Officer("\ud800", roster()[1].public)], 2, "不完整的字符"),
        ([Officer(str(n), n.to_bytes(32, "big")) for n in range(33)], 2, "不能多于 32 人"),
    ],
)
def test_a_roster_that_is_not_in_order_is_refused(
    officers: list[Officer], needed: int, sentence: str
) -> None:
    with pytest.raises(SealingRefused, match=sentence):
        seal(CONTENT, officers=officers, needed=needed, binding=BINDING)


def test_a_deposit_time_without_zone_is_refused() -> None:
    naive = replace(BINDING, deposited_at=datetime(2026, 3, 20, 9, 0))  # noqa: DTZ001
    with pytest.raises(SealingRefused, match="时区"):
        seal(CONTENT, officers=roster(), needed=2, binding=naive)


def test_a_key_of_nobody_in_the_roster_takes_no_share() -> None:
    with pytest.raises(SealingRefused, match="不在密封件的人员名册中"):
        take_share(sealed(), new_keys(X25519))
    stolen = replace(keys(X25519)[0], private=keys(X25519)[1].private)
    with pytest.raises(SealingRefused, match="“招标人代表”的份额取不出来"):
        take_share(sealed(), stolen)
    with pytest.raises(SealingRefused, match="x25519 算法"):
        take_share(sealed(), replace(keys(X25519)[0], suite="sm2"))


def test_a_share_is_carried_as_bytes_and_slips_are_found() -> None:
    share = shares_of(sealed(), [1])[0]
    carried = share.to_bytes()
    assert share_from(carried) == share
    for place in range(len(carried)):
        with pytest.raises(SealingRefused):
            share_from(carried[:place] + bytes((carried[place] ^ 1,)) + carried[place + 1 :])
    for wrong in (b"", carried[:-1], carried + b"\0"):
        with pytest.raises(SealingRefused, match="不完整"):
            share_from(wrong)


def test_a_maker_who_gives_shares_that_do_not_fit_is_refused_whoever_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a bidder could prepare one bid for these three officers and another for those."""
    honest = envelopes.split

    def crooked(secret: bytes, *, needed: int, count: int) -> dict[int, bytes]:
        return {**honest(secret, needed=needed, count=count), count: bytes(32)}

    monkeypatch.setattr(envelopes, "split", crooked)
    data = seal(CONTENT, officers=roster(), needed=3, binding=BINDING)
    monkeypatch.undo()
    for chosen in combinations(shares_of(data, range(5)), 3):
        with pytest.raises(SealingRefused, match="份额就互不一致") as refused:
            open_envelope(data, chosen, binding=BINDING)
        assert refused.value.code == "inconsistent"


def test_a_keyring_made_for_another_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = envelopes.split
    monkeypatch.setattr(envelopes, "split", lambda _, **sizes: honest(bytes(32), **sizes))
    data = seal(CONTENT, officers=roster(), needed=3, binding=BINDING)
    with pytest.raises(SealingRefused, match="与递交时的承诺不一致"):
        open_envelope(data, shares_of(data, range(3)), binding=BINDING)


@pytest.mark.parametrize("suite", [X25519, SM2], ids=lambda suite: suite.name)
def test_resealing_changes_who_opens_and_leaves_the_deposited_bytes_alone(suite: Suite) -> None:
    fresh = (*keys(suite)[3:], new_keys(suite))
    officers = [Officer(f"新{n}", pair.public) for n, pair in enumerate(fresh)]
    old = shares_of(sealed(suite), range(3), suite)
    with pytest.raises(SealingRefused, match="还差 1 人"):
        reseal(sealed(suite), old[:2], binding=BINDING, officers=officers, needed=2)
    data = reseal(sealed(suite), old, binding=BINDING, officers=officers, needed=2)
    before, after = inspect(sealed(suite)), inspect(data)
    assert after.body_hash == before.body_hash
    assert after.keyring_hash != before.keyring_hash
    assert (after.generation, after.needed, after.officers) == (2, 2, ("新0", "新1", "新2"))
    new = [take_share(data, pair) for pair in fresh[1:]]
    assert open_envelope(data, new, binding=BINDING) == CONTENT
    with pytest.raises(SealingRefused, match="换钥以前的版本"):
        open_envelope(data, [new[0], old[0]], binding=BINDING)
    with pytest.raises(SealingRefused, match="不在密封件的人员名册中"):
        take_share(data, keys(suite)[0])


def test_an_sm2_envelope_with_an_altered_slot_is_found() -> None:
    keys(SM2)
    data = sealed(SM2)
    slot = read_envelope(data).keyring.slots[0]
    place = data.index(slot.enclosed) + len(slot.enclosed) // 2
    altered = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
    with pytest.raises(SealingRefused, match="“招标人代表”的份额取不出来"):
        take_share(altered, keys(SM2)[0])
    with pytest.raises(SealingRefused, match="改动过"):
        open_envelope(altered, shares_of(altered, [1, 2, 3], SM2), binding=BINDING)


def test_without_its_package_sm2_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gmssl_pyx", None)
    with pytest.raises(SealingRefused, match="gmssl-pyx"):
        new_keys(SM2)


def test_an_envelope_of_a_hundred_kilobytes_stays_close_to_its_size() -> None:
    data = seal(b"x" * 100_000, officers=roster(), needed=3, binding=BINDING)
    assert len(data) < 106_000
    assert open_envelope(data, shares_of(data, [0, 2, 4]), binding=BINDING) == b"x" * 100_000
