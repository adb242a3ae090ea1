"""The explanation: every day has its ordinal or its reason, as data and as text."""

from datetime import UTC, date, datetime

from liuquan.clock import (
    Calendar,
    Direction,
    Limit,
    Suspension,
    Unit,
    deadline,
    explain,
    explanation_text,
)

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
        "决定期限：9个工作日，自2026年9月22日起算，起算日不计入；其间不计入9月24日"
        "（专家评审，所需时间不计入，告知书1号）、10月1日至10月7日（国庆节放假，放假通知）、周末公休3日；"
        "2026年10月12日届满（行政许可法 第四十二条、民法典 第二百零一条）。"
    )


def test_a_suspension_over_a_weekend_is_told_as_one_span() -> None:
    long = Suspension(date(2026, 9, 3), date(2026, 9, 9), "hearing", label="听证")
    text = explanation_text(
        deadline(Limit(5, Unit.WORKING_DAY), date(2026, 9, 1), CALENDAR, suspensions=[long])
    )
    assert "9月4日至9月9日（听证，所需时间不计入）" in text


def test_at_once_hours_and_rolled_ends_have_their_own_sentences() -> None:
    assert "即时" in explanation_text(deadline(Limit(0, Unit.WORKING_DAY), date(2026, 9, 1), CALENDAR))
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    hours = deadline(Limit(48, Unit.HOUR), moment, CALENDAR)
    assert "连续计算" in explanation_text(hours, CALENDAR)
    assert [day.ordinal for day in explain(hours, CALENDAR)] == [None, None, None]
    assert "顺延至" in explanation_text(deadline(Limit(8, Unit.CALENDAR_DAY), date(2026, 9, 25), CALENDAR))
