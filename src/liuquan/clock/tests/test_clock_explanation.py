"""The explanation: every day has its ordinal or its reason, as data and as text."""

import re
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from liuquan.clock import (
    SHANGHAI,
    Calendar,
    Deadline,
    Direction,
    Extension,
    Limit,
    Suspension,
    Unit,
    deadline,
    explain,
    explanation_text,
)
from liuquan.law import national_calendar

CALENDAR = Calendar(
    holidays={date(2026, 10, day): ("国庆节", "放假通知") for day in range(1, 8)},
    make_up={date(2026, 10, 10): ("国庆节", "放假通知")},
    announced=[(date(2026, 1, 1), date(2026, 12, 31))],
)
REVIEW = Suspension(date(2026, 9, 23), date(2026, 9, 24), "expert_review", "告知书1号", "专家评审")


def test_each_day_is_counted_or_has_its_reason_and_source() -> None:
    found = deadline(Limit(9, Unit.WORKING_DAY), date(2026, 9, 22), CALENDAR, suspensions=[REVIEW])
    told = {day.on.isoformat(): (day.ordinal, day.reason, day.source) for day in found.days}
    assert told["2026-09-22"] == (None, "起算日，不计入", "")
    assert told["2026-09-23"] == (1, "工作日", "")
    assert told["2026-09-24"] == (None, "专家评审，所需时间不计入", "告知书1号")
    assert told["2026-09-26"] == (None, "周末公休", "")
    assert told["2026-10-01"] == (None, "国庆节放假", "放假通知")
    assert told["2026-10-10"] == (8, "国庆节调休上班", "放假通知")
    assert found.due_on == date(2026, 10, 12)
    assert found.days[-1].ordinal == 9


def test_a_rolled_end_is_told_day_by_day() -> None:
    found = deadline(Limit(8, Unit.CALENDAR_DAY), date(2026, 9, 25), CALENDAR)
    assert found.due_on == date(2026, 10, 8)
    assert [day.ordinal for day in found.days[8:10]] == [8, None]
    assert found.days[-1].reason == "顺延后的届满日"


def test_a_limit_counted_back_is_told_in_order_of_date() -> None:
    limit = Limit(2, Unit.WORKING_DAY, direction=Direction.BEFORE)
    found = deadline(limit, date(2026, 10, 9), CALENDAR)
    assert [day.ordinal for day in found.days if day.ordinal] == [2, 1]
    assert found.days[0].on == found.due_on == date(2026, 9, 30)


def test_assumed_days_are_marked() -> None:
    found = deadline(Limit(2, Unit.WORKING_DAY), date(2026, 12, 30), CALENDAR)
    assert [day.on for day in found.days if day.assumed] == list(found.assumed_on)


def test_the_text_names_limit_days_left_out_and_articles() -> None:
    limit = Limit(9, Unit.WORKING_DAY, label="决定期限", citations=("行政许可法 第四十二条",))
    found = deadline(limit, date(2026, 9, 22), CALENDAR, suspensions=[REVIEW])
    assert explanation_text(found) == (
        "决定期限：9个工作日，自2026年9月22日起算，起算日不计入；其后至10月12日共20日，"
        "计入9日（其中10月10日调休上班），不计入11日：专家评审1日（9月24日，所需时间不计入，告知书1号）、"
        "国庆节放假7日（10月1日至10月7日，放假通知）、周末公休3日；"
        "2026年10月12日届满（行政许可法 第四十二条、民法典 第二百零一条）。"
    )


def test_a_suspension_over_weekend_and_holiday_is_told_apart_from_both_with_its_article() -> None:
    cites = ("行政许可法 第四十五条",)
    long = Suspension(date(2026, 9, 23), date(2026, 10, 9), "hearing", label="听证", citations=cites)
    text = explanation_text(
        deadline(Limit(5, Unit.WORKING_DAY), date(2026, 9, 21), CALENDAR, suspensions=[long])
    )
    assert (
        "不计入17日：听证7日（9月24日至10月9日，所需时间不计入，行政许可法 第四十五条）、"
        "国庆节放假7日（10月1日至10月7日，放假通知）、周末公休3日；"
    ) in text


