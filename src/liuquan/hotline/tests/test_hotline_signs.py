"""What rises, what does not belong here, when people call; and the board's pages, each number down to its
tickets."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

import pytest

from liuquan.clock import shanghai_day
from liuquan.hotline import actions
from liuquan.hotline.charts import bar_chart
from liuquan.hotline.figures import Value, figures
from liuquan.hotline.queries import heat
from liuquan.hotline.signs import Dead, Rise
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import NotAllowed
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 7 * DAY  # Monday 9 March, 10:00
PLACE = "990102001000"


@pytest.mark.parametrize(
    ("week", "before", "change", "words", "is_sign"),
    [
        (0, 0, None, "没有", False),
        (4, 0, None, "新出现", False),
        (5, 0, None, "新出现", True),
        (5, 10, 100, "增100%", True),
        (5, 11, 82, "增82%", False),
        (6, 12, 100, "增100%", True),
        (4, 4, 300, "增300%", False),
        (22, 3, 2833, "约29倍", True),
        (5, 20, 0, "持平", False),
        (1, 8, -50, "减50%", False),
        (1, 6, -33, "减33%", False),
        (0, 8, -100, "减100%", False),
    ],
)
def test_a_rise_is_held_against_the_weekly_average_before(
    week: int, before: int, change: int | None, words: str, is_sign: bool
) -> None:
    one = Rise(week, before)
    assert (one.change, one.words, one.is_sign) == (change, words, is_sign)


@pytest.mark.requirement("HOT-01")
def test_rises_are_counted_by_class_and_place_and_older_ones_are_left_out(hotline: Hotline) -> None:
    for days in (40, 30, 8, 7, 6, 1):
        hotline.registered(at=NOW - days * DAY)
    hotline.registered(at=NOW - DAY, class_code="0301")
    found = {
        (one.class_code, one.division): (one.week, one.before)
        for one in heat.rises(hotline.dispatcher, now=NOW)
    }
    assert found == {("0103", PLACE): (3, 2), ("0301", PLACE): (1, 0)}
    for span, expected in (((7, 0), 4), ((35, 7), 2)):
        asked = heat.Behind(NOW - span[0] * DAY, NOW - span[1] * DAY, division=PLACE)
        behind = heat.received(hotline.dispatcher, asked)
        assert len(behind) == expected


def test_the_grid_says_on_which_weekday_at_which_hour_of_shanghai_people_call(hotline: Hotline) -> None:
    # Sunday 8 March 23:30 in Shanghai, and Monday 9 March 0:30
    night = datetime.fromisoformat("2026-03-08T15:30:00+00:00")
    numbers = [hotline.registered(at=at) for at in (night, night + HOUR)]
    hotline.registered(at=night - 40 * DAY)
    grid = heat.by_hour(hotline.dispatcher, now=NOW)
    assert (grid[6][23], grid[0][0], sum(map(sum, grid))) == (1, 1, 2)
    behind = heat.received(hotline.dispatcher, heat.Behind(NOW - heat.GRID, NOW, weekday=7, hour=23))
    assert [one.number for one in behind] == numbers[:1]


def test_a_class_that_is_told_to_go_elsewhere_is_found_and_small_numbers_are_not(hotline: Hotline) -> None:
    def ended(class_code: str, told: int, done: int) -> None:
        for at in range(told + done):
            number = hotline.registered(class_code=class_code)
            if at < told:
                hotline.act(number, "tell_way", hotline.dispatcher, way="labour")
            else:
                hotline.act(number, "answer_now", hotline.operator, reply="已当场解释政策。")

    ended("0401", 3, 2)
    ended("0402", 4, 0)  # too few to say anything
    ended("0103", 0, 5)
    unreasonable = hotline.answered()
    reason = {"reason": "要求超出政策规定，经核实不合理。"}
    said = {"satisfied": "not", "confirmed": "no", "note": "诉求人要求全部补发，不接受解释。"}
    hotline.act(unreasonable, "call_back", hotline.caller_back, MONDAY + DAY, **said)
    hotline.act(unreasonable, "propose_unreasonable", hotline.dispatcher, MONDAY + DAY, **reason)
    hotline.act(unreasonable, "confirm_unreasonable", hotline.caller_back, MONDAY + DAY, **reason)
    found = heat.dead_on_arrival(hotline.dispatcher, now=NOW)
    assert found == [Dead("0401", "拖欠工资", 5, 3, 0), Dead("0103", "路灯照明", 6, 0, 1)]
    assert [one.percent for one in found] == ["60", "16.7"]
    behind = heat.received(
        hotline.dispatcher, heat.Behind(NOW - heat.ENDS, NOW, class_code="0401", ends=True)
    )
    assert len(behind) == 3
    behind = heat.received(
        hotline.dispatcher, heat.Behind(NOW - heat.ENDS, NOW, class_code="0103", ends=True)
    )
    assert [one.number for one in behind] == [unreasonable]


def test_what_rises_is_entered_once_a_day(hotline: Hotline) -> None:
    for hours in range(5):
        hotline.registered(at=NOW - DAY + hours * HOUR)
    hotline.registered(at=NOW - DAY, class_code="0301")
    assert [(one.class_code, one.division, one.week) for one in actions.foresee(now=NOW)] == [
        ("0103", PLACE, 5)
    ]
    assert actions.foresee(now=NOW + HOUR) == []
    (entry,) = journal.entries_of(f"hotline-{shanghai_day(NOW):%Y%m%d}")
    assert entry.public == {
        "count": 1,
        "signs": [{"class": "0103", "division": PLACE, "week": 5, "before": 0}],
    }
    assert actions.foresee(now=NOW + 20 * DAY) == []
    (quiet,) = journal.entries_of(f"hotline-{shanghai_day(NOW + 20 * DAY):%Y%m%d}")
    assert quiet.public["count"] == 0


def test_only_who_supervises_or_dispatches_sees_what_people_call_of(hotline: Hotline) -> None:
    hotline.registered()
    for who in (hotline.operator, hotline.contact):
        for read in (heat.by_hour, heat.rises, heat.dead_on_arrival):
            with pytest.raises(NotAllowed, match="热线看板"):
                read(who, now=NOW)
        with pytest.raises(NotAllowed, match="热线看板"):
            heat.received(who, heat.Behind(MONDAY - DAY, NOW))
    assert len(heat.received(hotline.cast.supervisor, heat.Behind(MONDAY - DAY, NOW))) == 1


def test_a_bar_is_as_high_as_its_share_and_an_empty_month_has_none() -> None:
    one = figures()[0]
    chart = bar_chart([("2月", Value(one, {})), ("3月", Value(one, {"satisfied": 1, "not": 1}))])
    empty, half = chart.bars
    assert (empty.height, empty.value) == (0, "—")
    assert (half.value, half.words) == ("50%", "3月：50%（1/2）")
    assert half.height * 2 == pytest.approx(chart.base - chart.rows[2][0])
    assert half.y == pytest.approx(chart.rows[1][0])


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(moments, "now", lambda: NOW)
    return NOW


def page(hotline: Hotline, who: str, address: str) -> str:
    response = hotline.cast.client(who).get(address)
    assert response.status_code == 200, response.content.decode()[:1500]
    return squeezed(response.content.decode())


def file(hotline: Hotline, address: str) -> list[list[str]]:
    response = hotline.cast.client("supervisor").get(address)
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))


def test_each_number_of_the_board_opens_to_just_its_tickets(hotline: Hotline, monday: datetime) -> None:
    first, second, other = hotline.answered(), hotline.answered(), hotline.dispatched()
    hotline.act(first, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    for hours in (1, 2, 3):
        hotline.act(second, "not_reached", hotline.caller_back, MONDAY + hours * HOUR)
    hotline.act(second, "close_unreached", hotline.caller_back, MONDAY + DAY)
    board = page(hotline, "supervisor", "/board/hotline/")
    for one in figures():
        assert one.sentence in board
        assert one.formula in board
    links = sorted(set(re.findall(r'href="(/board/hotline/figures/[^"]+part=[^"]+)"[^>]*>(\d+)<', board)))
    assert len(links) > 4
    for address, count in links:
        listed = page(hotline, "supervisor", address.replace("&amp;", "&"))
        assert len(set(re.findall(r"RX\d{14}", listed))) == int(count), address
    silent = page(
        hotline, "supervisor", f"/board/hotline/figures/satisfaction/?body={CITY_MANAGEMENT}&part=unreached"
    )
    assert second in silent
    assert first not in silent
    assert other not in silent
    assert "没有工单" in page(hotline, "supervisor", f"/board/hotline/figures/taken/?body={HOUSING}")


def test_the_board_is_a_file_too_and_says_the_same(hotline: Hotline, monday: datetime) -> None:
    number = hotline.answered()
    rows = file(hotline, "/board/hotline/?month=2026-03&format=csv")
    assert rows[0] == ["单位", "指标", "版本", "百分比", "分子", "分母", "各部分"]
    taken = next(row for row in rows if row[:2] == ["全部单位", "及时接收率"])
    assert taken[3:6] == ["100", "1", "1"]
    behind = file(hotline, "/board/hotline/figures/taken/?month=2026-03&format=csv")
    assert [row[0] for row in behind[1:]] == [number]
    assert file(hotline, "/board/hotline/figures/taken/?month=2026-02&format=csv")[1:] == []
    assert hotline.cast.client("supervisor").get("/board/hotline/figures/nothing/").status_code == 404


@pytest.mark.requirement("HOT-01")
def test_the_analysis_lists_what_rises_and_opens_to_the_tickets(hotline: Hotline, monday: datetime) -> None:
    numbers = [hotline.registered(at=NOW - DAY + hours * HOUR) for hours in range(5)]
    text = page(hotline, "leader", "/board/hotline/signs/")
    assert "新出现" in text
    assert "没有明显增多的诉求" not in text
    week = page(hotline, "leader", f"/board/hotline/signs/tickets/?span=week&class=0103&division={PLACE}")
    assert set(re.findall(r"RX\d{14}", week)) == set(numbers)
    assert "没有工单" in page(hotline, "leader", "/board/hotline/signs/tickets/?span=before")
    assert "没有工单" in page(hotline, "leader", "/board/hotline/signs/tickets/?span=week&hour=3")
    rows = file(hotline, "/board/hotline/signs/?format=csv")
    assert rows[1:] == [["路灯照明", rows[1][1], "5", "0", "新出现"]]
