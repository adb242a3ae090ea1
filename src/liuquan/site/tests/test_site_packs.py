"""Packs: read, checked with file and line, loaded."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from liuquan.catalogue import queries
from liuquan.catalogue.types import ItemType, StepKind
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM
from liuquan.site.packs import Complaint, check_pack, load_pack, read_pack
from liuquan.site.packs.toml_text import locate

DEMO = CHECKOUT / "packs" / "demo"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SCJG = "items/scjg.toml"

Spoil = Callable[[str, str, str], tuple[list[Complaint], int]]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Change one text in one file of a copy of the demo pack; gives the complaints and the changed line."""

    def change(file: str, old: str, new: str) -> tuple[list[Complaint], int]:
        folder = tmp_path / "pack"
        shutil.copytree(DEMO, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return check_pack(folder), text[: text.index(old)].count("\n") + 1

    return change


def test_the_demo_pack_has_nothing_wrong_in_it() -> None:
    assert [str(complaint) for complaint in check_pack(DEMO)] == []


def test_the_demo_has_twenty_items_of_seven_types_over_six_bodies() -> None:
    pack = read_pack(DEMO)
    drafts = [item.draft for item in pack.items]
    assert len(drafts) == 20
    assert len({draft.item_type for draft in drafts}) == 7
    assert len({draft.body_code for draft in drafts}) == 6
    assert {draft.body_code for draft in drafts} <= {body.code for body in pack.organisation.bodies}
    assert (pack.settings.demo_day, pack.settings.yellow_share) == (date(2026, 3, 20), "0.9")
    assert pack.settings.yellow_place


def test_the_demo_has_each_kind_of_route() -> None:
    drafts = [item.draft for item in read_pack(DEMO).items]
    kinds = {step.kind for draft in drafts for step in draft.steps}
    assert kinds == set(StepKind)
    assert any(len([step for step in draft.steps if not step.after]) == 3 for draft in drafts)
    assert any(not draft.steps and draft.promised_amount == 0 for draft in drafts)
    assert all(draft.bases and draft.aliases and draft.materials for draft in drafts)
    assert any(draft.fees for draft in drafts)
    assert ItemType.ADJUDICATION in {draft.item_type for draft in drafts}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('after = ["site"]', 'after = ["site", "review"]', "把自己写成了前序"),
        ('post = "SCJG-SC1"', 'post = "SCJG-SC9"', "“SCJG-SC9”不存在"),
        ('after = ["site"]', 'after = ["sight"]', "“sight”不存在"),
        ("officers = 2", "officers = 1", "两名以上"),
        ("promised = { amount = 8,", "promised = { amount = 21,", "长于法定时限"),
        (
            'promised = { amount = 8, unit = "working_day" }',
            'promised = { amount = 8, unit = "month" }',
            "无法比较",
        ),
        ("statutory = { amount = 20,", "statutory = { amount = 25,", "长于现行法律规定"),
        ('unit = "working_day", law', 'unit = "weeks", law', "不认识"),
        ('law = "licensing.decision"', 'law = "licensing.wish"', "不在时限库里"),
        ('deciding_post = "SCJG-HZ"', 'deciding_post = "ZJJ-HZ"', "不属于实施主体"),
        ('type = "01"', 'type = "99"', "不在代码表里"),
        ("procedure = ", "procedur = ", "不认识的键“procedur”"),
        ("visits = 0", 'visits = "零"', "“visits”应当是整数"),
        ('basic_code = "990131002000"', 'basic_code = "990131001000"', "重复"),
        ('basic_code = "990131002000"', 'basic_code = "99013100200"', "应为31位"),
        ('level = "law"\ntext', 'level = "lore"\ntext', "不在代码表里"),
        ('key = "layout"', 'key = "form"', "写了两次"),
        ('name = "个体工商户设立登记"', "", "没有写 name"),
    ],
)
def test_each_fault_in_an_item_is_named_with_its_line(spoil: Spoil, old: str, new: str, words: str) -> None:
    complaints, line = spoil(SCJG, old, new)
    near = [one for one in complaints if words in one.sentence]
    assert near, [str(one) for one in complaints]
    assert near[0].file == SCJG
    assert line - 2 <= near[0].line <= line + 2
    assert near[0].refuses


def test_a_circle_is_named_at_one_of_its_steps(spoil: Spoil) -> None:
    complaints, line = spoil(SCJG, 'key = "site"\nname', 'key = "site"\nafter = ["review"]\nname')
    circles = [one for one in complaints if "形成循环" in one.sentence]
    assert [one.file for one in circles] == [SCJG]
    assert line < circles[0].line < line + 20