def test_an_extended_limit_says_its_parts() -> None:
    rule = Extension(10, Unit.WORKING_DAY, approver="head_of_body")
    limit = Limit(20, Unit.WORKING_DAY, label="决定期限", extension=rule)
    found = deadline(limit, date(2026, 3, 2), CALENDAR, extensions=[rule])
    assert explanation_text(found).startswith("决定期限：30个工作日（20+10，含延长），自2026年3月2日起算")


def test_limits_in_hours_and_minutes_say_the_moment_they_end() -> None:
    nine = datetime(2026, 9, 1, 9, 30, tzinfo=SHANGHAI)
    assert "自起算时刻连续计算，2026年9月3日09:30届满" in explanation_text(
        deadline(Limit(48, Unit.HOUR), nine, CALENDAR)
    )
    assert "2026年9月1日09:30:15届满" in explanation_text(deadline(Limit(15, Unit.SECOND), nine, CALENDAR))


_SUM = re.compile(r"共(\d+)日，计入(\d+)日(?:（其中(.*?)调休上班）)?，不计入(\d+)日：(.*?)；\d{4}年")
_PART = re.compile(r"(?:^|、)[^（）、]+?(\d+)日(?=（|、|$)(?:（[^（）]*(?:（[^（）]*）[^（）]*)*）)?")


def _any_deadline(random: Random) -> Deadline:
    start = date(2004, 1, 1) + timedelta(days=random.randrange(9_500))
    direction = random.choice(list(Direction))
    limit = Limit(
        random.randint(1, 90), random.choice((Unit.WORKING_DAY, Unit.CALENDAR_DAY)), direction=direction
    )
    spans = []
    for label in "甲乙丙"[: random.randrange(4) if direction is Direction.AFTER else 0]:
        begins = start + timedelta(days=random.randrange(60))
        ends = begins + timedelta(days=random.randrange(40))
        spans.append(Suspension(begins, ends, label, label=f"事由{label}"))
    return deadline(limit, start, national_calendar(), suspensions=spans)


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_of_ten_thousand_summaries_add_up(seed: int) -> None:
    random = Random(seed)
    for _ in range(2_500):
        _adds_up(_any_deadline(random))


def _adds_up(found: Deadline) -> None:
    length, counts_days = abs((found.nominal_on - found.start_on).days), found.limit.unit is Unit.CALENDAR_DAY
    text = explanation_text(found)
    told = _SUM.search(text)
    if told is None:
        assert length == found.amount, text
        return
    total, counted, worked, left_out, parts = told.groups()
    assert int(total) == length == int(counted) + int(left_out), text
    assert int(counted) == found.amount, text
    assert sum(int(one) for one in _PART.findall(parts)) == int(left_out), text
    low, high = sorted((found.start_on, found.nominal_on))
    weekends = [
        day.on for day in found.days if low <= day.on <= high and day.ordinal and day.on.weekday() > 4
    ]
    if not counts_days:
        assert len(worked.split("、") if worked else []) == len(weekends), text


def test_at_once_hours_and_rolled_ends_have_their_own_sentences() -> None:
    assert "即时" in explanation_text(deadline(Limit(0, Unit.WORKING_DAY), date(2026, 9, 1), CALENDAR))
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    hours = deadline(Limit(48, Unit.HOUR), moment, CALENDAR)
    assert "连续计算" in explanation_text(hours, CALENDAR)
    assert [day.ordinal for day in explain(hours, CALENDAR)] == [None, None, None]
    assert "顺延至" in explanation_text(deadline(Limit(8, Unit.CALENDAR_DAY), date(2026, 9, 25), CALENDAR))
