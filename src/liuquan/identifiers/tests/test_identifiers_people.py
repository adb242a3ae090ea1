"""Resident ids, USCCs and mobiles: what is accepted, and the sentence that says which thing is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.identifiers import (
    IdentifierError,
    organisation_check,
    parse_mobile,
    parse_organisation_code,
    parse_resident_id,
    parse_uscc,
    resident_check,
    uscc_check,
)

TODAY = date(2026, 3, 2)


def with_check(first_seventeen: str) -> str:
    return first_seventeen + resident_check(first_seventeen)


@pytest.mark.fact("N-01")
@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_resident_ids_of_the_standard_are_accepted(number: str) -> None:
    assert parse_resident_id(number).number == number


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_small_letters_spaces_and_full_width_digits_are_made_plain(typed: str) -> None:
    assert parse_resident_id(typed).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("810000", "hong_kong_permit"),
        ("820000", "macao_permit"),
        ("830000", "taiwan_permit"),
        ("990121", "fictional"),
        ("911124", "foreign_permanent"),
        ("654399", "resident"),
    ],
)
def test_permits_and_unknown_counties_are_accepted_and_named_by_kind(region: str, kind: str) -> None:
    found = parse_resident_id(with_check(f"{region}19900307001"), today=TODAY)
    assert (found.kind, found.born_on) == (kind, date(1990, 3, 7))


@pytest.mark.parametrize(
    ("typed", "fault", "words"),
    [
        ("", "empty", "没有填写身份证号"),
        ("1101051949123100", "length", "现在是16位"),
        ("110105491231002", "length", "15位身份证号已停止使用"),
        ("1101051949123I002X", "character", "第14位应为数字"),
        ("11010519491231002Y", "character", "最后一位应为数字或者字母X"),
        ("110105194912310021", "check", "身份证号有一位不对，请从头到尾逐位核对"),
        (with_check("00010519491231002"), "region", "前六位"),
        (with_check("81010019491231002"), "region", "前六位"),
        (with_check("11010519490231002"), "date", "第7至14位不是有效的出生日期"),
        (with_check("11010520260303002"), "date", "晚于今天"),
        (with_check("11010518800101002"), "date", "过早"),
    ],
)
def test_a_wrong_resident_id_is_refused_with_what_is_wrong(typed: str, fault: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_resident_id(typed, today=TODAY)
    assert caught.value.fault == fault
    assert words in caught.value.sentence


def test_a_refusal_never_repeats_the_number() -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_resident_id("110105194912310021")
    assert "1949" not in caught.value.sentence


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    number = "990121199003070018"
    number = number[:17] + resident_check(number[:17])
    digit = (int(number[place]) + shift) % 10
    with pytest.raises(IdentifierError):
        parse_resident_id(number[:place] + str(digit) + number[place + 1 :])


def test_a_masked_id_shows_three_characters() -> None:
    assert parse_resident_id("11010519491231002X").masked == "1***************2X"


@pytest.mark.fact("N-02")
@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "12441500196720244T",
        "11100000000013338W",
        "91110000802100433B",
        "113325000026455663",
        "11330800MB0R57773W",
    ],
)
def test_real_social_credit_codes_are_accepted(code: str) -> None:
    assert parse_uscc(code).number == code


def test_a_code_of_another_authority_is_accepted_and_taken_apart() -> None:
    first = "Y1990100MB9901016"
    code = parse_uscc((first + uscc_check(first)).lower())
    assert (code.authority, code.region, code.organisation_code) == ("Y", "990100", "MB9901016")


@pytest.mark.parametrize(
    ("typed", "fault", "words"),
    [
        ("", "empty", "没有填写统一社会信用代码"),
        ("91350100M000100Y4", "length", "现在是17位"),
        ("350100100012345", "length", "像是旧的注册号"),
        ("9135O100M000100Y43", "character", "第5位是否应为“0”"),
        ("91350100M000100#43", "character", "第16位"),
        ("91A50100M000100Y43", "character", "第3位"),
        ("91350100M000100Y44", "check", "有一位不对，请从头到尾逐位核对"),
    ],
)
def test_a_wrong_social_credit_code_is_refused_with_what_is_wrong(typed: str, fault: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_uscc(typed)
    assert caught.value.fault == fault
    assert words in caught.value.sentence


@pytest.mark.parametrize("typed", ["13800000000", "+86 138-0000-0000", "86 13800000000", "008613800000000"])
def test_a_mobile_number_is_normalised(typed: str) -> None:
    assert parse_mobile(typed) == "13800000000"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "没有填写手机号码"),
        ("1380000000", "现在是10位"),
        ("138000000000", "现在是12位"),
        ("1380000000a", "第11位应为数字"),
        ("12800000000", "13至19开头"),
        ("28800000000", "13至19开头"),
    ],
)
def test_a_wrong_mobile_number_is_refused_with_what_is_wrong(typed: str, words: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_mobile(typed)
    assert words in caught.value.sentence


@pytest.mark.fact("N-03")
@pytest.mark.parametrize("code", ["D2143569-X", "66195133-X", "d2143569x"])
def test_an_organisation_code_is_told_by_its_check_character(code: str) -> None:
    number = parse_organisation_code(code)
    assert number == code.upper().replace("-", "")
    assert organisation_check(number[:8]) == "X"


@pytest.mark.fact("N-03")
@pytest.mark.parametrize(
    ("code", "fault"),
    [("D2143568-X", "check"), ("D214356-X", "length"), ("", "length"), ("D21中3569-X", "character")],
)
def test_a_wrong_organisation_code_is_refused_with_what_is_wrong(code: str, fault: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_organisation_code(code)
    assert refused.value.fault == fault
