"""Search by plain words, through the real database."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from liuquan.catalogue import actions, queries
from liuquan.catalogue.types import ItemDraft, PackElsewhere
from liuquan.organisation.types import SYSTEM

from .conftest import CODE, NOW, TODAY

OTHERS = (
    ("食品经营许可证注销", ()),
    ("公共场所卫生许可证核发", ("开理发店", "开宾馆")),
    ("劳务派遣经营许可", ("开劳务公司",)),
    ("建筑工程施工许可证核发", ("工地开工",)),
    ("不动产登记资料查询", ("查房产",)),
)


@pytest.fixture
def items(published: Callable[..., ItemDraft], draft: ItemDraft) -> None:
    """Six published items and one draft."""
    published(draft)
    for at, (name, aliases) in enumerate(OTHERS):
        published(replace(draft, item_code=f"{CODE[:-1]}{at + 1}", name=name, aliases=aliases))
    hidden = replace(draft, item_code=f"{CODE[:-1]}9", name="食品摊贩备案", aliases=("摆摊卖小吃",))
    actions.save_draft(hidden, by=SYSTEM, now=NOW)


def first(question: str, **more: str) -> str:
    found = queries.search(question, on=TODAY, **more)  # type: ignore[arg-type]
    return found.hits[0].name if found.hits else ""


QUESTIONS = {
    "开小餐馆要什么证": "食品经营许可证核发",
    "我想开个小饭店，怎么办手续？": "食品经营许可证核发",
    "注销食品经营许可证": "食品经营许可证注销",
    "理发店": "公共场所卫生许可证核发",
    "劳务": "劳务派遣经营许可",
    "工地什么时候能开工": "建筑工程施工许可证核发",
    "房产": "不动产登记资料查询",
    "sgxk": "建筑工程施工许可证核发",
    "施工": "建筑工程施工许可证核发",
}


def test_plain_words_find_the_item_first(items: None) -> None:
    assert {question: first(question) for question in QUESTIONS} == QUESTIONS


PLAINLY = {
    "想卖吃的": "食品经营许可证核发",
    "卖包子": "食品经营许可证核发",
    "我要卖鸡蛋灌饼": "食品经营许可证核发",
    "剪头发的店": "公共场所卫生许可证核发",
    "厂房要动工了": "建筑工程施工许可证核发",
}


def test_what_people_call_it_finds_the_item_without_an_alias_of_it(items: None) -> None:
    assert {question: first(question) for question in PLAINLY} == PLAINLY


def test_any_other_shop_is_told_what_it_begins_with(
    items: None, published: Callable[..., ItemDraft], draft: ItemDraft
) -> None:
    assert not queries.search("开花店", on=TODAY).hits
    published(replace(draft, item_code=f"{CODE[:-1]}7", name="个体工商户设立登记", aliases=()))
    found = queries.search("开花店", on=TODAY)
    assert [hit.name for hit in found.hits] == ["个体工商户设立登记"]
    assert found.is_general
    assert found.is_near
    assert not queries.search("开饭店", on=TODAY).is_general
    assert not queries.search("卖房", on=TODAY).hits


def test_what_else_is_needed_stands_with_the_hit_and_in_the_guide(
    items: None, published: Callable[..., ItemDraft], draft: ItemDraft
) -> None:
    other = f"{CODE[:-1]}2"
    also = [
        {"name": "卫生许可证", "when": "卖水产的", "item_code": other},
        {"name": "健康证", "when": "每人一张", "item_code": ""},
        {"name": "早已没有的证", "when": "从前要", "item_code": f"{CODE[:-1]}8"},
    ]
    published(replace(draft, item_code=f"{CODE[:-1]}7", name="水产经营许可", extra={"also": also}))
    hit = queries.search("水产经营", on=TODAY).hits[0]
    assert [one.name for one in hit.also] == ["卫生许可证", "健康证", "早已没有的证"]
    shown = queries.guide(f"{CODE[:-1]}7", on=TODAY).also
    assert [(one.name, one.item_code) for one in shown] == [
        ("卫生许可证", other),
        ("健康证", ""),
        ("早已没有的证", ""),
    ]
    assert queries.guide(CODE, on=TODAY).also == ()


def test_drafts_are_found_by_staff_and_not_by_the_public(items: None) -> None:
    assert "食品摊贩备案" not in {hit.name for hit in queries.search("食品摊贩", on=TODAY).hits}
    assert first("食品摊贩", scope="staff") == "食品摊贩备案"


UNRELATED = (
    "量子纠缠",
    "天气预报",
    "买菜",
    "养狗",
    "结婚",
    "zzzz",
    "jiehun",
    "孩子上学",
    "klf",
    "xyz",
    "ct",
    "卖房",
    "开药店",
)


def test_nothing_is_found_where_nothing_is_near(items: None) -> None:
    assert {question: queries.search(question, on=TODAY).hits for question in UNRELATED} == dict.fromkeys(
        UNRELATED, ()
    )


def test_strange_words_refuse_nothing(items: None) -> None:
    for question in ("", "   ", "%_\\'\"", "\x00", "证" * 500, "a" * 2000, "（*)[?", "%%", "__"):
        queries.search(question, on=TODAY)


BY_SOUND_AND_SHAPE = {
    "食品經營許可": "食品经营许可证核发",
    "開理髮店": "公共场所卫生许可证核发",
    "spjyxk": "食品经营许可证核发",
    "klfd": "公共场所卫生许可证核发",
    "lifadian": "公共场所卫生许可证核发",
    "SHIPINJINGYING": "食品经营许可证核发",
    "laowupaiqian": "劳务派遣经营许可",
}


def test_traditional_characters_initials_and_pinyin_find_names_and_aliases(items: None) -> None:
    assert {question: first(question) for question in BY_SOUND_AND_SHAPE} == BY_SOUND_AND_SHAPE


MISTYPED = {
    "劳务派迁": "劳务派遣经营许可",
    "劳务派经营": "劳务派遣经营许可",
    "劳务派遣遣经营": "劳务派遣经营许可",
    "老务派遣": "劳务派遣经营许可",
    "开里发店": "公共场所卫生许可证核发",
    "工地开公": "建筑工程施工许可证核发",
    "建筑工程施土许可证核发": "建筑工程施工许可证核发",
}


def test_one_wrong_missing_or_extra_character_is_found_all_the_same(items: None) -> None:
    assert {question: first(question) for question in MISTYPED} == MISTYPED


def test_what_only_sounds_so_is_said_to_be_near(items: None) -> None:
    assert queries.search("查方产", on=TODAY).is_near
    assert not queries.search("查房产", on=TODAY).is_near


def test_words_that_another_body_does_name_it_whatever_their_characters(items: None) -> None:
    row = PackElsewhere(("身份证", "临时身份证"), "居民身份证", "公安派出所", "带户口簿去")
    actions.load_elsewhere((row,), source="pack:test")
    for question in ("身份证丢了", "我的身份證", "补办临时身份证"):
        found = queries.search(question, on=TODAY)
        assert [one.body for one in found.elsewhere] == ["公安派出所"]
        assert not found.hits
    assert queries.search("食品经营", on=TODAY).elsewhere == ()
    actions.load_elsewhere((), source="pack:test")
    assert queries.search("身份证丢了", on=TODAY).elsewhere == ()


def test_a_new_alias_is_found_at_once_and_a_cancelled_item_no_more(items: None, draft: ItemDraft) -> None:
    assert first("卖糖葫芦") != draft.name
    actions.save_draft(replace(draft, aliases=("卖糖葫芦",)), by=SYSTEM, now=NOW)
    assert first("卖糖葫芦") == draft.name
    actions.cancel(CODE, from_on=TODAY, reason="测试", by=SYSTEM, now=NOW)
    assert draft.name not in {hit.name for hit in queries.search("食品经营许可证核发", on=TODAY).hits}


def test_search_can_be_kept_to_one_body(items: None) -> None:
    assert queries.search("许可", on=TODAY, body_code="nobody").hits == ()


def test_two_character_words_are_looked_up_by_index(items: None) -> None:
    from liuquan.kernel import sql

    sql.run("SET LOCAL enable_seqscan = off")
    plan = sql.run("EXPLAIN SELECT 1 FROM catalogue_searchentry WHERE bigrams && ARRAY['餐馆']::varchar[]")
    assert any("search_bigrams" in line for row in plan for line in row.values())
