"""The knowledge base: an article has its source and its owner, is published by a second person, and is quoted
only while it holds."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from liuquan.hotline import actions, pack, queries
from liuquan.hotline.actions import governing
from liuquan.hotline.articles import Article, ArticleGiven, State, standing, why_not_quoted
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState
from liuquan.site.packs import read_pack
from liuquan.testing.browsers import SetNow

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
LAMPS, STALLS, FEES, INTERNAL = "ZS00001", "ZS00003", "ZS00005", "ZS00011"
GIVEN = ArticleGiven(
    question="窨井盖丢了找谁？",
    answer="城市道路上的井盖由市城市管理局协调，先放警示标志，两小时内到场。",
    document="《云溪市井盖管理办法（演示）》",
    clause="第四条",
    owner_body=CITY_MANAGEMENT,
    class_codes=("0101",),
    words=("井盖没了",),
    valid_from=ON,
    review_due=date(2027, 3, 1),
)


def of(number: str) -> list[tuple[int, str]]:
    return [(one.version, one.state.value) for one in queries.versions(number, on=ON)]


def rows() -> list[dict[str, str]]:
    path = Path(__file__).parent / "article_standings.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["says"])
def test_how_a_version_stands_follows_from_the_day(row: dict[str, str]) -> None:
    one = Article(
        **{**vars(GIVEN), "valid_from": date.fromisoformat(row["valid_from"])},
        number="ZS00099",
        version=1,
        state=State(row["state"]),
        reviewed_on=ON,
        source="pages",
        owner_name="市城管局",
        replaced_on=day(row["replaced_on"]),
    )
    one = replace(one, valid_to=day(row["valid_to"]), review_due=date.fromisoformat(row["review_due"]))
    on = date.fromisoformat(row["on"])
    assert standing(one, on).value == row["stands"]
    assert (why_not_quoted(one, on) == "") == (row["quoted"] == "yes")


def test_an_article_is_proposed_by_its_owner_and_published_by_a_second_person(hotline: Hotline) -> None:
    number, version = actions.propose(GIVEN, by=hotline.contact, now=MONDAY)
    assert of(number) == [(1, "draft")]
    assert number not in [one.number for one in queries.quotable(on=ON)]
    actions.publish(number, version, by=hotline.dispatcher, now=MONDAY)
    found = queries.present(number, on=ON)
    assert (found.state, found.owner, found.cited) == (
        State.PUBLISHED,
        "云溪市城市管理局",
        "《云溪市井盖管理办法（演示）》第四条",
    )
    assert [one.event for one in journal.entries_of(number)] == [
        "hotline.article_proposed",
        "hotline.article_published",
    ]


def test_numbers_of_people_in_an_article_are_never_public_and_the_original_stays(
    hotline: Hotline, set_now: SetNow
) -> None:
    set_now(MONDAY)
    answer = "找值班员19900000009，身份证990101 19900307 6548，车牌晋A12345，公司91140100MA0ABCDE1X。"
    given = replace(GIVEN, question="井盖丢了打19900000009吗？", answer=answer)
    number, version = actions.propose(given, by=hotline.contact, now=MONDAY)
    actions.publish(number, version, by=hotline.dispatcher, now=MONDAY)
    public = [
        page.content.decode()
        for page in (
            Client().get(f"/hotline/knowledge/{number}/"),
            Client().get("/hotline/knowledge/", {"q": "井盖"}),
        )
    ]
    for page in public:
        assert "井盖丢了打（电话已隐去）吗" in page
        assert not [one for one in ("19900000009", "19900307", "A12345") if one in page]
    assert "身份证（号码已隐去），车牌（车牌已隐去），公司91140100MA0ABCDE1X" in public[0]
    staff = hotline.cast.client("rexiaopai")
    kept = staff.get(f"/desk/hotline/knowledge/{number}/").content.decode()
    assert answer in kept
    assert "在公开的页面上会隐去" in kept
    assert "在公开的页面上会隐去" not in staff.get(f"/desk/hotline/knowledge/{LAMPS}/").content.decode()


def test_whoever_proposed_does_not_publish(hotline: Hotline) -> None:
    number, version = actions.propose(GIVEN, by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(NotAllowed, match="不能是同一人"):
        actions.publish(number, version, by=hotline.dispatcher, now=MONDAY)
    assert of(number) == [(1, "draft")]
    actions.publish(number, version, by=hotline.caller_back, now=MONDAY)
    with pytest.raises(WrongState, match="不在待发布"):
        actions.publish(number, version, by=hotline.caller_back, now=MONDAY)


@pytest.mark.parametrize("who", ["contact", "operator"])
def test_only_the_centre_publishes_and_withdraws(hotline: Hotline, who: str) -> None:
    number, version = actions.propose(GIVEN, by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.publish(number, version, by=getattr(hotline, who), now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.withdraw(LAMPS, 1, "内容已经过时", by=getattr(hotline, who), now=MONDAY)
    assert (of(number), of(LAMPS)) == ([(1, "draft")], [(1, "published")])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": ""}, "question"),
        ({"answer": "答" * 4001}, "answer"),
        ({"document": ""}, "document"),
        ({"clause": ""}, "clause"),
        ({"owner_body": "no such body"}, "owner_body"),
        ({"class_codes": ()}, "class_codes"),
        ({"class_codes": ("0999",)}, "class_codes"),
        ({"valid_to": ON}, "valid_to"),
        ({"review_due": ON}, "review_due"),
        ({"review_due": date(2028, 4, 1)}, "review_due"),
    ],
)
def test_an_article_without_source_owner_or_review_is_refused(
    hotline: Hotline, change: dict[str, Any], field: str
) -> None:
    before = len(queries.search(on=ON))
    with pytest.raises(BadInput) as refused:
        actions.propose(replace(GIVEN, **change), by=hotline.dispatcher, now=MONDAY)
    assert field in refused.value.fields
    assert len(queries.search(on=ON)) == before


def test_a_unit_proposes_only_what_it_answers_for(hotline: Hotline) -> None:
    with pytest.raises(NotAllowed, match="只能提出本单位负责"):
        actions.propose(GIVEN, by=hotline.housing, now=MONDAY)
    with pytest.raises(NotAllowed, match="只能提出本单位负责"):
        actions.propose(replace(GIVEN, owner_body=HOUSING), number=LAMPS, by=hotline.housing, now=MONDAY)
    with pytest.raises(NotVisible):
        actions.propose(GIVEN, number="ZS77777", by=hotline.dispatcher, now=MONDAY)
    assert of(LAMPS) == [(1, "published")]


def test_a_new_version_takes_the_place_of_the_old_from_its_first_day_and_the_old_stays(
    hotline: Hotline,
) -> None:
    later = replace(GIVEN, question="路灯不亮找谁修？", valid_from=ON + DAY)
    number, version = actions.propose(later, number=LAMPS, by=hotline.contact, now=MONDAY)
    with pytest.raises(WrongState, match="已经有一版待发布"):
        actions.propose(later, number=LAMPS, by=hotline.contact, now=MONDAY)
    actions.publish(number, version, by=hotline.dispatcher, now=MONDAY)
    assert queries.present(LAMPS, on=ON).version == 1
    assert queries.present(LAMPS, on=ON + DAY).version == 2
    old = queries.versions(LAMPS, on=ON + DAY)[1]
    assert (standing(old, ON + DAY).value, old.clause) == ("replaced", "第八条")


def test_a_withdrawn_article_is_no_longer_quoted_and_says_why(hotline: Hotline) -> None:
    with pytest.raises(BadInput, match="理由"):
        actions.withdraw(LAMPS, 1, "旧", by=hotline.dispatcher, now=MONDAY)
    actions.withdraw(LAMPS, 1, "照明所已经改隶", by=hotline.dispatcher, now=MONDAY)
    found = queries.present(LAMPS, on=ON)
    assert (found.state, found.reason) == (State.WITHDRAWN, "照明所已经改隶")
    with pytest.raises(WrongState):
        actions.withdraw(LAMPS, 1, "照明所已经改隶", by=hotline.dispatcher, now=MONDAY)


def test_whoever_proposed_may_drop_it_and_it_is_kept(hotline: Hotline) -> None:
    number, version = actions.propose(GIVEN, by=hotline.contact, now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.withdraw(number, version, "写错了文件", by=hotline.housing, now=MONDAY)
    actions.withdraw(number, version, "写错了文件", by=hotline.contact, now=MONDAY)
    assert of(number) == [(1, "dropped")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("路灯", LAMPS),
        ("路燈", LAMPS),
        ("ludeng", LAMPS),
        ("ldbl", LAMPS),
        ("门前的路灯坏了好几天该找谁修", LAMPS),
        ("照明管理办法", LAMPS),
        ("ZS00001", LAMPS),
        ("物业费", FEES),
    ],
)
def test_an_article_is_found_by_words_pinyin_initials_and_a_question(
    hotline: Hotline, asked: str, found: str
) -> None:
    assert queries.search(asked, on=ON)[0].number == found


@pytest.mark.parametrize("asked", ["宇宙飞船", "——", "zzzz"])
def test_what_has_nothing_to_do_with_the_question_is_not_found(hotline: Hotline, asked: str) -> None:
    assert queries.search(asked, on=ON) == []


def test_the_public_reads_what_is_public_and_holds(hotline: Hotline) -> None:
    numbers = {one.number for one in queries.public_articles(on=ON)}
    assert {LAMPS, FEES} <= numbers
    assert numbers.isdisjoint({STALLS, INTERNAL})


def test_the_owner_of_an_overdue_article_is_asked_once_a_version(hotline: Hotline) -> None:
    assert [one.number for one in queries.to_review(HOUSING, on=ON)] == [FEES]
    assert actions.ask_owners(now=MONDAY) == 1
    assert actions.ask_owners(now=MONDAY + DAY) == 0
    assert queries.present(FEES, on=ON).asked_on == ON
    assert [one.event for one in journal.entries_of(FEES)] == ["hotline.article_review_asked"]
    fresh = replace(GIVEN, owner_body=HOUSING, class_codes=("0301",))
    _, version = actions.propose(fresh, number=FEES, by=hotline.housing, now=MONDAY)
    actions.publish(FEES, version, by=hotline.dispatcher, now=MONDAY)
    assert queries.to_review(HOUSING, on=ON) == []


def test_an_answer_quotes_an_article_with_number_and_version_and_whoever_asked_reads_its_source(
    hotline: Hotline,
) -> None:
    number = hotline.registered()
    hotline.act(number, "answer_now", hotline.operator, reply="照明所今晚到场。", article=LAMPS)
    entry = journal.entries_of(number)[-1]
    assert (entry.public["article"], entry.public["article_version"]) == (LAMPS, 1)
    assert entry.sentence == (
        "当场答复，依据《云溪市城市照明管理办法（演示）》第八条（知识条目ZS00001第1版）"
    )


@pytest.mark.parametrize(
    ("article", "says"),
    [
        (STALLS, "已于2026年1月1日失效，不能引用，请向责任单位云溪市城市管理局核实"),
        ("ZS99999", "知识库里没有条目"),
    ],
)
def test_an_article_that_expired_cannot_be_quoted_and_the_refusal_names_its_owner(
    hotline: Hotline, article: str, says: str
) -> None:
    number = hotline.registered()
    before = hotline.read(number)
    with pytest.raises(BadInput, match=says) as refused:
        hotline.act(number, "answer_now", hotline.operator, reply="可以在疏导点摆摊。", article=article)
    assert "article" in refused.value.fields
    assert hotline.read(number) == before


def test_an_answer_needs_no_article(hotline: Hotline) -> None:
    number = hotline.registered()
    hotline.act(number, "answer_now", hotline.operator, reply="已经说明。")
    assert journal.entries_of(number)[-1].sentence == "当场答复"


def loaded(*given: ArticleGiven, reviewed_on: date = ON) -> None:
    """The pack again, with these articles from ZS00001 on."""
    listed = [(f"ZS{at:05d}", reviewed_on, one) for at, one in enumerate(given, 1)]
    governing.articles.load(listed, queries.present(FEES, on=ON).source)


def test_a_pack_loaded_again_adds_a_version_where_it_changed_and_leaves_what_pages_changed(
    hotline: Hotline,
) -> None:
    loaded(GIVEN)
    assert of(LAMPS) == [(2, "published"), (1, "published")]
    loaded(GIVEN)
    assert of(LAMPS) == [(2, "published"), (1, "published")]
    actions.propose(replace(GIVEN, clause="第五条"), number=LAMPS, by=hotline.contact, now=MONDAY)
    loaded(replace(GIVEN, clause="第六条"))
    assert of(LAMPS) == [(3, "draft"), (2, "published"), (1, "published")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"number": "ZS50001"}, "50000 以后的留给页面"),
        ({"number": "A1"}, "编号写 ZS"),
        ({"owner": "nobody"}, "请选择责任单位"),
        ({"classes": ["0999"]}, "请选择至少一个归类"),
        ({"document": ""}, "请填写来源文件"),
        ({"review_due": date(2029, 1, 1)}, "至少两年复核一次"),
        ({"answers": "x"}, "不认识的键"),
        ({"valid_from": "2026"}, "写法不对"),
    ],
)
def test_an_article_of_a_pack_that_is_wrong_is_named(change: dict[str, Any], says: str) -> None:
    values = tomllib.loads((CHECKOUT / "packs" / "demo" / pack.FILE).read_text(encoding="utf-8"))
    demo = read_pack(CHECKOUT / "packs" / "demo").organisation
    assert list(pack.check(values, demo)) == []
    values["article"][0] |= change
    (wrong,) = pack.check(values, demo)
    assert says in wrong.sentence
    assert wrong.where[:2] == ("article", 0)


def test_a_pack_needs_no_articles() -> None:
    values = tomllib.loads((CHECKOUT / "packs" / "demo" / pack.FILE).read_text(encoding="utf-8"))
    del values["article"]
    assert list(pack.check(values, None)) == []
    assert pack.read(values, "a pack").articles == ()
