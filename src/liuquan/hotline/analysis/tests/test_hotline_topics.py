"""Hot topics, places and what was said before. All messages are invented."""

from __future__ import annotations

from datetime import date

import pytest

from liuquan.hotline.analysis import Candidate, Message, hot_topics, places_in, similar


def message(number: int, subject: str, body: str = "", *, writer: str = "", day: int = 1) -> Message:
    return Message(str(number), subject, body or subject, writer or f"u{number}", date(2026, 3, day))


MIXER = [
    message(1, "青禾新城旁边的搅拌站灰尘太大", "青禾新城旁边建了搅拌站，灰尘太大，不敢开窗。", day=2),
    message(2, "青禾新城搅拌站噪音和灰尘", "搅拌站就在青禾新城边上，灰尘和噪音都很大。", day=9),
    message(3, "投诉青禾新城附近搅拌站", "青禾新城附近的搅拌站天天有灰尘。", day=5),
    message(4, "青禾新城的搅拌站什么时候搬走", "青禾新城居民受搅拌站灰尘之苦。", day=7),
]
PARKING = [
    message(11, "望江花园捆绑销售车位", "望江花园买房必须买车位，捆绑销售。", day=3),
    message(12, "望江花园强行捆绑车位", "开发商在望江花园捆绑销售车位。", day=4),
]
OTHERS = [
    message(21, "怎样补办社保卡", "社保卡丢了，到哪里补办？"),
    message(22, "公交线路何时恢复", "早班公交取消以后上班不方便。"),
    message(23, "图书馆周末开放时间", "请问周末几点开门？"),
]


def test_the_matter_of_most_people_comes_first_with_its_place_words_and_days() -> None:
    first, second = hot_topics([*OTHERS, *PARKING, *MIXER])
    assert (first.rank, first.size, first.writers) == (1, 4, 4)
    assert set(first.messages) == {"1", "2", "3", "4"}
    assert "青禾新城" in first.place
    assert "搅拌站" in first.words
    assert (first.first_on, first.last_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert set(second.messages) == {"11", "12"}
    assert "望江花园" in second.place


def test_what_one_person_writes_many_times_is_one_voice() -> None:
    again = [message(30 + one, "石桥路路灯不亮", "石桥路的路灯一直不亮。", writer="same") for one in range(9)]
    first = hot_topics([*OTHERS, *again, *MIXER])[0]
    assert "青禾新城" in first.place
    assert hot_topics([*OTHERS, *again, *MIXER])[1].writers == 1


def test_only_as_many_topics_as_asked_and_the_same_each_time() -> None:
    rows = [*OTHERS, *PARKING, *MIXER]
    assert hot_topics(rows, top=1) == hot_topics(rows)[:1] == hot_topics(list(rows), top=1)


def test_messages_with_nothing_in_common_make_no_topic() -> None:
    assert hot_topics(OTHERS) == []
    assert hot_topics([Message("1", "", "")]) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("青禾新城旁边的搅拌站灰尘太大", ["青禾新城"]),
        ("反映望江花园物业问题", ["望江花园"]),
        ("小区里的道路坏了", []),
        ("请问城市公园几点开门", []),
    ],
)
def test_a_place_is_a_name_and_not_only_a_sort(text: str, places: list[str]) -> None:
    assert [place for place in places_in(text) if place in places or not places] == places


EARLIER = [
    Candidate("100", "青禾新城旁边的搅拌站灰尘大，不敢开窗", "青禾新城"),
    Candidate("101", "望江花园的路灯坏了", "望江花园"),
    Candidate("102", "社保卡丢了怎么补办", ""),
]


def test_what_was_said_before_at_the_place_comes_first() -> None:
    found = similar("青禾新城搅拌站灰尘太大，天天不敢开窗", "青禾新城", EARLIER)
    assert [(one.number, one.same_place) for one in found] == [("100", True)]
    assert found[0].shared


def test_the_same_words_about_another_place_count_half() -> None:
    here = similar("望江花园的路灯坏了", "望江花园", EARLIER)[0]
    there = similar("望江花园的路灯坏了", "石桥路", EARLIER, at_least=0)[0]
    assert (here.number, here.score, here.same_place) == ("101", 1.0, True)
    assert (there.number, there.same_place) == ("101", False)
    assert there.score <= 0.5


def test_nothing_is_like_an_empty_text_or_among_no_candidates() -> None:
    assert similar("", "", EARLIER) == []
    assert similar("路灯坏了", "", []) == []
