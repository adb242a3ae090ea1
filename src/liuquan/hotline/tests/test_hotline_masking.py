"""What of a text becomes public: nobody's name, document or telephone, and everything else."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from liuquan.hotline.masking import LONG_NUMBER, MAIL, PHONE, PLATE, masked, without_numbers
from liuquan.identifiers import organisation_check, resident_check, uscc_check

#: a code of digits alone, its check right, that is nobody's identity number
FIRM: Final = "911101087002445408"


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("我的身份证号是990101199003076548，请查。", f"我的身份证号是{LONG_NUMBER}，请查。"),
        ("号码９９０１０１１９９００３０７６５４Ｘ", f"号码{LONG_NUMBER}"),
        ("990101 19900307 654x 是他的", f"{LONG_NUMBER} 是他的"),
        ("sfz990101199003076548ok", f"sfz{LONG_NUMBER}ok"),
        ("证990101199003076548ª", f"证{LONG_NUMBER}a"),
        ("老证990101900307654", f"老证{LONG_NUMBER}"),
        ("卡号6222 0212 3456 7890 123", f"卡号{LONG_NUMBER}"),
        ("打19900000001找我", f"打{PHONE}找我"),
        ("打199 0000 0001或者+86 199-0000-0001", f"打{PHONE}或者{PHONE}"),
        ("家里电话0350-1234567", f"家里电话{PHONE}"),
        ("车牌晋A12345、晋AD12345占道", f"车牌{PLATE}、{PLATE}占道"),
        ("发到li.yunxi@example.com", f"发到{MAIL}"),
        ("我叫李云溪，住在溪畔大道", "我叫李某，住在溪畔大道"),
        ("我叫李云溪住在溪畔大道", "我叫李某住在溪畔大道"),
        ("姓名：欧阳云溪。", "姓名：欧阳某。"),
        ("邻居王溪畔女士反映", "邻居王某女士反映"),
        ("房东张三，不退押金", "房东张某，不退押金"),
        ("我是高中老师，马上先生来了", "我是高中老师，马上先生来了"),
        ("業主劉雲溪，路燈不亮", "業主劉雲溪，路燈不亮"),
        ("工单RX20260302000001和SCJG2026031200163", "工单RX20260302000001和SCJG2026031200163"),
        ("2026年3月2日12345小时100000元", "2026年3月2日12345小时100000元"),
        ("بۇ يول چىرىغى يانمايدۇ", "بۇ يول چىرىغى يانمايدۇ"),
        ("ROAD LIGHT OUT AT 30 XIPAN AVENUE", "ROAD LIGHT OUT AT 30 XIPAN AVENUE"),
        # the code of a firm is public; a card, a plate, a number in another script are a person's
        ("统一代码91140100MA0ABCDE1X的公司", "统一代码91140100MA0ABCDE1X的公司"),
        ("机关代码11990100MB9901083F", "机关代码11990100MB9901083F"),
        (f"全是数字的代码{FIRM}", f"全是数字的代码{FIRM}"),
        ("身分證號碼９９０１０１　１９９００３０７　６５４Ｘ，請查", f"身分證號碼{LONG_NUMBER}，請查"),
        ("99 0101 19900307 6548", LONG_NUMBER),
        ("9 9 0 1 0 1 1 9 9 0 0 3 0 7 6 5 4 8", LONG_NUMBER),
        ("990101\u200b19900307\u200b6548", LONG_NUMBER),
        ("٩٩٠١٠١١٩٩٠٠٣٠٧٦٥٤٨", LONG_NUMBER),
        ("他电话幺九九零零零零零零零幺", f"他电话{PHONE}"),
        ("二〇二六年三月二日，一万二千三百四十五元", "二〇二六年三月二日，一万二千三百四十五元"),
        ("打1990 000 0001或199-000-00001", f"打{PHONE}或{PHONE}"),
        ("粵Z1234港、晋Ａ·１２３４５、津A1234警、晋 A12345", f"{PLATE}、{PLATE}、{PLATE}、{PLATE}"),
        ("13.30-17.00 123号窗口", "13.30-17.00 123号窗口"),
        ("", ""),
    ],
)
def test_a_text_becomes_public_without_those_it_names(text: str, public: str) -> None:
    assert masked(text) == public


def test_the_names_of_the_parties_go_wherever_they_stand() -> None:
    said = "李云溪在小区里说，李云溪的邻居阿依古丽·买买提也看见了。"
    assert masked(said, names=["李云溪", "阿依古丽·买买提", "溪"]) == (
        "李某在小区里说，李某的邻居阿某也看见了。"
    )


def test_the_telephone_of_an_office_stays_in_an_answer_and_a_mobile_does_not() -> None:
    said = "请拨打0350-1234567，或者找值班手机19900000009。"
    assert masked(said, landlines=False) == f"请拨打0350-1234567，或者找值班手机{PHONE}。"


def test_the_telephones_of_offices_in_a_row_stay_in_an_answer() -> None:
    said = "请拨打0350-1234567 0350-7654321或者0351 12345678。"
    assert masked(said, landlines=False) == said
    assert masked(said) == f"请拨打{PHONE} {PHONE}或者{PHONE}。"


def test_what_an_office_writes_keeps_its_names_and_its_mailbox_and_no_number_of_a_person() -> None:
    said = "联系人李云溪，值班19900000009，rexian@example.com，0350-1234567，证件990101199003076548。"
    assert without_numbers(said) == (
        f"联系人李云溪，值班{PHONE}，rexian@example.com，0350-1234567，证件{LONG_NUMBER}。"
    )


_BETWEEN = st.text(alphabet=" -－—·.　\u200b\n", max_size=3)
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
#: text in which no number begins or ends
_AROUND = st.text(
    alphabet=st.characters(categories=["Lo", "Po"], exclude_characters="〇零○一二三四五六七八九"), max_size=20
)


@st.composite
def residents(draw: st.DrawFn) -> str:
    """A resident's number of eighteen, its check right, a gap after any digit, wide or narrow."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 3, 1)))
    first = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    whole = first + resident_check(first)
    spaced = "".join(digit + draw(_BETWEEN) for digit in whole[:-1]) + whole[-1]
    return spaced.translate(_WIDE) if draw(st.booleans()) else spaced


