"""How a name may be typed; without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.kernel import spelling

NAME = "食品经营许可证核发"


@pytest.mark.parametrize(
    "typed",
    ["食品", "食品 核发", "食品經營", "ＳＰＪＹ", "spjy", "xkz", "shipin", "jingying", "食品茎营", "", "  "],
)
def test_a_name_is_found_by_characters_letters_and_sounds(typed: str) -> None:
    assert spelling.is_found(typed, "市市场监管局", NAME)


@pytest.mark.parametrize("typed", ["药品", "食品 药品", "spyx", "hipin", "s", "拭品", "123", "食品a"])
def test_a_name_is_not_found_by_what_it_is_not(typed: str) -> None:
    assert not spelling.is_found(typed, "市市场监管局", NAME)


@pytest.mark.parametrize("asked", ["身份证丢了", "我的身份證", "sfz", "SFZ", "shenfenzheng", "身分政"])
def test_a_question_names_a_word(asked: str) -> None:
    assert spelling.is_said("身份证", spelling.plain(asked))


@pytest.mark.parametrize("asked", ["身份", "居住证", "shen", "", "sf", "fz", "fzx"])
def test_a_question_names_no_word_it_does_not_hold(asked: str) -> None:
    assert not spelling.is_said("身份证", spelling.plain(asked))


def test_a_short_word_is_not_taken_by_its_sound_and_no_word_names_nothing() -> None:
    assert not spelling.is_said("落户", spelling.plain("络湖"))
    assert not spelling.is_said("落户", "lh")
    assert not spelling.is_said("——", spelling.plain("随便什么"))


def test_pinyin_is_cut_in_syllables_and_abbreviated() -> None:
    assert spelling.syllables("银行、执行") == " yin hang zhi xing "
    assert spelling.initials("食品经营许可") == "spjyxk"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_compared_without_an_error(asked: str, name: str) -> None:
    assert spelling.is_found(name, name) or spelling.plain(name) != name
    spelling.is_found(asked, name)
    spelling.is_said(name, spelling.plain(asked))
