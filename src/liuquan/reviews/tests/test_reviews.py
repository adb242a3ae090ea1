"""Reviews: by the holder of the slip alone, once a service, never changed; bad ones are put right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotVisible, WrongState
from liuquan.kernel.sql import run_one
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import SYSTEM
from liuquan.reviews import actions, queries
from liuquan.reviews.types import Grade
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
DAY = timedelta(days=1)
BAD = "等了三天没有人联系我。"


@pytest.fixture
def granted(city_db: str, cast: Cast, set_now: SetNow) -> str:
    """The number of an application that was granted."""
    cache.clear()
    set_now(NOW)
    number = cast.accepted("device", at=NOW)
    cast.examines(number, at=NOW)
    casework.perform(number, "grant", by=cast.approver, now=NOW, data=cast.decision("device"))
    return number


@pytest.fixture
def service(granted: str) -> str:
    """The entry of the decision, which can be reviewed."""
    entry = next(e for e in reversed(journal.entries_of(granted)) if e.event == "application.granted")
    assert actions.invite(granted, str(entry.number))
    return str(entry.number)


def holder(number: str) -> Client:
    client = Client()
    code = cases.query_code(number)
    assert client.post("/track/", {"number": number, "code": code}).status_code == 302
    return client


def followed(number: str) -> str:
    """The number of the rectification of the bad review of this case."""
    entry = next(e for e in journal.entries_of(number) if e.event == "review.given")
    return actions.follow(number, str(entry.number), by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("application", "application.granted"),
        ("application", "application.refused"),
        ("ticket", "ticket.answered"),
        ("ticket", "ticket.answered_now"),
    ],
)
def test_services_of_every_kind_reach_it_by_wiring(kind: str, event: str) -> None:
    assert "reviews.invite" in kinds.kind(kind).reactions[event]


def test_a_decision_defers_the_job_and_a_review_the_next(granted: str, service: str) -> None:
    actions.rate(granted, service, grade=1, words=BAD, now=NOW)
    for job in ("reviews.invite", "reviews.follow"):
        row = run_one(
            "SELECT count(*) AS n FROM procrastinate_jobs WHERE task_name = %(job)s "
            "AND args->>'subject' = %(number)s",
            {"job": job, "number": granted},
        )
        assert row == {"n": 1}, job


def test_an_event_is_entered_once_and_what_did_not_happen_never(granted: str, service: str) -> None:
    assert actions.invite(granted, service) is False
    assert actions.invite(granted, "00000000-0000-7000-8000-000000000000") is False
    assert len(queries.services(granted)) == 1


def test_the_holder_of_the_slip_reviews_once_and_nothing_changes_it(granted: str, service: str) -> None:
    client = holder(granted)
    assert "评价这次服务" in client.get(f"/track/{granted}/").content.decode()
    given = {"service": service, "grade": "5", "words": "窗口很耐心。"}
    assert client.post(f"/track/{granted}/review/", given).status_code == 302
    page = squeezed(client.get(f"/track/{granted}/review/").content.decode())
    assert "您的评价：非常满意" in page
    again = client.post(f"/track/{granted}/review/", {**given, "grade": "1"})
    assert again.status_code == 409
    assert "评价以后不能修改" in again.content.decode()
    (one,) = queries.services(granted)
    assert (one.grade, one.rectification) == (Grade.VERY_GOOD, "")
    assert followed(granted) == ""


@pytest.mark.parametrize("change", ["UPDATE reviews_review SET grade = 1", "DELETE FROM reviews_review"])
def test_the_database_itself_refuses_to_change_a_review(granted: str, service: str, change: str) -> None:
    actions.rate(granted, service, grade=5, words="", now=NOW)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert run_one("SELECT grade FROM reviews_review") == {"grade": 5}


def test_a_link_of_somebody_else_reviews_nothing(granted: str, service: str, cast: Cast) -> None:
    other = cast.accepted("device", at=NOW)
    given = {"service": service, "grade": "1", "words": BAD}
    assert Client().post(f"/track/{granted}/review/", given).status_code == 302
    client = holder(other)
    assert client.post(f"/track/{granted}/review/", given).status_code == 302
    assert client.post(f"/track/{other}/review/", given).status_code == 404
    with pytest.raises(NotVisible):
        actions.rate(other, service, grade=5, words="", now=NOW)
    assert queries.services(granted)[0].grade is None


@pytest.mark.parametrize(
    ("grade", "words", "says"),
    [
        (0, "", "请选择满意的程度"),
        (6, "", "请选择满意的程度"),
        (1, "  ", "请写一句哪里不满意"),
        (5, "好" * 1001, "最多1000个字，现在是1001个字"),
    ],
)
def test_a_review_that_says_nothing_is_refused(
    granted: str, service: str, grade: int, words: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        actions.rate(granted, service, grade=grade, words=words, now=NOW)
    client = holder(granted)
    given = {"service": service, "grade": str(grade), "words": words}
    page = client.post(f"/track/{granted}/review/", given)
    assert page.status_code == 422
    assert says in page.content.decode()
    assert queries.services(granted)[0].grade is None


def test_a_bad_review_is_verified_put_right_and_told_and_the_unit_never_sees_who_said_it(
    granted: str, service: str, cast: Cast
) -> None:
    actions.rate(granted, service, grade=2, words=BAD, now=NOW)
    number = followed(granted)
    assert followed(granted) == number
    case = cases.read(number)
    assert (case.state, case.body_code) == ("opened", cases.read(granted).body_code)
    assert [(clock.key, clock.due_on.isoformat()) for clock in case.deadlines] == [("verify", "2026-03-11")]
    unit = cast.staff("shixiaore", on=NOW.date())
    file = casework.open_case_file(number, by=unit, now=NOW)
    assert file.matter == BAD
    assert set(file.names.values()) == {"（要求保密）"}

    def acted(action: str, **data: str) -> None:
        casework.perform(number, action, by=unit, now=NOW, data=data)

    with pytest.raises(WrongState):
        acted("rectify", measures="已向窗口人员说明首问负责的要求。")
    with pytest.raises(BadInput, match="至少10个字"):
        acted("verify", finding="属实")
    acted("verify", finding="调看了当天的通话记录，确实没有联系。")
    acted("rectify", measures="已向窗口人员说明首问负责的要求。")
    acted("tell", reply="当天漏打了电话，已经整改，向您道歉。")
    client = holder(granted)
    assert client.get(f"/track/{granted}/review/followed/?case={granted}").status_code == 404
    opened = client.get(f"/track/{granted}/review/followed/?case={number}", follow=True)
    assert "已向窗口人员说明首问负责的要求。" in opened.content.decode()


def test_a_groundless_bad_review_is_explained_and_told(granted: str, service: str, cast: Cast) -> None:
    actions.rate(granted, service, grade=1, words=BAD, now=NOW)
    number, unit = followed(granted), cast.staff("shixiaore", on=NOW.date())
    finding = "调看了录像，当天和第二天都联系过本人。"
    casework.perform(number, "find_groundless", by=unit, now=NOW, data={"finding": finding})
    casework.perform(number, "tell", by=unit, now=NOW, data={"reply": "已当面说明，本人认可。"})
    case = cases.read(number)
    assert (case.state, case.outcome) == ("told", "groundless")


def test_silence_is_no_satisfaction(granted: str, service: str, set_now: SetNow) -> None:
    set_now(NOW + DAY)
    (silent,) = queries.figures(from_at=NOW - DAY, to_at=NOW + DAY)
    assert (silent.services, silent.good, silent.bad, silent.silent, silent.share) == (1, 0, 0, 1, "—")
    actions.rate(granted, service, grade=1, words=BAD, now=NOW)
    (bad,) = queries.figures(from_at=NOW - DAY, to_at=NOW + DAY)
    assert (bad.services, bad.good, bad.bad, bad.silent, bad.share) == (1, 0, 1, 0, "0.0%")
    page = squeezed(Client().get("/reviews/").content.decode())
    assert bad.body_name in page
    assert "没有评价的单列" in page


def test_what_was_said_stands_in_no_public_part_of_the_record(granted: str, service: str) -> None:
    actions.rate(granted, service, grade=2, words=BAD, now=NOW)
    entry = next(e for e in journal.entries_of(granted) if e.event == "review.given")
    assert dict(entry.public) == {"service": "准予", "grade": 2, "grade_label": "不满意"}
