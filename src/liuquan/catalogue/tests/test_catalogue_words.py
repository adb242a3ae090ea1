"""Plain words, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.catalogue import words


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("开小餐馆要什么证", ("餐馆",)),
        ("我想开个小饭店需要办什么手续", ("饭店",)),
        ("在哪办劳务派遣证", ("劳务", "派遣证")),
        ("失业了能领什么钱", ("失业",)),
    ],
)
def test_asking_words_are_left_out(question: str, about: tuple[str, ...]) -> None:
    assert words.understand(question).words == about


def test_what_people_call_otherwise_gets_the_name_of_the_lists() -> None:
    asked = words.understand("开网吧")
    assert any("互联网" in "".join(name) for name in asked.official)


def test_bigrams_never_cross_punctuation_and_fold_full_width() -> None:
    assert words.bigrams("建筑物、设施") == ["建筑", "筑物", "设施"]
    assert words.bigrams("ＡＢ证") == ["ab", "b证"]


def test_pinyin_orders_and_abbreviates() -> None:
    assert words.sort_key("安全") < words.sort_key("办理") < words.sort_key("住房")


@given(st.text(max_size=300))
def test_any_text_is_understood_or_empty_but_never_refused(text: str) -> None:
    asked = words.understand(text)
    assert len(asked.grams) == len(asked.weights)
    assert all(0 < weight <= 1 for weight in asked.weights)
