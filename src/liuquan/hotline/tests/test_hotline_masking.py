"""What of a text becomes public: nobody's name, document or telephone, and everything else."""

from __future__ import annotations

import pytest

from liuquan.hotline.masking import LONG_NUMBER, MAIL, PHONE, PLATE, masked


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("我的身份证号是990101199003076548，请查。", f"我的身份证号是{LONG_NUMBER}，请查。"),
        ("号码９９０１０１１９９００３０７６５４Ｘ", f"号码{LONG_NUMBER}"),
        ("990101 19900307 654x 是他的", f"{LONG_NUMBER} 是他的"),
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


def test_masking_twice_changes_nothing_more() -> None:
    once = masked("我叫李云溪，19900000001，990101199003076548，晋A12345")
    assert masked(once) == once


def test_a_text_of_twenty_thousand_characters_is_masked_at_once() -> None:
    long = ("路灯不亮，请修。" * 2500)[:19_900] + "我叫李云溪，990101199003076548"
    assert masked(long).endswith(f"我叫李某，{LONG_NUMBER}")