@given(_AROUND, residents(), _AROUND)
@settings(max_examples=150, deadline=None)
def test_no_identity_number_becomes_public_however_it_is_written(
    before: str, number: str, after: str
) -> None:
    for found in (masked(f"{before}{number}{after}"), without_numbers(f"{before}{number}{after}")):
        assert sum(c.isdigit() for c in found) == 0
        assert LONG_NUMBER in found


@given(_AROUND, st.integers(10**8, 10**9 - 1), st.sampled_from("3456789"), _BETWEEN, _AROUND)
@settings(max_examples=100, deadline=None)
def test_no_mobile_becomes_public_in_the_groups_in_which_people_say_it(
    before: str, rest: int, second: str, gap: str, after: str
) -> None:
    whole = f"1{second}{rest}"
    for ends in ((3, 7), (4, 7), (3, 6), (4, 8)):
        said = gap.join((whole[: ends[0]], whole[ends[0] : ends[1]], whole[ends[1] :]))
        assert not any(c.isdigit() for c in masked(f"{before}{said}{after}"))


@given(
    st.sampled_from("123"),
    st.integers(110000, 659999),
    st.sampled_from(["MA", "70"]),
    st.integers(0, 10**6 - 1),
)
@settings(max_examples=150, deadline=None)
def test_the_code_of_a_firm_is_never_taken_for_a_person(
    kind: str, division: int, begins: str, serial: int
) -> None:
    """Of firms and the self-employed, whose codes begin as no resident's number does."""
    assume(begins == "MA" or division % 100 not in (18, 19, 20))  # one that can be a year of birth as well
    organisation = f"{begins}{serial:06}"
    first = f"9{kind}{division}{organisation}{organisation_check(organisation)}"
    code = first + uscc_check(first)
    assert masked(f"代码{code}。") == f"代码{code}。"


def test_masking_twice_changes_nothing_more() -> None:
    once = masked("我叫李云溪，19900000001，990101199003076548，晋A12345")
    assert masked(once) == once


def test_a_text_of_twenty_thousand_characters_is_masked_at_once() -> None:
    long = ("路灯不亮，请修。" * 2500)[:19_900] + "我叫李云溪，990101199003076548"
    assert masked(long).endswith(f"我叫李某，{LONG_NUMBER}")
