"""What changes a deadline after it began: suspensions that restart it, extensions, moved anchors, what if."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from liuquan.clock import (
    AddExtension,
    AddSuspension,
    BackRule,
    Calendar,
    ClockError,
    CountingRules,
    Direction,
    Extension,
    Limit,
    MoveAnchor,
    NewCalendar,
    Resumption,
    Sense,
    Suspension,
    Unit,
    check_extension,
    check_suspension,
    deadline,
    overruns,
    recount,
    refuse_too_early,
    remaining,
    supersede,
    time_left,
    warn_on,
    what_if,
)

CHINA = timezone(timedelta(hours=8))
OFF = {date(2026, 10, day): ("国庆节", "2026年通知") for day in range(1, 8)}
YEARS = [(date(2026, 1, 1), date(2026, 12, 31))]
CALENDAR = Calendar(holidays=OFF, make_up={date(2026, 10, 10): ("国庆节", "2026年通知")}, announced=YEARS)
START = date(2026, 3, 2)
TEN = Limit(10, Unit.WORKING_DAY, label="审查期限", excludes=("test", "review"))
RULE = Extension(5, Unit.WORKING_DAY, 1, "本机关负责人", "延期通知书", ("行政许可法 第四十二条",))
EXTENDABLE = replace(TEN, extension=RULE)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def anew(begins: int, ends: int) -> Suspension:
    return Suspension(
        date(2026, 3, begins), date(2026, 3, ends), "test", label="重新鉴定", resumes=Resumption.RESTART
    )


# -- restart -------------------------------------------------------------------------------------------


def test_a_suspension_that_restarts_counts_the_whole_limit_from_its_end() -> None:
    found = deadline(TEN, START, CALENDAR, suspensions=[anew(5, 10)])
    assert found.due_on == deadline(TEN, date(2026, 3, 10), CALENDAR).due_on == date(2026, 3, 24)
    assert (found.start_on, found.restarted_on, found.counts_from) == (
        START,
        date(2026, 3, 10),
        date(2026, 3, 10),
    )
    assert "期限自 2026-03-10 起重新计算" in found.notes[0]
    assert [day.ordinal for day in found.days if day.ordinal] == list(range(1, 11))
    assert {day.reason for day in found.days if START < day.on <= date(2026, 3, 5)} == {
        "期限重新计算，此前的日期不再计入"
    }
    assert remaining(found, date(2026, 3, 3), CALENDAR) == 10
    assert remaining(found, date(2026, 3, 23), CALENDAR) == 1
    assert warn_on(found, CALENDAR, "0.9") == date(2026, 3, 24)


def test_a_restart_after_the_limit_was_over_revives_nothing() -> None:
    found = deadline(TEN, START, CALENDAR, suspensions=[anew(16, 20)])
    assert (found.due_on, found.restarted_on) == (date(2026, 3, 16), None)


def test_a_restart_that_ended_before_the_start_changes_nothing() -> None:
    before = Suspension(date(2026, 2, 20), START, "test", resumes=Resumption.RESTART)
    found = deadline(TEN, START, CALENDAR, suspensions=[before])
    assert (found.due_on, found.restarted_on) == (date(2026, 3, 16), None)


def test_two_restarts_and_one_that_continues_work_together() -> None:
    goes_on = Suspension(date(2026, 3, 17), date(2026, 3, 19), "review")
    found = deadline(TEN, START, CALENDAR, suspensions=[anew(10, 13), anew(4, 6), goes_on])
    # From 13 March: 16, 17, then 20, 23, 24, 25, 26, 27, 30, 31.
    assert (found.restarted_on, found.due_on) == (date(2026, 3, 13), date(2026, 3, 31))


def test_hours_restart_at_the_beginning_of_the_day_after() -> None:
    found = deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR, suspensions=[anew(2, 4)])
    assert found.due_at == datetime(2026, 3, 6, 0, tzinfo=CHINA)
    assert (found.start_at, found.due_on) == (at(3, 2), date(2026, 3, 5))
    assert time_left(found, at(3, 3), CALENDAR).amount == 24


def test_an_open_suspension_that_restarts_shows_the_end_if_it_ended_today() -> None:
    open_one = replace(anew(5, 5), to_on=None)
    found = deadline(TEN, START, CALENDAR, suspensions=[open_one], until=date(2026, 3, 10))
    assert (found.suspended, found.due_on) == (True, date(2026, 3, 24))


# -- what is left --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "start", "moment", "text"),
    [
        (TEN, START, date(2026, 3, 5), "还剩7个工作日"),
        (TEN, START, date(2026, 3, 18), "已超过2个工作日"),
        (Limit(15, Unit.CALENDAR_DAY), START, at(3, 5), "还剩12日（自然日）"),
        (Limit(2, Unit.MONTH), START, date(2026, 3, 10), "还剩1个月零24日"),  # to 4 May: 2 May is a Saturday
        (Limit(2, Unit.MONTH), START, START, "还剩2个月零2日"),
        (Limit(1, Unit.MONTH), START, date(2026, 4, 7), "已超过5日"),
        (Limit(1, Unit.YEAR), START, date(2026, 9, 1), "还剩182日"),
        (Limit(2, Unit.YEAR), START, date(2026, 6, 2), "还剩1年零274日"),
        (Limit(5, Unit.HOUR), at(3, 2), at(3, 2, 11), "还剩3小时"),
        (Limit(90, Unit.MINUTE), at(3, 2), at(3, 2, 10), "还剩30分钟"),
        (Limit(1, Unit.HOUR), at(3, 2), at(3, 2, 11), "已超过1小时"),
    ],
)
def test_what_is_left_is_told_in_the_limit_s_own_unit(
    limit: Limit, start: date | datetime, moment: date | datetime, text: str
) -> None:
    assert time_left(deadline(limit, start, CALENDAR), moment, CALENDAR).text == text


def test_parts_of_an_hour_are_kept_exactly() -> None:
    found = deadline(Limit(5, Unit.HOUR), at(3, 2), CALENDAR)
    left = time_left(found, at(3, 2) + timedelta(minutes=75, seconds=5), CALENDAR)
    assert (left.amount, left.rest, left.text) == (3, 2695, "还剩3小时零44分钟零55秒")


def test_suspended_days_do_not_run_for_hours() -> None:
    away = Suspension(date(2026, 3, 2), date(2026, 3, 4), "test")
    found = deadline(Limit(24, Unit.HOUR), at(3, 2, 18), CALENDAR, suspensions=[away])
    assert found.due_at == at(3, 5, 18)
    assert remaining(found, at(3, 2, 18), CALENDAR) == 24
    assert remaining(found, at(3, 3, 12), CALENDAR) == 18
    assert remaining(found, at(3, 5, 12), CALENDAR) == 6
    with pytest.raises(ClockError, match="具体时刻"):
        time_left(found, date(2026, 3, 3), CALENDAR)


# -- back and too early --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "due", "word"),
    [
        (BackRule.EARLIER, date(2026, 9, 30), "提前至"),
        (BackRule.STAYS, date(2026, 10, 3), ""),
        (BackRule.LATER, date(2026, 10, 8), "顺延至"),
    ],
)
def test_a_last_day_counted_back_onto_a_rest_day_moves_as_the_place_has_set_it(
    rule: BackRule, due: date, word: str
) -> None:
    limit = Limit(7, Unit.CALENDAR_DAY, direction=Direction.BEFORE)
    rules = CountingRules(back=rule, source="云溪市设置")
    found = deadline(limit, date(2026, 10, 10), CALENDAR, rules=rules)
    assert found.due_on == due
    assert "民法典 第二百零三条" not in found.citations
    assert all(word in note and "云溪市设置" in note for note in found.notes)
    assert bool(found.notes) == bool(word)
    assert [day.ordinal for day in found.days if day.ordinal] == [7, 6, 5, 4, 3, 2, 1]


def test_an_act_that_must_wait_is_refused_with_the_first_day_it_may_be_done() -> None:
    publicity = Limit(5, Unit.CALENDAR_DAY, sense=Sense.AT_LEAST, label="公示期")
    found = deadline(publicity, START, CALENDAR)
    with pytest.raises(ClockError, match="至2026年3月9日届满，2026年3月10日起方可定标"):
        refuse_too_early(found, at(3, 9, 23), "定标")
    refuse_too_early(found, at(3, 10, 0), "定标")
    refuse_too_early(deadline(TEN, START, CALENDAR), at(3, 3))


def test_an_act_that_must_wait_for_hours_is_told_the_hour() -> None:
    found = deadline(Limit(24, Unit.HOUR, sense=Sense.AT_LEAST, label="公告"), at(3, 2), CALENDAR)
    with pytest.raises(ClockError, match="2026年3月3日09:00起方可办理"):
        refuse_too_early(found, at(3, 3, 8))


def test_an_act_allowed_on_the_last_day_is_refused_only_before_it() -> None:
    bidding = Limit(20, Unit.CALENDAR_DAY, sense=Sense.EARLIEST, label="编制投标文件的时间")
    found = deadline(bidding, date(2026, 3, 3), CALENDAR)
    assert found.due_on == date(2026, 3, 23)
    with pytest.raises(ClockError, match="最早为2026年3月23日，当日起方可截止投标"):
        refuse_too_early(found, at(3, 22, 23), "截止投标")
    refuse_too_early(found, at(3, 23, 0), "截止投标")


def test_an_act_that_must_wait_for_a_suspended_limit_is_refused() -> None:
    publicity = Limit(5, Unit.WORKING_DAY, sense=Sense.AT_LEAST, label="公示期")
    away = Suspension(START, None, "test")
    found = deadline(publicity, START, CALENDAR, suspensions=[away], until=date(2026, 3, 5))
    with pytest.raises(ClockError, match="暂停"):
        refuse_too_early(found, at(3, 30))


# -- extension and suspension --------------------------------------------------------------------------


def extend(
    amount: int = 5,
    unit: Unit = Unit.WORKING_DAY,
    *,
    moment: datetime | None = None,
    limit: Limit = EXTENDABLE,
    granted: tuple[Extension, ...] = (),
    approver: str = "本机关负责人",
    notified: bool = True,
) -> Extension:
    found = deadline(limit, START, CALENDAR, extensions=granted)
    asked = Extension(amount, unit)
    return check_extension(
        found, asked, CALENDAR, at=moment or at(3, 10), approver=approver, notified=notified
    )


@pytest.mark.fact("L-11")
def test_an_extension_in_time_by_the_right_approver_with_its_notice_is_granted() -> None:
    granted = extend(3)
    assert (granted.amount, granted.approver, granted.notice) == (3, "本机关负责人", "延期通知书")
    assert granted.citations == ("行政许可法 第四十二条",)
    assert deadline(EXTENDABLE, START, CALENDAR, extensions=[granted]).due_on == date(2026, 3, 19)
    assert extend(5, moment=at(3, 16, 23)).amount == 5


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"limit": TEN}, "没有可以延长的规定"),
        ({"granted": (Extension(1, Unit.WORKING_DAY),)}, "已经延长 1 次，最多延长 1 次"),
        ({"amount": 6}, "每次最多延长 5个工作日"),
        ({"unit": Unit.CALENDAR_DAY}, "每次最多延长 5个工作日"),
        ({"moment": at(3, 17, 0)}, "已于2026年3月16日届满"),
        ({"approver": "科长"}, "须经本机关负责人批准"),
        ({"notified": False}, "《延期通知书》"),
        (
            {"limit": replace(TEN, extension=replace(RULE, days_before=3)), "moment": at(3, 12)},
            "须在届满 3 日以前",
        ),
    ],
)
def test_an_extension_the_law_does_not_allow_is_refused_with_its_sentence(
    asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ClockError, match=sentence):
        extend(**asked)  # type: ignore[arg-type]


def test_an_extension_asked_early_enough_is_granted_and_one_while_suspended_is_in_time() -> None:
    early = replace(TEN, extension=replace(RULE, days_before=3))
    assert extend(limit=early, moment=at(3, 11)).amount == 5
    away = Suspension(date(2026, 3, 5), None, "test")
    found = deadline(EXTENDABLE, START, CALENDAR, suspensions=[away], until=date(2026, 3, 6))
    asked = Extension(5, Unit.WORKING_DAY)
    late = at(4, 30)
    assert (
        check_extension(found, asked, CALENDAR, at=late, approver="本机关负责人", notified=True).amount == 5
    )


@pytest.mark.fact("L-14")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ground": "waiting"}, "不属于依法不计入期限的事由"),
        ({"document": ""}, "书面告知"),
        ({"from_on": date(2026, 3, 1)}, "早于本件开始"),
        ({"to_on": date(2026, 3, 25)}, "超出本件办结"),
        ({"from_on": date(2026, 3, 21), "to_on": None}, "超出本件办结"),
    ],
)
def test_a_suspension_out_of_order_is_refused(change: dict[str, object], sentence: str) -> None:
    good = Suspension(date(2026, 3, 5), date(2026, 3, 10), "test", "告知书1号")
    assert check_suspension(TEN, good, opened_on=START, closed_on=date(2026, 3, 20)) is good
    with pytest.raises(ClockError, match=sentence):
        check_suspension(
            TEN,
            replace(good, **change),
            opened_on=START,
            closed_on=date(2026, 3, 20),  # type: ignore[arg-type]
        )


def test_a_suspension_needs_no_notice_where_the_law_asks_for_none() -> None:
    one = Suspension(START, None, "test")
    assert check_suspension(TEN, one, opened_on=START, notice_required=False) is one


def test_time_over_the_announced_end_is_a_finding_of_its_own() -> None:
    told = Suspension(START, None, "test", label="检测", announced_to_on=date(2026, 3, 10))
    ended = replace(told, to_on=date(2026, 3, 12))
    assert overruns([told], date(2026, 3, 10)) == ()
    running, over = overruns([told, ended], date(2026, 3, 15))
    assert (running.over, running.ended, over.over, over.ended) == (5, False, 2, True)
    assert running.sentence == "检测告知于2026年3月10日结束，超过告知时间 5 日（尚未结束）"
    assert "（已结束）" in over.sentence
    assert overruns([replace(told, announced_to_on=None)], date(2026, 3, 15)) == ()
    assert overruns([ended], date(2026, 3, 11))[0].ended is False
    with pytest.raises(ClockError, match="早于开始日"):
        replace(told, announced_to_on=date(2026, 3, 1))


# -- moved anchors and what if -------------------------------------------------------------------------


def test_a_corrected_anchor_keeps_the_old_deadline_and_explains_both() -> None:
    old = deadline(TEN, START, CALENDAR)
    found = supersede(old, date(2026, 3, 4), CALENDAR, reason="收件日期登记有误", document="更正书1号")
    assert (found.old, found.new.due_on, found.shift.days) == (old, date(2026, 3, 18), 2)
    text = found.text()
    assert text.startswith("收件日期登记有误（更正书1号），起算日由2026年3月2日更正为2026年3月4日")
    assert "2026年3月16日届满" in text
    assert "2026年3月18日届满" in text


def test_a_correction_without_reason_or_without_change_is_refused() -> None:
    old = deadline(TEN, START, CALENDAR)
    with pytest.raises(ClockError, match="理由"):
        supersede(old, date(2026, 3, 4), CALENDAR, reason=" ")
    with pytest.raises(ClockError, match="没有变化"):
        supersede(old, START, CALENDAR, reason="更正")
    by_hour = deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR)
    with pytest.raises(ClockError, match="具体时刻"):
        supersede(by_hour, date(2026, 3, 4), CALENDAR, reason="更正")


def test_what_if_lists_only_what_shifts_and_writes_nothing() -> None:
    cases = {
        "promised": deadline(TEN, START, CALENDAR),
        "delivery": deadline(Limit(5, Unit.WORKING_DAY, excludes=()), START, CALENDAR),
        "hours": deadline(Limit(24, Unit.HOUR, excludes=()), at(3, 2), CALENDAR),
    }
    away = AddSuspension(Suspension(date(2026, 3, 3), date(2026, 3, 5), "test"))
    (shift,) = what_if(cases, [away], CALENDAR)
    assert (shift.key, shift.before, shift.after.due_on, shift.days) == (
        "promised",
        cases["promised"],
        date(2026, 3, 18),
        2,
    )
    moved = what_if(cases, [MoveAnchor(at(3, 3))], CALENDAR)
    assert [(one.key, one.days) for one in moved] == [("promised", 1), ("delivery", 1), ("hours", 1)]
    assert what_if(cases, [MoveAnchor(at(3, 3), ("delivery",))], CALENDAR)[0].key == "delivery"
    assert what_if(cases, [MoveAnchor(START)], CALENDAR) == ()


def test_what_if_an_extension_came_or_a_notice_is_loaded() -> None:
    cases = {"statutory": deadline(EXTENDABLE, START, CALENDAR)}
    (shift,) = what_if(cases, [AddExtension(Extension(5, Unit.WORKING_DAY))], CALENDAR)
    assert shift.days == 7
    closed = Calendar(holidays={**OFF, date(2026, 3, 5): ("停电", "公告")}, make_up={}, announced=YEARS)
    (shift,) = what_if(cases, [NewCalendar(closed)], CALENDAR)
    assert shift.days == 1
    with pytest.raises(ClockError, match="没有期限“x”"):
        what_if(cases, [MoveAnchor(START, ("x",))], CALENDAR)
    with pytest.raises(ClockError, match="每次最多延长"):
        what_if(cases, [AddExtension(Extension(6, Unit.WORKING_DAY))], CALENDAR)


def test_what_if_tells_when_only_the_firmness_changes() -> None:
    short = Calendar(holidays={}, make_up={}, announced=[(date(2026, 1, 1), date(2026, 3, 10))])
    cases = {"promised": deadline(TEN, START, short)}
    (shift,) = what_if(cases, [NewCalendar(CALENDAR)], short)
    assert (shift.days, shift.before.provisional, shift.after.provisional) == (0, True, False)


def test_recounting_with_nothing_new_is_the_same_deadline() -> None:
    away = Suspension(date(2026, 3, 5), date(2026, 3, 10), "test")
    for found in (
        deadline(TEN, START, CALENDAR, suspensions=[away]),
        deadline(TEN, START, CALENDAR, suspensions=[anew(5, 10)]),
        deadline(Limit(24, Unit.HOUR), at(3, 2), CALENDAR),
        deadline(TEN, at(3, 2), CALENDAR),
    ):
        assert recount(found, CALENDAR) == found


# -- what mutants found --------------------------------------------------------------------------------


def test_an_open_suspension_from_the_last_day_on_does_not_rest_the_duty() -> None:
    last = deadline(TEN, START, CALENDAR).due_on
    for begins, rests in ((last, False), (last - timedelta(days=1), True)):
        away = Suspension(begins, None, "test")
        found = deadline(TEN, START, CALENDAR, suspensions=[away], until=date(2026, 3, 20))
        assert found.suspended is rests


def test_a_restart_counts_whatever_stands_before_it_in_the_list() -> None:
    goes_on = Suspension(date(2026, 3, 3), date(2026, 3, 4), "review")
    over = Suspension(date(2026, 2, 2), date(2026, 2, 5), "test", resumes=Resumption.RESTART)
    found = deadline(TEN, START, CALENDAR, suspensions=[goes_on, over, anew(5, 10)])
    assert (found.restarted_on, found.due_on) == (date(2026, 3, 10), date(2026, 3, 24))


def test_a_ground_without_a_label_is_named_by_itself() -> None:
    plain = Suspension(date(2026, 3, 5), date(2026, 3, 10), "test", resumes=Resumption.RESTART)
    assert deadline(TEN, START, CALENDAR, suspensions=[plain]).notes[0].startswith("test结束后")
    labelled = deadline(TEN, START, CALENDAR, suspensions=[anew(5, 10)])
    assert labelled.notes[0].startswith("重新鉴定结束后")
    with pytest.raises(ClockError, match="^waiting不属于"):
        check_suspension(TEN, replace(plain, ground="waiting"), opened_on=START)
    with pytest.raises(ClockError, match="^等待不属于"):
        check_suspension(TEN, replace(plain, ground="waiting", label="等待"), opened_on=START)
    with pytest.raises(ClockError, match="^审查期限没有可以延长"):
        extend(limit=TEN)
    with pytest.raises(ClockError, match="^该期限没有可以延长"):
        extend(limit=replace(TEN, label=""))
    told = replace(plain, announced_to_on=date(2026, 3, 6))
    assert overruns([told], date(2026, 3, 10))[0].sentence.startswith("test告知于")


def test_a_suspension_may_fill_the_case_to_its_last_day() -> None:
    whole = Suspension(START, date(2026, 3, 20), "test", "告知书1号")
    assert check_suspension(TEN, whole, opened_on=START, closed_on=date(2026, 3, 20)) is whole
    last = Suspension(date(2026, 3, 20), None, "test", "告知书1号")
    assert check_suspension(TEN, last, opened_on=START, closed_on=date(2026, 3, 20)) is last


def test_at_once_stays_on_a_rest_day_in_every_unit_of_days() -> None:
    for unit in (Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR, Unit.WORKING_DAY):
        assert deadline(Limit(0, unit), date(2026, 3, 7), CALENDAR).due_on == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("begins", "ends", "due"),
    [
        (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 9)),  # its first day is still the office's
        (date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 10)),
        (date(2026, 3, 8), date(2026, 3, 10), date(2026, 3, 11)),
    ],
)
def test_an_end_that_rolls_into_suspended_days_rolls_past_them(begins: date, ends: date, due: date) -> None:
    away = Suspension(begins, ends, "test")
    found = deadline(Limit(5, Unit.CALENDAR_DAY), START, CALENDAR, suspensions=[away])
    assert (found.nominal_on, found.due_on) == (date(2026, 3, 7), due)