def test_a_missing_basis_points_at_its_item(spoil: Spoil) -> None:
    head = '[[item.basis]]\ninstrument = "特种设备安全法"\narticle = "第三十三条"\nlevel = "law"\n'
    complaints, line = spoil(SCJG, head, "")
    assert [one.sentence for one in complaints] == [
        "“特种设备使用登记”：没有设定依据，不得发布。（行政许可法 第四条）"
    ]
    assert line - 25 < complaints[0].line < line


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (SCJG, 'name = "食品经营许可证核发"', 'name = "食品经营许可证核发', "引号没有成对"),
        ("bodies.toml", 'code = "11990100MB9901024C"', 'code = "11990100MB9901024D"', "有一位不对"),
        ("bodies.toml", 'unit = "SCJG-SP"', 'unit = "SCJG-XX"', "SCJG-XX"),
        ("bodies.toml", "short_name =", "shortname =", "不认识的键“shortname”"),
        ("elsewhere.toml", 'matter = "出入境证件"', 'mater = "出入境证件"', "不认识的键“mater”"),
        ("elsewhere.toml", 'words = ["公积金"]', 'words = ["公"]', "没有写 words"),
        ("elsewhere.toml", 'matter = "入学、转学"', "", "没有写 matter"),
        ("pack.toml", 'yellow_share = "0.9"', 'yellow_share = "9"', "0 与 1 之间"),
        ("pack.toml", "place =", "# place =", "出处"),
        ("pack.toml", 'ends = "midnight"', 'ends = "noon"', "midnight、close"),
        ("pack.toml", 'after_hours = "at_once"', "afterhours = 1", "不认识的键“afterhours”"),
        ("pack.toml", 'place = "示例取值，可由本地改写"', "", "期限如何计算"),
        ("pack.toml", '{on:%Y%m%d}{serial:05d}"', '{on:%Y%m%d}"', "顺序号"),
        ("pack.toml", "demo_day = 2026-03-20", 'demo_day = "soon"', "demo_day"),
    ],
)
def test_each_fault_in_another_file_is_named_with_its_line(
    spoil: Spoil, file: str, old: str, new: str, words: str
) -> None:
    complaints, line = spoil(file, old, new)
    near = [one for one in complaints if words in one.sentence and one.file == file]
    assert near, [str(one) for one in complaints][:5]
    assert abs(near[0].line - line) <= 2


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(DEMO, folder)
    text = (folder / SCJG).read_text(encoding="utf-8")
    (folder / SCJG).write_bytes(text.encode("gbk", errors="replace"))
    assert any("另存为 UTF-8" in one.sentence and one.file == SCJG for one in check_pack(folder))


def test_a_folder_without_pack_toml_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"没有 pack\.toml"):
        check_pack(tmp_path)


def test_lines_are_found_past_lists_and_long_texts() -> None:
    text = (
        '[common]\na = [\n  "x = 1",\n  "[[item]]",\n]\n[[item]]\nb = """\nc = 2\n"""\n'
        "[[item.step]]\nd = 1\n[[item]]\n[[item.step]]\n"
    )
    lines = locate(text)
    assert (lines["common", "a"], lines["item", 0], lines["item", 0, "b"]) == (2, 6, 7)
    assert (lines["item", 0, "step", 0, "d"], lines["item", 1], lines["item", 1, "step", 0]) == (11, 12, 13)
    assert ("common", "x") not in lines
    assert ("item", 0, "c") not in lines


def test_loading_the_demo_twice_changes_nothing_the_second_time(db: None) -> None:
    first = load_pack(DEMO, by=SYSTEM, now=NOW)
    assert (first.items.created, first.items.published) == (20, 20)
    second = load_pack(DEMO, by=SYSTEM, now=NOW)
    assert (second.items.created, second.items.updated, second.items.unchanged) == (0, 0, 20)
    assert not second.organisation.changed
    assert len(queries.published_items(on=TODAY)) == 20
    assert queries.law_changes(on=TODAY) == ()


def test_the_demo_answers_plain_questions(db: None) -> None:
    load_pack(DEMO, by=SYSTEM, now=NOW)
    asked = {
        "开小餐馆要什么证": "食品经营许可证核发",
        "门口挂个广告牌要审批吗": "设置大型户外广告及在城市建筑物、设施上悬挂、张贴宣传品审批",
        "开理发店": "公共场所卫生许可证核发",
        "失业了能领什么钱": "失业保险金申领",
        "上班受伤怎么办": "工伤认定",
        "spjyxk": "食品经营许可证核发",
        "我想做点小生意": "个体工商户设立登记",
        "开花店": "个体工商户设立登记",
        "被公司辞退了": "失业保险金申领",
        "老人不会用手机": "政务服务无偿代办申请",
        "食品經營許可": "食品经营许可证核发",
        "yyzz": "个体工商户设立登记",
    }
    found = {question: queries.search(question, on=TODAY).hits[0].name for question in asked}
    assert found == asked
    both = {hit.name for hit in queries.search("想开个店卖吃的", on=TODAY).hits}
    assert both == {"食品经营许可证核发", "个体工商户设立登记"}
    others = {"身份证丢了": "居民身份证", "低保": "最低生活保障", "殘疾證": "残疾人证", "残及证": "残疾人证"}
    others |= {"我要办健康证": "从业人员健康证明", "开药店": "药品经营许可"}
    for question, matter in others.items():
        answer = queries.search(question, on=TODAY)
        assert [one.matter.startswith(matter) for one in answer.elsewhere] == [True]
        assert answer.hits == ()


def test_the_demo_says_which_two_licences_a_restaurant_needs_from_either_of_them(db: None) -> None:
    load_pack(DEMO, by=SYSTEM, now=NOW)
    food, trade = (queries.search(name, on=TODAY).hits[0].item_code for name in ("开饭店", "办营业执照"))
    assert trade in {one.item_code for one in queries.guide(food, on=TODAY).also}
    assert food in {one.item_code for one in queries.guide(trade, on=TODAY).also}
    named = {one.item_code for code in (food, trade) for one in queries.guide(code, on=TODAY).also}
    assert len(named) == 4


def test_a_pack_with_a_fault_is_not_loaded_at_all(tmp_path: Path, db: None) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(DEMO, folder)
    text = (folder / SCJG).read_text(encoding="utf-8")
    (folder / SCJG).write_text(text.replace('post = "SCJG-SC1"', 'post = "NOBODY"', 1), encoding="utf-8")
    with pytest.raises(BadInput, match="没有装载") as refused:
        load_pack(folder, by=SYSTEM, now=NOW)
    assert len(refused.value.details["complaints"]) == 1
    assert queries.published_items(on=TODAY) == ()
