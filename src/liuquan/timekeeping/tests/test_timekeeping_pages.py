"""The public due-date calculator and the administrator's pages of the calendar."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from liuquan import law
from liuquan.casework import queries as casework
from liuquan.clock import DayKind, Limit, Unit, Verification, deadline
from liuquan.kernel import sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM
from liuquan.site.command import main
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.timekeeping import calendar_changes

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
2026年11月10日
"""


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    """Run a command with `--json`: its exit code and its one object."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.requirement("GUIDE-05")
def test_the_public_page_answers_day_by_day(city_db: None, client: Client) -> None:
    page = client.get(
        "/clock/",
        {
            "start": "2026-02-10",
            "amount": "20",
            "unit": "working_day",
            "law": "licensing.decision",
            "from1": "2026-03-02",
            "to1": "2026-03-13",
            "ground1": "expert_review",
        },
    ).content.decode()
    assert "最后一日：2026年3月27日" in page
    assert "第20日" in page
    assert "专家评审，所需时间不计入" in page


@pytest.mark.parametrize(
    ("law", "start", "told"),
    [
        ("licensing.hearing_notice", "2026-03-10", "最迟的一日：2026年2月28日"),
        ("tendering.clarification", "2026-03-31", "最迟的一日：2026年3月16日"),
        ("tendering.bidding", "2026-03-03", "最早的一日：2026年3月23日"),
        ("tendering.candidates_publicity", "2026-03-03", "期间届满，此后方可：2026年3月6日"),
    ],
)
def test_the_public_page_names_the_day_as_the_direction_of_the_limit_wants(
    city_db: None, client: Client, law: str, start: str, told: str
) -> None:
    page = client.get("/clock/", {"start": start, "law": law}).content.decode()
    assert told in page


def test_an_end_moved_back_is_not_called_moved_on(city_db: None, client: Client) -> None:
    page = client.get("/clock/", {"start": "2026-03-16", "law": "tendering.clarification"}).content.decode()
    assert "最迟的一日：2026年2月28日" in page  # 1 March is a Sunday
    assert "2026年3月1日 是休息日，提前到前一个工作日。" in page


def test_working_hours_of_the_public_page_are_those_the_chosen_body_publishes(
    city_db: None, client: Client
) -> None:
    asked = {"start": "2026-03-06 16:00", "amount": "4", "unit": "working_hour"}
    answer = client.get("/clock/", asked)
    assert answer.status_code == 422
    assert "请选择机关" in answer.content.decode()
    body = organisation.bodies(on=date(2026, 3, 6))[0]
    assert "09:00" in body.hours
    page = client.get("/clock/", asked | {"body": body.code}).content.decode()
    assert "最后一日：2026年3月9日 12:00" in page
    answer = client.get("/clock/", asked | {"body": "11990100MB0000000X"})
    assert answer.status_code == 422
    assert "没有这个办理机关" in answer.content.decode()


def test_the_public_page_says_what_to_correct(city_db: None, client: Client) -> None:
    answer = client.get("/clock/", {"start": "昨天", "amount": "5", "unit": "working_day"})
    assert answer.status_code == 422
    assert "看不懂日期" in answer.content.decode()


def test_only_the_rules_of_this_place_and_of_the_nation_are_offered_its_own_first(
    city_db: None, client: Client
) -> None:
    def groups() -> list[str]:
        return re.findall(r'<optgroup label="([^"]+)"', client.get("/clock/").content.decode())

    assert groups()[0] == "全国：行政许可"
    assert {one.partition("：")[0] for one in groups()} == {"全国"}
    assert "市12345" not in client.get("/clock/").content.decode()
    sql.run("UPDATE division SET name = '安阳市' WHERE name = '云溪市'")
    assert groups()[0] == "安阳市的规定"
    assert {one.partition("：")[0] for one in groups()[1:]} == {"全国"}


def test_no_command_is_named_to_the_public(city_db: None, client: Client) -> None:
    answer = client.get("/clock/", {"start": "2026-03-02", "law": "licensing.nothing"})
    assert answer.status_code == 422
    assert "liuquan law" not in answer.content.decode()


def test_the_public_page_asks_first(city_db: None, client: Client) -> None:
    page = client.get("/clock/").content.decode()
    assert "最后一日：" not in page
    assert "哪天起算" in page


def in_december(set_now: SetNow) -> None:
    set_now(datetime(2026, 12, 2, 2, 0, tzinfo=UTC))


def test_only_the_administrator_sees_the_calendar(city: str, cast: Cast, set_now: SetNow) -> None:
    set_now(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    assert cast.client("clerk").get("/desk/calendar/").status_code == 403
    page = cast.client("sysadmin").get("/desk/calendar/").content.decode()
    assert "2026年工作日历" in page
    assert "国办发明电〔2025〕7号" in page


@pytest.mark.parametrize(
    ("who", "path"),
    [("sysadmin", "/desk/"), ("sysadmin", "/desk/law/"), ("supervisor", "/board/"), ("leader", "/board/")],
)
def test_from_december_an_unannounced_year_is_told_on_every_page_until_it_is_loaded(
    city: str, cast: Cast, set_now: SetNow, who: str, path: str
) -> None:
    in_december(set_now)
    assert "2027年的放假安排还没有载入" in cast.client(who).get(path).content.decode()
    set_now(datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
    assert "2027年的放假安排还没有载入" in cast.client(who).get(path).content.decode()


def test_before_december_and_to_a_clerk_no_missing_year_is_told(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
    assert "放假安排还没有载入" not in cast.client("sysadmin").get("/desk/calendar/").content.decode()
    in_december(set_now)
    assert "放假安排还没有载入" not in cast.client("clerk").get("/desk/").content.decode()


def test_only_the_administrator_is_led_to_the_calendar_and_to_what_is_to_be_confirmed(
    city: str, cast: Cast
) -> None:
    for path in ("/desk/calendar/", "/desk/law/"):
        assert f'href="{path}"' in cast.client("sysadmin").get("/desk/").content.decode()
        assert f'href="{path}"' not in cast.client("clerk").get("/desk/").content.decode()


def test_the_administrator_is_shown_every_number_to_be_confirmed_with_where_to_look(
    city: str, cast: Cast
) -> None:
    assert cast.client("clerk").get("/desk/law/").status_code == 403
    page = cast.client("sysadmin").get("/desk/law/").content.decode()
    waiting = law.load_law().to_be_confirmed()
    terms = [
        one for entry in waiting for one in entry.all_terms() if one.verification is not Verification.TEXT
    ]
    assert terms
    assert all(one.label in page and one.text in page for one in terms)
    assert page.count('data-label="名称"') == len(terms) == page.count("见于转述") + page.count("凭记忆")
    unnamed = [one for one in terms if not law.is_named(one)]
    assert page.count("转述的文件没有写明名称") == len(unnamed) > 5
    assert "某市" not in page


def test_no_limit_of_a_document_without_a_name_is_listed_for_the_public(city: str) -> None:
    unnamed = {one.label for entry in law.load_law().limits() if not law.is_named(one := entry.terms)}
    assert unnamed
    for address in ("/law/", "/clock/"):
        page = Client().get(address).content.decode()
        assert "某" not in page.partition("<main")[2]
        assert "名称待核对" not in page


CLOSURE = {
    "kind": "off",
    "first": "2026-03-17",
    "last": "2026-03-18",
    "name": "火把节",
    "title": "关于火把节放假的决定",
    "number": "云政〔2026〕1号",
    "issued_on": "2026-03-01",
}


def test_a_closure_of_a_body_is_looked_at_then_entered_and_listed(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(datetime(2026, 3, 9, 2, 0, tzinfo=UTC))
    administrator, body = cast.client("sysadmin"), organisation.bodies(on=date(2026, 3, 9))[0]
    given = CLOSURE | {"place": body.code}
    looked = administrator.post("/desk/calendar/closure/", given).content.decode()
    assert "核对无误，登记" in looked
    assert organisation.calendar(body.code).is_working(date(2026, 3, 17))
    answer = administrator.post("/desk/calendar/closure/", given | {"step": "load"})
    assert answer.status_code == 302
    assert not organisation.calendar(body.code).is_working(date(2026, 3, 18))
    assert organisation.calendar().is_working(date(2026, 3, 18))
    jobs = sql.run("SELECT args FROM procrastinate_jobs WHERE task_name = 'casework.reproject'")
    assert [job["args"]["since"] for job in jobs] == ["2026-03-17"]
    listed = administrator.get("/desk/calendar/closure/").content.decode()
    assert f"{body.name}</td>" in listed
    assert "2026-03-17 至 2026-03-18" in listed
    back = given | {"kind": "working", "title": "更正", "issued_on": "2026-03-02", "step": "load"}
    administrator.post("/desk/calendar/closure/", back)
    assert organisation.calendar(body.code).is_working(date(2026, 3, 18))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": ""}, "请选择地方或者机关"),
        ({"place": "970000000000"}, "没有代码为"),
        ({"title": " "}, "没有依据的日子"),
        ({"name": ""}, "请写明节日"),
        ({"last": "2026-03-16"}, "早于第一日"),
        ({"last": "2026-05-16"}, "一次最多登记31日"),
        ({"first": "3月17日"}, "第一日：日期少了年份，请写上年份，例如 2026年3月17日"),
        ({"issued_on": ""}, "发布日期：看不懂日期"),
    ],
)
def test_a_wrong_closure_is_refused_with_its_sentence_and_changes_nothing(
    city: str, cast: Cast, set_now: SetNow, change: dict[str, str], words: str
) -> None:
    set_now(datetime(2026, 3, 9, 2, 0, tzinfo=UTC))
    version = sql.run("SELECT serial FROM calendar_version")
    given = CLOSURE | {"place": "990121000000", "step": "load"} | change
    answer = cast.client("sysadmin").post("/desk/calendar/closure/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert sql.run("SELECT serial FROM calendar_version") == version


@pytest.mark.fact("T-13")
def test_a_case_counts_by_the_days_of_its_own_place_and_moves_when_they_are_entered(
    city: str, cast: Cast
) -> None:
    monday = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
    number = cast.accepted("food", at=monday)

    def due() -> dict[str, date]:
        return {clock.key: clock.due_on for clock in casework.read(number).deadlines if clock.met_at is None}

    before = due()
    day = calendar_changes.closure(
        place="990100000000",
        worked=False,
        first=date(2026, 3, 11),
        last=date(2026, 3, 11),
        name="火把节",
        title="市政府决定",
        number="",
        issued_on=date(2026, 3, 1),
    )
    found = calendar_changes.effect(day)
    assert calendar_changes.preview(found).changed == len(before) > 0
    calendar_changes.load(day, by=SYSTEM, now=monday)
    report = calendar_changes.reproject(found, now=monday)
    assert report.changed == len(before)
    assert all(due()[key] > day_before for key, day_before in before.items())
    again = cast.accepted("food", at=monday)
    assert {one.key: one.due_on for one in casework.read(again).deadlines if one.met_at is None} == due()


def test_a_pasted_notice_is_looked_at_and_then_loaded(city: str, cast: Cast, set_now: SetNow) -> None:
    in_december(set_now)
    administrator = cast.client("sysadmin")
    version = sql.run("SELECT serial FROM calendar_version")
    looked = administrator.post("/desk/calendar/", {"text": NOTICE}).content.decode()
    assert "核对无误，载入" in looked
    assert sql.run("SELECT serial FROM calendar_version") == version
    answer = administrator.post("/desk/calendar/", {"text": NOTICE, "step": "load"})
    assert answer.status_code == 302
    assert organisation.calendar().kind(date(2027, 2, 5)) is DayKind.OFF
    jobs = sql.run("SELECT args FROM procrastinate_jobs WHERE task_name = 'casework.reproject'")
    assert [job["args"]["since"] for job in jobs] == ["2027-01-02"]
    assert "还没有载入" not in administrator.get("/desk/calendar/").content.decode()


def test_a_notice_that_cannot_be_read_is_shown_with_the_words_and_changes_nothing(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    in_december(set_now)
    version = sql.run("SELECT serial FROM calendar_version")
    wrong = NOTICE.replace("（周五）", "（周一）", 1)
    answer = cast.client("sysadmin").post("/desk/calendar/", {"text": wrong, "step": "load"})
    assert answer.status_code == 422
    assert "2027-01-01 不是周一" in answer.content.decode()
    assert sql.run("SELECT serial FROM calendar_version") == version


def test_the_last_days_of_december_stand_as_announced_until_the_next_notice_names_them(city: str) -> None:
    limit, start = Limit(3, Unit.WORKING_DAY), date(2026, 12, 28)
    before = deadline(limit, start, organisation.calendar())
    assert (before.due_on, before.provisional) == (date(2026, 12, 31), False)
    words = NOTICE.replace(
        "1月1日（周五）至3日（周日）放假，共3天", "2026年12月31日（周四）至2027年1月3日（周日）放假，共4天"
    )
    found = calendar_changes.effect(calendar_changes.read_text(words))
    assert found.since == date(2026, 12, 31)
    after = deadline(limit, start, found.calendars(""))
    assert (after.due_on, after.provisional) == (date(2027, 1, 4), False)
