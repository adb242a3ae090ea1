"""Division codes, item codes, case numbers and verify codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.identifiers import (
    VERIFY_CODE_BYTES,
    IdentifierError,
    ItemCodeProfile,
    NumberPattern,
    format_number,
    parse_division_code,
    parse_item_code,
    parse_number,
    parse_verify_code,
    show_verify_code,
    verify_code_from,
)


@pytest.mark.parametrize(
    ("typed", "level", "short"),
    [
        ("990000000000", 1, "99"),
        ("990100", 2, "9901"),
        ("990121000000", 3, "990121"),
        ("990121100", 4, "990121100"),
        ("990121100201", 5, "990121100201"),
    ],
)
@pytest.mark.fact("N-05")
def test_the_level_of_a_division_follows_from_its_code(typed: str, level: int, short: str) -> None:
    found = parse_division_code(typed)
    assert (len(found.code), found.level, found.short) == (12, level, short)


def test_a_village_lies_in_its_city_and_in_no_other() -> None:
    village = parse_division_code("990121100201")
    assert village.lies_in(parse_division_code("990100000000"))
    assert not village.lies_in(parse_division_code("990200000000"))


@pytest.mark.parametrize("typed", ["", "99010", "99010A", "000000000000"])
def test_a_wrong_division_code_is_refused(typed: str) -> None:
    with pytest.raises(IdentifierError):
        parse_division_code(typed)


@pytest.mark.parametrize(
    ("code", "profile"),
    [
        ("442199806003", "basic"),
        ("12441500196720244T3442199806003", "implementation"),
        ("12441500196720244T344219980600301", "handling"),
        ("511A0021300001-511602000000-000-11511300MB1A21304N-1-00", "any"),
        ("YX-SPJY-01", "any"),
    ],
)
@pytest.mark.fact("C-01")
@pytest.mark.fact("C-02")
@pytest.mark.fact("C-04")
def test_item_codes_are_read_by_their_profile(code: str, profile: str) -> None:
    assert parse_item_code(f" {code} ", profile=profile) == code


def test_an_implementation_code_with_a_wrong_body_says_which_part() -> None:
    with pytest.raises(IdentifierError, match="前18位应为实施主体代码.*有一位不对"):
        parse_item_code("12441500196720245T3442199806003", profile="implementation")


@pytest.mark.parametrize(
    ("code", "profile", "fault"),
    [
        ("44219980600", "basic", "pattern"),
        ("12441500196720244T344219980600", "implementation", "pattern"),
        ("", "any", "empty"),
        ("有中文", "any", "pattern"),
        ("x" * 65, "any", "pattern"),
        ("A1", "province", "unknown"),
    ],
)
def test_a_wrong_item_code_is_refused(code: str, profile: str, fault: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_item_code(code, profile=profile)
    assert caught.value.fault == fault


@pytest.mark.fact("C-06")
def test_a_province_may_bring_its_own_profile() -> None:
    own = ItemCodeProfile("own", "本省", r"Y\d{9}", "应为Y加9位数字。")
    assert parse_item_code("Y000000001", profile=own) == "Y000000001"
    with pytest.raises(IdentifierError, match="应为Y加9位数字"):
        parse_item_code("000000001", profile=own)


@pytest.mark.fact("C-05")
def test_a_case_number_is_made_and_taken_apart_by_its_pattern() -> None:
    pattern = "{item}{on:%Y%m%d}{serial:04d}"
    number = format_number(pattern, item="12441500196720244T3442199806003", on=date(2026, 3, 2), serial=7)
    assert number == "12441500196720244T3442199806003202603020007"
    assert parse_number(pattern, number) == {
        "item": "12441500196720244T3442199806003",
        "on": "20260302",
        "serial": "0007",
    }


@pytest.mark.fact("N-07")
def test_a_document_number_keeps_its_brackets() -> None:
    pattern = "云审批字〔{year}〕{serial}号"
    assert format_number(pattern, year=2026, serial=3) == "云审批字〔2026〕3号"
    assert parse_number(pattern, "云审批字〔2026〕3号") == {"year": "2026", "serial": "3"}


@given(st.integers(0, 999_999), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_was_put_into_a_number_comes_out_again(serial: int, on: date) -> None:
    pattern = NumberPattern("{body}{on:%Y%m%d}{serial:06d}")
    parts = pattern.parse(pattern.format(body="11990100MB9901024C", on=on, serial=serial))
    assert (parts["body"], parts["on"], int(parts["serial"])) == (
        "11990100MB9901024C",
        on.strftime("%Y%m%d"),
        serial,
    )


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{body}{on:%Y%m%d}", "必须有顺序号"),
        ("{serial:06d}{body.code}", "不可用"),
        ("{serial:999999d}", "不可用"),
        ("{serial!r}", "不可用"),
        ("{on:%A}{serial}", "不可用"),
        ("{serial", "花括号"),
    ],
)
def test_a_pattern_that_could_do_harm_or_repeat_numbers_is_refused(pattern: str, words: str) -> None:
    with pytest.raises(IdentifierError, match=words):
        NumberPattern(pattern)


def test_a_missing_value_and_a_number_that_is_too_long_are_refused() -> None:
    with pytest.raises(IdentifierError, match="没有提供"):
        format_number("{body}{serial}", serial=1)
    with pytest.raises(IdentifierError, match="超过64位"):
        format_number("{body}{serial}", body="B" * 64, serial=1)
    with pytest.raises(IdentifierError, match="编号的格式不对"):
        parse_number("{year}-{serial:04d}", "2026-1")


BYTES = st.binary(min_size=VERIFY_CODE_BYTES, max_size=VERIFY_CODE_BYTES)


@given(BYTES, st.integers(0, 10))
def test_two_neighbouring_characters_swapped_are_noticed(random: bytes, at: int) -> None:
    code = verify_code_from(random)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if swapped != code and at + 1 < len(code) - 1:
        with pytest.raises(IdentifierError, match="逐位核对"):
            parse_verify_code(swapped)
    assert len(swapped) == len(code)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "没有填写核验码"),
        ("ABC", "现在是3位"),
        ("ABCDEFGHJK", "核验码应为12位，现在是10位"),
        ("ABCDEFGH1JKM", "第9位有误"),
        ("ABCDEFGHJKMN", "逐位核对"),
    ],
)
def test_a_mistyped_verify_code_is_refused(typed: str, words: str) -> None:
    with pytest.raises(IdentifierError, match=words):
        parse_verify_code(typed)


@given(BYTES)
def test_a_verify_code_survives_being_read_from_paper(random: bytes) -> None:
    code = verify_code_from(random)
    assert len(code) == 12
    assert not set(code) & set("01OIL")
    assert parse_verify_code(f" {show_verify_code(code).lower()} ") == code


def test_a_verify_code_wants_its_bytes() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        verify_code_from(b"short")


def test_every_changed_character_of_a_verify_code_is_noticed() -> None:
    code = verify_code_from(b"\x9c" * VERIFY_CODE_BYTES)
    changed = {
        code[:at] + other + code[at + 1 :]
        for at in range(len(code))
        for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    } - {code}
    assert len(changed) == 12 * 35
    for wrong in changed:
        with pytest.raises(IdentifierError, match="核验码"):
            parse_verify_code(wrong)
