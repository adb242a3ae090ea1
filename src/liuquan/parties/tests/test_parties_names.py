"""Names: every real one is taken, what cannot be read is refused with its place, masks keep letters whole."""

import pytest

from liuquan.kernel.refusals import BadInput
from liuquan.parties.rules import clean_name, mask_name, mask_phone, mask_uscc


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张三 ", "张三"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("𠮷野𬭚", "𠮷野𬭚"),
        ("\U000323af某", "\U000323af某"),
        ("Anna  Maria O'Neil-Smith", "Anna Maria O'Neil-Smith"),
        ("葛󠄀某", "葛󠄀某"),
        ("云溪市（演示）有限公司", "云溪市（演示）有限公司"),
        ("某" * 50, "某" * 50),
    ],
)
def test_real_names_are_taken_however_rare_or_long(typed: str, kept: str) -> None:
    assert clean_name(typed, "person") == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "没有填写姓名"),
        ("　 ", "没有填写姓名"),
        ("张\x00三", "姓名第2个字无法识别"),
        ("张三\u202e", "姓名第3个字无法识别"),
        ("张\u200b三", "姓名第2个字无法识别"),
        ("张\ue001", "姓名第2个字无法识别"),
        ("张\ud800", "姓名第2个字无法识别"),
        ("张\n三", "姓名第2个字无法识别"),
        ("···", "没有文字"),
        ("123", "没有文字"),
        ("某" * 51, "超过50个字"),
        ("张三😀", "姓名第3个字是符号或者表情"),
        ("张🏻三", "姓名第2个字是符号或者表情"),
        ("张☆三", "姓名第2个字是符号或者表情"),
        ("<b>张三", "姓名第1个字是符号或者表情"),
        ("张三＞", "姓名第3个字是符号或者表情"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_its_place(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        clean_name(typed, "person")
    assert "name" in caught.value.fields


def test_an_organisation_may_have_brackets_of_titles_and_a_longer_name_but_no_signs() -> None:
    assert clean_name("《求实》杂志社", "organisation") == "《求实》杂志社"
    assert clean_name("某" * 200, "organisation") == "某" * 200
    for typed in ("云溪餐饮🍜有限公司", "<script>有限公司"):
        with pytest.raises(BadInput, match="是符号或者表情，请只填写证件上的名称"):
            clean_name(typed, "organisation")


@pytest.mark.parametrize(
    ("name", "kind", "masked"),
    [
        ("张", "person", "*"),
        ("张三", "person", "张*"),
        ("张小三", "person", "张*三"),
        ("买买提·艾力·吐尔逊", "person", "买***逊"),
        ("葛󠄀小某", "person", "葛󠄀*某"),
        ("某某有限公司", "organisation", "某某**公司"),
        ("云溪市演示餐饮有限公司", "organisation", "云溪***公司"),
        ("三人社", "organisation", "三*社"),
    ],
)
def test_a_mask_hides_the_middle_and_keeps_characters_whole(name: str, kind: str, masked: str) -> None:
    assert mask_name(name, kind) == masked


def test_codes_and_phones_are_masked() -> None:
    assert mask_uscc("11990100MB9901024C") == "11************024C"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("") == ""
