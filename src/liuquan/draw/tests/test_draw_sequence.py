"""The procedure: the numbers of RFC 3797, no position twice, no position favoured."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.draw import MD5, SHA256, SM3, DrawRefused, Profile, entropy_needed, key_text, picks

# RFC 3797 section 6: the fully worked example.
VOLUNTEERS = [
    "John",
    "Mary",
    "Bashful",
    "Dopey",
    "Sleepy",
    "Grouchy",
    "Doc",
    "Sneazy",
    "Handsome",
    "Cassandra",
    "Pollyanna",
    "Pendragon",
    "Pandora",
    "Faith",
    "Hope",
    "Charity",
    "Lee",
    "Longsuffering",
    "Chastity",
    "Smith",
    "Pride",
    "Sloth",
    "Envy",
    "Anger",
    "Kasczynski",
]
KEY = b"9319./2.5.8.10.12./9.18.26.34.41.45./"
WORKED = [
    ("990DD0A5692A029A98B5E01AA28F3459", 25, 16, "Lee"),
    ("3691E55CB63FCC37914430B2F70B5EC6", 24, 6, "Doc"),
    ("FE814EDF564C190AC1D25753979990FA", 23, 1, "Mary"),
    ("1863CCACEB568C31D7DDBDF1D4E91387", 22, 13, "Charity"),
    ("F4AB33DF4889F0AF29C513905BE1D758", 21, 20, "Kasczynski"),
    ("13EAEB529F61ACFB9A29D0BA3A60DE4A", 20, 18, "Envy"),
    ("992DB77C382CA2BDB9727001F3CDCCD9", 19, 5, "Sneazy"),
    ("63AB4258ECA922976811C7F55C383CE7", 18, 17, "Anger"),
    ("DFBC5AC97CED01B3A6E348E3CC63F40D", 17, 13, "Chastity"),
    ("31CB111C4A4EBE9287CEAE16FE51B909", 16, 9, "Pandora"),
]
LATER_DIGESTS = [
    "07FA46C122F164C215BBC72793B189A3",
    "AC52F8D75CCBE2E61AFEB3387637D501",
    "53306F73E14FC0B2FBF434218D25948E",
    "B5D1403501A81F9A47318BE7893B347C",
    "85B10B356AA06663EF1B1B407765100A",
    "3269E6CE559ABD57E2BA6AAB495EB9BD",
]
ENTROPY_FOR_TEN = {20: 18, 25: 22, 30: 25, 35: 28, 40: 30, 50: 34, 60: 37, 75: 40, 100: 44, 120: 47}

keys = st.binary(min_size=1, max_size=80)
profiles = st.sampled_from([MD5, SHA256, SM3])


def order(key: bytes, size: int, profile: Profile) -> list[int]:
    return [pick.position for pick in picks(key, size, profile)]


def test_the_sources_of_the_rfc_make_its_key() -> None:
    assert key_text([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]) == KEY


def test_the_worked_example_of_the_rfc_comes_out_pick_by_pick() -> None:
    made = [
        (pick.digest.hex().upper(), pick.left, pick.remainder, VOLUNTEERS[pick.position])
        for pick in islice(picks(KEY, 25, MD5), 10)
    ]
    assert made == WORKED


def test_the_further_hashes_of_the_rfc_come_out_too() -> None:
    assert [pick.digest.hex().upper() for pick in islice(picks(KEY, 25, MD5), 10, 16)] == LATER_DIGESTS


def test_the_entropy_table_of_the_rfc_comes_out() -> None:
    assert {size: entropy_needed(10, size) for size in ENTROPY_FOR_TEN} == ENTROPY_FOR_TEN


@pytest.mark.parametrize(
    ("profile", "first"),
    [
        (SHA256, [0, 16, 17, 1, 24]),
        (SM3, [4, 3, 18, 8, 19]),
    ],
)
def test_the_other_profiles_keep_their_numbers(profile: Profile, first: list[int]) -> None:
    assert order(KEY, 25, profile)[:5] == first


@settings(deadline=None)
@given(keys, st.integers(1, 300), profiles)
def test_every_position_comes_exactly_once_and_as_plain_removal_would_have_it(
    key: bytes, size: int, profile: Profile
) -> None:
    left, plain = list(range(size)), []
    for counter in range(size):
        frame = counter.to_bytes(profile.counter_bytes, "big")
        number = int.from_bytes(profile.digest(frame + key + frame), "big")
        plain.append(left.pop(number % len(left)))
    assert order(key, size, profile) == plain
    assert sorted(plain) == list(range(size))


@pytest.mark.parametrize("profile", [MD5, SHA256, SM3])
def test_no_position_is_favoured(profile: Profile) -> None:
    size, draws = 10, 3000
    firsts = Counter(next(picks(f"{n}./".encode(), size, profile)).position for n in range(draws))
    seconds = Counter(order(f"{n}./".encode(), size, profile)[1] for n in range(draws))
    for counts in (firsts, seconds):
        chi_square = sum((counts[place] - draws / size) ** 2 / (draws / size) for place in range(size))
        assert chi_square < 27.9  # nine degrees of freedom, one in a thousand; the keys are fixed


def test_a_pool_larger_than_the_counter_is_refused() -> None:
    with pytest.raises(DrawRefused, match="计数器"):
        next(picks(KEY, 65_537, MD5))
    assert next(picks(KEY, 65_537, SHA256)).position < 65_537


def test_a_large_pool_is_drawn_without_walking_it_each_time() -> None:
    made = [pick.position for pick in islice(picks(KEY, 200_000, SHA256), 2_000)]
    assert len(set(made)) == 2_000


def test_nothing_is_drawn_from_nobody() -> None:
    assert order(KEY, 0, SHA256) == []


def test_text_in_a_source_is_kept_to_letters_and_digits() -> None:
    assert key_text([["ab 0-f"], [3, 1]]) == b"AB0F./1.3./"
    with pytest.raises(ValueError, match="either"):
        key_text([[1, "a"]])
