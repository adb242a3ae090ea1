"""Holiday notices are read to the end or refused; nothing is guessed. The sentences here are our own."""

import json
from datetime import date
from pathlib import Path

import pytest

from liuquan.clock import Calendar, ClockError, Day, DayKind, read_notice, read_sentence

CASES = Path(__file__).parents[5] / "shared/data/holidays/notices/description_parsing_cases.json"


def days(text: str, year: int = 2027) -> tuple[list[str], list[str]]:
    """Days off and days worked, as month-day (with the year when it is another)."""
    found = read_sentence(text, year)
    told = {kind: [str(d.on).removeprefix(f"{year}-") for d in found if d.kind is kind] for kind in DayKind}
    return told[DayKind.OFF], told[DayKind.WORKING]


@pytest.mark.parametrize(
    ("text", "off", "worked"),
    [
        ("3月8日放假。", ["03-08"], []),
        ("3月8日（周一）放假1天，不调休。", ["03-08"], []),
        ("3月6日至8日放假调休，共3天。", ["03-06", "03-07", "03-08"], []),
        ("3月6日（星期六）放假，3月8日（星期一）补休。", ["03-06", "03-08"], []),
        ("3月8日放假，与周末连休。", ["03-08"], []),
        ("3月8日—9日放假公休。3月13日（星期六）、14日(星期日)上班。", ["03-08", "03-09"], ["03-13", "03-14"]),
        (
            "2026年12月31日至2027年1月1日放假，共2天。其中，12月31日（星期四）为法定节假日。",
            ["2026-12-31", "01-01"],
            [],
        ),
        (
            "3月8日—9日放假，共2天。其中，将3月13日（周六）、14日（周日）两个公休日分别调至8日、9日。",
            ["03-08", "03-09"],
            ["03-13", "03-14"],
        ),
        ("４月５日（周一） 放假。", ["04-05"], []),
    ],
)
def test_a_sentence_is_read_whole(text: str, off: list[str], worked: list[str]) -> None:
    assert days(text) == (off, worked)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3月8日（周二）放假。", "不是周二"),
        ("3月6日至8日放假调休，共4天。", "写明 4 天"),
        ("3月8日放假2天。", "写明 2 天"),
        ("3月8日放假。3月9日（周二）上班。", "不是周末"),
        ("3月6日（周六）放假。3月6日（周六）上班。", "既写放假又写上班"),
        ("3月13日（周六）上班。", "没有写明哪一天放假"),
        ("3月8日放假，3月9日照常公休。", "不在放假日期之内"),
        ("2月30日放假。", "不存在"),
        ("12月31日至1月2日放假。", "须写明年份"),
        ("3月8日至5月8日放假。", "超过一个月"),
        ("共1天。3月8日放假。", "写明 1 天"),
        ("8日放假。", "没有写明月份"),
        ("3月8日左右放假。", "读不懂"),
        ("3月8日起放假。", "读不懂"),
        ("3月8日放假，高速公路免费。", "读不懂“高速公路免费"),
        ("春节期间放假。", "读不懂"),
        ("", "没有写明哪一天放假"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_words(text: str, sentence: str) -> None:
    with pytest.raises(ClockError, match=sentence):
        read_sentence(text, 2027)


WHOLE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
各省、自治区、直辖市人民政府：
根据修订的放假办法，自2025年1月1日起放假的假日增加2天。具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
（三）清明节：4月3日（周六）至5日（周一）放假，共3天。
4、劳动节：5月1日（周六）至3日（周一）放假，共3天。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。
节假日期间，各地区要妥善安排好值班。
2026年11月10日
"""


def test_a_whole_notice_gives_title_number_day_and_every_holiday() -> None:
    found = read_notice(WHOLE)
    assert found.title == "国务院办公厅关于2027年部分节假日安排的通知"
    assert (found.number, found.issued_on, found.year) == ("国办发明电〔2026〕99号", date(2026, 11, 10), 2027)
    assert found.whole_year
    assert {day.reason for day in found.days} == {
        "元旦",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "中秋节、国庆节",
    }
    assert found.days[0].source == "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕99号）"
    assert [day.on for day in found.days] == sorted(day.on for day in found.days)


def test_a_notice_without_a_festival_does_not_announce_the_year() -> None:
    without = "\n".join(line for line in WHOLE.splitlines() if "端午" not in line)
    assert not read_notice(without).whole_year


@pytest.mark.parametrize(
    ("text", "year", "sentence"),
    [
        ("3月8日放假。", None, "没有写明年份"),
        (WHOLE, 2026, "与指定的 2026 年不一致"),
        (WHOLE.replace("节假日期间，", "七、其他：无。\n另外5月8日（周六）上班，"), None, "读不懂"),
        (WHOLE + "另外5月8日（周六）上班。\n", None, "读不懂这一段"),
        (WHOLE.replace("二、", "另外1月9日（周六）上班。\n二、"), None, "读不懂这一段"),
        (WHOLE.replace("1日（周五）至3日（周日）放假，共3天", "31日（周日）放假"), None, "既写放假又写上班"),
        ("国务院办公厅关于2027年放假的通知", None, "没有读到"),
    ],
)
def test_a_notice_that_cannot_be_read_to_the_end_is_refused(
    text: str, year: int | None, sentence: str
) -> None:
    with pytest.raises(ClockError, match=sentence):
        read_notice(text, year)


def test_sentences_alone_are_read_for_the_year_given() -> None:
    found = read_notice("3月8日放假。\n3月13日（周六）上班。", 2027)
    assert (len(found.days), found.title, found.whole_year) == (2, "", False)


@pytest.mark.fact("T-12")
def test_every_published_sentence_is_read_to_the_days_it_means() -> None:
    if not CASES.exists():
        pytest.skip("the published sentences are not beside this checkout")
    wrong = []
    for case in json.loads(CASES.read_text()):
        expected = {(one["date"], one["isOffDay"]) for one in case["expected"]}
        found = read_sentence(case["description"], case["year"])
        if {(str(day.on), day.kind is DayKind.OFF) for day in found} != expected:
            wrong.append(case["description"])
    assert wrong == []


NEW_YEAR_2006 = """国务院办公厅关于2006年部分节假日安排的通知
一、元旦：1月1日至3日放假，共3天。其中，1月1日为法定节假日，12月31日（星期六）、1月1日（星期日）两个公休日分别调至1月3日（星期二）、1月2日（星期一），12月31日（星期六）上班。
"""
ANNIVERSARY = """国务院关于某某胜利70周年纪念日调休放假的通知
国发明电〔2015〕1号
为使公众广泛参加纪念活动，2015年9月3日全国放假1天。特作如下调休：
一、9月3日至5日调休放假，共3天。其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。
二、各单位要妥善安排好值班。
"""
LONGER_MAY = """国务院办公厅关于调整2019年劳动节假期安排的通知
经批准，现将安排通知如下：
一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
"""
LONGER_SPRING = """国务院办公厅关于延长2020年春节假期的通知
国办发明电〔2020〕1号
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。
二、各地学校推迟开学，具体时间另行通知。
2020年1月26日
"""
SPRING_AS_IT_STOOD = Calendar.from_days(
    [
        *(Day(date(2020, 1, n), DayKind.OFF, "春节", "原通知") for n in range(24, 31)),
        Day(date(2020, 2, 1), DayKind.WORKING, "春节", "原通知"),
        Day(
            date(2020, 2, 2),
            DayKind.OFF,
            "春节",
            "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）",
        ),
    ],
    announced=[],
)


@pytest.mark.parametrize(
    ("text", "off", "worked", "name"),
    [
        (NEW_YEAR_2006, "2006-01-01 2006-01-02 2006-01-03", "2005-12-31", "元旦"),
        (ANNIVERSARY, "2015-09-03 2015-09-04 2015-09-05", "2015-09-06", "纪念日"),
        (LONGER_MAY, "2019-05-01 2019-05-02 2019-05-03 2019-05-04", "2019-04-28 2019-05-05", "劳动节"),
        (LONGER_SPRING, "2020-01-31 2020-02-01 2020-02-02", "", "春节"),
    ],
)
def test_notices_of_other_forms_are_read_too(text: str, off: str, worked: str, name: str) -> None:
    found = read_notice(text, standing=SPRING_AS_IT_STOOD)
    told = {kind: " ".join(str(day.on) for day in found.days if day.kind is kind) for kind in DayKind}
    assert (told[DayKind.OFF], told[DayKind.WORKING]) == (off, worked)
    assert {day.reason for day in found.days} == {name}
    assert not found.whole_year


def test_a_longer_holiday_needs_the_days_as_they_stood() -> None:
    with pytest.raises(ClockError, match="须先有原来的放假安排"):
        read_notice(LONGER_SPRING)
    with pytest.raises(ClockError, match="没有收录2020年春节"):
        read_notice(LONGER_SPRING, standing=Calendar.from_days([], announced=[]))


def test_a_sentence_on_days_that_says_something_else_is_refused() -> None:
    with pytest.raises(ClockError, match="读不懂"):
        read_notice(ANNIVERSARY.replace("，2015年9月3日全国放假1天", "，除医院外2015年9月3日全国放假1天"))
