"""Hot topics: found by a job, kept by day, opened by whoever leads, each down to its tickets."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest

from liuquan.hotline import actions, models
from liuquan.hotline.actions import finding_topics
from liuquan.hotline.actions.learning import TEXTS
from liuquan.hotline.queries import hot_topics
from liuquan.hotline.signs import against, change_words
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import RequestKind
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

PAGE = "/board/hotline/topics/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = MONDAY + 14 * DAY
LAMPS = "望江小区门前的路灯不亮已经好几天，老人晚上出门看不清路"
LIFTS = "青禾花园的电梯停运，高层住户上下楼困难，物业一直没有维修"


def asked(
    hotline: Hotline, text: str, many: int, *, at: object = NOW - HOUR, first: int = 0, **more: object
) -> list[str]:
    """Requests of as many people, each in words a little of their own."""
    found = []
    for n in range(first, first + many):
        caller = hotline.caller(name="李云溪", phone=f"1990000{n:04d}")
        told = {
            "title": text[:18],
            "place": "",
            "requester": caller,
            "text": f"{text}，第{n}次反映，请处理。",
        }
        found.append(hotline.registered(at=at, **told, **more))  # type: ignore[arg-type]
    return found


@pytest.fixture
def found(hotline: Hotline, set_now: SetNow) -> dict[str, list[str]]:
    """Two matters of the last week, one of which began before, and a report of many."""
    set_now(NOW)
    numbers = {
        "before": asked(hotline, LAMPS, 2, at=NOW - 9 * DAY, first=20),
        "lamps": asked(hotline, LAMPS, 4),
        "lifts": asked(hotline, LIFTS, 3, at=NOW - 2 * DAY, first=30),
        "reports": asked(
            hotline, "村干部张大海收钱办事不公开账目", 4, first=40, request_kind=RequestKind.REPORT
        ),
        "alone": asked(hotline, "图书馆周末不开放，希望延长开放时间", 1, first=50),
    }
    actions.find_nightly(now=NOW)
    return numbers


def shown(hotline: Hotline) -> list[hot_topics.TopicLine]:
    search = hot_topics.searches(hotline.dispatcher, days=7, now=NOW).shown
    assert search is not None
    return hot_topics.topic_lines(hotline.dispatcher, search)


def test_what_many_people_say_is_a_topic_with_its_growth(
    hotline: Hotline, found: dict[str, list[str]]
) -> None:
    lamps, lifts = shown(hotline)
    assert (lamps.size, lamps.before, lamps.change) == (4, 2, "增100%")
    assert (lifts.size, lifts.before, lifts.change) == (3, 0, "新出现")
    assert (lamps.first_on, lamps.last_on) == (date(2026, 3, 7), date(2026, 3, 16))
    assert "望江小区" in lamps.place
    assert "停运" in lifts.words
    assert len(lamps.by_day) == 15
    assert (lamps.by_day[-1], sum(lamps.by_day)) == (4, 6)
    _, rows = hot_topics.tickets_of(hotline.dispatcher, lamps.key)
    assert {one.number for one in rows} == {*found["lamps"], *found["before"]}


def test_the_machine_enters_that_it_reads_before_it_does_and_keeps_nobodys_name(
    hotline: Hotline, found: dict[str, list[str]]
) -> None:
    (entry,) = journal.entries_of(TEXTS)
    read = sum(len(found[key]) for key in ("before", "lamps", "lifts", "alone"))
    assert (entry.event, entry.public["count"]) == ("casework.matters_opened", read)
    kept = "".join(f"{one.place}{''.join(one.words)}" for one in models.HotTopic.objects.all())
    assert "张大海" not in kept
    assert "李" not in kept
    reports = models.TopicTicket.objects.filter(case__number__in=found["reports"])
    assert not reports.exists()


def test_what_one_person_says_many_times_is_no_topic(hotline: Hotline, set_now: SetNow) -> None:
    set_now(NOW)
    caller = hotline.caller()
    for n in range(5):
        hotline.registered(at=NOW - HOUR, requester=caller, text=f"{LAMPS}，第{n}次。", title=LAMPS[:18])
    actions.find_nightly(now=NOW)
    assert shown(hotline) == []


def test_whoever_leads_opens_each_topic_and_each_place_to_its_tickets(
    cast: Cast, found: dict[str, list[str]]
) -> None:
    leader = cast.client("lingxiaodao")
    page = leader.get(PAGE).content.decode()
    assert "望江小区" in page
    assert "增100%" in page
    assert "没有坐标" in page
    topic = models.HotTopic.objects.get(rank=1)
    listed = leader.get(f"{PAGE}tickets/?topic={topic.pk}").content.decode()
    assert all(number in listed for number in (*found["lamps"], *found["before"]))
    assert found["lifts"][0] not in listed
    search = models.TopicSearch.objects.get()
    of_place = leader.get(f"{PAGE}tickets/?search={search.pk}&days=7&division=990102001000")
    assert found["lifts"][0] in of_place.content.decode()
    assert found["before"][0] not in of_place.content.decode()
    file = leader.get(f"{PAGE}?format=csv")
    assert "望江小区" in file.content.decode("utf-8-sig")


def test_opening_the_page_reads_no_text(hotline: Hotline, cast: Cast, found: dict[str, list[str]]) -> None:
    before = len(journal.entries_of(TEXTS))
    assert cast.client("lingxiaodao").get(PAGE).status_code == 200
    assert len(journal.entries_of(TEXTS)) == before


def test_what_is_asked_for_is_found_by_a_job_and_the_page_waits_for_it(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    asked(hotline, LAMPS, 4)
    asked(hotline, "图书馆周末不开放，希望延长开放时间", 1, first=50)
    leader = cast.client("lingxiaodao")
    assert "还没有算过近30天的热点" in squeezed(leader.get(f"{PAGE}?days=30").content.decode())
    assert leader.post(PAGE, {"days": "30"}).headers["Location"] == f"{PAGE}?days=30"
    waiting = squeezed(leader.get(f"{PAGE}?days=30").content.decode())
    assert "还没有算完" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    # asked once more while it is on its way, it is the same search
    leader.post(PAGE, {"days": "30"})
    (search,) = models.TopicSearch.objects.all()
    assert (search.state, search.asked_post != "") == ("asked", True)
    actions.find_topics(search.pk, now=NOW)
    part = leader.get(f"{PAGE}?days=30", headers={"HX-Request": "true"}).content.decode()
    assert "望江小区" in part
    assert "<html" not in part
    assert "hx-trigger" not in part
    # a job that runs twice changes nothing
    actions.find_topics(search.pk, now=NOW + HOUR)
    search.refresh_from_db()
    assert (search.state, search.until, models.HotTopic.objects.count()) == ("done", NOW, 1)


def test_a_search_that_failed_says_so_and_can_be_asked_for_again(
    hotline: Hotline, cast: Cast, set_now: SetNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_now(NOW)
    monkeypatch.setitem(sys.modules, "liuquan.hotline.analysis", None)
    actions.find_nightly(now=NOW)
    page = squeezed(cast.client("lingxiaodao").get(PAGE).content.decode())
    assert "没有安装分析用的软件包" in page
    assert "现在算近7天的" in page
    assert not models.HotTopic.objects.exists()


def test_a_search_that_its_job_lost_is_not_waited_for_for_ever(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    first = actions.ask_topics(7, by=hotline.dispatcher, now=NOW)
    set_now(NOW + HOUR)
    page = squeezed(cast.client("lingxiaodao").get(PAGE).content.decode())
    assert "上一次没有算完，请再算一次" in page
    assert actions.ask_topics(7, by=hotline.dispatcher, now=NOW + HOUR) != first


def test_who_does_not_lead_asks_for_nothing_and_other_days_are_refused(hotline: Hotline) -> None:
    with pytest.raises(NotAllowed):
        actions.ask_topics(7, by=hotline.contact, now=NOW)
    with pytest.raises(BadInput, match="请选择近几天"):
        actions.ask_topics(5, by=hotline.dispatcher, now=NOW)
    assert not models.TopicSearch.objects.exists()


def test_a_topic_that_is_gone_is_not_found(hotline: Hotline, found: dict[str, list[str]]) -> None:
    old = models.HotTopic.objects.get(rank=1).pk
    actions.find_nightly(now=NOW + finding_topics.KEPT + DAY)
    with pytest.raises(NotVisible):
        hot_topics.tickets_of(hotline.dispatcher, old)
    assert models.TopicSearch.objects.count() == 1
    with pytest.raises(NotVisible):
        hot_topics.searches(hotline.dispatcher, days=7, now=NOW, key=999_999)


def test_dates_before_are_kept_and_can_be_chosen(
    hotline: Hotline, cast: Cast, set_now: SetNow, found: dict[str, list[str]]
) -> None:
    first = models.TopicSearch.objects.get()
    set_now(NOW + 8 * DAY)
    actions.find_nightly(now=NOW + 8 * DAY)
    leader = cast.client("lingxiaodao")
    assert "近7天没有3个人以上说同一件事" in squeezed(leader.get(PAGE).content.decode())
    assert "望江小区" in leader.get(f"{PAGE}?days=7&search={first.pk}").content.decode()


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [(0, 0, "没有"), (3, 0, "新出现"), (3, 3, "持平"), (3, 2, "增50%"), (1, 3, "减67%"), (0, 3, "减100%")],
)
def test_growth_is_said_in_words(now: int, before: int, says: str) -> None:
    assert change_words(now, against(now, before)) == says
